"""What stands where on the spreads of a journal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.printing.documents.rules import spread
from tests.printing.documents.pages import absence, brought, page, printed


def rows(journal: dict[str, Any]) -> dict[str, list[str]]:
    """The cells of each student on the first spread."""
    return {row["name"]: row["cells"] for row in journal["spreads"][0]["rows"]}


@pytest.mark.parametrize(
    ("lessons", "sizes"), [(0, [0]), (1, [1]), (24, [24]), (25, [13, 12]), (40, [20, 20]), (70, [24, 24, 22])]
)
def test_lessons_are_spread_evenly_and_none_is_lost(lessons: int, sizes: list[int]) -> None:
    made = page(1, lessons)
    journal = printed(made)
    assert [len(one["days"]) for one in journal["spreads"]] == sizes
    topics = [lesson["topic"] for one in journal["spreads"] for lesson in one["lessons"]]
    assert topics == [lesson["topic"] for lesson in made["lessons"]]


def test_every_spread_has_every_student_and_the_last_alone_the_mean() -> None:
    journal = printed(page(31, 60))
    assert [len(one["rows"]) for one in journal["spreads"]] == [31, 31, 31]
    assert [one["last"] for one in journal["spreads"]] == [False, False, True]


def test_the_mean_is_written_with_a_comma_and_its_absence_with_nothing() -> None:
    journal = printed(page(2, 1), "Белов Олег", "Юдина Анна")
    assert [row["mean"] for row in journal["spreads"][0]["rows"]] == ["4,25", ""]


def test_what_came_along_is_listed_by_student_with_where_from() -> None:
    made, day = page(2, 1), date(2026, 9, 14)
    made["brought"] = [
        brought(made, 1, (day, "5"), (date(2026, 9, 16), "4/5")),
        brought(made, 0, (day, "3"), school="Школа № 5"),
        brought(made, 0),
    ]
    assert printed(made, "Белов Олег", "Юдина Анна")["brought"] == [
        {"name": "Белов Олег", "origin": "Школа № 5 (справка № 12)", "marks": "3 (14.09)"},
        {"name": "Юдина Анна", "origin": "Алгебра, 7Б", "marks": "5 (14.09), 4/5 (16.09)"},
    ]


def test_a_month_stands_over_its_days() -> None:
    days = [date(2026, 9, 28), date(2026, 9, 30), date(2026, 10, 2), date(2026, 12, 1)]
    assert spread.months(days) == [
        {"name": "сентябрь", "columns": 2},
        {"name": "окт.", "columns": 1},
        {"name": "дек.", "columns": 1},
    ]


def test_a_cell_holds_the_absence_and_then_the_marks_in_order() -> None:
    made = page(3, 2, [(0, 0, "3"), (0, 0, "5"), (0, 1, "2"), (1, 2, "зач")])
    journal = printed(made, "А", "Б", "В", checks=(absence(made, 0, 1, "Н"), absence(made, 1, 0, "О")))
    assert rows(journal) == {"А": ["3/5", "О"], "Б": ["Н 2", ""], "В": ["", "зач"]}


def test_a_mark_that_was_taken_back_is_not_printed() -> None:
    made = page(1, 1, [(0, 0, "5")])
    made["marks"][0]["value"] = None
    assert rows(printed(made, "А")) == {"А": [""]}


def test_two_lessons_of_a_day_are_two_columns() -> None:
    made = page(1, 2, [(0, 0, "4"), (1, 0, "5")])
    made["lessons"][1]["date"] = made["lessons"][0]["date"]
    journal = printed(made, "А")
    assert (journal["spreads"][0]["days"], rows(journal)) == (["1", "1"], {"А": ["4", "5"]})


def test_students_stand_in_the_order_of_the_russian_alphabet() -> None:
    assert list(rows(printed(page(4, 1), "Яшин А", "Фомин Б", "Фёдорова В", "Ёлкин Г"))) == [
        "Ёлкин Г", "Фёдорова В", "Фомин Б", "Яшин А",
    ]  # fmt: skip


def test_p24_twins_and_namesakes_are_printed_as_four_different_texts() -> None:
    told = ["Близнецов Иван Петрович", "Тёзкин Олег Юрьевич", "Близнецов Илья Петрович", "Тёзкин Олег Ильич"]
    assert list(rows(printed(page(4, 1), *told))) == [
        "Близнецов Иван Петрович", "Близнецов Илья Петрович", "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич",
    ]  # fmt: skip


def test_names_that_differ_only_in_what_cannot_be_printed_are_told_apart() -> None:
    assert len(rows(printed(page(2, 1), "Ким 😀", "Ким 🎉"))) == 2


def test_a_first_grade_without_marks_has_its_absences_and_topics() -> None:
    made = page(1, 1)
    made["means"] = []
    journal = printed(made, "А", checks=(absence(made, 0, 0, "Б"),))
    assert journal["spreads"][0]["rows"] == [{"name": "А", "cells": ["Б"], "mean": ""}]


@pytest.mark.parametrize(
    ("written", "stands"),
    [
        ("§ 12, № 245; x² ≤ √2 → α", "§ 12, № 245; x² ≤ √2 → α"),
        ("Удачи 😀!", "Удачи □!"),
        ("и\u0306", "й"),
        ("зво\x07нок", "зво□нок"),
        ("✔\ufe0f", "✔"),
    ],
)
def test_what_no_font_has_is_seen_to_be_missing(written: str, stands: str) -> None:
    made = page(1, 1)
    made["lessons"][0].update(topic=written, homework=written)
    (lesson,) = printed(made)["spreads"][0]["lessons"]
    assert (lesson["topic"], lesson["homework"]) == (stands, stands)
