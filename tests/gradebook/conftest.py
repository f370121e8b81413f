"""A school in a database of the gradebook, with people who may and who may not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, insert, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.marks import Marks
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data.database import UnitOfWork
from kernel.data.outbox import OutboxRow
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.people import tables as people_tables
from services.gradebook.policy import recording as policy_recording
from services.gradebook.service import GradebookService
from tests.kit.calls import call
from tests.noon import NOON_ZONE

TODAY = local_date(now(), NOON_ZONE)


@dataclass
class School:
    """A school of two classes, 7A and 1B, whose teachers teach one course each."""

    service: GradebookService
    id: UUID = field(default_factory=uuid7)
    today: date = TODAY
    year_id: UUID = field(default_factory=uuid7)
    term_id: UUID = field(default_factory=uuid7)
    later_term_id: UUID = field(default_factory=uuid7)
    answer_id: UUID = field(default_factory=uuid7)
    control_id: UUID = field(default_factory=uuid7)
    class_id: UUID = field(default_factory=uuid7)
    first_class_id: UUID = field(default_factory=uuid7)
    course_id: UUID = field(default_factory=uuid7)
    other_course_id: UUID = field(default_factory=uuid7)
    first_course_id: UUID = field(default_factory=uuid7)
    group_id: UUID = field(default_factory=uuid7)
    lesson_id: UUID = field(default_factory=uuid7)
    future_lesson_id: UUID = field(default_factory=uuid7)
    other_lesson_id: UUID = field(default_factory=uuid7)
    first_lesson_id: UUID = field(default_factory=uuid7)
    group_lesson_id: UUID = field(default_factory=uuid7)
    students: list[UUID] = field(default_factory=lambda: [uuid7() for _ in range(3)])
    first_grader: UUID = field(default_factory=uuid7)

    def __post_init__(self) -> None:
        self.teacher = self.actor("teacher")
        self.other_teacher = self.actor("teacher")
        self.homeroom = self.actor("teacher")
        self.director = self.actor("director")
        self.deputy = self.actor("deputy")
        self.methodologist = self.actor("methodologist")
        self.parent = self.actor("parent")
        self.other_parent = self.actor("parent")
        self.student = self.actor("student", person_id=self.students[0])
        self.other_student = self.actor("student", person_id=self.students[1])
        with self.service.unit_of_work.of(self.id) as session:
            self._save(session)

    def actor(self, *roles: str, person_id: UUID | None = None) -> Actor:
        return Actor(self.id, person_id or uuid7(), uuid7(), uuid7(), frozenset(roles))

    def service_actor(self, name: str) -> Actor:
        return Actor(self.id, roles=frozenset({"service"}), service=name)

    def add(self, session: Session, table: type[Any], *rows: dict[str, Any]) -> None:
        session.execute(insert(table), [{"school_id": self.id, **row} for row in rows])

    def save(self, table: type[Any], *rows: dict[str, Any]) -> None:
        with self.service.unit_of_work.of(self.id) as session:
            self.add(session, table, *rows)

    def lesson_row(self, lesson_id: UUID, course_id: UUID, day: date, number: int | None = 1) -> dict[str, Any]:
        return {
            "id": lesson_id, "course_id": course_id, "date": day, "number": number, "topic": "",
            "homework": "", "homework_due": None, "version": 1,
        }  # fmt: skip

    def member_row(self, course_id: UUID, student_id: UUID, since: int = -100) -> dict[str, Any]:
        return {
            "id": uuid7(), "course_id": course_id, "student_id": student_id, "since": self.day(since),
            "until": None,
        }  # fmt: skip

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def _save(self, session: Session) -> None:
        subject_id = uuid7()
        policy_recording.renewed_time_zone(session, self.id, NOON_ZONE)
        self.add(session, calendar_tables.Year, {
            "id": self.year_id, "title": "Year", "starts_on": self.day(-100), "ends_on": self.day(200),
        })  # fmt: skip
        self.add(
            session, calendar_tables.Term,
            {"id": self.term_id, "year_id": self.year_id, "title": "I",
             "starts_on": self.day(-100), "ends_on": self.day(20)},
            {"id": self.later_term_id, "year_id": self.year_id, "title": "II",
             "starts_on": self.day(21), "ends_on": self.day(200)},
        )  # fmt: skip
        self.add(
            session, marks_tables.KindOfWork,
            {"id": self.answer_id, "name": "Answer", "weight": Decimal(1), "is_answer": True},
            {"id": self.control_id, "name": "Control work", "weight": Decimal("2.5"), "is_answer": False},
        )  # fmt: skip
        self.add(session, courses_tables.Subject, {"id": subject_id, "name": "Subject"})
        self._save_courses(session, subject_id)
        self._save_people(session)

    def _save_courses(self, session: Session, subject_id: UUID) -> None:
        courses = {
            self.course_id: ("Algebra 7A", self.class_id, self.teacher, self.lesson_id),
            self.other_course_id: ("Biology 7A", self.class_id, self.other_teacher, self.other_lesson_id),
            self.first_course_id: ("Reading 1B", self.first_class_id, self.teacher, self.first_lesson_id),
            self.group_id: ("Choir", None, self.teacher, self.group_lesson_id),
        }
        for course_id, (title, class_id, teacher, lesson_id) in courses.items():
            self.add(session, courses_tables.Course, {
                "id": course_id, "title": title, "subject_id": subject_id, "class_id": class_id,
                "year_id": self.year_id,
            })  # fmt: skip
            self.add(session, courses_tables.CourseTeacher, {"course_id": course_id, "teacher_id": teacher.person_id})
            self.add(session, lessons_tables.Lesson, self.lesson_row(lesson_id, course_id, self.today))
        self.add(session, lessons_tables.Lesson, self.lesson_row(self.future_lesson_id, self.course_id, self.day(3)))

    def _save_people(self, session: Session) -> None:
        for course_id in (self.course_id, self.other_course_id):
            rows = [self.member_row(course_id, student_id) for student_id in self.students]
            self.add(session, courses_tables.CourseMember, *rows)
        self.add(session, courses_tables.CourseMember, self.member_row(self.first_course_id, self.first_grader))
        mixed = [self.member_row(self.group_id, student_id) for student_id in (self.students[0], self.first_grader)]
        self.add(session, courses_tables.CourseMember, *mixed)
        self.add(
            session, people_tables.ClassCopy,
            {"class_id": self.class_id, "revision": 1, "name": "7A", "grade": 7,
             "homeroom_teacher_id": self.homeroom.person_id},
            {"class_id": self.first_class_id, "revision": 1, "name": "1B", "grade": 1,
             "homeroom_teacher_id": None},
        )  # fmt: skip
        copies = [{"student_id": student_id, "revision": 1, "class_id": self.class_id} for student_id in self.students]
        first = {"student_id": self.first_grader, "revision": 1, "class_id": self.first_class_id}
        self.add(session, people_tables.StudentCopy, *copies, first)
        self.add(
            session, people_tables.GuardianCopy,
            {"student_id": self.students[0], "guardian_id": self.parent.person_id},
            {"student_id": self.students[1], "guardian_id": self.other_parent.person_id},
        )  # fmt: skip

    def post(self, student: int = 0, value: str = "5", **more: Any) -> dict[str, Any]:
        """A mark of the teacher's own lesson."""
        command = {"lesson_id": self.lesson_id, "student_id": self.students[student], "value": value, **more}
        return call(self.service, Marks.post_mark, self.teacher, **command)

    def count(self, table: type[Any]) -> int:
        with self.service.unit_of_work.of(self.id) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def events(self, name: str) -> list[OutboxRow]:
        """Events of this school that wait to be published, in order."""
        wanted = select(OutboxRow).where(OutboxRow.event == name, OutboxRow.tenant_id == self.id)
        with self.service.unit_of_work.of(self.id) as session:
            return list(session.scalars(wanted.order_by(OutboxRow.position)))


@pytest.fixture
def engine(database: Callable[..., Engine]) -> Engine:
    return database("gradebook")


@pytest.fixture
def service(engine: Engine) -> GradebookService:
    made = GradebookService()
    made.unit_of_work = UnitOfWork(engine, consumer="gradebook")
    return made


@pytest.fixture
def school(service: GradebookService) -> School:
    return School(service)


@pytest.fixture
def another_school(service: GradebookService) -> School:
    return School(service)
