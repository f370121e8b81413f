"""What the lessons of a file become: courses, entries of the timetable, and how these differ from those there are.

Practice; who enters the timetable: clause 3.2; who attaches teachers to subjects: clause 4.2.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.timetable_import import ADDED, CHANGED, CLASS, CLASSROOM, DROPPED, NUMBER, SUBJECT, TEACHER
from kernel.names import folded
from kernel.phrases import Phrase
from services.gradebook.timetable.readers.timetable import TimetableLesson
from services.gradebook.timetable.rules.edits import NewEntry
from services.gradebook.timetable.rules.entries import EVEN_WEEKS, EVERY_WEEK, ODD_WEEKS, Entry, Week
from services.gradebook.timetable_import.rules.matching import Meanings
from services.gradebook.timetable_import.rules.names import teachers_in

_BETWEEN: Final = ", "
_WORDS: Final = re.compile(r"[^\s,]+")
#: Words of groups that say nothing: «группа 1», «1 подгруппа».
_GROUP_WORDS: Final = frozenset({"группа", "подгруппа", "гр.", "гр", "group"})


REPEATED: Final = Phrase(
    ru="В это время у класса уже есть урок этого предмета: взят первый.",
    en="The class has a lesson of this subject at that time already: the first was taken.",
)


class Course(NamedTuple):
    """A course that there is, with those who teach it on the day."""

    id: UUID
    class_id: UUID | None
    subject_id: UUID
    group_name: str
    title: str
    #: False for courses of an import: their groups have no names.
    kept_here: bool
    teachers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course to be made, as there is none of the subject for the class or its group."""

    id: UUID
    class_id: UUID
    subject_id: UUID
    group_name: str


class Slot(NamedTuple):
    """When a course has a lesson in the week."""

    course_id: UUID
    weekday: int
    number: int
    week: Week


class Held(NamedTuple):
    """Where a lesson is held and by whom; None: in no classroom; by the course's teachers."""

    classroom_id: UUID | None
    teacher_id: UUID | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The week that a file says, of the classes that it names."""

    class_ids: tuple[UUID, ...]
    courses: list[NewCourse]
    #: Course → those who teach it from the day on, by the file and, of courses there are, as it was.
    teachers: dict[UUID, list[UUID]]
    #: Course there is → those who join its teachers.
    joining: dict[UUID, list[UUID]]
    entries: dict[Slot, Held]
    #: Lessons of classes or subjects that mean nothing.
    left_out: int = 0
    #: Places of lessons whose course has a lesson at that time already.
    repeated: list[str] = field(default_factory=list)
    #: Lessons of which the file says no classroom.
    open_rooms: frozenset[Slot] = frozenset()
    #: Classrooms that stay as they were entered, as the file says none.
    kept_rooms: dict[Slot, UUID] = field(default_factory=dict)

    def without_teacher(self) -> int:
        """How many lessons a week nobody holds (practice)."""
        return sum(held.teacher_id is None and not self.teachers[slot.course_id] for slot, held in self.entries.items())

    def without_classroom(self) -> int:
        """How many lessons a week have no classroom (practice)."""
        return sum(held.classroom_id is None for held in self.entries.values())


class EntryChange(NamedTuple):
    """What becomes of a course's lesson in the week."""

    change: str
    slot: Slot
    before: Held | None
    after: Held | None


@dataclass(frozen=True, slots=True)
class Difference:
    """How a wanted week differs from the timetable from a day on."""

    staying: list[Entry]
    removed: list[Entry]
    added: list[NewEntry]
    changes: list[EntryChange]


def group_key(name: str) -> str:
    """What two names of one group have in common: «1», «группа 1», «1 подгруппа» (practice)."""
    return " ".join(word for word in _WORDS.findall(folded(name)) if word not in _GROUP_WORDS)


def group_named(group: str, pattern: str) -> str:
    """The name of a group: a number in words, «1» as «группа 1», «химия, 2» as «химия, группа 2» (practice)."""
    parts = group.split(_BETWEEN)
    return _BETWEEN.join(pattern.replace(NUMBER, part) if part.isdecimal() else part for part in parts)


