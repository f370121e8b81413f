"""The view of the journal's grid: columns, rows, and only those cells in which something stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from kernel.errors import LyceumError
from services.gradebook.calendar.queries import days_off_of
from services.gradebook.calendar.rules.grades import applies
from services.gradebook.exact import plain
from services.gradebook.lessons.rules.states import State
from services.gradebook.marks import views as marks_views
from services.gradebook.marks.queries import Kind, OwedOfCell, SettingOfColumn
from services.gradebook.marks.rules import owed as rules
from services.gradebook.policy.rules.policy import Place, Policy, place_of
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.rows import View, picked
from services.gradebook.sheets.queries import LessonOfSheet, MarkOfSheet, PageRow
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
    #: What was said of it; None where nothing was.
    setting: SettingOfColumn | None


#: A row, a lesson and a kind of work, by their places.
Spot = tuple[int, int, int]


class Placed(NamedTuple):
    """Marks in their columns and rows."""

    columns: list[Column]
    #: For each lesson, by the place of a kind of work in it, the place of its column.
    column_of: list[dict[int, int]]
    #: The students of the rows.
    students: list[str]
    #: Of each row, its marks in order: text, kind of work, and whether it counts only where it raises the mean.
    given: list[list[tuple[str, str, bool]]]
    marks: dict[Spot, MarkOfSheet]
    #: The other marks of cells with several.
    others: dict[Spot, list[MarkOfSheet]]

    @property
    def doubled(self) -> list[UUID]:
        """The ids of the marks that share a cell."""
        return [UUID(one[0]) for place, others in self.others.items() for one in (self.marks[place], *others)]


def placed(
    lessons: Sequence[LessonOfSheet],
    members: Iterable[UUID],
    marks: Sequence[MarkOfSheet],
    kinds: Mapping[UUID, Kind],
    settings: Mapping[tuple[UUID, UUID], SettingOfColumn],
    owed: Iterable[OwedOfCell],
) -> Placed:
    """A column for each kind of work that has marks in a lesson, the answer's first; that alone where none has marks.

    And one for each of which something was said, or of which work is owed.

    A row for each member, and behind them for who has marks and is no member: an import may have added those of a
    student who had left.
    """
    students = sorted(map(str, members))
    in_order = sorted(kinds.values(), key=lambda kind: not kind.is_answer)
    row_of = {one: row for row, one in enumerate(students)}
    lesson_of = {str(one.id): place for place, one in enumerate(lessons)}
    kind_of = {str(kind.id): place for place, kind in enumerate(in_order)}
    column_of: list[dict[int, int]] = [{} for _ in lessons]
    said = {(str(lesson_id), str(kind_id)): one.only_if_helps for (lesson_id, kind_id), one in settings.items()}
    helping = {place for place, only_if_helps in said.items() if only_if_helps}
    for lesson_id, kind_id in {*said, *((str(one.lesson_id), str(one.kind_id)) for one in owed)}:
        if lesson_id in lesson_of:  # nobody sees a lesson that is not in the timetable any more
            column_of[lesson_of[lesson_id]][kind_of[kind_id]] = 0
    given: list[list[tuple[str, str, bool]]] = [[] for _ in students]
    found: dict[Spot, MarkOfSheet] = {}
    others: defaultdict[Spot, list[MarkOfSheet]] = defaultdict(list)
    for mark in marks:
        _, lesson_id, student_id, kind_id, value, _, _ = mark
        row = row_of.get(student_id)
        if row is None:
            row = row_of[student_id] = len(students)
            students.append(student_id)
            given.append([])
        given[row].append((value, kind_id, (lesson_id, kind_id) in helping))
        lesson, kind = lesson_of[lesson_id], kind_of[kind_id]
        column_of[lesson][kind] = 0
        place = (row, lesson, kind)
        if place in found:
            others[place].append(mark)
        else:
            found[place] = mark
    columns = _columns(lessons, column_of, in_order, settings)
    return Placed(columns, column_of, students, given, found, others)


def cells(placed: Placed, entered: Container[str]) -> list[list[object]]:
    """The cells with marks, each as a list.

    Of several marks in a cell the first is the one that can be changed: that which was entered here, else the first
    that an import brought; the others stand beside it. `entered` are the ids of the former.
    """
    found: list[list[object]] = []
    for place, mark in placed.marks.items():
        beside = placed.others.get(place)
        if beside:
            mark, *beside = sorted((mark, *beside), key=lambda one: one[0] not in entered)
        row, lesson, kind = place
        mark_id, _, _, _, value, version, comment = mark
        more = " ".join(one[4] for one in beside) if beside else ""
        found.append([row, placed.column_of[lesson][kind], value, version, mark_id, comment, more])
    return found


def owed_in(placed: Placed, works: Iterable[OwedOfCell], lessons: Sequence[LessonOfSheet]) -> list[list[object]]:
    """The works that are owed, each as a list; those of students who are not in the course any more are left out."""
    row_of = {one: row for row, one in enumerate(placed.students)}
    column_of = {
        (one.lesson.id, one.kind.id): place for place, one in enumerate(placed.columns) if one.kind is not None
    }
    days = {one.id: one.date for one in lessons}
    places = [(row_of.get(str(one.student_id)), column_of.get((one.lesson_id, one.kind_id)), one) for one in works]
    return sorted(
        [row, column, rules.text(one.due, days[one.lesson_id]), one.version, one.due and one.due.isoformat()]
        for row, column, one in places
        if row is not None and column is not None
    )


def owed(work: OwedOfCell, day: date) -> View:
    """The work that is owed in a cell of a lesson of a day."""
    return {"text": rules.text(work.due, day), "due": work.due, "version": work.version}


def _columns(
    lessons: Iterable[LessonOfSheet],
    in_lesson: Iterable[dict[int, int]],
    kinds: Sequence[Kind],
    settings: Mapping[tuple[UUID, UUID], SettingOfColumn],
) -> list[Column]:
    """The columns; the places of the kinds in each lesson become those of their columns."""
    columns: list[Column] = []
    for lesson, of_lesson in zip(lessons, in_lesson, strict=True):
        first = True
        for kind in sorted(of_lesson):
            of_lesson[kind] = len(columns)
            columns.append(Column(lesson, kinds[kind], first, settings.get((lesson.id, kinds[kind].id))))
            first = False
        if first:
            only = kinds[0] if kinds else None
            columns.append(Column(lesson, only, first, settings.get((lesson.id, only.id)) if only else None))
    return columns


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
        "only_if_helps": shown.setting is not None and shown.setting.only_if_helps,
        "visible_from": shown.setting and shown.setting.visible_from,
        "setting_version": shown.setting and shown.setting.version,
    }


def shaded(
    columns: Sequence[Column], students: Sequence[str], times: Mapping[UUID, Sequence[Span]]
) -> list[list[object]]:
    """The cells that are not the student's."""
    days = [one.lesson.date for one in columns]
    return [
        [row, *shade]
        for row, student_id in enumerate(students)
        for shade in shades(days, times.get(UUID(student_id), ()))
    ]


def kinds(rows: Iterable[Kind], policy: Policy, grade: int | None, subject: str) -> list[View]:
    """Kinds of work, each with the marks of its scale in a course, the best first."""
    return [
        view | {"marks": _scale(policy, place_of(policy, grade, subject, view["name"]))}
        for view in marks_views.kinds(rows)
    ]


def _scale(policy: Policy, place: Place) -> list[str]:
    return [mark.text for mark in reversed(scale_at(policy, place).marks)]


def holidays(page: PageRow) -> list[View]:
    """The days without lessons in a term, those of the course's grade."""
    return [
        {"title": one.name, "starts_on": one.first, "ends_on": one.last}
        for one in sorted(days_off_of(page.days_off), key=lambda one: (one.first, one.last))
        if applies(one.grades, page.grade)
    ]
