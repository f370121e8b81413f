"""Splits a class into groups from a day on (clause 3.2).

The membership at a lesson's date decides whose row the journal shows. So a later split ends memberships and begins
others, and rewrites nothing that was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from kernel.errors import Invalid, Refused, together
from kernel.names import folded
from services.gradebook.courses.rules.membership import Changes, Membership, ended_before
from services.gradebook.courses.rules.naming import one_line

_DAY = timedelta(days=1)


class SomeCourse(Protocol):
    """A course that may be one of several groups."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def group_name(self) -> str:
        """The group; empty where the whole class is taught, and in courses of an import."""

    @property
    def kept_here(self) -> bool:
        """Whether people keep its members."""


Course = TypeVar("Course", bound=SomeCourse)


class Wanted(NamedTuple):
    """A group as it is to be: its name and students. `course_id` is None of a new one."""

    course_id: UUID | None
    name: str
    students: Sequence[UUID]


def groups_beside(course: Course, siblings: Sequence[Course]) -> list[Course]:
    """The groups among which the students of a course are divided, the course itself among them (clause 3.2).

    `siblings` are the courses of its class and subject, itself among them. Groups have names; those of an import have
    none, and are all that it brought. A course of the whole class that people made stands alone: it may be split.
    """
    if course.group_name:
        return [one for one in siblings if one.group_name]
    if not course.kept_here:
        return [one for one in siblings if not one.kept_here and not one.group_name]
    return [one for one in siblings if one.id == course.id]


def check_groups(groups: Sequence[Wanted], candidates: Collection[UUID], others: Iterable[str] = ()) -> None:
    """Refuse groups without a name or of one name, a student who is in two, or in none of their classes (clause 3.2).

    A course that stays alone needs no name. `others` are the names of further courses of the class and subject.
    """
    refusals: list[Refused] = []
    names = {folded(one_line(name)) for name in others}
    placed: set[UUID] = set()
    for index, group in enumerate(groups):
        name = folded(one_line(group.name))
        if not name and len(groups) > 1:
            refusals.append(Invalid("Name the group.", rule="group-without-name", field=f"groups.{index}.group_name"))
        elif name in names:
            refusals.append(
                Invalid("Two groups have this name.", rule="group-name-twice", field=f"groups.{index}.group_name")
            )
        names.add(name)
        for place, student in enumerate(group.students):
            field = f"groups.{index}.student_ids.{place}"
            if student in placed:
                refusals.append(Invalid("This student is in two of the groups.", rule="student-twice", field=field))
            elif student not in candidates:
                refusals.append(Invalid("This student is not in the class.", rule="not-in-class", field=field))
            placed.add(student)
    if refusals:
        raise together(refusals)


def check_day_in_year(day: date, starts_on: date, ends_on: date) -> None:
    """Refuse a split from a day outside the year (practice)."""
    if not starts_on <= day <= ends_on:
        raise Invalid(
            "The groups begin on a day of the year: between {starts_on} and {ends_on}.",
            rule="day-outside-year",
            field="since",
            starts_on=starts_on,
            ends_on=ends_on,
        )


def members_on(memberships: Iterable[Membership], day: date) -> dict[UUID, set[UUID]]:
    """Course → its students on a day (clause 3.2)."""
    found: dict[UUID, set[UUID]] = {}
    for one in memberships:
        if one.since <= day and (one.until is None or day <= one.until):
            found.setdefault(one.course_id, set()).add(one.student_id)
    return found


def regrouped(memberships: Iterable[Membership], wanted: Mapping[UUID, Collection[UUID]], day: date) -> Changes:
    """What becomes of memberships where from a day on exactly these students are in these courses (clause 3.2).

    Who stays keeps the membership; one that ended the day before, or would end later, goes on.
    """
    changes = Changes([], [], [])
    own: dict[tuple[UUID, UUID], list[Membership]] = {}
    for one in memberships:
        own.setdefault((one.course_id, one.student_id), []).append(one)
    for course_id, students in wanted.items():
        for student in students:
            times = own.pop((course_id, student), [])
            going_on = [one for one in times if one.since <= day and (one.until is None or one.until >= day - _DAY)]
            changes.ended.extend((one.id, None) for one in going_on if one.until is not None)
            changes.never.extend(one.id for one in times if one.since > day)
            if not going_on:
                changes.begun.append((course_id, student, day))
    ended, never = ended_before(
        [one for (course_id, _), times in own.items() if course_id in wanted for one in times], day
    )
    changes.ended.extend(ended)
    changes.never.extend(never)
    return changes
