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
from gateway.pages.teacher.kinds import in_choice, short_names
from kernel.names import GIVEN


@dataclass(frozen=True, slots=True)
class Cell:
    """A student's absence code and marks in one lesson; `outside`: the student was not in the course then."""

    absence: str | None
    marks: list[dict[str, Any]]
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A student's row. `name` is empty if the visitor may not see it."""

    student_id: str
    name: str
    cells: list[Cell]
    mean: dict[str, Any] | None

    def html(self, link: Callable[[str, str], str], absent: str, outside: str) -> Markup:
        """The cells. `link` makes the address of a student's mark, `absent` explains absence codes, `outside` cells of
        lessons in which the student was not in the course.
        """
        return Markup("".join(_html(cell, self.student_id, link, absent, outside) for cell in self.cells))  # noqa: S704  # escaped


def _html(cell: Cell, student_id: str, link: Callable[[str, str], str], absent: str, outside: str) -> str:
    code = f'<span class="absent" title="{escape(absent)}">{escape(cell.absence)}</span>' if cell.absence else ""
    given = [
        f' <a class="given" href="{escape(link(mark["id"], student_id))}" title="{escape(mark["title"])}">'
        f"{marks(mark['value'])}</a>"
        for mark in cell.marks
    ]
    place = f'<td class="outside" title="{escape(outside)}">' if cell.outside else "<td>"
    return f"{place}{code}{''.join(given)}</td>"


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a lesson's column: whether its date has come (marks can be set), whether it was checked.

    `works` are short names of the kinds of work in it beside the answer in the lesson.
    """

    lesson: dict[str, Any]
    held: bool
    checked: bool
    works: list[str]


def columns(journal: dict[str, Any], today: date) -> list[Column]:
    """The columns of a journal page, as `gateway.composed.journal.page` returns it."""
    checked = {check["lesson_id"] for check in journal["checks"]}
    short = {kind["id"]: shortened for kind, shortened in _kinds_given(journal) if not kind.get("is_answer")}
    works: defaultdict[str, set[str]] = defaultdict(set)
    for mark in journal["marks"]:
        if mark["value"] is not None and mark["kind_id"] in short:
            works[mark["lesson_id"]].add(short[mark["kind_id"]])
    return [
        Column(lesson, lesson["date"] <= today.isoformat(), lesson["id"] in checked, sorted(works[lesson["id"]]))
        for lesson in journal["lessons"]
    ]


def legend(journal: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The kinds of work on a journal page, each behind its short name; that of the answer in a lesson is empty."""
    return [("" if kind.get("is_answer") else shortened, kind) for kind, shortened in _kinds_given(journal)]


def _kinds_given(journal: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The kinds that have marks on the page, each with a short name that no kind of the school shares."""
    given = {mark["kind_id"] for mark in journal["marks"] if mark["value"] is not None}
    short = short_names([kind["name"] for kind in journal["kinds"]])
    return [(kind, short[kind["name"]]) for kind in in_choice(journal["kinds"]) if kind["id"] in given]


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
    lessons, times = journal["lessons"], _times(journal)
    return [
        Row(
            student,
            names[student],
            [
                Cell(
                    codes.get((student, lesson["id"])),
                    given[student, lesson["id"]],
                    times is not None and not _was_in(times[student], lesson["date"]),
                )
                for lesson in lessons
            ],
            means.get(student),
        )
        for student in names
    ]


def _times(journal: dict[str, Any]) -> defaultdict[str, list[tuple[str, str | None]]] | None:
    """Student → first and last days in the course; None where an earlier version of the gradebook does not say them."""
    if not journal.get("members"):
        return None
    times: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for one in journal["members"]:
        times[one["student_id"]].append((one["since"], one["until"]))
    return times


def _was_in(times: list[tuple[str, str | None]], day: str) -> bool:
    return any(since <= day and (until is None or day <= until) for since, until in times)
