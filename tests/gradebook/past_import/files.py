"""Report cards as АСУ РСО exports them, of invented students."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.formats.made import exported

#: Subject → marks of the four quarters and of the year.
Card = Mapping[str, Sequence[str]]
QUARTERS = tuple(f"{number} Четверть" for number in (1, 2, 3, 4))
ALGEBRA: Card = {"Алгебра": ("4", "3", "4", "5", "4")}
#: The first cell of a card's first mark, and the rows of a card with one subject.
FIRST_MARK = "Лист1!C6"
ROWS_OF_ONE = 7


def card(student: str, marks: Card, name: str = "8А", year: str = "") -> list[Sequence[Any]]:
    """The card of one student: a column for each quarter's mark, then those of the year."""
    heading = ["№", "Предмет", *QUARTERS, "Год. оценка", "Экз. оценка", "Итог. оценка"]
    rows = [[place, subject, *texts] for place, (subject, texts) in enumerate(marks.items(), 1)]
    return [[f"Учебный год: {year}"], [f"Класс: {name}"], [f"Ученик: {student}"], [], heading, *rows, []]


def journal(students: Mapping[str, Mapping[str, Sequence[str]]], days: Sequence[str], **more: str) -> bytes:
    """A period journal: student → subject → texts at these days, `01.10.2024` each."""
    rows: list[Sequence[Any]] = []
    for student, cells in students.items():
        labels = [
            [f"Учебный год: {more.get('year', '')}"],
            [f"Класс: {more.get('name', '8А')}"],
            [f"Ученик: {student}"],
        ]
        rows += [*labels, ["Предмет", *days], *([subject, *texts] for subject, texts in cells.items()), []]
    return exported(rows)


def cards(students: Mapping[str, Card], **more: str) -> bytes:
    """A file of several cards under each other."""
    return exported([row for student, marks in students.items() for row in card(student, marks, **more)])
