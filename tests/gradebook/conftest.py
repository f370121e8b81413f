"""A school in a database of the gradebook, with people who may and who may not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, update
from uuid_utils.compat import uuid7

from cli.building import Rows, calendar, copies, courses, lessons, marks, write
from cli.building.courses import Taught
from contracts.gradebook.marks import Marks
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data.database import UnitOfWork
from kernel.data.outbox import OutboxRow
from services.gradebook.calendar.tables import Term
from services.gradebook.policy import queries as policy_queries
from services.gradebook.policy import recording as policy_recording
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import Rule
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
            policy_recording.renewed_time_zone(session, self.id, NOON_ZONE)
        write(self.service.unit_of_work, self.id, *self._parts())

    def actor(self, *roles: str, person_id: UUID | None = None) -> Actor:
        return Actor(self.id, person_id or uuid7(), uuid7(), uuid7(), frozenset(roles))

    def service_actor(self, name: str) -> Actor:
        return Actor(self.id, roles=frozenset({"service"}), service=name)

    def save(self, table: type[Any], *rows: dict[str, Any]) -> None:
        write(self.service.unit_of_work, self.id, [(table, list(rows))])

    def lesson_row(self, lesson_id: UUID, course_id: UUID, day: date, number: int | None = 1) -> dict[str, Any]:
        return lessons.lesson(lesson_id, course_id, day, number)

    def member_row(self, course_id: UUID, student_id: UUID, since: int = -100) -> dict[str, Any]:
        return courses.member(course_id, student_id, self.day(since))

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def end_term(self, days_ago: int) -> None:
        """The first term ends so many days before today."""
        with self.service.unit_of_work.of(self.id) as session:
            session.execute(update(Term).where(Term.id == self.term_id).values(ends_on=self.day(-days_ago)))

    def vote(self, begins: int = -200, **rules: Any) -> None:
        """A version of the policy with these values of rules on keeping the journal, from so many days after today."""
        usual = policy_with("five", NOON_ZONE)
        voted = {name: Rule(value, VOTE) for name, value in rules.items()}
        policy = replace(usual, version=1, keeping=replace(usual.keeping, **voted))
        with self.service.unit_of_work.of(self.id) as session:
            policy_recording.new_draft(session, self.methodologist, policy)
            draft = policy_queries.draft(session)
            assert draft is not None
            policy_recording.adopted(session, self.director, draft, self.day(begins), "протокол № 1")

    def _parts(self) -> Iterator[Rows]:
        """Whatever the school begins with."""
        terms = {
            self.term_id: (self.day(-100), self.day(20)),
            self.later_term_id: (self.day(21), self.day(200)),
        }
        yield calendar.year(self.year_id, (self.day(-100), self.day(200)), terms)
        yield marks.kinds(self.answer_id, self.control_id)
        seventh, first, teacher = tuple(self.students), (self.first_grader,), self.teacher.person_id
        both = (self.students[0], self.first_grader)
        taught = {
            self.lesson_id: Taught(self.course_id, "Algebra 7A", self.class_id, (teacher,), seventh),
            self.other_lesson_id: Taught(
                self.other_course_id, "Biology 7A", self.class_id, (self.other_teacher.person_id,), seventh
            ),
            self.first_lesson_id: Taught(self.first_course_id, "Reading 1B", self.first_class_id, (teacher,), first),
            self.group_lesson_id: Taught(self.group_id, "Choir", None, (teacher,), both),
        }
        yield courses.courses(self.year_id, self.day(-100), taught.values())
        yield lessons.lessons(lessons.lesson(lesson_id, one.id, self.today) for lesson_id, one in taught.items())
        yield lessons.lessons([lessons.lesson(self.future_lesson_id, self.course_id, self.day(3))])
        yield copies.copies(
            [
                copies.Class(self.class_id, "7A", 7, seventh, self.homeroom.person_id),
                copies.Class(self.first_class_id, "1B", 1, first),
            ],
            {self.students[0]: self.parent.person_id, self.students[1]: self.other_parent.person_id},
        )

    def post(self, student: int = 0, value: str = "5", **more: Any) -> dict[str, Any]:
        """A mark of the teacher's own lesson."""
        command = {"lesson_id": self.lesson_id, "student_id": self.students[student], "value": value, **more}
        return call(self.service, Marks.post_mark, self.teacher, **command)

    def count(self, table: type[Any]) -> int:
        with self.service.unit_of_work.of(self.id) as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def events(self, *names: str) -> list[OutboxRow]:
        """Events of this school that wait to be published, in order."""
        wanted = select(OutboxRow).where(OutboxRow.event.in_(names), OutboxRow.tenant_id == self.id)
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