def wanted_week(
    lessons: Iterable[TimetableLesson],
    means: Meanings,
    courses: Iterable[Course],
    group_pattern: str,
    new_id: Callable[[], UUID],
) -> Wanted:
    """What the lessons of a file become (practice).

    A lesson belongs to the course of its class, subject and group, which is made where there is none. Who holds a
    lesson teaches the course; a lesson is held by one alone where the course has others too. A course has one lesson
    at a time: the first that the file names.
    """
    placing = _Placing(courses, group_pattern, new_id)
    classes: dict[UUID, None] = {}
    held: dict[Slot, tuple[UUID | None, list[UUID]]] = {}
    open_rooms: set[Slot] = set()
    repeated: list[str] = []
    left_out = 0
    for lesson in lessons:
        class_id, subject_id = means.id(CLASS, lesson.class_name), means.id(SUBJECT, lesson.subject)
        if class_id is not None:
            classes.setdefault(class_id)
        if class_id is None or subject_id is None:
            left_out += means.is_left_out(lesson)
            continue
        named = (means.id(TEACHER, name) for name in teachers_in(lesson.teacher))
        teachers = list(dict.fromkeys(teacher for teacher in named if teacher is not None))
        course_id = placing.course_of(class_id, subject_id, lesson.group, teachers)
        slot = Slot(course_id, lesson.weekday, lesson.number, lesson.week)
        if any(slot._replace(week=week) in held for week in _meeting(lesson.week)):
            repeated.append(lesson.place)
        else:
            held[slot] = means.id(CLASSROOM, lesson.room) if lesson.room else None, teachers
            if not lesson.room:
                open_rooms.add(slot)
    everybody = placing.teachers
    entries = {
        slot: Held(classroom_id, _alone(teachers, everybody[slot.course_id]))
        for slot, (classroom_id, teachers) in held.items()
    }
    week = _every_week(entries)
    without_room = frozenset(slot for slot in week if not open_rooms.isdisjoint(_read_as(slot)))
    return Wanted(
        tuple(classes), list(placing.made.values()), everybody, placing.joining(), week, left_out, repeated,
        without_room,
    )  # fmt: skip


class _Placing:
    """Finds the courses of lessons, makes those that are missing, and notes who teaches them."""

    def __init__(self, courses: Iterable[Course], group_pattern: str, new_id: Callable[[], UUID]) -> None:
        self._pattern, self._new_id = group_pattern, new_id
        self._there: defaultdict[tuple[UUID | None, UUID], list[Course]] = defaultdict(list)
        self._known: dict[UUID, Course] = {}
        for course in courses:
            self._there[course.class_id, course.subject_id].append(course)
            self._known[course.id] = course
        self.made: dict[tuple[UUID, UUID, str], NewCourse] = {}
        self.teachers: dict[UUID, list[UUID]] = {}

    def course_of(self, class_id: UUID, subject_id: UUID, group: str, teachers: Collection[UUID]) -> UUID:
        """The id of the course of a lesson, whose teachers these are among others."""
        course = self._found(class_id, subject_id, group, teachers)
        if course is not None:
            course_id = course.id
        else:
            key = class_id, subject_id, group_key(group)
            if key not in self.made:
                name = group_named(group, self._pattern)
                self.made[key] = NewCourse(self._new_id(), class_id, subject_id, name)
            course_id = self.made[key].id
        own = self.teachers.setdefault(course_id, sorted(course.teachers) if course else [])
        own.extend(teacher for teacher in teachers if teacher not in own)
        return course_id

    def joining(self) -> dict[UUID, list[UUID]]:
        """Course there is → the teachers who do not teach it yet."""
        found = {
            key: [one for one in them if one not in self._known[key].teachers]
            for key, them in self.teachers.items()
            if key in self._known
        }
        return {key: them for key, them in found.items() if them}

    def _found(self, class_id: UUID, subject_id: UUID, group: str, teachers: Collection[UUID]) -> Course | None:
        """The course that there is; of several of an import, whose groups have no names, the one of the teacher."""
        there = self._there[class_id, subject_id]
        fitting = [one for one in there if group_key(one.group_name) == group_key(group)]
        own = [one for one in fitting if not one.teachers.isdisjoint(teachers)]
        if not fitting:
            own = [one for one in there if not (one.kept_here or one.group_name or one.teachers.isdisjoint(teachers))]
        return next(iter([*own, *fitting]), None)


