"""Views of timetables, their edits and what collides in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.auth import Actor
from services.gradebook.courses.queries import course_ties
from services.gradebook.exact import plain
from services.gradebook.rows import View, picked
from services.gradebook.timetable import permissions
from services.gradebook.timetable.queries import CourseOfTimetable, EditRow, edit_of_row, made_by, teachers_on
from services.gradebook.timetable.rules.conflicts import Collision, CourseFault
from services.gradebook.timetable.rules.entries import Entry, hours_a_week
from services.gradebook.timetable.rules.laying import Laying
from services.gradebook.timetable.rules.made import Thing

_ENTRY = (
    "id", "course_id", "weekday", "number", "week", "valid_from", "valid_until", "classroom_id", "teacher_id",
)  # fmt: skip


def entry(one: Entry) -> View:
    """An entry."""
    return picked(one, _ENTRY)


def courses(actor: Actor, found: Iterable[CourseOfTimetable], entries: Iterable[Entry], day: date) -> list[View]:
    """Courses with the hours that `entries`, which are all of theirs on the day, give them."""
    held: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for one in entries:
        held[one.course_id].append(one)
    return [_course(actor, one, hours_a_week(held[one.id]), day) for one in found]


def _course(actor: Actor, one: CourseOfTimetable, placed: Decimal, day: date) -> View:
    return {
        **picked(one, ("id", "title", "subject", "class_id", "group_name")),
        "teacher_ids": teachers_on(one, day),
        "hours": None if one.hours is None else plain(one.hours),
        "placed": plain(placed),
        "may_edit": permissions.may_edit(actor, course_ties(one)),
    }


def collisions(found: Iterable[Collision]) -> list[View]:
    """What falls together."""
    return [
        {"clash": one.clash, "one": entry(one.one), "other": entry(one.other), "shared": sorted(one.shared)}
        for one in found
    ]


def faults(found: Iterable[CourseFault]) -> list[View]:
    """Courses whose weeks do not fit."""
    return [_fault(one) for one in found]


def _fault(one: CourseFault) -> View:
    return {
        **picked(one, ("misfit", "course_id")),
        "entry_id": None if one.entry is None else one.entry.id,
        "placed": plain(one.placed) if one.counts_hours else None,
        "hours": plain(one.wanted) if one.counts_hours else None,
    }


def laid(plan: Laying | None) -> View | None:
    """What became of lessons; None while they are made in the background."""
    if plan is None:
        return None
    returning = sum(one.returns for one in plan.renewed)
    return {
        "added": len(plan.new) + returning,
        "changed": len(plan.renewed) - returning,
        "dropped": len(plan.dropped),
        "outside": len(plan.outside),
    }


def edits(rows: Sequence[EditRow], found: Mapping[UUID, View]) -> View:
    """Edits, newest first, and the courses that they name."""
    undone = {row.undoes for row in rows if row.undoes is not None}
    return {
        "edits": [_edit(row, undone=row.version in undone) for row in rows],
        "courses": list(found.values()),
    }


def _edit(row: EditRow, *, undone: bool) -> View:
    known: dict[str, Any] = picked(row, ("version", "what", "undoes", "before", "after", "edited_by", "edited_at"))
    made = sum(len(ids) for ids in made_by(row))
    return {**known, "undone": undone, "from_date": edit_of_row(row).first_day, "made": made}


def made(found: Iterable[tuple[Thing, str]]) -> list[View]:
    """What became of things that a file made: each with why it stays, empty where it was removed."""
    return [{"kind": one.kind, "name": one.name, "stays": why} for one, why in found]
