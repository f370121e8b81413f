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
from itertools import chain, combinations, groupby, product
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from services.gradebook.bells.rules.bells import FIRST_SHIFT, Bell, overlap
from services.gradebook.timetable.rules.entries import Entry, Week, hours_a_week, is_valid_on, same_day

#: Shift and weekday → number of a lesson → its bell.
Ringing = Mapping[tuple[int, int], Mapping[int, Bell]]
_NOBODY: Final[frozenset[UUID]] = frozenset()
_EVERY_DAY: Final = frozenset(range(1, 8))


class Clash(StrEnum):
    """Of what two entries have too little at the same time."""

    TEACHER = "teacher"
    #: Students: those of the same class, or of groups that have members in common.
    STUDENTS = "students"
    CLASSROOM = "classroom"


class Misfit(StrEnum):
    """What is wrong with a course's week as such."""

    #: By the calendar schedule the course's grade has no lessons on the weekday: none would follow from the entry.
    DAY_OFF = "day-off"
    #: The number of a lesson has no bell in the shift of the course's class.
    OUTSIDE_SHIFT = "outside-shift"
    #: The group across classes has students of both shifts: nobody knows when its lessons are.
    SHIFTS_DIFFER = "shifts-differ"
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
    #: That of the class, or of the members' classes; None where these differ.
    shift: int | None = FIRST_SHIFT
    #: ISO weekdays on which its grade has lessons.
    weekdays: frozenset[int] = _EVERY_DAY


class Collision(NamedTuple):
    """Two entries that fall together, and what they have in common: teachers, students, or the classroom.

    `shared` holds the students where members are known, and is empty where a class meets its own group.
    """

    clash: Clash
    one: Entry
    other: Entry
    shared: frozenset[UUID]

    @property
    def week(self) -> Week:
        """In which weeks they fall together: every week, only odd or only even ones (practice)."""
        return self.one.week or self.other.week


class CourseFault(NamedTuple):
    """A course whose week does not fit. `entry` for a lesson on a day or at a number that the course has not, hours for
    too many or too few.
    """

    misfit: Misfit
    course_id: UUID
    entry: Entry | None = None
    placed: Decimal = Decimal()
    wanted: Decimal = Decimal()

    @property
    def counts_hours(self) -> bool:
        """Whether it is about hours a week."""
        return self.misfit in (Misfit.HOURS_OVER, Misfit.HOURS_UNDER)


class _Slot(NamedTuple):
    """A lesson of the week in a shift; 0 where it is not known in which."""

    weekday: int
    number: int
    shift: int


def collisions(
    entries: Iterable[Entry],
    needs: Mapping[UUID, Needs],
    shared_classrooms: frozenset[UUID] = _NOBODY,
    ringing: Ringing = MappingProxyType({}),
) -> Iterator[Collision]:
    """The pairs of entries that fall together, in order of weekday and number (practice).

    `needs` holds each course of the entries. `shared_classrooms` hold several classes at once, as a sports hall does.
    Two entries of one course at the same time collide as those of two courses do. Lessons of one shift fall together by
    their number; of two shifts where their times by `ringing` overlap, and not where one of them has no bell. A group
    whose shift is not known is compared by its number with both.
    """
    by_slot: defaultdict[_Slot, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_slot[_Slot(entry.weekday, entry.number, needs[entry.course_id].shift or 0)].append(entry)
    for _, of_day in groupby(sorted(by_slot), key=lambda slot: slot.weekday):
        slots = list(of_day)
        for place, slot in enumerate(slots):
            meeting = [other for other in slots[place + 1 :] if _meet(slot, other, ringing)]
            pairs = chain(
                combinations(by_slot[slot], 2), *(product(by_slot[slot], by_slot[other]) for other in meeting)
            )
            for one, other in pairs:
                if same_day(one, other):
                    yield from _collisions_of(
                        one, other, needs[one.course_id], needs[other.course_id], shared_classrooms
                    )


def _meet(one: _Slot, other: _Slot, ringing: Ringing) -> bool:
    """Whether lessons of two slots of a weekday are held at the same time."""
    if one.shift == other.shift or not one.shift or not other.shift:
        return one.number == other.number
    return overlap(*(ringing.get((slot.shift, slot.weekday), {}).get(slot.number) for slot in (one, other)))


def slots_beside(slots: Iterable[tuple[int, int]], ringing: Ringing) -> set[tuple[int, int]]:
    """Weekdays and numbers of lessons that may fall together with those of `slots`, in whatever shift (practice)."""
    found = set(slots)
    for weekday, number in tuple(found):
        rung = [rows[number] for (_, day), rows in ringing.items() if day == weekday and number in rows]
        for (_, day), rows in ringing.items():
            if day == weekday:
                found.update((weekday, key) for key, bell in rows.items() if any(overlap(bell, one) for one in rung))
    return found


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
    entries: Iterable[Entry], needs: Mapping[UUID, Needs], day: date, numbers: Mapping[int, frozenset[int]]
) -> Iterator[CourseFault]:
    """What does not fit in the weeks of the courses of `needs`, as they hold on a day (clause 4.2).

    `numbers` maps shifts to the numbers of lessons for which they have bells; a shift that is not in it has no bells
    yet, and nothing is said of it.
    """
    of_course: defaultdict[UUID, list[Entry]] = defaultdict(list)
    for entry in entries:
        if is_valid_on(entry, day):
            of_course[entry.course_id].append(entry)
    for course_id, need in needs.items():
        held = of_course[course_id]
        if need.shift is None and held:
            yield CourseFault(Misfit.SHIFTS_DIFFER, course_id)
        yield from (CourseFault(Misfit.DAY_OFF, course_id, one) for one in held if one.weekday not in need.weekdays)
        rung = numbers.get(need.shift or 0)
        if rung is not None:
            yield from (
                CourseFault(Misfit.OUTSIDE_SHIFT, course_id, entry) for entry in held if entry.number not in rung
            )
        placed = hours_a_week(held)
        if need.hours is not None and placed != need.hours:
            misfit = Misfit.HOURS_OVER if placed > need.hours else Misfit.HOURS_UNDER
            yield CourseFault(misfit, course_id, None, placed, need.hours)


def faults_made(were: Iterable[CourseFault], become: Iterable[CourseFault]) -> Iterator[CourseFault]:
    """Those of `become` that an edit makes, or makes worse (clause 4.2).

    Hours get worse that go further away from the curriculum, or are too many where they were too few. Hours that come
    nearer are not named: more lessons may follow.
    """
    known = {_about(one): abs(one.placed - one.wanted) for one in were}
    for one in become:
        before = known.get(_about(one))
        if before is None or abs(one.placed - one.wanted) > before:
            yield one


def _about(one: CourseFault) -> tuple[Misfit, UUID, UUID | None]:
    return one.misfit, one.course_id, None if one.entry is None else one.entry.id
