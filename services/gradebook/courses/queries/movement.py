"""Selects the courses that students left for others of the same subject."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session, aliased

from kernel.data.among import among
from kernel.errors import Refused, refusal_of
from services.gradebook.courses.rules import movement
from services.gradebook.courses.rules.movement import Stay, goes_on_in
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.people.tables import ClassCopy


class StayInCourse(NamedTuple):
    """A student's time in a course, and what the course is called."""

    student_id: UUID
    course_id: UUID
    since: dt.date
    until: dt.date | None
    title: str
    group_name: str
    class_id: UUID | None
    class_name: str | None
    subject_id: UUID
    year_id: UUID


class OtherCourse(NamedTuple):
    """Another course of the same subject in which a student was, or is: from the first to the last day in it."""

    course_id: UUID
    title: str
    class_name: str
    since: dt.date
    until: dt.date | None

    @property
    def name(self) -> str:
        """Its title, with the class where that does not say it."""
        return self.title if self.class_name in self.title else f"{self.title}, {self.class_name}"

    def has(self, day: dt.date) -> bool:
        """Whether a day lies between the first and the last one."""
        return self.since <= day and (self.until is None or day <= self.until)


class Movement:
    """Which courses students left for which others of the same subject.

    A term's moves are those by its last day: who moves on later, or comes back, has its marks where the term ended.
    """

    def __init__(self, rows: Iterable[StayInCourse]) -> None:
        """`rows` have all stays of a student in all courses of a subject and year, as the selects below do."""
        self._rows = list(rows)
        of_subject: defaultdict[tuple[UUID, UUID, UUID], list[StayInCourse]] = defaultdict(list)
        for row in self._rows:
            of_subject[row.student_id, row.subject_id, row.year_id].append(row)
        self._courses: dict[tuple[UUID, UUID], OtherCourse] = {}
        self._goes_on: dict[tuple[UUID, UUID], UUID] = {}
        for (student_id, _, _), stays in of_subject.items():
            following = goes_on_in([_stay(one) for one in stays])
            self._goes_on |= {(student_id, left): course_id for left, course_id in following.items()}
            if following:
                self._courses |= {(student_id, one.course_id): one for one in _other_courses(stays)}

    def by(self, day: dt.date) -> Movement:
        """The moves by a day."""
        return Movement([row for row in self._rows if row.since <= day])

    def left_for(self, student_id: UUID, course_id: UUID) -> OtherCourse | None:
        """The course in which the marks of a student go on who left this one; None where they go on nowhere else."""
        after = self._goes_on.get((student_id, course_id))
        return None if after is None else self._courses[student_id, after]

    def former(self, student_id: UUID, course_id: UUID) -> list[OtherCourse]:
        """The courses whose marks a student brought along to this one, in time."""
        found = [
            self._courses[student, left]
            for (student, left), after in self._goes_on.items()
            if (student, after) == (student_id, course_id)
        ]
        return sorted(found, key=attrgetter("since", "course_id"))

    def joined_on(self, student_id: UUID, course_id: UUID) -> dt.date:
        """The first day of a student in a course, by which marks of several courses that were left are in order."""
        course = self._courses.get((student_id, course_id))
        return dt.date.min if course is None else course.since

    def refusal_of(self, student_id: UUID, course_id: UUID, today: dt.date) -> Refused | None:
        """Why a student gets no marks in a course any more who left it for another one before today."""
        joined = self.left_for(student_id, course_id)
        if joined is None:
            return None
        left = self._courses[student_id, course_id]
        return refusal_of(lambda: movement.check_not_moved(left.until, joined.name, today, "student_id"))

    def left_courses(self, course_id: UUID) -> set[tuple[UUID, UUID]]:
        """The students who brought marks along to a course, each with the course that was left for it."""
        return {place for place, after in self._goes_on.items() if after == course_id}


def _stay(row: StayInCourse) -> Stay:
    return Stay(row.course_id, row.since, row.until, row.class_id is None, bool(row.group_name))


def _other_courses(stays: Iterable[StayInCourse]) -> Iterable[OtherCourse]:
    by_course: dict[UUID, OtherCourse] = {}
    for row in stays:
        known = by_course.get(row.course_id)
        since = row.since if known is None else min(known.since, row.since)
        until = row.until if known is None else movement.latest(row.until, known.until)
        by_course[row.course_id] = OtherCourse(row.course_id, row.title, row.class_name or "", since, until)
    return by_course.values()


_This: Final = aliased(Course, name="this_course")
_Member: Final = aliased(CourseMember, name="member_of_this")
_STAYS: Final = (
    select(
        CourseMember.student_id,
        CourseMember.course_id,
        CourseMember.since,
        CourseMember.until,
        Course.title,
        Course.group_name,
        Course.class_id,
        ClassCopy.name.label("class_name"),
        Course.subject_id,
        Course.year_id,
    )
    .join(Course, Course.id == CourseMember.course_id)
    .outerjoin(ClassCopy, ClassCopy.class_id == Course.class_id)
    .order_by(CourseMember.student_id, CourseMember.since, CourseMember.course_id)
)


_OF_COURSE: Final = _STAYS.join(
    _This, and_(_This.subject_id == Course.subject_id, _This.year_id == Course.year_id)
).where(
    _This.id == bindparam("course_id"),
    CourseMember.student_id.in_(select(_Member.student_id).where(_Member.course_id == bindparam("course_id"))),
)
_OF_STUDENTS: Final = _STAYS.where(
    among(CourseMember.student_id, "student_ids"), Course.year_id == bindparam("year_id")
)


def of_course(session: Session, course_id: UUID) -> Movement:
    """The moves of everybody who is or was in a course."""
    return Movement([StayInCourse._make(row) for row in session.execute(_OF_COURSE, {"course_id": course_id})])


def of_students(session: Session, student_ids: Collection[UUID], year_id: UUID) -> Movement:
    """The moves of students in a year, in all subjects."""
    wanted = {"student_ids": student_ids, "year_id": year_id}
    return Movement([StayInCourse._make(row) for row in session.execute(_OF_STUDENTS, wanted)])
