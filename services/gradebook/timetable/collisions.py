"""Finds what collides in a timetable as it is, and with an edit of it, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.timetable import queries
from services.gradebook.timetable.rules.conflicts import Collision, CourseFault, collisions, course_faults
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry


class Found(NamedTuple):
    """What collides, and the courses whose week does not fit."""

    collisions: list[Collision]
    faults: list[CourseFault]


NOTHING: Final = Found([], [])


def in_timetable(
    session: Session, bells: YearBells, day: date, entries: Collection[Entry], courses: Collection[UUID]
) -> Found:
    """What collides on a day with these entries, and which of these courses have a week that does not fit."""
    year_id = bells.calendar.id
    slots = {(one.weekday, one.number) for one in entries}
    around = [one for one in queries.entries_of(session, year_id, day) if (one.weekday, one.number) in slots]
    known = queries.courses(session, year_id, None, {one.course_id for one in around} | set(courses))
    needs = queries.needs(session, known, day)
    asked = {one.id for one in entries}
    collide = collisions(around, needs, queries.shared_classrooms(session))
    own = {course_id: needs[course_id] for course_id in courses}
    return Found(
        [one for one in collide if one.one.id in asked or one.other.id in asked],
        list(course_faults(entries, own, day, _rung(bells, (one.class_id for one in own.values())))),
    )


def with_edit(session: Session, year_id: UUID, edit: Edit, day: date) -> list[Collision]:
    """What collides, from a day on, with the entries that an edit adds."""
    were = {one.id for one in edit.before}
    added = [one for one in edit.after if one.id not in were]
    if not added:
        return []
    around = queries.entries_from(session, year_id, day, {(one.weekday, one.number) for one in added})
    together = [*(one for one in around if one.id not in were), *added]
    courses = queries.courses(session, year_id, None, {one.course_id for one in together})
    new = {one.id for one in added}
    found = collisions(together, queries.needs(session, courses, day), queries.shared_classrooms(session))
    return [one for one in found if one.one.id in new or one.other.id in new]


def _rung(bells: YearBells, class_ids: Iterable[UUID | None]) -> dict[UUID, frozenset[int]]:
    """Class → the numbers of lessons for which its shift has bells, where it has any."""
    by_shift: defaultdict[int, set[int]] = defaultdict(set)
    for one in bells.schedules:
        by_shift[one.shift].update(bell.number for bell in one.bells)
    known = {class_id: bells.shift_of(class_id) for class_id in class_ids if class_id is not None}
    return {class_id: frozenset(by_shift[shift]) for class_id, shift in known.items() if by_shift[shift]}
