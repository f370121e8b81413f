"""What stands in the way of a timetable: people, classes and classrooms that are in two places at once, hours, shifts.

Practice; hours of the curriculum: clause 4.2. A conflict does not forbid: the person who makes the timetable decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import Final, NamedTuple
from uuid import UUID

from services.gradebook.timetable.rules.entries import Entry, hours_a_week, is_valid_on, same_time

_NOBODY: Final[frozenset[UUID]] = frozenset()


class Clash(StrEnum):
    """Of what two entries have too little at the same time."""

    TEACHER = "teacher"
    #: Students: those of the same class, or of groups that have members in common.
    STUDENTS = "students"
    CLASSROOM = "classroom"


class Misfit(StrEnum):
    """What is wrong with a course's week as such."""

    #: The number of a lesson has no bell in the shift of the course's class.
    OUTSIDE_SHIFT = "outside-shift"
    #: The course has more hours in the timetable than in the curriculum.
    HOURS_OVER = "hours-over"
    HOURS_UNDER = "hours-under"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a course's lessons need: its teachers and students, and where it belongs."""

    teachers: frozenset[UUID] = _NOBODY
    #: The members of the course; empty while nobody was put into it.
    students: frozenset[UUID] = _NOBODY
    #: None for a group across classes.
    class_id: UUID | None = None
    #: "" for the whole class.
    group: str = ""
    #: Hours a week by the curriculum; None where it does not say.
    hours: Decimal | None = None


class Collision(NamedTuple):
    """Two entries that fall together, and what they have in common: teachers, students, or the classroom.

    `shared` holds the students where members are known, and is empty where a class meets its own group.
    """

    clash: Clash
    one: Entry
    other: Entry
    shared: frozenset[UUID]


class CourseFault(NamedTuple):
    """A course whose week does not fit. `entry` for a lesson outside the shift, hours for too many or too few."""

    misfit: Misfit
    course_id: UUID
    entry: Entry | None = None
    placed: Decimal = Decimal()
    wanted: Decimal = Decimal()


def collisions(
    entries: Iterable[Entry], needs: Mapping[UUID, Needs], shared_classrooms: frozenset[UUID] = _NOBODY
) -> Iterator[Collision]:
    """The pairs of entries that fall together, in order of weekday and number (practice).

    `needs` holds each course of the entries. `shared_classrooms` hold several classes at once, as a sports hall does.
    Two entries of one course at the same time collide as those of two courses do.
    """
    by_time: defaultdict[tuple[int, int], list[Entry]] = defaultdict(list)
    for entry in entries:
        by_time[entry.weekday, entry.number].append(entry)
    for _, together in sorted(by_time.items()):
        for one, other in combinations(together, 2):
            if same_time(one, other):
                yield from _collisions_of(one, other, needs[one.course_id], needs[other.course_id], shared_classrooms)


def _collisions_of(
    one: Entry, other: Entry, first: Needs, second: Needs, shared_classrooms: frozenset[UUID]
) -> Iterator[Collision]:
    if teachers := _teachers(one, first) & _teachers(other, second):
        yield Collision(Clash.TEACHER, one, other, teachers)
    students = first.students & second.students
    if students or _meet_in_class(first, second):
        yield Collision(Clash.STUDENTS, one, other, students)
    if (
        one.classroom_id is not None
        and one.classroom_id == other.classroom_id
        and one.classroom_id not in shared_classrooms
    ):
        yield Collision(Clash.CLASSROOM, one, other, frozenset({one.classroom_id}))


def _teachers(entry: Entry, needs: Needs) -> frozenset[UUID]:
    return needs.teachers if entry.teacher_id is None else frozenset({entry.teacher_id})


def _meet_in_class(first: Needs, second: Needs) -> bool:
    """Whether the courses are of one class, and one of them is for all of it; or for the same group of it.

    Asked where members are not known yet: with members, those in common decide.
    """
    if first.class_id is None or first.class_id != second.class_id or (first.students and second.students):
        return False
    return not first.group or not second.group or first.group == second.group


def course_faults(
    entries: Iterable[Entry], needs: Mapping[UUID, Needs], day: date, numbers: Mapping[UUID, frozenset[int]]
) -> Iterator[CourseFault]:
    """What does not fit in the weeks of the courses of `needs`, as they hold on a day (clause 4.2).

    `numbers` maps classes to the numbers of lessons for which their shift has bells; a class that is not in it has no
    bells yet, and nothing is said of it.
    """
    of_course: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if is_valid_on(entry, day):
            of_course[entry.course_id].append(entry)
    for course_id, need in needs.items():
        held = of_course[course_id]
        rung = numbers.get(need.class_id) if need.class_id is not None else None
        if rung is not None:
            yield from (
                CourseFault(Misfit.OUTSIDE_SHIFT, course_id, entry) for entry in held if entry.number not in rung
            )
        placed = hours_a_week(held)
        if need.hours is not None and placed != need.hours:
            misfit = Misfit.HOURS_OVER if placed > need.hours else Misfit.HOURS_UNDER
            yield CourseFault(misfit, course_id, None, placed, need.hours)
