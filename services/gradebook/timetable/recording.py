"""Saves edits of timetables, and the lessons that follow from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.auth import Actor
from kernel.clock import now
from kernel.data import copies
from kernel.data.among import among
from kernel.data.rows import insert_rows, update_rows
from services.gradebook.classrooms import recording as classrooms_recording
from services.gradebook.courses import recording as courses_recording
from services.gradebook.lessons import recording as lessons_recording
from services.gradebook.lessons.rules.states import State
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable.rules.laying import Change, Laying, Place
from services.gradebook.timetable.rules.made import Kind, Made, Thing
from services.gradebook.timetable.tables import DayChange, DayChangeRevision, TimetableEdit, TimetableEntry

#: Of an edit by hand.
NOTHING_MADE: Final = Made()
_GONE: Final = delete(TimetableEntry).where(among(TimetableEntry.id, "gone"))


def edited(
    session: Session,
    actor: Actor,
    year_id: UUID,
    version: int,
    edit: Edit,
    undoes: int | None = None,
    made: Made = NOTHING_MADE,
) -> None:
    """Save an edit and what becomes of its entries, as the timetable's `version`; `made` came with it from a file."""
    before = {entry.id: entry for entry in edit.before}
    after = {entry.id: entry for entry in edit.after}
    if gone := before.keys() - after.keys():
        session.execute(_GONE, {"gone": list(gone)}, execution_options={"synchronize_session": False})
    ended = [entry for entry in edit.after if entry.id in before]
    update_rows(session, TimetableEntry, [{"id": one.id, "valid_until": one.valid_until} for one in ended])
    new = [_row(actor.tenant, year_id, entry) for entry in edit.after if entry.id not in before]
    insert_rows(session, TimetableEntry, new)
    row = {
        "school_id": actor.tenant,
        "year_id": year_id,
        "version": version,
        "what": "edit" if undoes is None else "undo",
        "undoes": undoes,
        "before": msgspec.to_builtins(edit.before),
        "after": msgspec.to_builtins(edit.after),
        "made": {name: [str(one) for one in ids] for name, ids in made._asdict().items()} if any(made) else None,
        "edited_by": actor.person_id,
        "edited_at": now(),
    }
    session.execute(insert(TimetableEdit), [row])


def removed_things(session: Session, actor: Actor, things: Sequence[Thing]) -> set[UUID]:
    """Remove things of one kind on which nothing stands, all at once; returns those that are gone.

    Where something does stand on one after all, each is tried by itself.
    """
    if not things:
        return set()
    try:
        with session.begin_nested():
            _remove(session, actor, things)
    except IntegrityError:
        if len(things) == 1:
            return set()
        return {gone for one in things for gone in removed_things(session, actor, [one])}
    return {one.id for one in things}


def _remove(session: Session, actor: Actor, things: Sequence[Thing]) -> None:
    named = {one.id: (one.version, one.name) for one in things}
    kind = things[0].kind
    if kind is Kind.COURSE:
        lessons_recording.removed_lessons(session, named)
        courses_recording.removed_courses(session, actor, named)
    elif kind is Kind.SUBJECT:
        courses_recording.removed_subjects(session, actor, named)
    else:
        classrooms_recording.removed_classrooms(session, named)


def _row(school_id: UUID, year_id: UUID, entry: Entry) -> dict[str, Any]:
    return {"school_id": school_id, "year_id": year_id, **asdict(entry)}


def laid(session: Session, school_id: UUID, plan: Laying) -> None:
    """Save what becomes of lessons, in a constant number of statements."""
    new = [{**place._asdict(), **planned._asdict()} for place, planned in plan.new.items()]
    renewed = [{"id": one.id, "number": one.number, **one.planned._asdict()} for one in plan.renewed]
    states = [*((one, State.DROPPED) for one in plan.dropped), *((one, State.OUTSIDE) for one in plan.outside)]
    lessons_recording.laid_lessons(session, school_id, new, renewed, states)


# --- changes of single lessons ---------------------------------------------------------------------


def changed_lessons(
    session: Session, actor: Actor, changes: Mapping[Place, Change], versions: Mapping[Place, int]
) -> None:
    """Save changes by the places of their lessons, each as the version after that of `versions`."""
    rows = [_change_row(actor, place, change, versions[place] + 1) for place, change in changes.items()]
    session.execute(copies.replacing(session, DayChange), rows)
    insert_rows(session, DayChangeRevision, rows)


def _change_row(actor: Actor, place: Place, change: Change, version: int) -> dict[str, Any]:
    values = asdict(change)
    moved_to, moved_number = values.pop("moved_to") or (None, None)
    return {
        "school_id": actor.tenant, **place._asdict(), "version": version, **values, "moved_to": moved_to,
        "moved_number": moved_number, "changed_by": actor.person_id, "changed_at": now(),
    }  # fmt: skip
