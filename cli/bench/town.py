"""The school of the requests' measurements, in the databases of four services.

`python -m cli.bench.town FILE DATABASES` migrates the databases (JSON: service → URL), writes the school, and describes
it in FILE, a JSON of `Town`. It runs in the checkout that is measured, so that the rows fit its tables.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Engine, text
from uuid_utils.compat import uuid7

from cli.building import Row, Rows, calendar, copies, courses, lessons, marks, people, write
from contracts.identity.schools import TIME_ZONE
from kernel.clock import local_date, now
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from services.attendance.copies import tables as attendance_tables
from services.gradebook.people import tables as gradebook_tables
from services.identity.accounts.passwords import HASHER
from services.notifications.copies import tables as notifications_tables

#: The services that requests and letters touch.
OWNERS: Final = ("identity", "gradebook", "attendance", "notifications")
CLASSES: Final = 30
STUDENTS: Final = 30
COURSES: Final = 10
#: Columns of marks of a course within the term.
COLUMNS: Final = 5
#: Lessons of a course without marks, before the term.
FREE: Final = 12
COURSES_OF_TEACHER: Final = 5
PASSWORD: Final = "swifts-fly-in-june"  # noqa: S105  # everybody's, in this school
TERM: Final = timedelta(days=60)
YEAR: Final = timedelta(days=250)


@dataclass(frozen=True)
class Someone:
    """A person with an account, whose login is the account's id."""

    person_id: UUID = field(default_factory=uuid7)
    account_id: UUID = field(default_factory=uuid7)


