"""Saves marks and their history in bulk, and announces them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.marks import MarkChanged, MarkPosted, MarksPosted, OwedWorkDue
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Event
from kernel.data import outbox
from kernel.data.rows import NewRows, insert_all, insert_rows, joined, update_rows
from services.gradebook.marks.queries import (
    MARK_NAMES,
    ColumnRow,
    MarkRow,
    MarkShown,
    OwedOfCell,
    SettingOfColumn,
    columns_to_tell,
    owed_of,
    settings_of,
)
from services.gradebook.marks.rules.owed import DONE, OWED, Outcome
from services.gradebook.marks.tables import (
    ColumnSetting,
    ColumnSettingRevision,
    KindOfWork,
    Mark,
    MarkRevision,
    OwedWork,
    OwedWorkRevision,
    Work,
)
from services.gradebook.rows import View, picked
from services.gradebook.windows.rules.deadlines import IN_TIME, Late

#: Makes the event that announces marks, of their views.
News = Callable[[list[View]], Event]
#: What changes of a mark.
_STATE: Final = ("value", "comment", "version")


class NewMark(NamedTuple):
    """A validated mark, ready to be saved, and what is kept of it if it is late."""

    student_id: UUID
    value: str
    comment: str
    late: Late = IN_TIME


class ChangedMark(NamedTuple):
    """A mark as it was, and its validated new state, ready to be saved; without value it is taken back."""

    before: MarkShown
    value: str | None
    comment: str
    reason: str


class OwedChange(NamedTuple):
    """A work that is owed as it was, None where there was none, and what is to be kept of it."""

    student_id: UUID
    before: OwedOfCell | None
    after: Outcome


class Changes(NamedTuple):
    """What is written in one column."""

    column: ColumnRow
    kind_id: UUID
    new: Sequence[NewMark]
    changed: Sequence[ChangedMark]
    owed: Sequence[OwedChange] = ()


def new_kinds(session: Session, school_id: UUID, weights: Mapping[str, Decimal], answer: str | None) -> None:
    """Save kinds of work by their names; the one called `answer` is the default kind, which the school has none of."""
    rows = [
        {"school_id": school_id, "id": uuid7(), "name": name, "weight": weight, "is_answer": name == answer}
        for name, weight in weights.items()
    ]
    insert_rows(session, KindOfWork, rows)


def new_marks(
    session: Session, actor: Actor, column: ColumnRow, kind_id: UUID, marks: Sequence[NewMark], news: News
) -> tuple[list[View], list[NewRows]]:
    """Marks of one column: their views in order, and the rows that `inbox.answer` saves.

    The rows are those of the marks, their history, the event that `news` makes, and the column, where the lesson has
    none of this kind.
    """
    posted, rows = _posted(actor, column, kind_id, marks)
    states = list(zip(posted, (mark.late for mark in marks), strict=True))
    _, closed = _owed(session, actor, [Changes(column, kind_id, marks, (), closing(column, kind_id, marks))])
    events = [] if _is_hidden(column, kind_id) else [news(posted)]
    return posted, [*rows, _history(actor, states), *closed, outbox.recorded(session, *events)]


def _is_hidden(column: ColumnRow, kind_id: UUID) -> bool:
    """Whether families do not see a column yet: nothing of it is announced until they do."""
    said = settings_of(column.settings).get((column.id, kind_id))
    return said is not None and said.is_hidden(now())


def announced(session: Session) -> None:
    """Announce the marks of columns that families see by now, as if they were set now."""
    settings, marks = columns_to_tell(session)
    update_rows(session, ColumnSetting, [{"id": one, "unannounced": False} for one in settings])
    outbox.record(
        session, *(MarksPosted(lesson_id=lesson_id, marks=by_student) for (lesson_id, _), by_student in marks.items())
    )


def closing(column: ColumnRow, kind_id: UUID, marks: Sequence[NewMark]) -> list[OwedChange]:
    """What new marks of a column close of what is owed in it."""
    owed = owed_of(column.owed)
    kept = [(mark.student_id, owed.get((column.id, kind_id, mark.student_id))) for mark in marks]
    return [
        OwedChange(student_id, one, Outcome(one.due, DONE))
        for student_id, one in kept
        if one is not None and one.state == OWED
    ]


#: What is owed in a cell, or was, by lesson, kind of work and student.
OwedByCell = dict[tuple[UUID, UUID, UUID], OwedOfCell]


def _owed(session: Session, actor: Actor, columns: Sequence[Changes]) -> tuple[OwedByCell, list[NewRows]]:
    """The new states of what is owed, and the rows that `inbox.answer` saves; updates what was owed before."""
    new: list[OwedOfCell] = []
    changed: list[OwedOfCell] = []
    for one in columns:
        for student_id, before, after in one.owed:
            place = before.id if before else uuid7(), one.column.id, one.kind_id, student_id
            state = OwedOfCell(*place, after.due, after.state, before.version + 1 if before else 1)
            (changed if before else new).append(state)
    kept = ("due", "state", "version")
    update_rows(session, OwedWork, [{name: getattr(one, name) for name in ("id", *kept)} for one in changed])
    states = [*new, *changed]
    said = [{"owed_id": one.id, **{name: getattr(one, name) for name in kept}} for one in states]
    school = {"school_id": actor.tenant}
    return {(one.lesson_id, one.kind_id, one.student_id): one for one in states}, [
        NewRows(OwedWork, [one._asdict() for one in new], school | {"reminded_of": None}),
        NewRows(OwedWorkRevision, said, school | {"changed_by": actor.person_id, "changed_at": now()}),
    ]


def reminded(session: Session, works: Sequence[OwedOfCell]) -> None:
    """Announce works that are due soon, each once for its date."""
    update_rows(session, OwedWork, [{"id": one.id, "reminded_of": one.due} for one in works])
    outbox.record(session, *(OwedWorkDue(owed_id=one.id, student_id=one.student_id) for one in works))


def set_columns(
    session: Session, actor: Actor, columns: Sequence[Changes]
) -> tuple[list[View], OwedByCell, list[NewRows]]:
    """New and changed marks and owed works of columns, and the rows that `inbox.answer` saves; updates the changed.

    One event announces the new marks of a column, and one each changed mark. The number of statements is constant.
    """
    rows: list[NewRows] = []
    states: list[tuple[View, Late]] = []
    changed: list[View] = []
    events: list[Event] = []
    for one in columns:
        posted, own = _posted(actor, one.column, one.kind_id, one.new) if one.new else ([], [])
        rows += own
        renewed = [_changed(mark.before, mark.value, mark.comment) for mark in one.changed]
        changed += renewed
        states += zip(posted, (mark.late for mark in one.new), strict=True)
        states += zip(renewed, (Late(None, mark.reason) for mark in one.changed), strict=True)
        if not _is_hidden(one.column, one.kind_id):
            events += [news_of_column(posted)] if posted else []
            events += [_news_of_change(state) for state in renewed]
    update_rows(session, Mark, [{name: state[name] for name in ("id", *_STATE)} for state in changed])
    saved = [state for state, _ in states]
    owed, kept = _owed(session, actor, columns)
    return saved, owed, joined([*rows, _history(actor, states), *kept, outbox.recorded(session, *events)])


def _posted(
    actor: Actor, column: ColumnRow, kind_id: UUID, marks: Sequence[NewMark]
) -> tuple[list[View], list[NewRows]]:
    """The views of new marks, and the rows of them and of the column, where the lesson has none of this kind."""
    shown = {"lesson_id": column.id, "kind_id": kind_id, "date": column.date, "version": 1}
    own = [{"id": uuid7(), "student_id": one.student_id, "value": one.value, "comment": one.comment} for one in marks]
    school, work_id = {"school_id": actor.tenant}, column.work_id or uuid7()
    opened = {"id": work_id, "lesson_id": column.id, "kind_id": kind_id, "title": ""}
    place = {"work_id": work_id, "course_id": column.course_id, "number": column.number}
    return [{**mark, **shown} for mark in own], [
        NewRows(Work, [] if column.work_id else [opened], school),
        NewRows(Mark, own, school | place | shown),
    ]


def _history(actor: Actor, states: Sequence[tuple[View, Late]]) -> NewRows:
    """The history's rows of states of marks, each with its reason, and the deadline of a first state that is late."""
    said = [
        {"mark_id": state["id"], **late._asdict()} | {name: state[name] for name in _STATE} for state, late in states
    ]
    return NewRows(MarkRevision, said, {"school_id": actor.tenant, "changed_by": actor.person_id, "changed_at": now()})


