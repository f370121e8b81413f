"""In which course a student's marks of a subject go on after a move (domain, §3, §9: marks travel with the student).

A student's subject in a year is one row, wherever the student sits: who moves to another class or group brings the
marks of the term along, to be read and to count in the mean and the term mark there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Stay:
    """A student's time in a course of a subject and year, both days included; it lasts where `until` is None."""

    course_id: UUID
    since: date
    until: date | None
    #: Whether it is a course of students of several classes.
    across_classes: bool = False
    #: Whether it is a group of a class, and not the whole class.
    group: bool = False


class MemberOfCourse(Protocol):
    """A student's time in a course, both days included."""

    @property
    def student_id(self) -> UUID:
        """The student."""

    @property
    def since(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The last day; None while it lasts."""


def anybody_moved(members: Iterable[MemberOfCourse], starts_on: date, ends_on: date) -> bool:
    """Whether anybody came into a course or left it within a year, and so may have moved (practice)."""
    return any(one.since > starts_on or (one.until is not None and one.until < ends_on) for one in members)


def goes_on_in(stays: Sequence[Stay]) -> dict[UUID, UUID]:
    """Course that a student left → the course in which its marks go on; `stays` are of one student, subject and year.

    A course goes on in one that the student joined after it and left later, or did not leave; who comes back has not
    left in between. Of several it is one of the same kind (a class, a group, a group across classes), then one that was
    joined when the other had ended, then the one that was joined first. Who moves again brings everything along. A
    course that was left for no other one goes on nowhere; an elective taken beside a class is none. Source: practice.
    """
    last_days: dict[UUID, date | None] = {}
    for one in stays:
        known = last_days.get(one.course_id, date.min)
        last_days[one.course_id] = latest(known, one.until)
    first_stays = {one.course_id: one for one in sorted(stays, key=lambda one: one.since, reverse=True)}
    following = {}
    for course_id, until in last_days.items():
        after = [one for one in stays if _later(last_days[one.course_id], until)]
        joined = _joined_next(first_stays[course_id], until, after)
        if joined is not None:
            following[course_id] = joined.course_id
    return {course_id: _last(course_id, following) for course_id in following}


def latest(until: date | None, other: date | None) -> date | None:
    """The later one of two last days; None is later than any (practice)."""
    return None if until is None or other is None else max(until, other)


def _later(until: date | None, than: date | None) -> bool:
    return than is not None and (until is None or until > than)


def _joined_next(left: Stay, until: date | None, stays: Iterable[Stay]) -> Stay | None:
    """Of stays that end later, the one with which a course goes on that was left on the day `until`."""

    def likeness(one: Stay) -> tuple[bool, bool, bool, date, UUID]:
        other_kind = one.across_classes != left.across_classes, one.group != left.group
        return *other_kind, overlaps(one), one.since, one.course_id

    def overlaps(one: Stay) -> bool:
        return until is not None and one.since < until

    def is_beside(one: Stay) -> bool:
        return one.across_classes != left.across_classes and overlaps(one)

    return min((one for one in stays if one.since > left.since and not is_beside(one)), key=likeness, default=None)


def _last(course_id: UUID, following: dict[UUID, UUID]) -> UUID:
    """Each course is followed by one that was left later, so that this ends."""
    while course_id in following:
        course_id = following[course_id]
    return course_id


def check_not_moved(until: date | None, joined: str, today: date, field: str) -> None:
    """Refuse marks in a course that a student left, once they have gone along to the one that was joined (practice).

    `until` is the last day in the course; its teacher could otherwise change figures that are another one's by now.
    What is wrong there is corrected after the methodologist has opened the lesson.
    """
    if until is not None and until < today:
        raise Invalid(
            "The student has moved to “{course}”, and the marks went along: they are closed here. "
            "What has to be corrected the methodologist opens.",
            rule="student-moved",
            field=field,
            course=joined,
        )
