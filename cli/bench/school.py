"""A school in the gradebook's database, as large as what is measured needs: a class, its courses, lessons and marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.schools import TIME_ZONE
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data.database import UnitOfWork
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables

STUDENTS: Final = 30
COURSES: Final = 10
MARKS_OF_A_COURSE: Final = 5


@dataclass
class School:
    """The first student has 50 marks in 10 courses; `free_lessons` are the teacher's, without marks yet."""

    lessons: int
    id: UUID = field(default_factory=uuid7)
    class_id: UUID = field(default_factory=uuid7)
    kind_id: UUID = field(default_factory=uuid7)
    students: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(STUDENTS)])
    free_lessons: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.today = local_date(now(), TIME_ZONE)
        self.starts_on, self.ends_on = self.today - timedelta(days=100), self.today + timedelta(days=100)
        self.teacher, self.parent = self._person("teacher"), self._person("parent")

    def _person(self, role: str) -> Actor:
        return Actor(self.id, uuid7(), uuid7(), uuid7(), frozenset({role}))

    def save(self, unit_of_work: UnitOfWork) -> None:
        """Write all of it, in one transaction."""
        with unit_of_work.of(self.id) as session:
            year_id, subject_id = uuid7(), uuid7()
            self._add(session, calendar_tables.Year, [
                {"id": year_id, "title": "Year", "starts_on": self.starts_on, "ends_on": self.ends_on},
            ])  # fmt: skip
            self._add(session, calendar_tables.Term, [
                {"id": uuid7(), "year_id": year_id, "title": "I", "starts_on": self.starts_on, "ends_on": self.ends_on},
            ])  # fmt: skip
            self._add(session, marks_tables.KindOfWork, [
                {"id": self.kind_id, "name": "Answer", "weight": Decimal(1), "is_answer": True},
            ])  # fmt: skip
            self._add(session, courses_tables.Subject, [{"id": subject_id, "name": "Subject"}])
            self._save_people(session)
            for number in range(COURSES):
                course_id = self._save_course(session, year_id, subject_id, number)
                self._save_marks(session, course_id)
                if number == 0:
                    self._save_lessons(session, course_id)

    def _add(self, session: Session, table: type[Any], rows: list[dict[str, Any]]) -> None:
        session.execute(insert(table), [{"school_id": self.id, **row} for row in rows])

    def _save_people(self, session: Session) -> None:
        self._add(session, people_tables.ClassCopy, [
            {"class_id": self.class_id, "revision": 1, "name": "7A", "grade": 7, "homeroom_teacher_id": None},
        ])  # fmt: skip
        copies = [{"student_id": one, "revision": 1, "class_id": self.class_id} for one in self.students]
        self._add(session, people_tables.StudentCopy, copies)
        guardian = {"student_id": self.students[0], "guardian_id": self.parent.person_id}
        self._add(session, people_tables.GuardianCopy, [guardian])

    def _save_course(self, session: Session, year_id: UUID, subject_id: UUID, number: int) -> UUID:
        course_id = uuid7()
        self._add(session, courses_tables.Course, [
            {"id": course_id, "title": f"Course {number}", "subject_id": subject_id, "class_id": self.class_id,
             "year_id": year_id},
        ])  # fmt: skip
        self._add(
            session, courses_tables.CourseTeacher, [{"course_id": course_id, "teacher_id": self.teacher.person_id}]
        )
        members = [
            {"id": uuid7(), "course_id": course_id, "student_id": one, "since": self.starts_on, "until": None}
            for one in self.students
        ]
        self._add(session, courses_tables.CourseMember, members)
        return course_id

    def _save_marks(self, session: Session, course_id: UUID) -> None:
        """Five lessons in which every student got a mark."""
        for number in range(MARKS_OF_A_COURSE):
            lesson = self._lesson(course_id, self.today - timedelta(days=number + 1))
            work_id = uuid7()
            self._add(session, lessons_tables.Lesson, [lesson])
            self._add(session, marks_tables.Work, [
                {"id": work_id, "lesson_id": lesson["id"], "kind_id": self.kind_id, "title": ""},
            ])  # fmt: skip
            marks = [
                {"id": uuid7(), "work_id": work_id, "student_id": one, "value": "5", "comment": "", "version": 1}
                for one in self.students
            ]
            self._add(session, marks_tables.Mark, marks)

    def _save_lessons(self, session: Session, course_id: UUID) -> None:
        first = MARKS_OF_A_COURSE + 1
        days = [self.today - timedelta(days=first + number) for number in range(self.lessons)]
        lessons = [self._lesson(course_id, day) for day in days]
        self._add(session, lessons_tables.Lesson, lessons)
        self.free_lessons = [lesson["id"] for lesson in lessons]

    @staticmethod
    def _lesson(course_id: UUID, day: date) -> dict[str, Any]:
        return {
            "id": uuid7(), "course_id": course_id, "date": day, "number": None, "topic": "", "homework": "",
            "homework_due": None, "version": 1,
        }  # fmt: skip