@dataclass(frozen=True)
class Course:
    """A course of a class."""

    students: list[UUID]
    teacher: Someone
    class_id: UUID
    id: UUID = field(default_factory=uuid7)
    free_lessons: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class Town:
    """What requests name."""

    today: date
    courses: list[Course] = field(default_factory=list)
    #: Student → first guardian. Every second student has another one.
    parents: dict[UUID, Someone] = field(default_factory=dict)
    second_parents: dict[UUID, Someone] = field(default_factory=dict)
    school_id: UUID = field(default_factory=uuid7)
    term_id: UUID = field(default_factory=uuid7)

    @property
    def term(self) -> tuple[date, date]:
        """The days of the term with marks."""
        return self.today - TERM, self.today + TERM

    @property
    def visited(self) -> Iterator[UUID]:
        """The students whose pages are asked for: two of each class."""
        return islice(self.parents, 0, None, STUDENTS // 2)


class Builder:
    """Makes the school's rows."""

    def __init__(self) -> None:
        self.town = Town(local_date(now(), TIME_ZONE))
        self._kind_id, self._year_id = uuid7(), uuid7()
        # Students have different marks: the gradebook keeps means of marks that it has computed before.
        self._chance = random.Random(1)  # noqa: S311  # marks, no secrets
        teachers = [Someone() for _ in range(CLASSES * COURSES // COURSES_OF_TEACHER)]
        self._teachers = teachers
        self._classes = [
            copies.Class(uuid7(), f"7А{number}", 7, tuple(uuid7() for _ in range(STUDENTS)), teachers[number].person_id)
            for number in range(CLASSES)
        ]
        for number, (school_class, _) in enumerate((one, x) for one in self._classes for x in range(COURSES)):
            course = Course(list(school_class.students), teachers[number // COURSES_OF_TEACHER], school_class.id)
            self.town.courses.append(course)
        for number, student in enumerate(self._students):
            self.town.parents[student] = Someone()
            if number % 2:
                self.town.second_parents[student] = Someone()

    @property
    def _students(self) -> Iterator[UUID]:
        return chain.from_iterable(one.students for one in self._classes)

    @property
    def _guardianships(self) -> Iterator[tuple[UUID, Someone]]:
        return chain(self.town.parents.items(), self.town.second_parents.items())

    def gradebook(self) -> Iterator[Rows]:
        """Every student has `COLUMNS` marks in each of `COURSES` courses."""
        town = self.town
        yield calendar.year(self._year_id, (town.today - YEAR, town.term[1]), {town.term_id: town.term})
        yield marks.kinds(self._kind_id)
        yield copies.copies(self._classes, {})
        yield [(gradebook_tables.GuardianCopy, [_ties(student, one) for student, one in self._guardianships])]
        yield courses.courses(self._year_id, town.today - YEAR, self._taught())
        for back in range(COLUMNS, 0, -1):
            yield from self._columns(town.today - timedelta(days=back))
        for back in range(FREE):
            yield lessons.lessons(self._free_lessons(town.term[0] - timedelta(days=back + 1)))

    def _taught(self) -> Iterator[courses.Taught]:
        for number, course in enumerate(self.town.courses):
            title, of_class = f"Предмет {number % COURSES}", self._classes[number // COURSES].id
            yield courses.Taught(course.id, title, of_class, (course.teacher.person_id,), tuple(course.students))

    def _columns(self, day: date) -> Iterator[Rows]:
        for number, course in enumerate(self.town.courses):
            lesson = lessons.lesson(uuid7(), course.id, day, number % COURSES + 1)
            filled = {
                "topic": "Сложение дробей",
                "homework": "Стр. 33, № 12-14",
                "homework_due": day + timedelta(days=1),
            }
            yield lessons.lessons([{**lesson, **filled}])
            values = "".join(self._chance.choices("2345", k=STUDENTS))
            yield marks.column(lesson, self._kind_id, course.students, values)

    def _free_lessons(self, day: date) -> Iterator[Row]:
        for number, course in enumerate(self.town.courses):
            course.free_lessons.append(uuid7())
            yield lessons.lesson(course.free_lessons[-1], course.id, day, number % COURSES + 1)

    def identity(self) -> Iterator[Rows]:
        """Everybody who signs in, with the same password."""
        password_hash = HASHER.hash(PASSWORD)
        yield people.school(self.town.school_id, "Лицей", TIME_ZONE)
        for someone in chain(self._teachers, (guardian for _, guardian in self._guardianships)):
            yield people.account(someone.account_id, str(someone.account_id), password_hash)
        for teacher in self._teachers:
            yield people.person(teacher.person_id, "Орлова Инна", "teacher", account_id=teacher.account_id)
        for one in self._classes:
            yield people.school_class(one.id, one.name, one.grade, one.homeroom_teacher)
            for student in one.students:
                yield people.person(student, "Смирнова Анна", "student", class_id=one.id)
                yield people.enrolment(one.id, student, self.town.today - YEAR)
        for student, guardian in self._guardianships:
            yield people.person(guardian.person_id, "Смирнова Ольга", "parent", account_id=guardian.account_id)
            yield people.guardianship(guardian.person_id, student, "portal", "email")

    def attendance(self) -> Iterator[Rows]:
        """Nobody was ever absent."""
        yield [
            (
                attendance_tables.ClassCopy,
                [
                    {"class_id": one.id, "revision": 1, "homeroom_teacher_id": one.homeroom_teacher}
                    for one in self._classes
                ],
            ),
            (
                attendance_tables.StudentCopy,
                [
                    {"student_id": student, "revision": 1, "class_id": one.id}
                    for one in self._classes
                    for student in one.students
                ],
            ),
            (
                attendance_tables.GuardianCopy,
                [{**_ties(student, guardian), "portal": True} for student, guardian in self._guardianships],
            ),
        ]

    def notifications(self) -> Iterator[Rows]:
        """All guardians want letters."""
        told = {"language": "ru", "purposes": ["email", "portal"]}
        yield [
            (
                notifications_tables.StudentCopy,
                [{"student_id": student, "revision": 1, "name": "Смирнова Анна"} for student in self._students],
            ),
            (
                notifications_tables.GuardianCopy,
                [
                    {**_ties(student, guardian), "email": f"{guardian.person_id.hex}@family.example", **told}
                    for student, guardian in self._guardianships
                ],
            ),
        ]


def _ties(student: UUID, guardian: Someone) -> Row:
    return {"student_id": student, "guardian_id": guardian.person_id}


def save(database_url: str, school_id: UUID, parts: Iterable[Rows]) -> None:
    """Write parts and update PostgreSQL's statistics."""
    engine = make_engine(database_url)
    write(UnitOfWork(engine), school_id, *parts)
    vacuum(engine)
    engine.dispose()


def vacuum(engine: Engine) -> None:
    """Update PostgreSQL's statistics: a test server's autovacuum, which does that, is off."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def main(file: str, databases: str) -> None:
    """Migrate, write and describe."""
    builder = Builder()
    for owner, url in msgspec.json.decode(databases, type=dict[str, str]).items():
        migrations.upgrade(owner, url)
        save(url, builder.town.school_id, getattr(builder, owner)())
    Path(file).write_bytes(msgspec.json.encode(builder.town))


if __name__ == "__main__":
    main(*sys.argv[1:])
