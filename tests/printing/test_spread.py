"""What goes where on a spread."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.printing.rules import spread

DAY = date(2026, 9, 28)


def lessons(count: int) -> list[dict[str, Any]]:
    return [
        {"id": f"l{n}", "date": DAY + timedelta(days=n), "topic": f"Тема {n}", "homework": f"§ {n}"}
        for n in range(count)
    ]


def mark(lesson: str, student: str, value: str | None) -> dict[str, Any]:
    return {"lesson_id": lesson, "student_id": student, "value": value}


def page(count: int, *marks: dict[str, Any]) -> dict[str, Any]:
    return {
        "course": {"title": "Алгебра", "subject": "Математика", "teacher_ids": ["t"]},
        "term": {"title": "1-я четверть", "starts_on": DAY, "ends_on": DAY + timedelta(days=60)},
        "lessons": lessons(count),
        "student_ids": ["s2", "s1"],
        "marks": list(marks),
        "means": [{"student_id": "s1", "mean": {"value": "4.50"}}, {"student_id": "s2", "mean": {"value": None}}],
    }


def printed(count: int, *marks: dict[str, Any], checks: tuple[Any, ...] = ()) -> dict[str, Any]:
    names = {"s1": "Абрамов Иван", "s2": "Яшина Анна", "t": "Попова Вера"}
    return spread.journal(page(count, *marks), names=names, checks=checks, school="Лицей", class_name="7А")


@given(st.integers(0, 200))
def test_every_lesson_stands_on_exactly_one_spread_in_order(count: int):
    parts = spread.spreads(lessons(count))
    assert [lesson for part in parts for lesson in part] == lessons(count)
    assert len(parts) >= 1
    assert all(len(part) <= spread.LESSONS for part in parts)


def test_months_span_their_days_and_come_again_in_another_year():
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)]
    assert spread.months(days) == [{"name": "сентябрь", "columns": 2}, {"name": "октябрь", "columns": 1}]


def test_a_cell_holds_absence_and_marks_as_a_teacher_writes_them():
    checks = [{"absences": [{"lesson_id": "l0", "student_id": "s1", "code": "Н"}]}]
    marks = [mark("l0", "s1", "2"), mark("l1", "s1", "5"), mark("l1", "s1", "4"), mark("l1", "s2", None)]
    assert spread.cells(marks, checks) == {("l0", "s1"): "Н 2", ("l1", "s1"): "5/4"}


def test_students_stand_by_name_with_their_cells_and_means_on_the_last_spread_only():
    journal = printed(spread.LESSONS + 1, mark("l0", "s1", "5"))
    first, last = journal["spreads"]
    assert [row["name"] for row in first["rows"]] == ["Абрамов Иван", "Яшина Анна"]
    assert first["rows"][0]["cells"] == ["5"] + [""] * (spread.LESSONS - 1)
    assert [row["mean"] for row in last["rows"]] == ["4.50", ""]
    assert (first["last"], last["last"]) == (False, True)


def test_topics_and_homework_stand_beside_the_same_lessons():
    (only,) = printed(2)["spreads"]
    assert only["days"] == ["28", "29"]
    assert only["lessons"] == [
        {"date": "28.09.2026", "topic": "Тема 0", "homework": "§ 0"},
        {"date": "29.09.2026", "topic": "Тема 1", "homework": "§ 1"},
    ]


def test_a_term_without_lessons_is_a_spread_without_columns():
    (only,) = printed(0)["spreads"]
    assert (only["days"], only["months"], only["lessons"]) == ([], [], [])
    assert [row["cells"] for row in only["rows"]] == [[], []]


def test_who_is_not_known_by_name_keeps_a_row():
    journal = spread.journal(page(1), names={}, checks=(), school="Лицей", class_name="")
    assert [row["name"] for row in journal["spreads"][0]["rows"]] == ["—", "—"]
