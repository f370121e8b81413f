"""What may be changed of a lesson of a day, and what then stands in the way (clause 3.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from contracts.gradebook.day_changes import MOST_DAYS
from kernel.errors import Conflict, Invalid, Refused, together
from services.gradebook.bells.rules.bells import FIRST_SHIFT, Bell, overlap
from services.gradebook.timetable.rules.laying import Change, Place


class Hindrance(StrEnum):
    """What is taken at the time at which a changed lesson is to be held."""

    TEACHER = "teacher"
    CLASSROOM = "classroom"
    STUDENTS = "students"


class HeldLesson(NamedTuple):
    """A lesson that is held at a date and number, with what it takes."""

    id: UUID
    course_id: UUID
    date: date
    number: int
    classroom_id: UUID | None
    teachers: frozenset[UUID]
    students: frozenset[UUID]
    #: None where it is not known: a group across classes of both shifts.
    shift: int | None = FIRST_SHIFT
    #: None where no bell rings for it.
    bell: Bell | None = None


class Hindered(NamedTuple):
    """A changed lesson, another one held at its time, and what both take."""

    lesson: HeldLesson
    other: HeldLesson
    what: Hindrance


def check_span(first: date, last: date) -> None:
    """Refuse days that end before they begin, and more than are looked at together (practice)."""
    if last < first:
        raise Invalid("The last day lies before the first.", rule="days-reversed", field="last")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(
            "The changes of {most} days at most are looked at together.",
            rule="too-many-days",
            field="last",
            most=MOST_DAYS,
        )


def last_day(day: date, moved_to: date | None, change: Change) -> date:
    """The last day that a change of a lesson is about: its own, where it was moved before, or where it is moved.

    Nobody is told of one that lies in the past (practice).
    """
    return max(day, moved_to or day, change.moved_to[0] if change.moved_to else day)


def check_change(field: str, place: Place, change: Change, year: tuple[date, date]) -> None:
    """Refuse a change that contradicts itself, or moves a lesson to where it is or out of its year (practice)."""
    if change.moved_to is None:
        if change.cancelled and (change.classroom_id is not None or change.teacher_id is not None):
            raise Invalid(
                "A cancelled lesson has no classroom and nobody who stands in.",
                rule="cancelled-and-held",
                field=f"{field}.cancelled",
            )
        return
    if change.cancelled:
        raise Invalid("A lesson is either cancelled or moved.", rule="cancelled-and-moved", field=f"{field}.cancelled")
    if change.moved_to == (place.date, place.number):
        raise Invalid("The lesson is at this time already.", rule="moved-nowhere", field=f"{field}.moved_to")
    if not year[0] <= change.moved_to[0] <= year[1]:
        raise Invalid(
            "{date} lies outside the year, which goes from {starts_on} to {ends_on}.",
            rule="day-outside-year",
            field=f"{field}.moved_to",
            date=change.moved_to[0],
            starts_on=year[0],
            ends_on=year[1],
        )


def check_targets(
    fields: Mapping[Place, str], targets: Iterable[tuple[Place, Place]], taken: Collection[Place]
) -> None:
    """Refuse to move a lesson to where its course has another one (practice).

    `targets` are the places from which and to which lessons are moved, `taken` those at which a lesson is held.
    """
    refusals: list[Refused] = []
    seen = set(taken)
    for source, target in targets:
        if target in seen:
            refusals.append(
                Conflict(
                    "The course has another lesson on {date} at this number.",
                    rule="lesson-exists",
                    field=f"{fields[source]}.moved_to",
                    date=target.date,
                )
            )
        seen.add(target)
    if refusals:
        raise together(refusals)


def hindered(changed: Iterable[HeldLesson], others: Iterable[HeldLesson]) -> Iterator[Hindered]:
    """What stands in the way of changed lessons: who or what is taken at their times by other lessons (practice).

    Lessons of one shift are at one time by their number, those of two shifts where their bells overlap. Two changed
    lessons that stand in each other's way are named once.
    """
    lessons = list(changed)
    own = {one.id for one in lessons}
    rest = [one for one in others if one.id not in own]
    for index, lesson in enumerate(lessons):
        for other in (*rest, *lessons[index + 1 :]):
            if lesson.date == other.date and _at_one_time(lesson, other):
                yield from _both_take(lesson, other)


def _at_one_time(one: HeldLesson, other: HeldLesson) -> bool:
    if one.shift == other.shift or one.shift is None or other.shift is None:
        return one.number == other.number
    return overlap(one.bell, other.bell)


def _both_take(lesson: HeldLesson, other: HeldLesson) -> Iterator[Hindered]:
    if lesson.teachers & other.teachers:
        yield Hindered(lesson, other, Hindrance.TEACHER)
    if lesson.classroom_id is not None and lesson.classroom_id == other.classroom_id:
        yield Hindered(lesson, other, Hindrance.CLASSROOM)
    if lesson.students & other.students:
        yield Hindered(lesson, other, Hindrance.STUDENTS)
