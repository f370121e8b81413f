"""The view of the journal's grid: columns, rows, and only those cells in which something stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple, cast
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


class Placed(NamedTuple):
    """Marks in their columns and rows."""

    columns: list[Column]
    #: The students of the rows.
    students: list[UUID]
    cells: list[list[object]]


def placed(
    lessons: Sequence[LessonOfSheet], members: Iterable[UUID], marks: Sequence[MarkShown], kinds: Mapping[UUID, Kind]
) -> Placed:
    """A column for each kind of work that has marks in a lesson, the answer's first; that alone where none has marks.

    A row for each member, and behind them for who has marks and is no member: an import may have added those of a
    student who had left. Of several marks in a cell the first is the one that can be changed; the others stand beside.
    """
    students = sorted(members)
    in_order = sorted(kinds.values(), key=lambda kind: not kind.is_answer)
    # by their numbers: an id takes three times as long to be found
    row_of = {one.int: row for row, one in enumerate(students)}
    lesson_of = {one.id.int: place for place, one in enumerate(lessons)}
    kind_of = {kind.id.int: place for place, kind in enumerate(in_order)}
    given: list[dict[int, int]] = [{} for _ in lessons]
    found: dict[tuple[int, int, int], list[object]] = {}
    for mark_id, lesson_id, student_id, kind_id, value, comment, _, version in cast("Sequence[Any]", marks):
        if value is None:
            continue
        row = row_of.get(student_id.int)
        if row is None:
            row = row_of[student_id.int] = len(students)
            students.append(student_id)
        lesson, kind = lesson_of[lesson_id.int], kind_of[kind_id.int]
        given[lesson][kind] = 0
        cell = found.get((row, lesson, kind))
        if cell is None:
            found[row, lesson, kind] = [row, 0, value, version, mark_id, comment, ""]
        else:
            cell[6] = f"{cell[6]} {value}".strip()
    columns: list[Column] = []
    for one, of_lesson in zip(lessons, given):
        first = True
        for kind in sorted(of_lesson):
            of_lesson[kind] = len(columns)
            columns.append(Column(one, in_order[kind], first))
            first = False
        if first:
            columns.append(Column(one, in_order[0] if in_order else None, first))
    for (_, lesson, kind), cell in found.items():
        cell[1] = given[lesson][kind]
    return Placed(columns, students, list(found.values()))


def column(
    shown: Column,
    today: date,
    refusal: LyceumError | None,
    window: tuple[datetime | None, View | None],
    *,
    absences: bool,
) -> View:
    """The view of a column; `refusal` is why the caller sets no marks in it.

    `window` says until when it is kept open, and whether first marks come late.
    """
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
        "opened_until": window[0],
        "late": window[1],
    }


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
