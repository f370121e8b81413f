"""A small school in identity and the gradebook themselves, for tests of services that ask them.

Both run on SQLite files of their own. `Town.carry` takes events from the outboxes to whoever listens, as the
bus would; nothing stands in for either service.
"""

from __future__ import annotations

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from cli.building import calendar, courses, lessons, marks, people, write
from contracts.identity.classes import ClassesChanged
from contracts.identity.consents import Consents
from contracts.identity.people import StudentsChanged
from kernel.auth import Actor
from kernel.contract import Rpc
from kernel.data.database import UnitOfWork
from services.gradebook.calendar.tables import Term, Year
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.service import GradebookService
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from services.identity.service import IdentityService
from tests.kit.calls import ask_directly, call, deliver
from tests.kit.databases import Databases, Engines
from tests.kit.outboxes import carry
from tests.kit.people import TODAY, PeopleOfSchool, id_of

NEIGHBOURS = ("identity", "gradebook")
NAMES = ("Смирнова Анна", "Кузнецов Борис", "Попова Вера", "Соколов Глеб")


@dataclass
class Town:
    """identity, the gradebook and those who listen to them."""

    identity: IdentityService
    gradebook: GradebookService
    listeners: list[Any] = field(default_factory=list)

    @property
    def services(self) -> list[Any]:
        return [self.identity, self.gradebook, *self.listeners]

    def carry(self) -> int:
        """Bring every event that waits to its handlers, until none waits; returns how many there were."""
        return carry(self.services)


