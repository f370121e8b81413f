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
from services.gradebook.timetable.rules.conflicts import (
    Collision,
    CourseFault,
    collisions,
    course_faults,
    faults_made,
    slots_beside,
)
from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry


class Found(NamedTuple):
    """What collides, and the courses whose week does not fit."""

    collisions: list[Collision]
    faults: list[CourseFault]

    @property
    def course_ids(self) -> set[UUID]:
        """The courses that collide."""
        return {one.course_id for pair in self.collisions for one in (pair.one, pair.other)}


NOTHING: Final = Found([], [])


def in_timetable(
    session: Session,
    bells: YearBells,
    day: date,
    entries: Collection[Entry],
    weeks: Iterable[Entry],
    courses: Collection[UUID],
) -> Found:
    """What collides on a day with these entries, and which of these courses have a week that does not fit.

    `weeks` are all entries of the year that hold on the day.
    """
    year_id = bells.calendar.id
    ringing = bells.usual(day)
    slots = slots_beside(((one.weekday, one.number) for one in entries), ringing)
    around = [one for one in weeks if (one.weekday, one.number) in slots]
    known = queries.courses(session, year_id, None, {one.course_id for one in around} | set(courses))
    needs = queries.needs(session, known, day, bells)
    asked = {one.id for one in entries}
    collide = collisions(around, needs, queries.shared_classrooms(session), ringing)
    own = {course_id: needs[course_id] for course_id in courses}
    return Found(
        [one for one in collide if one.one.id in asked or one.other.id in asked],
        list(course_faults(weeks, own, day, _rung(bells))),
    )


def with_edit(session: Session, bells: YearBells, edit: Edit, day: date) -> Found:
    """What collides from a day on because of an edit, and what of its courses it makes not fit, or fit less."""
    gained = [one for one in edit.gained if one.valid_until is None or one.valid_until >= day]
    were, new = {one.id for one in edit.before}, {one.id for one in gained}
    year_id, ringing = bells.calendar.id, bells.usual(day)
    slots = slots_beside(((one.weekday, one.number) for one in gained), ringing)
    around = queries.entries_from(session, year_id, day, slots)
    together = [*(one for one in around if one.id not in were), *gained]
    courses = queries.courses(session, year_id, None, {one.course_id for one in together} | edit.course_ids)
    needs = queries.needs(session, courses, day, bells)
    found = collisions(together, needs, queries.shared_classrooms(session), ringing)
    changed = {one: needs[one] for one in edit.course_ids}
    weeks = [one for one in queries.entries_of_courses(session, year_id, edit.course_ids) if one.id not in were]
    before, after = (course_faults([*weeks, *side], changed, day, _rung(bells)) for side in edit)
    return Found([one for one in found if one.one.id in new or one.other.id in new], list(faults_made(before, after)))


def _rung(bells: YearBells) -> dict[int, frozenset[int]]:
    """Shift → the numbers of lessons for which it has bells, where it has any."""
    by_shift: defaultdict[int, set[int]] = defaultdict(set)
    for one in bells.schedules:
        by_shift[one.shift].update(bell.number for bell in one.bells)
    return {shift: frozenset(numbers) for shift, numbers in by_shift.items()}
