"""The view of the journal's grid: columns, rows, and only those cells in which something stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from kernel.errors import LyceumError
from services.gradebook.calendar.queries import days_off_of
from services.gradebook.calendar.rules.grades import applies
from services.gradebook.exact import plain
from services.gradebook.lessons.rules.states import State
from services.gradebook.marks.queries import Kind, MarkShown
from services.gradebook.rows import View, picked
from services.gradebook.sheets.queries import LessonOfSheet, PageRow
from services.gradebook.sheets.rules.shades import Span, shades

_LESSON: Final = (
    "date", "number", "topic", "homework", "state", "moved_to", "moved_number", "reason"
)  # fmt: skip
_NO_KIND: Final = ("", "1")


class Column(NamedTuple):
    """A column: a lesson, one kind of work in it (None where the school has none), whether it is the lesson's first."""

    lesson: LessonOfSheet
    kind: Kind | None
    first: bool


def columns(lessons: Iterable[LessonOfSheet], marks: Iterable[MarkShown], kinds: Mapping[UUID, Kind]) -> list[Column]:
    """A column for each kind of work that has marks in a lesson, that of the answer first; that one alone where none
    has.
    """
    given: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for mark in marks:
        if mark.value is not None:
            given[mark.lesson_id].add(mark.kind_id)
    in_order = sorted(kinds.values(), key=lambda kind: not kind.is_answer)
    found: list[Column] = []
    for lesson in lessons:
        of_lesson: list[Kind | None] = [kind for kind in in_order if kind.id in given[lesson.id]]
        of_lesson = of_lesson or [*in_order[:1]] or [None]
        found += [Column(lesson, kind, place == 0) for place, kind in enumerate(of_lesson)]
    return found


def column(shown: Column, today: date, refusal: LyceumError | None, window: View, *, absences: bool) -> View:
    """The view of a column; `refusal` is why the caller sets no marks in it, `window` that of its marks."""
    lesson, kind = shown.lesson, shown.kind
    name, weight = (kind.name, plain(kind.weight)) if kind else _NO_KIND
    return {
        "lesson_id": lesson.id,
        "kind_id": kind and kind.id,
        "kind": name,
        "weight": weight,
        **picked(lesson, _LESSON),
        "first": shown.first,
        "substitute_id": lesson.teacher_id,
        "held": lesson.date <= today and lesson.state != State.CANCELLED,
        "writable": refusal is None,
        "refusal": refusal and refusal.to_wire(),
        "absences": absences,
        "opened_until": window["opened_until"],
        "late": window["late"],
    }


def cells(columns: Sequence[Column], students: Sequence[UUID], marks: Iterable[MarkShown]) -> list[list[object]]:
    """The cells with marks, each as a list.

    Of several marks in a cell the first is the one that can be changed; the others stand beside it.
    """
    place_of = {(one.lesson.id, one.kind.id): place for place, one in enumerate(columns) if one.kind}
    row_of = {student_id: row for row, student_id in enumerate(students)}
    found: dict[tuple[int, int], list[object]] = {}
    for mark in marks:
        if mark.value is None:
            continue
        row, place = row_of[mark.student_id], place_of.get((mark.lesson_id, mark.kind_id))
        if place is None:
            continue
        cell = found.get((row, place))
        if cell is None:
            found[row, place] = [row, place, mark.value, mark.version, mark.id, mark.comment, ""]
        else:
            cell[6] = f"{cell[6]} {mark.value}".strip()
    return list(found.values())


def shaded(
    columns: Sequence[Column], students: Sequence[UUID], times: Mapping[UUID, Sequence[Span]]
) -> list[list[object]]:
    """The cells that are not the student's."""
    days = [one.lesson.date for one in columns]
    return [
        [row, *shade] for row, student_id in enumerate(students) for shade in shades(days, times.get(student_id, ()))
    ]


def holidays(page: PageRow) -> list[View]:
    """The days without lessons in a term, those of the course's grade."""
    return [
        {"title": one.name, "starts_on": one.first, "ends_on": one.last}
        for one in sorted(days_off_of(page.days_off), key=lambda one: (one.first, one.last))
        if applies(one.grades, page.grade)
    ]