@dataclass
class School(PeopleOfSchool):
    """Two classes: 7A (Anna, Boris, Vera) and 7B (Gleb). Algebra is taught to 7A, English to Vera, Gleb.

    Anna's mother consents to portal and e-mail, her father (who reads English) to e-mail alone; Boris's
    mother is also Vera's and consents to both for both; Gleb's mother consents to the portal only.
    """

    town: Town
    id: UUID = field(default_factory=uuid7)
    class_a: UUID = field(default_factory=uuid7)
    class_b: UUID = field(default_factory=uuid7)
    algebra: UUID = field(default_factory=uuid7)
    english: UUID = field(default_factory=uuid7)
    #: The only term of the year.
    term: UUID = field(default_factory=uuid7)
    #: Lessons of today.
    lesson: UUID = field(default_factory=uuid7)
    shared_lesson: UUID = field(default_factory=uuid7)
    tomorrows_lesson: UUID = field(default_factory=uuid7)
    #: The number of the next lesson of `lessons_with_homework`.
    _numbers: int = 100

    @property
    def identity(self) -> IdentityService:
        return self.town.identity

    def __post_init__(self) -> None:
        self.create_school()
        self._add_people()
        self._add_classes()
        self._add_lessons()
        self.tell()

    def _add_people(self) -> None:
        self.director, self.methodologist = self.person("director"), self.person("methodologist")
        self.homeroom_a, self.homeroom_b = self.person("teacher"), self.person("teacher")
        self.teacher, self.other_teacher = self.person("teacher"), self.person("teacher")
        self.anna, self.boris, self.vera, self.gleb = (self.person("student", name=name) for name in NAMES)
        self.mother = self.person("parent", email="mother@example.org")
        self.father = self.person("parent", email="father@example.org", language="en")
        self.other_mother = self.person("parent", email="other@example.org")
        self.glebs_mother = self.person("parent", email="gleb@example.org")
        self.guardian(self.mother, self.anna, "portal", "email")
        self.guardian(self.father, self.anna, "email")
        self.guardian(self.other_mother, self.boris, "portal", "email")
        self.guardian(self.other_mother, self.vera, "portal", "email")
        self.guardian(self.glebs_mother, self.gleb, "portal")

    def person(self, *roles: str, **more: Any) -> Actor:
        """Someone who is known to belong to no other school."""
        return super().person(*roles, human_id=uuid7(), **more)

    def consent(self, guardian: Actor, student: Actor, purpose: str, *, granted: bool) -> None:
        """What the methodologist enters from paper."""
        call(
            self.town.identity, Consents.record_consent, self.methodologist, guardian_id=guardian.person_id,
            student_id=student.person_id, purpose=purpose, granted=granted,
        )  # fmt: skip

    def _add_classes(self) -> None:
        for class_id, name, teacher in (
            (self.class_a, "7А", self.homeroom_a),
            (self.class_b, "7Б", self.homeroom_b),
        ):
            self.add(people.school_class(class_id, name, 7, teacher.person_id))
        for student in (self.anna, self.boris, self.vera):
            self.enrol(student, self.class_a)
        self.enrol(self.gleb, self.class_b)

    def enrol(self, student: Actor, class_id: UUID, since: int = -90, until: int | None = None) -> None:
        """A student's present class, as identity announces it."""
        super().enrol(student, class_id, since, until)
        with self.identity.unit_of_work.of(self.id) as session:
            session.get_one(people_tables.Person, (self.id, student.person_id)).class_id = class_id

    def join(self, name: str, **more: Any) -> Actor:
        """A student who comes into 7A, and into its algebra."""
        student = self.person("student", name=name, **more)
        self.enrol(student, self.class_a)
        member = courses.member(self.algebra, id_of(student), TODAY - timedelta(days=90))
        write(self.town.gradebook.unit_of_work, self.id, [(CourseMember, [member])])
        return student

    def move(self, student: Actor, class_id: UUID) -> None:
        """The student changes class today; identity has not announced it yet."""
        with self.town.identity.unit_of_work.of(self.id) as session:
            before = update(classes_tables.Enrolment).where(classes_tables.Enrolment.student_id == student.person_id)
            session.execute(before.values(until=TODAY - timedelta(days=1)))
            row = session.get_one(people_tables.Person, (self.id, student.person_id))
            row.revision += 1
        self.enrol(student, class_id, since=0)

    def brought(self) -> None:
        """Its classes came with a bundle, which ends them where it has them no more."""
        with self.town.identity.unit_of_work.of(self.id) as session:
            session.execute(update(classes_tables.SchoolClass).values(source_id=classes_tables.SchoolClass.name))

    def give(self, class_id: UUID, teacher: Actor) -> None:
        """The class gets another homeroom teacher; identity has not announced it yet."""
        with self.town.identity.unit_of_work.of(self.id) as session:
            row = session.get_one(classes_tables.SchoolClass, (self.id, class_id))
            row.homeroom_teacher_id, row.revision = teacher.person_id, row.revision + 1

    def _add_lessons(self) -> None:
        year, since = uuid7(), TODAY - timedelta(days=90)
        whole = (TODAY - timedelta(days=100), TODAY + timedelta(days=200))
        seventh = (self.anna.person_id, self.boris.person_id, self.vera.person_id)
        both = (self.vera.person_id, self.gleb.person_id)
        taught = (
            courses.Taught(self.algebra, "Алгебра", self.class_a, (self.teacher.person_id,), seventh),
            courses.Taught(self.english, "Английский", None, (self.other_teacher.person_id,), both),
        )
        write(
            self.town.gradebook.unit_of_work,
            self.id,
            calendar.year(year, whole, {self.term: whole}),
            marks.kinds(uuid7()),
            courses.courses(year, since, taught),
        )
        self.add_lesson(self.lesson, self.algebra, TODAY, 2)
        self.add_lesson(self.shared_lesson, self.english, TODAY, 3)
        self.add_lesson(self.tomorrows_lesson, self.algebra, TODAY + timedelta(days=1), 1)

    def add_lesson(self, lesson_id: UUID, course_id: UUID, day: date, number: int) -> UUID:
        """A lesson as the gradebook keeps it."""
        row = lessons.lesson(lesson_id, course_id, day, number)
        write(self.town.gradebook.unit_of_work, self.id, lessons.lessons([row]))
        return lesson_id

    def go_by_half_years(self, course_id: UUID) -> dict[str, UUID]:
        """The year's term is a quarter now, and a course goes by half-years beside it: title → half-year."""
        spans = {"1-е полугодие": (-100, 50), "2-е полугодие": (51, 200)}
        ids = {title: uuid7() for title in spans}
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            year_id = session.scalars(select(Year.id)).one()
            session.execute(update(Term).values(division="quarters", title="I четверть"))
            session.execute(update(Course).values(division="quarters"))
            session.execute(update(Course).where(Course.id == course_id).values(division="half-years"))
        rows = [
            {
                "id": ids[title], "year_id": year_id, "title": title, "division": "half-years",
                "starts_on": TODAY + timedelta(days=first), "ends_on": TODAY + timedelta(days=last),
            }
            for title, (first, last) in spans.items()
        ]  # fmt: skip
        write(self.town.gradebook.unit_of_work, self.id, [(Term, rows)])
        return ids

    def end_term(self, days_ago: int) -> None:
        """The year's only term ends so many days before today."""
        with self.town.gradebook.unit_of_work.of(self.id) as session:
            session.execute(update(Term).values(ends_on=TODAY - timedelta(days=days_ago)))

    def lessons_with_homework(self, count: int) -> list[UUID]:
        """So many new lessons of today's algebra, each with homework of its own to tell of."""
        begin = self._numbers
        self._numbers += count
        rows = [
            {**lessons.lesson(uuid7(), self.algebra, TODAY, begin + place), "homework": f"№ {begin + place}"}
            for place in range(count)
        ]
        write(self.town.gradebook.unit_of_work, self.id, lessons.lessons(rows))
        return [row["id"] for row in rows]

    def tell(self) -> None:
        """Identity announces every student and class to everyone who copies them."""
        self.tell_these(self.town.gradebook, *self.town.listeners)

    def tell_these(self, *listeners: Any) -> None:
        """Identity's announcements arrive at some."""
        students = [actor.person_id for actor in (self.anna, self.boris, self.vera, self.gleb)]
        for service in listeners:
            deliver(service, StudentsChanged(batch_id=uuid7(), student_ids=tuple(filter(None, students))), self.id)
            if hasattr(service, "on_classes_changed"):
                classes = ClassesChanged(batch_id=uuid7(), class_ids=(self.class_a, self.class_b))
                deliver(service, classes, self.id)

    def service(self, name: str) -> Actor:
        """A service that asks of its own accord."""
        return Actor(self.id, roles=frozenset({"service"}), service=name)

    def in_copy(self, town: Town) -> School:
        """The same school in copies of its databases, where everybody has signed in anew."""
        twin = copy.copy(self)
        twin.town = town
        for name, actor in vars(self).items():
            if isinstance(actor, Actor):
                setattr(twin, name, replace(actor, session_id=uuid7()))
        return twin


