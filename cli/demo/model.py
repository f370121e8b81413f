"""The demo school as data: what a loader writes into the services' databases.

Every thing has a natural `key`, such as `student:5А:07`, and an `id` made of it by `id_of`, so that the same
seed gives the same ids wherever and whenever the school is generated. Things point at each other by id.
"""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal
from uuid import UUID

Sex = Literal["female", "male"]
Relation = Literal["mother", "father", "grandmother"]
Purpose = Literal["portal", "email", "sms"]
AbsenceCode = Literal["Н", "У", "Б", "О", "П"]


@cache
def _namespace(seed: int) -> UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"school-{seed}.demo.lyceum.example")


def id_of(key: str, seed: int) -> UUID:
    """The id of the thing with this key in the demo school of this seed (UUID version 5)."""
    return uuid.uuid5(_namespace(seed), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing with a natural key, unique in the school, and the id made of it."""

    key: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class School(Entity):
    """The school; `time_zone` is an IANA name."""

    name: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Entity):
    """A human with the roles held in the school. `email` and `phone` are made up and reach nobody."""

    family_name: str
    given_name: str
    patronymic: str
    sex: Sex
    birth_date: datetime.date
    email: str | None
    phone: str | None
    roles: tuple[str, ...]

    @property
    def name(self) -> str:
        """Family name, given name, patronymic."""
        return f"{self.family_name} {self.given_name} {self.patronymic}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolClass(Entity):
    """A class of the school year. `days` is the length of its week: 5 (to Friday) or 6 (to Saturday)."""

    grade: int
    letter: str
    days: int
    homeroom_teacher_id: UUID

    @property
    def name(self) -> str:
        """As it is said: `5А`."""
        return f"{self.grade}{self.letter}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(Entity):
    """A student in a class from `since` to `until`, both included; `until` is None while it lasts."""

    student_id: UUID
    class_id: UUID
    since: datetime.date
    until: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardianship(Entity):
    """Who may act for a student."""

    guardian_id: UUID
    student_id: UUID
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Entity):
    """A guardian's consent to one purpose of processing a student's data, as handed in on paper."""

    guardian_id: UUID
    student_id: UUID
    purpose: Purpose
    granted_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcademicYear(Entity):
    """A school year, 1 September to 31 August."""

    title: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Term(Entity):
    """A quarter: from its first to its last day of lessons."""

    year_id: UUID
    number: int
    title: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday(Entity):
    """Days without lessons, both ends included; for `grades` alone where any are named."""

    year_id: UUID
    title: str
    starts_on: datetime.date
    ends_on: datetime.date
    grades: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell(Entity):
    """When a lesson of the day begins and ends, by the school's clock."""

    number: int
    starts: datetime.time
    ends: datetime.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject(Entity):
    """A subject; `code` is its stable short name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A student's place in a course from `since` to `until`, both included."""

    student_id: UUID
    since: datetime.date
    until: datetime.date | None

    def covers(self, day: datetime.date) -> bool:
        """Is the student in the course on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course(Entity):
    """A subject taught to a class, or to the `group` of it with that number, in the year."""

    title: str
    year_id: UUID
    subject_id: UUID
    class_id: UUID
    group: int | None
    teacher_ids: tuple[UUID, ...]
    members: tuple[Membership, ...]
    weekly_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableSlot(Entity):
    """A weekly lesson of a course; `weekday` counts from Monday, 1."""

    course_id: UUID
    weekday: int
    number: int
    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfWork(Entity):
    """A kind of work and the weight of its marks in the mean."""

    code: str
    name: str
    weight: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson(Entity):
    """A lesson held, or planned: without a topic yet. `homework_due` is None where there is no homework."""

    course_id: UUID
    date: datetime.date
    number: int
    topic: str
    homework: str
    homework_due: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Entity):
    """A mark, "2" to "5". `set_on` is later than the lesson for written works, made-up ones above all."""

    lesson_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str
    comment: str
    set_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonCheck(Entity):
    """The homeroom teacher looked who was there: whoever has no absence of the lesson was."""

    lesson_id: UUID
    checked_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Entity):
    """A student was not at a lesson, or (О) came `minutes` late."""

    lesson_id: UUID
    student_id: UUID
    code: AbsenceCode
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSchool:
    """A whole school on the morning of `today`: everything is entered up to the day before."""

    seed: int
    today: datetime.date
    school: School
    people: tuple[Person, ...]
    classes: tuple[SchoolClass, ...]
    enrolments: tuple[Enrolment, ...]
    guardianships: tuple[Guardianship, ...]
    consents: tuple[Consent, ...]
    year: AcademicYear
    terms: tuple[Term, ...]
    holidays: tuple[Holiday, ...]
    bells: tuple[Bell, ...]
    subjects: tuple[Subject, ...]
    courses: tuple[Course, ...]
    timetable: tuple[TimetableSlot, ...]
    kinds: tuple[KindOfWork, ...]
    lessons: tuple[Lesson, ...]
    marks: tuple[Mark, ...]
    checks: tuple[LessonCheck, ...]
    absences: tuple[Absence, ...]
