"""The benchmark's school in the gradebook's database: one class with its courses, lessons and marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import Row, Rows, calendar, copies, courses, lessons, marks, write
from contracts.identity.schools import TIME_ZONE
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data.database import UnitOfWork

STUDENTS: Final = 30
COURSES: Final = 10
MARKS_OF_A_COURSE: Final = 5


@dataclass
class School:
    """A school whose first student has 50 marks in 10 courses; `free_lessons` are lessons without marks."""

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
        year_id, whole = uuid7(), (self.starts_on, self.ends_on)
        courses_ids = [uuid7() for _ in range(COURSES)]
        class_of_all = copies.Class(self.class_id, "7A", 7, tuple(self.students))
        write(
            unit_of_work,
            self.id,
            calendar.year(year_id, whole, {uuid7(): whole}),
            marks.kinds(self.kind_id),
            copies.copies([class_of_all], {self.students[0]: self._id_of(self.parent)}),
            courses.courses(year_id, self.starts_on, map(self._course, courses_ids)),
            *(part for course_id in courses_ids for part in self._marks_of(course_id)),
            self._free_lessons_of(courses_ids[0]),
        )

    def _course(self, course_id: UUID) -> courses.Taught:
        return courses.Taught(course_id, "Course", self.class_id, (self._id_of(self.teacher),), tuple(self.students))

    def _marks_of(self, course_id: UUID) -> Iterator[Rows]:
        """Lessons in which every student got a mark."""
        for number in range(MARKS_OF_A_COURSE):
            lesson = self._lesson(course_id, number + 1)
            yield lessons.lessons([lesson])
            yield marks.column(lesson["id"], self.kind_id, self.students)

    def _free_lessons_of(self, course_id: UUID) -> Rows:
        first = MARKS_OF_A_COURSE + 1
        rows = [self._lesson(course_id, first + number) for number in range(self.lessons)]
        self.free_lessons = [row["id"] for row in rows]
        return lessons.lessons(rows)

    def _lesson(self, course_id: UUID, days_ago: int) -> Row:
        return lessons.lesson(uuid7(), course_id, self.today - timedelta(days=days_ago), None)

    @staticmethod
    def _id_of(actor: Actor) -> UUID:
        assert actor.person_id is not None
        return actor.person_id
