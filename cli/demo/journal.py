"""The demo journal: past lessons with topics, homework, marks, checks and absences, and the next planned lessons."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from cli.demo.attendance import Attendance
from cli.demo.dice import dice
from cli.demo.marks import Gradebook
from cli.demo.model import (
    Absence,
    Course,
    DayChange,
    KindOfWork,
    Lesson,
    LessonCheck,
    Mark,
    SchoolClass,
    TimetableSlot,
    id_of,
)
from cli.demo.school import Frame
from cli.demo.topics import LessonPlan, lesson_plan
from cli.demo.topics.homework import homework_text
from cli.demo.year import SchoolYear

#: Minutes that teachers expect homework to take; some do not say.
MINUTES: Final = (None, 10, 15, 15, 20, 20, 25, 30)
#: The share of homework with a sheet of exercises.
SHEETS: Final = 0.04


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal's records up to the day before today, and the lessons of the next days."""

    lessons: tuple[Lesson, ...]
    marks: tuple[Mark, ...]
    checks: tuple[LessonCheck, ...]
    absences: tuple[Absence, ...]
    #: All courses, and who gave the marks.
    pages: tuple[Page, ...]
    gradebook: Gradebook


@dataclass(frozen=True, slots=True)
class Page:
    """A course with the dates and numbers of all its lessons of the year."""

    course: Course
    subject: str
    school_class: SchoolClass
    times: tuple[tuple[date, int], ...]
    #: The times at which no lesson is held.
    cancelled: frozenset[tuple[date, int]] = frozenset()

    def plan(self, ordinal: int) -> LessonPlan:
        """The plan of the course's lesson number `ordinal` (from 0) of the year."""
        return lesson_plan(self.subject, self.school_class.grade, ordinal, len(self.times))

    def next_date(self, ordinal: int) -> date | None:
        """The day of the course's next lesson; None where there is none or it is on the same day."""
        following = next((time for time in self.times[ordinal + 1 :] if time not in self.cancelled), None)
        return None if following is None or following[0] == self.times[ordinal][0] else following[0]


def journal(
    year: SchoolYear,
    frame: Frame,
    slots: tuple[TimetableSlot, ...],
    changes: tuple[DayChange, ...],
    kinds: tuple[KindOfWork, ...],
    today: date,
    seed: int,
) -> Journal:
    """The journal on the morning of `today`."""
    behind = tuple(day for day in year.days if day < today)
    students = list({enrolment.student_id: None for enrolment in frame.enrolments})
    attendance = Attendance(students, behind, seed)
    gradebook = Gradebook(students, kinds, attendance, year.days, today, seed)
    held, ahead = frozenset(year.held(today)), frozenset(year.ahead(today))
    lessons: list[Lesson] = []
    marks: list[Mark] = []
    checks: list[LessonCheck] = []
    absences: list[Absence] = []
    courses = tuple(pages(year, frame, slots, changes))
    for page in courses:
        for ordinal, (day, number) in enumerate(page.times):
            if (day, number) in page.cancelled:
                continue
            if day in ahead:
                lessons.append(_planned(page, day, number, seed))
            if day not in held:
                continue
            chance = dice(seed, f"{page.course.key}:{day}:{number}")
            lesson = _lesson(page, ordinal, chance, seed)
            lessons.append(lesson)
            checks.append(_check(lesson, page.school_class, seed))
            absences += _absences(lesson, page.course, attendance, seed)
            marks += gradebook.marks(
                lesson, page.course, page.subject, page.school_class.grade, page.plan(ordinal).form, chance
            )
    lessons.sort(key=lambda lesson: (lesson.date, lesson.number, lesson.key))
    return Journal(tuple(lessons), tuple(marks), tuple(checks), tuple(absences), courses, gradebook)


def pages(
    year: SchoolYear, frame: Frame, slots: tuple[TimetableSlot, ...], changes: tuple[DayChange, ...] = ()
) -> Iterator[Page]:
    """The courses with the times of all their lessons of the year."""
    off: defaultdict[UUID, set[tuple[date, int]]] = defaultdict(set)
    for change in changes:
        if change.cancelled:
            off[change.course_id].add((change.date, change.number))
    weekly: defaultdict[UUID, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for slot in slots:
        weekly[slot.course_id][slot.weekday].append(slot.number)
    subjects = {subject.id: subject.code for subject in frame.subjects}
    classes = {one.id: (one, year.days_of(one.grade, one.days)) for one in frame.classes}
    for course in frame.courses:
        school_class, days = classes[course.class_id]
        week = weekly[course.id]
        times = tuple((day, number) for day in days for number in sorted(week.get(day.isoweekday(), ())))
        yield Page(course, subjects[course.subject_id], school_class, times, frozenset(off[course.id]))


def _lesson_key(course: Course, day: date, number: int) -> str:
    return f"lesson:{course.key.removeprefix('course:')}:{day}:{number}"


def _planned(page: Page, day: date, number: int, seed: int) -> Lesson:
    key = _lesson_key(page.course, day, number)
    return Lesson(key=key, id=id_of(key, seed), course_id=page.course.id, date=day, number=number)


def _lesson(page: Page, ordinal: int, chance: random.Random, seed: int) -> Lesson:
    day, number = page.times[ordinal]
    due = page.next_date(ordinal)
    homework = homework_text(page.subject, page.school_class.grade, ordinal, len(page.times), chance)
    if homework and due is not None and page.plan(ordinal + 1).form == "control":
        homework = "Подготовиться к контрольной работе, повторить изученное"
    if due is None:
        homework = ""
    key = _lesson_key(page.course, day, number)
    beside = dice(seed, f"homework:{key}")  # of its own, so that marks are what they were
    minutes = beside.choice(MINUTES)
    return Lesson(
        key=key,
        id=id_of(key, seed),
        course_id=page.course.id,
        date=day,
        number=number,
        topic=page.plan(ordinal).topic,
        homework=homework,
        homework_due=due if homework else None,
        minutes=minutes if homework else None,
        sheet=bool(homework) and beside.random() < SHEETS,
    )


def _check(lesson: Lesson, school_class: SchoolClass, seed: int) -> LessonCheck:
    key = f"check:{lesson.key.removeprefix('lesson:')}"
    return LessonCheck(key=key, id=id_of(key, seed), lesson_id=lesson.id, checked_by=school_class.homeroom_teacher_id)


def _absences(lesson: Lesson, course: Course, attendance: Attendance, seed: int) -> Iterator[Absence]:
    for member in course.members:
        away = attendance.away(member.student_id, lesson.date, lesson.number)
        if away is not None and member.covers(lesson.date):
            key = f"absence:{lesson.key.removeprefix('lesson:')}:{member.student_id}"
            yield Absence(
                key=key,
                id=id_of(key, seed),
                lesson_id=lesson.id,
                student_id=member.student_id,
                code=away.code,
                minutes=away.minutes,
            )