class TakenOver(NamedTuple):
    """A validated mark from a document, at a lesson, ready to be saved."""

    lesson_id: UUID
    course_id: UUID
    date: date
    number: int | None
    student_id: UUID
    value: str
    #: One that was taken back, in whose place it stands: its id and version; None where there was none.
    before: tuple[UUID, int] | None


def take_over(
    session: Session, actor: Actor, kind_id: UUID, works: Mapping[UUID, UUID], marks: Sequence[TakenOver], document: str
) -> tuple[list[View], list[NewRows]]:
    """Save marks from a document: their views in order, and the rows for `inbox.answer`. Nobody is told of them.

    `works` are the columns of the kind that lessons have; the others get one.
    """
    opened = {lesson_id: uuid7() for lesson_id in sorted({one.lesson_id for one in marks} - works.keys())}
    columns = {**works, **opened}
    place = ("lesson_id", "course_id", "date", "number", "student_id", "value")
    states = [
        {
            **picked(one, place),
            "id": one.before[0] if one.before else uuid7(),
            "work_id": columns[one.lesson_id],
            "kind_id": kind_id,
            "comment": document,
            "version": one.before[1] + 1 if one.before else 1,
        }
        for one in marks
    ]
    again = [state for one, state in zip(marks, states, strict=True) if one.before]
    new = [state for one, state in zip(marks, states, strict=True) if not one.before]
    update_rows(session, Mark, [{name: state[name] for name in ("id", *_STATE)} for state in again])
    school = {"school_id": actor.tenant}
    rows = [{"id": key, "lesson_id": lesson_id, "kind_id": kind_id, "title": ""} for lesson_id, key in opened.items()]
    history = _history(actor, [(state, Late(None, document)) for state in states])
    return states, [NewRows(Work, rows, school), NewRows(Mark, new, school), history]


