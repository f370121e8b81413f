"""Makes the weekly timetable: no clashes of classes or teachers, and no gaps in a class's day."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cli.demo.curriculum import LIGHT, TEACHERS
from cli.demo.dice import dice
from cli.demo.model import Course, SchoolClass, TimetableSlot, id_of

#: Days in the order in which they get the remaining lessons of a divided week: midweek first.
FULLEST_DAYS: Final[tuple[int, ...]] = (2, 3, 4, 1, 5, 6)
#: Exchanges after which a draft is abandoned; a successful one needs a few hundred.
PATIENCE: Final = 4000
STARTS: Final = 20

#: Weekday and number of the lesson, both from 1.
Time = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """Courses with simultaneous lessons: one of a whole class, or those of its groups."""

    courses: tuple[Course, ...]
    teachers: tuple[UUID, ...]
    light: bool
    #: The most lessons in a day.
    daily: int


@dataclass(slots=True)
class _Draft:
    """An unfinished timetable: all lessons have times, and exchanges still have to resolve clashes."""

    grid: dict[UUID, dict[Time, _Unit]]
    busy: Counter[tuple[UUID, Time]] = field(default_factory=Counter)

    def put(self, class_id: UUID, when: Time, unit: _Unit) -> None:
        self.grid[class_id][when] = unit
        self.busy.update((teacher, when) for teacher in unit.teachers)

    def exchange(self, class_id: UUID, one: Time, other: Time) -> None:
        """Exchange two lessons of a class."""
        row = self.grid[class_id]
        first, second = row[one], row[other]
        self.busy.subtract((teacher, one) for teacher in first.teachers)
        self.busy.subtract((teacher, other) for teacher in second.teachers)
        self.put(class_id, one, second)
        self.put(class_id, other, first)

    def faults(self, class_id: UUID, when: Time) -> int:
        """The number of faults at a time of a class: teachers with another lesson, a subject too often in the day."""
        unit = self.grid[class_id][when]
        clashes = sum(self.busy[teacher, when] - 1 for teacher in unit.teachers)
        times = sum(1 for at, held in self.grid[class_id].items() if at[0] == when[0] and held is unit)
        return clashes + max(0, times - unit.daily)

    def faulty(self) -> list[tuple[UUID, Time]]:
        """All classes and times with faults."""
        return [(one, when) for one, row in self.grid.items() for when in row if self.faults(one, when)]


def timetable(classes: Sequence[SchoolClass], courses: Sequence[Course], seed: int) -> tuple[TimetableSlot, ...]:
    """A timetable of all courses. Raises RuntimeError where none is found, because loads are too uneven."""
    units = _units(classes, courses)
    for start in range(STARTS):
        chance = dice(seed, f"timetable:{start}")
        draft = _first_draft(classes, units, chance)
        if _repaired(draft, chance):
            return tuple(_slots(draft, seed))
    raise RuntimeError(
        f"No timetable of the demo school without clashes in {STARTS} attempts: see the teachers' loads in"
        " cli/demo/curriculum.py"
    )


def _units(classes: Sequence[SchoolClass], courses: Sequence[Course]) -> dict[UUID, list[_Unit]]:
    """The units of each class, those with the most hours first."""
    days = {one.id: one.days for one in classes}
    together: defaultdict[tuple[UUID, UUID], list[Course]] = defaultdict(list)
    for course in courses:
        together[course.class_id, course.subject_id].append(course)
    units: defaultdict[UUID, list[_Unit]] = defaultdict(list)
    for (class_id, _), group in together.items():
        code = group[0].key.split(":")[2]
        teachers = tuple(teacher for course in group for teacher in course.teacher_ids)
        daily = -(-group[0].weekly_hours // days[class_id])
        units[class_id].append(_Unit(tuple(group), teachers, code in LIGHT, daily))
    for row in units.values():
        row.sort(key=lambda unit: -unit.courses[0].weekly_hours)
    return units


def _first_draft(classes: Sequence[SchoolClass], units: dict[UUID, list[_Unit]], chance: random.Random) -> _Draft:
    """Distribute each class's lessons over its days, with light subjects last in the day."""
    draft = _Draft({one.id: {} for one in classes})
    for one in classes:
        hours = sum(unit.courses[0].weekly_hours for unit in units[one.id])
        days: dict[int, list[_Unit]] = {day: [] for day in range(1, one.days + 1)}
        room = dict.fromkeys(days, hours // one.days)
        for day in [fullest for fullest in FULLEST_DAYS if fullest in days][: hours % one.days]:
            room[day] += 1
        for unit in units[one.id]:
            for _ in range(unit.courses[0].weekly_hours):
                free = [day for day in days if len(days[day]) < room[day]]
                best = min(free, key=lambda day: (days[day].count(unit), len(days[day]) - room[day], chance.random()))
                days[best].append(unit)
        for day, lessons in days.items():
            lessons.sort(key=lambda unit: (unit.light, chance.random()))
            for number, unit in enumerate(lessons, start=1):
                draft.put(one.id, (day, number), unit)
    return draft


def _repaired(draft: _Draft, chance: random.Random) -> bool:
    """Exchange lessons within classes until no faults are left. Returns False where that does not succeed."""
    for _ in range(PATIENCE):
        faulty = draft.faulty()
        if not faulty:
            return True
        class_id, when = chance.choice(faulty)
        others = [
            other for other in draft.grid[class_id] if draft.grid[class_id][other] is not draft.grid[class_id][when]
        ]
        other = min(others, key=lambda one: (_faults_after(draft, class_id, when, one), chance.random()))
        draft.exchange(class_id, when, other)
    return False


def _faults_after(draft: _Draft, class_id: UUID, one: Time, other: Time) -> int:
    """The number of faults at two times of a class if their lessons were exchanged."""
    draft.exchange(class_id, one, other)
    faults = draft.faults(class_id, one) + draft.faults(class_id, other)
    draft.exchange(class_id, one, other)
    return faults


def _slots(draft: _Draft, seed: int) -> Iterator[TimetableSlot]:
    rooms = {id_of(post.key, seed): post.room for post in TEACHERS}
    for row in draft.grid.values():
        for (weekday, number), unit in sorted(row.items()):
            for course in unit.courses:
                key = f"slot:{course.key}:{weekday}:{number}"
                yield TimetableSlot(
                    key=key,
                    id=id_of(key, seed),
                    course_id=course.id,
                    weekday=weekday,
                    number=number,
                    room=rooms[course.teacher_ids[0]],
                )