def _meeting(week: Week) -> tuple[Week, ...]:
    """The weeks in which a lesson meets one of `week`."""
    return (week, EVERY_WEEK) if week else (EVERY_WEEK, ODD_WEEKS, EVEN_WEEKS)


def _read_as(slot: Slot) -> Iterator[Slot]:
    """The lessons of the file that may have become this one of the week."""
    weeks = _meeting(EVERY_WEEK) if slot.week == EVERY_WEEK else (slot.week,)
    return (slot._replace(week=one) for one in weeks)


def _alone(teachers: Sequence[UUID], everybody: Collection[UUID]) -> UUID | None:
    """Who holds a lesson alone, where the course has other teachers too."""
    return teachers[0] if len(teachers) == 1 and len(everybody) > 1 else None


def _every_week(entries: Mapping[Slot, Held]) -> dict[Slot, Held]:
    """Two lessons of odd and even weeks that are the same otherwise are one of every week."""
    found: dict[Slot, Held] = {}
    for slot, held in entries.items():
        other = slot._replace(week=EVEN_WEEKS if slot.week == ODD_WEEKS else ODD_WEEKS)
        together = slot.week != EVERY_WEEK and entries.get(other) == held
        found.setdefault(slot._replace(week=EVERY_WEEK) if together else slot, held)
    return found


def with_what_it_leaves_open(wanted: Wanted, present: Iterable[Entry], lessons: Collection[TimetableLesson]) -> Wanted:
    """The week with what the file says nothing of, as it is in the lessons there are (practice).

    A lesson without a classroom in the file keeps the one that was entered, by a person or from another file; a file
    without a single teacher does not say that lessons have none.
    """
    teachers = any(one.teacher for one in lessons)
    there = {Slot(one.course_id, one.weekday, one.number, one.week): one for one in present}
    entries, kept = {}, {}
    for slot, held in wanted.entries.items():
        before = there.get(slot) or there.get(slot._replace(week=EVERY_WEEK))
        if before is not None and before.classroom_id is not None and slot in wanted.open_rooms:
            held = held._replace(classroom_id=before.classroom_id)
            kept[slot] = before.classroom_id
        if before is not None and not teachers:
            held = held._replace(teacher_id=before.teacher_id)
        entries[slot] = held
    return replace(wanted, entries=entries, kept_rooms=kept)


def difference(wanted: Wanted, present: Iterable[Entry], day: date, last: date) -> Difference:
    """How a week differs from the entries of its classes that hold on a day or later, to the `last` of the year.

    An entry stays if it holds from before the day to the end of the year, at the same place. Others go, also those that
    would begin later (practice).
    """
    left = dict(wanted.entries)
    staying, removed = [], []
    for entry in present:
        slot = Slot(entry.course_id, entry.weekday, entry.number, entry.week)
        lasts = entry.valid_from <= day and (entry.valid_until is None or entry.valid_until >= last)
        if lasts and left.get(slot) == _held(entry, wanted.teachers):
            staying.append(entry)
            del left[slot]
        else:
            removed.append(entry)
    added = [NewEntry(*slot, *held) for slot, held in left.items()]
    return Difference(staying, removed, added, list(_changes(left, removed, wanted.teachers)))


def _held(entry: Entry, teachers: Mapping[UUID, Sequence[UUID]]) -> Held:
    """Where an entry is held; a course's only teacher holds it also where the entry names nobody."""
    alone = entry.teacher_id is not None and list(teachers.get(entry.course_id, ())) == [entry.teacher_id]
    return Held(entry.classroom_id, None if alone else entry.teacher_id)


def _changes(
    left: Mapping[Slot, Held], removed: Iterable[Entry], teachers: Mapping[UUID, Sequence[UUID]]
) -> Iterator[EntryChange]:
    going = {**left}
    for entry in removed:
        slot = Slot(entry.course_id, entry.weekday, entry.number, entry.week)
        after = going.pop(slot, None)
        yield EntryChange(DROPPED if after is None else CHANGED, slot, _held(entry, teachers), after)
    yield from (EntryChange(ADDED, slot, None, held) for slot, held in going.items())