class Stood(Protocol):
    """A mark from a document, as it is now."""

    id: UUID
    version: int


def take_back(session: Session, actor: Actor, marks: Sequence[Stood], document: str) -> list[NewRows]:
    """Take marks from a document back: the rows for `inbox.answer`. Nobody is told."""
    states: list[View] = [{"id": one.id, "value": None, "comment": "", "version": one.version + 1} for one in marks]
    update_rows(session, Mark, states)
    return [_history(actor, [(state, Late(None, document)) for state in states])]


def changed_setting(
    session: Session, actor: Actor, column: SettingOfColumn, kept: SettingOfColumn | None
) -> list[NewRows]:
    """The rows that `inbox.answer` saves of what is said of a column, with its history; `kept` is updated."""
    school, at = {"school_id": actor.tenant}, now()
    state = {name: getattr(column, name) for name in ("only_if_helps", "visible_from", "version")}
    said = {"setting_id": column.id, "changed_by": actor.person_id, "changed_at": at, **state}
    if kept is not None:
        # what was hidden is announced by the timer, also where it is shown earlier than was said before
        waits = {"unannounced": True} if column.is_hidden(at) else {}
        session.execute(update(ColumnSetting).where(ColumnSetting.id == kept.id).values({**state, **waits}))
        return [NewRows(ColumnSettingRevision, [said], school)]
    return [
        NewRows(ColumnSetting, [column._asdict()], school | {"unannounced": column.is_hidden(at)}),
        NewRows(ColumnSettingRevision, [said], school),
    ]


def news_of_mark(posted: list[View]) -> MarkPosted:
    """Announces the only mark."""
    (mark,) = posted
    return MarkPosted(mark_id=mark["id"], lesson_id=mark["lesson_id"], student_id=mark["student_id"])


def news_of_column(posted: list[View]) -> MarksPosted:
    """Announces marks of one column together: one event costs a tenth of thirty."""
    return MarksPosted(lesson_id=posted[0]["lesson_id"], marks={mark["student_id"]: mark["id"] for mark in posted})


def changed_mark(session: Session, actor: Actor, mark: MarkRow, value: str | None, comment: str, reason: str) -> View:
    """Save a new version of a mark with its history and announce it; returns the mark's view."""
    state = _changed(mark, value, comment)
    session.execute(update(Mark).where(Mark.id == mark.id).values({name: state[name] for name in _STATE}))
    history, closed = _history(actor, [(state, Late(None, reason))]), _closed_by(session, actor, mark, value)
    events = [_news_of_change(state)] if mark.is_shown else []
    insert_all(session, history, *closed, outbox.recorded(session, *events))
    return state


def _closed_by(session: Session, actor: Actor, mark: MarkRow, value: str | None) -> list[NewRows]:
    """The history's rows of what another mark in a cell closes; to take one back closes nothing."""
    open_ones = [one for one in owed_of(mark.owed).values() if one.state == OWED]
    if value is None or not open_ones:
        return []
    (kept,) = open_ones
    state = {"due": kept.due, "state": DONE, "version": kept.version + 1}
    update_rows(session, OwedWork, [{"id": kept.id, **state}])
    said = {"owed_id": kept.id, "changed_by": actor.person_id, "changed_at": now(), **state}
    return [NewRows(OwedWorkRevision, [said], {"school_id": actor.tenant}, new_only=True)]


def _changed(mark: MarkShown, value: str | None, comment: str) -> View:
    return picked(mark, MARK_NAMES) | {"value": value, "comment": comment, "version": mark.version + 1}


def _news_of_change(state: View) -> MarkChanged:
    return MarkChanged(
        mark_id=state["id"], lesson_id=state["lesson_id"], student_id=state["student_id"], version=state["version"]
    )
