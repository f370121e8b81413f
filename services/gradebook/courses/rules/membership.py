"""Whose member a student is from which day on, where a course takes the students of its class (clauses 3.2, 4.2).

A membership that has begun is never rewritten: who leaves keeps the days until then, and the marks of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

_DAY = timedelta(days=1)


class WholeClass(NamedTuple):
    """A course of a whole class, which takes its students, and the first and last day of its year."""

    course_id: UUID
    class_id: UUID
    starts_on: date
    ends_on: date


class Membership(NamedTuple):
    """A student's time in a course, both days included; it lasts where `until` is None."""

    id: UUID
    course_id: UUID
    student_id: UUID
    since: date
    until: date | None
    #: The class of the course; None of a group across classes.
    class_id: UUID | None = None


class InClass(NamedTuple):
    """Where a student is: in which class, or in none, and since when."""

    student_id: UUID
    class_id: UUID | None
    since: date


class Changes(NamedTuple):
    """What becomes of memberships."""

    #: (course, student, first day)
    begun: list[tuple[UUID, UUID, date]]
    #: (membership, last day, or None where it goes on)
    ended: list[tuple[UUID, date | None]]
    #: Those that would have begun later.
    never: list[UUID]

    def __bool__(self) -> bool:
        return any(self)


def last_before(since: date, until: date | None, day: date) -> date | None:
    """The last day of a membership that ends before `day`; None where it would not have begun (clause 3.2)."""
    last = day - _DAY
    if since > last:
        return None
    return last if until is None else min(until, last)


def ended_before(memberships: Iterable[Membership], day: date) -> tuple[list[tuple[UUID, date | None]], list[UUID]]:
    """Memberships that last until `day` or longer, with their last day; and those that begin no earlier (practice)."""
    ended: list[tuple[UUID, date | None]] = []
    never: list[UUID] = []
    for one in memberships:
        if one.until is not None and one.until < day:
            continue
        last = last_before(one.since, one.until, day)
        if last is None:
            never.append(one.id)
        else:
            ended.append((one.id, last))
    return ended, never


def first_day(starts_on: date, since: date | None) -> date:
    """The first day in a course of who is in its class since then; its year's, if that is not known (practice)."""
    return starts_on if since is None else max(starts_on, since)


def follow(places: Iterable[InClass], courses: Iterable[WholeClass], memberships: Iterable[Membership]) -> Changes:
    """What follows from where students are now (clause 4.2).

    Who comes into a class joins the `courses` of it; who leaves a class leaves its courses and groups; who leaves the
    school leaves groups across classes, too. `memberships` are those in courses that no import keeps.
    """
    by_class: dict[UUID, list[WholeClass]] = {}
    for course in courses:
        by_class.setdefault(course.class_id, []).append(course)
    of_student: dict[UUID, list[Membership]] = {}
    for one in memberships:
        of_student.setdefault(one.student_id, []).append(one)
    changes = Changes([], [], [])
    for place in places:
        own = of_student.get(place.student_id, [])
        ended, never = ended_before([one for one in own if _is_left(one, place)], place.since)
        changes.ended.extend(ended)
        changes.never.extend(never)
        joined = by_class.get(place.class_id, []) if place.class_id is not None else []
        changes.begun.extend(
            (course.course_id, place.student_id, since)
            for course in joined
            if (since := first_day(course.starts_on, place.since)) <= course.ends_on
            and not any(one.course_id == course.course_id and _lasts(one, since) for one in own)
        )
    return changes


def _is_left(membership: Membership, place: InClass) -> bool:
    return place.class_id is None if membership.class_id is None else membership.class_id != place.class_id


def _lasts(membership: Membership, since: date) -> bool:
    return membership.until is None or membership.until >= since
