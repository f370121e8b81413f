"""The demo school as data, which `cli.demo.load` writes into the services' databases.

Every entity has a natural `key`, such as `student:5А:07`, and an `id` that `id_of` derives from it, so that the same
seed always gives the same ids. Entities refer to each other by id. What is kept by commands of a service, such as the
year, a plan or a lesson, gets another id there.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal
from uuid import NAMESPACE_DNS, UUID

from uuid_utils.compat import uuid5

Sex = Literal["female", "male"]
Relation = Literal["mother", "father", "grandmother"]
Purpose = Literal["portal", "email", "sms"]
AbsenceCode = Literal["Н", "У", "Б", "О", "П"]


@cache
def _namespace(seed: int) -> UUID:
    return uuid5(NAMESPACE_DNS, f"school-{seed}.demo.lyceum.example")


def id_of(key: str, seed: int) -> UUID:
    """The id (UUID version 5) of the entity with this key in the demo school of this seed."""
    return uuid5(_namespace(seed), key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Base of entities; `key` is unique in the school and `id` is derived from it."""

    key: str
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class School(Entity):
    """The school; `time_zone` is an IANA name."""

    name: str
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Entity):
    """A person with roles in the school. `email` and `phone` are fictitious."""

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
        """Grade and letter: `5А`."""
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
    """A guardian's right to act for a student."""

    guardian_id: UUID
    student_id: UUID
    relation: Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Entity):
    """A guardian's consent, given on paper, to one purpose of processing a student's data."""

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
    """A quarter or half-year, from its first to its last school day."""

    year_id: UUID
    division: str
    number: int
    title: str
    starts_on: datetime.date
    ends_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday(Entity):
    """Days without lessons, both ends included; for `grades` only, or for all where that is empty."""

    year_id: UUID
    title: str
    starts_on: datetime.date
    ends_on: datetime.date
    grades: tuple[int, ...]
    #: Whether it is a public holiday; else it is one of the school's.
    public: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bell(Entity):
    """The start and end of a lesson of the day, in local time; on short days, if it is one of those."""

    number: int
    starts: datetime.time
    ends: datetime.time
    short: bool


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
        """Whether the student is in the course on that day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course(Entity):
    """A subject taught to a class, or to its group number `group`, in the year."""

    title: str
    year_id: UUID
    subject_id: UUID
    class_id: UUID
    group: int | None
    teacher_ids: tuple[UUID, ...]
    members: tuple[Membership, ...]
    weekly_hours: int
    division: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableSlot(Entity):
    """A weekly lesson of a course; `weekday` is 1 for Monday."""

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
    """A lesson; a planned one has no topic yet. `homework_due` is None where there is no homework.

    `minutes` are those that the homework is expected to take, if the teacher said so; `sheet` says that it has a file.
    The id is the generator's own: the gradebook gives one to each lesson that it lays.
    """

    course_id: UUID
    date: datetime.date
    number: int
    topic: str = ""
    homework: str = ""
    homework_due: datetime.date | None = None
    minutes: int | None = None
    sheet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange(Entity):
    """A lesson that is cancelled on a day, or held by `teacher_id` instead of the course's teacher."""

    course_id: UUID
    date: datetime.date
    number: int
    teacher_id: UUID | None
    reason: str

    @property
    def cancelled(self) -> bool:
        """Whether the lesson is not held."""
        return self.teacher_id is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Entity):
    """A mark, "2" to "5". For written works, `set_on` can be later than the lesson."""

    lesson_id: UUID
    student_id: UUID
    kind_id: UUID
    value: str
    comment: str
    set_on: datetime.date


@dataclass(frozen=True, slots=True, kw_only=True)
class TermMark(Entity):
    """A student's mark of a term in a course: "2" to "5" or "н/а"."""

    course_id: UUID
    student_id: UUID
    term_id: UUID
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonCheck(Entity):
    """A check of attendance: students without an absence from the lesson were present."""

    lesson_id: UUID
    checked_by: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence(Entity):
    """A student's absence from a lesson; with code О the student came `minutes` late."""

    lesson_id: UUID
    student_id: UUID
    code: AbsenceCode
    minutes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTopic:
    """A row of a thematic plan, one lesson."""

    section: str
    topic: str
    control: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Entity):
    """The thematic plan of a subject in a grade, and the courses that go by it."""

    subject_id: UUID
    grade: int
    title: str
    topics: tuple[PlanTopic, ...]
    course_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSchool:
    """The whole school on the morning of `today`, with all records up to the day before."""

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
    short_bells: tuple[Bell, ...]
    #: School days of shortened lessons: those before public holidays.
    short_days: tuple[datetime.date, ...]
    #: Saturdays on which classes with five days a week are taught as on a Monday.
    moved_days: tuple[datetime.date, ...]
    subjects: tuple[Subject, ...]
    courses: tuple[Course, ...]
    plans: tuple[Plan, ...]
    timetable: tuple[TimetableSlot, ...]
    day_changes: tuple[DayChange, ...]
    kinds: tuple[KindOfWork, ...]
    lessons: tuple[Lesson, ...]
    marks: tuple[Mark, ...]
    checks: tuple[LessonCheck, ...]
    absences: tuple[Absence, ...]
    #: Of the last ended term: lessons of its first weeks, none of which is among `lessons`, and their marks.
    past_lessons: tuple[Lesson, ...] = ()
    past_marks: tuple[Mark, ...] = ()
    term_marks: tuple[TermMark, ...] = ()
