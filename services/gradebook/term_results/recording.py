"""Saves term marks and states with their history, and announces them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.term_marks import TermLocked, TermMarkChanged, TermMarksSet
from kernel.auth import Actor
from kernel.contract import Event
from kernel.data import outbox
from kernel.data.rows import NewRows, joined, update_rows
from services.gradebook.rows import View
from services.gradebook.term_marks.queries import SetMark
from services.gradebook.term_marks.tables import TermMark, TermMarkRevision, TermSheet, TermSheetStep
from services.gradebook.term_results.queries import Sheet

#: What changes of a term mark, and what its history keeps of it.
_SAID: Final = ("value", "computed", "reason", "comment", "version", "set_by", "set_at")


class Of(NamedTuple):
    """What marks are of: a term, or the last one of the year for what is of the year."""

    term_id: UUID
    kind: str


class Write(NamedTuple):
    """A validated term mark, ready to be saved; without value it is taken back."""

    student_id: UUID
    value: str | None
    computed: str | None
    reason: str
    comment: str
    #: None where the student had none.
    before: SetMark | None
    #: Whether the family sees it at once, as the class's marks were handed in already.
    shown: bool


class Step(NamedTuple):
    """A new state of a class's marks in a course."""

    course_id: UUID
    class_id: UUID
    state: str
    #: None where nothing was done so far.
    before: Sheet | None


def set_marks(
    session: Session, actor: Actor, course_id: UUID, of: Of, writes: Sequence[Write], moment: datetime
) -> tuple[dict[UUID, View], list[NewRows]]:
    """Save term marks: the views by student, and the rows that `inbox.answer` saves; updates the changed ones.

    Families are told of a change of what they have seen: one event each.
    """
    states = {one.student_id: _state(actor, one, moment) for one in writes}
    place = {"school_id": actor.tenant, "course_id": course_id, **of._asdict()}
    new = [states[one.student_id] for one in writes if one.before is None]
    changed = [one for one in writes if one.before is not None]
    update_rows(
        session,
        TermMark,
        [{name: states[one.student_id][name] for name in ("id", *_SAID, "first_shown")} for one in changed],
    )
    events: list[Event] = [
        TermMarkChanged(
            term_mark_id=one.before.id, student_id=one.student_id, version=states[one.student_id]["version"]
        )
        for one in changed
        if one.before is not None and one.before.first_shown is not None and one.before.value != one.value
    ]
    return states, [
        NewRows(TermMark, new, place),
        _history(actor, states.values()),
        outbox.recorded(session, *events),
    ]


def _state(actor: Actor, write: Write, moment: datetime) -> View:
    before = write.before
    shown = before.first_shown if before else None
    return {
        "id": before.id if before else uuid7(),
        "student_id": write.student_id,
        "value": write.value,
        "computed": write.computed,
        "reason": write.reason,
        "comment": write.comment,
        "version": before.version + 1 if before else 1,
        "set_by": actor.person_id,
        "set_at": moment,
        "first_shown": shown if shown is not None or not write.shown else write.value,
    }


class TakenOver(NamedTuple):
    """A validated mark from a document, ready to be saved."""

    course_id: UUID
    term_id: UUID
    kind: str
    student_id: UUID
    value: str
    #: One that was taken back, in whose place it stands; None where there was none.
    before: SetMark | None


def take_over(
    session: Session, actor: Actor, marks: Sequence[TakenOver], document: str, moment: datetime
) -> tuple[list[View], list[NewRows]]:
    """Save marks from a document, which families see at once: their views in order, and the rows for `inbox.answer`.

    Nobody is told of them: they are of a time that is over. Nothing was computed for them here.
    """
    states = [
        {
            "id": one.before.id if one.before else uuid7(),
            **{name: getattr(one, name) for name in ("course_id", "term_id", "kind", "student_id")},
            **_said_by(actor, document, moment),
            "value": one.value,
            "version": one.before.version + 1 if one.before else 1,
            "first_shown": one.value,
        }
        for one in marks
    ]
    again = [state for one, state in zip(marks, states, strict=True) if one.before is not None]
    new = [state for one, state in zip(marks, states, strict=True) if one.before is None]
    update_rows(session, TermMark, [{name: state[name] for name in ("id", *_SAID, "first_shown")} for state in again])
    return states, [NewRows(TermMark, new, {"school_id": actor.tenant}), _history(actor, states)]


class Stood(Protocol):
    """A mark from a document, as it is now."""

    id: UUID
    version: int


def take_back(session: Session, actor: Actor, marks: Sequence[Stood], document: str, moment: datetime) -> list[NewRows]:
    """Take marks from a document back, of which families see nothing then: the rows for `inbox.answer`."""
    states = [
        {
            "id": one.id,
            **_said_by(actor, document, moment),
            "comment": "",
            "value": None,
            "version": one.version + 1,
            "first_shown": None,
        }
        for one in marks
    ]
    update_rows(session, TermMark, states)
    return [_history(actor, states)]


def _said_by(actor: Actor, document: str, moment: datetime) -> View:
    shared = {"reason": document, "comment": document, "computed": None}
    return {**shared, "set_by": actor.person_id, "set_at": moment}


def _history(actor: Actor, states: Iterable[View]) -> NewRows:
    rows = [{"term_mark_id": state["id"], **{name: state[name] for name in _SAID}} for state in states]
    return NewRows(TermMarkRevision, rows, {"school_id": actor.tenant})


def take_steps(
    session: Session, actor: Actor, of: Of, steps: Iterable[Step], moment: datetime
) -> tuple[list[View], list[NewRows]]:
    """Save new states: their views, and the rows that `inbox.answer` saves; updates those that were there."""
    shared = {"changed_by": actor.person_id, "changed_at": moment}
    found = [
        {
            "id": one.before.id if one.before else uuid7(),
            "course_id": one.course_id,
            "class_id": one.class_id,
            "state": one.state,
            "version": one.before.version + 1 if one.before else 1,
            "new": one.before is None,
        }
        for one in steps
    ]
    update_rows(
        session,
        TermSheet,
        [
            {"id": one["id"], "state": one["state"], "version": one["version"], **shared}
            for one in found
            if not one["new"]
        ],
    )
    school = {"school_id": actor.tenant, **shared}
    names = ("id", "course_id", "class_id", "state", "version")
    return [{**one, **shared} for one in found], [
        NewRows(
            TermSheet,
            [{name: one[name] for name in names} for one in found if one["new"]],
            {**school, **of._asdict()},
        ),
        NewRows(
            TermSheetStep,
            [{"sheet_id": one["id"], "version": one["version"], "state": one["state"]} for one in found],
            school,
        ),
    ]


def show(session: Session, marks: Sequence[SetMark]) -> None:
    """Let families see marks that are handed in."""
    update_rows(session, TermMark, [{"id": one.id, "first_shown": one.value} for one in marks])


def news_of_hand_in(course_id: UUID, class_id: UUID, of: Of, marks: Iterable[SetMark]) -> TermMarksSet:
    """Announces the marks of a class that its families see from now on."""
    return TermMarksSet(
        course_id=course_id, class_id=class_id, **of._asdict(), marks={one.student_id: one.id for one in marks}
    )


def news_of_lock(class_id: UUID, of: Of) -> TermLocked:
    """Announces that a class's marks are locked."""
    return TermLocked(class_id=class_id, **of._asdict())


def recorded(session: Session, *events: Event, rows: Iterable[NewRows]) -> list[NewRows]:
    """Rows, with those that announce events, for `inbox.answer`."""
    return joined([*rows, outbox.recorded(session, *events)])