class Outside:
    """Asks for a service, and fails where the service asks within a transaction of its own."""

    def __init__(self, service: Any) -> None:
        self.asked: set[str] = set()
        self._ask, self._engine = service.ask, service.unit_of_work.engine

    def __call__(self, method: Rpc, **command: Any) -> dict[str, Any]:
        assert self._engine.pool.checkedout() == 0, f"{method} is asked for within a transaction"
        self.asked.add(repr(method))
        answer: dict[str, Any] = self._ask(method, **command)
        return answer


class TownTemplate:
    """Files of identity and the gradebook with a school in them, made once and copied for each test."""

    def __init__(self, folder: Path, databases: Databases) -> None:
        """`folder` keeps the files."""
        self._folder = folder
        self._engines = Engines()
        for name in NEIGHBOURS:
            shutil.copy(databases.template(name), self._file(folder, name))
        with self._opened(folder) as town:
            self._school = School(town)

    @contextmanager
    def town(self, folder: Path) -> Iterator[Town]:
        """Identity and the gradebook on copies."""
        for name in NEIGHBOURS:
            shutil.copy(self._file(self._folder, name), folder)
        with self._opened(folder) as town:
            yield town

    def school(self, town: Town) -> School:
        """The school of a copy, known to all who listen there."""
        school = self._school.in_copy(town)
        school.tell_these(*town.listeners)
        return school

    @contextmanager
    def _opened(self, folder: Path) -> Iterator[Town]:
        town = Town(IdentityService(), GradebookService())
        with self._engines.of({name: self._file(folder, name) for name in NEIGHBOURS}) as engines:
            for service in town.services:
                service.unit_of_work = UnitOfWork(engines[service.name])
            town.gradebook.ask = ask_directly(town.identity, asker="gradebook")
            yield town

    @staticmethod
    def _file(folder: Path, name: str) -> Path:
        return folder / f"neighbour-{name}.sqlite"
