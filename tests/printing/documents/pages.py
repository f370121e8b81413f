"""Journal pages as the gradebook answers them, of any size."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from kernel.names import Name
from services.printing.documents.rules import spread

TEACHER = uuid4()
#: A Tuesday.
FIRST = date(2026, 9, 1)
Cell = tuple[int, int, str]


def page(students: int = 0, lessons: int = 0, marks: list[Cell] | None = None) -> dict[str, Any]:
    """Two lessons a week; a mark is lesson, student, value."""
    student_ids, lesson_ids = [uuid4() for _ in range(students)], [uuid4() for _ in range(lessons)]
    return {
        "course": {"title": "Алгебра 7А", "subject": "Алгебра", "teacher_ids": [TEACHER]},
        "term": {"title": "I полугодие", "starts_on": FIRST, "ends_on": date(2026, 12, 30)},
        "lessons": [
            {
                "id": lesson_id, "date": FIRST + timedelta(days=7 * (at // 2) + 2 * (at % 2)),
                "topic": f"Тема {at + 1}: степень и её свойства", "homework": f"§ {at + 1}, № {100 + at}",
            }
            for at, lesson_id in enumerate(lesson_ids)
        ],
        "student_ids": student_ids,
        "marks": [
            {"lesson_id": lesson_ids[lesson], "student_id": student_ids[student], "value": value}
            for lesson, student, value in marks or []
        ],
        "brought": [],
        "means": [{"student_id": one, "mean": {"value": "4.25" if at == 0 else None}}
                  for at, one in enumerate(student_ids)],
    }  # fmt: skip


def brought(page: dict[str, Any], student: int, *marks: tuple[date, str], school: str = "") -> dict[str, Any]:
    """What a student brought along from 7Б, or from another school."""
    origin = {"title": "" if school else "Алгебра, 7Б", "class_name": "" if school else "7Б", "until": None}
    document = {"school": school, "document": "справка № 12" if school else ""}
    return {
        "student_id": page["student_ids"][student],
        "origin": {**origin, **document},
        "marks": [{"date": day, "text": text} for day, text in marks],
    }


def names_of(page: dict[str, Any], *names: str) -> dict[str, Name]:
    """Names by id, made up where fewer are given than there are students."""
    more = [f"Ученик {at:02}" for at in range(len(names), len(page["student_ids"]))]
    return {str(TEACHER): Name("Титова", "Ольга")} | {
        str(one): Name(*name.split(" ", 2)) for one, name in zip(page["student_ids"], [*names, *more], strict=True)
    }


def absence(page: dict[str, Any], lesson: int, student: int, code: str) -> dict[str, Any]:
    """A check of a lesson with one absence."""
    ids: dict[str, UUID] = {"lesson_id": page["lessons"][lesson]["id"], "student_id": page["student_ids"][student]}
    return {"lesson_id": ids["lesson_id"], "absences": [{**ids, "code": code}]}


def printed(page: dict[str, Any], *names: str, checks: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """What the template is given."""
    named = names_of(page, *names)
    return spread.journal(
        page, names=named, checks=checks, school="Лицей № 1", class_name="7А", made_on=date(2026, 12, 31)
    )
