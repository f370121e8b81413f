"""The journal's grid: a row for each student, a cell for each lesson.

Cells are written without the template engine, which takes three times as long for a class's 150.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from gateway.composed.names import texts
from gateway.pages.frame.marked import marks
from kernel.names import GIVEN


@dataclass(frozen=True, slots=True)
class Cell:
    """A student's absence code and marks in one lesson."""

    absence: str | None
    marks: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """A student's row. `name` is empty if the visitor may not see it."""

    student_id: str
    name: str
    cells: list[Cell]
    mean: dict[str, Any] | None

    def html(self, link: Callable[[str, str], str], absent: str) -> Markup:
        """The cells. `link` makes the address of a student's mark, `absent` explains absence codes."""
        return Markup("".join(_html(cell, self.student_id, link, absent) for cell in self.cells))  # noqa: S704  # escaped


def _html(cell: Cell, student_id: str, link: Callable[[str, str], str], absent: str) -> str:
    code = f'<span class="absent" title="{escape(absent)}">{escape(cell.absence)}</span>' if cell.absence else ""
    given = [
        f' <a class="given" href="{escape(link(mark["id"], student_id))}" title="{escape(mark["title"])}">'
        f"{marks(mark['value'])}</a>"
        for mark in cell.marks
    ]
    return f"<td>{code}{''.join(given)}</td>"


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a lesson's column: whether its date has come (marks can be set), whether it was checked."""

    lesson: dict[str, Any]
    held: bool
    checked: bool


def columns(journal: dict[str, Any], today: date) -> list[Column]:
    """The columns of a journal page, as `gateway.composed.journal.page` returns it."""
    checked = {check["lesson_id"] for check in journal["checks"]}
    return [
        Column(lesson, lesson["date"] <= today.isoformat(), lesson["id"] in checked) for lesson in journal["lessons"]
    ]


def rows(journal: dict[str, Any]) -> list[Row]:
    """The rows of a journal page, by name; names that are not known are last. Marks taken back are left out."""
    given: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    kinds = {kind["id"]: kind["name"] for kind in journal["kinds"]}
    for mark in journal["marks"]:
        if mark["value"] is not None:
            kind, comment = kinds.get(mark["kind_id"], ""), mark["comment"]
            title = f"{kind}: {comment}" if comment else kind
            given[mark["student_id"], mark["lesson_id"]].append({**mark, "title": title})
    codes = {
        (absence["student_id"], absence["lesson_id"]): absence["code"]
        for check in journal["checks"]
        for absence in check["absences"]
    }
    means = {one["student_id"]: one["mean"] for one in journal["means"]}
    known = journal["names"]
    names = texts({student: known[student] for student in journal["student_ids"] if student in known}, GIVEN)
    names |= dict.fromkeys((student for student in journal["student_ids"] if student not in known), "")
    lessons = [lesson["id"] for lesson in journal["lessons"]]
    return [
        Row(
            student,
            names[student],
            [Cell(codes.get((student, lesson)), given[student, lesson]) for lesson in lessons],
            means.get(student),
        )
        for student in names
    ]
