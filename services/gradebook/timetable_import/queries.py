"""Selects all that a file is compared with, in a constant number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from contracts.classes_in_years import ClassThen, classes_then, years_between
from contracts.gradebook.calendar import year_at
from contracts.gradebook.timetable_import import CLASS, CLASSROOM, SUBJECT, TEACHER
from services.gradebook.bells import queries as bells_queries
from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.classrooms import queries as classrooms_queries
from services.gradebook.classrooms.queries import ClassroomRow
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses.queries import making as making_queries
from services.gradebook.courses.queries import subjects as subjects_queries
from services.gradebook.courses.queries.subjects import SubjectRow
from services.gradebook.courses.rules.making import Sibling
from services.gradebook.courses.rules.teaching import Teaching
from services.gradebook.policy import queries as policy_queries
from services.gradebook.timetable import queries as timetable_queries
from services.gradebook.timetable.queries import CourseOfTimetable
from services.gradebook.timetable.rules.conflicts import Needs
from services.gradebook.timetable.rules.entries import Entry
from services.gradebook.timetable_import.rules.likeness import Ours
from services.gradebook.timetable_import.rules.plans import School
from services.gradebook.timetable_import.rules.weeks import Course
from services.gradebook.timetable_import.tables import TimetableName

_REMEMBERED: Final = select(TimetableName.kind, TimetableName.name, TimetableName.target_id)


class Present(NamedTuple):
    """What there is in a year: its courses, its timetable from a day on; and the school's subjects and classrooms."""

    bells: YearBells
    version: int
    subjects: Sequence[SubjectRow]
    classrooms: Sequence[ClassroomRow]
    courses: Mapping[UUID, CourseOfTimetable]
    needs: Mapping[UUID, Needs]
    entries: list[Entry]
    #: (kind, folded name) → what it meant.
    remembered: dict[tuple[str, str], UUID]
    #: How many years later than the present one the year begins; None while it goes on.
    years_on: int | None

    @property
    def year(self) -> YearCalendar:
        """The year's calendar."""
        return self.bells.calendar


class Staff(NamedTuple):
    """The classes of a school, with their grades, and its teachers, as identity knows them."""

    classes: list[Ours]
    grades: dict[UUID, int | None]
    teachers: list[Ours]


def present(session: Session, year_id: UUID, day: date, *, lock: bool = False) -> Present:
    """What there is in a year, of the timetable what holds on a day or later. Raises `NotFound`.

    `lock` makes others who change the timetable, courses, subjects or classrooms wait until the transaction ends.
    """
    if lock:
        calendar_queries.lock_year(session, year_id)
        making_queries.lock_courses(session, year_id)
    bells = bells_queries.year_of(session, year_id)
    courses = timetable_queries.courses(session, year_id, None)
    return Present(
        bells,
        timetable_queries.version(session, year_id),
        subjects_queries.subjects(session, lock=lock),
        classrooms_queries.classrooms(session, lock=lock),
        courses,
        timetable_queries.needs(session, courses, day, bells),
        timetable_queries.entries_since(session, year_id, day),
        {(row.kind, row.name): row.target_id for row in session.execute(_REMEMBERED)},
        _years_on(session, bells.calendar),
    )


def _years_on(session: Session, year: YearCalendar) -> int | None:
    today = policy_queries.today(session)
    if year.starts_on <= today <= year.ends_on:
        return None
    present_one = year_at(calendar_queries.years(session), today, lambda one: (one.starts_on, one.ends_on))
    return years_between(present_one.starts_on, year.starts_on) if present_one else None


def classes_of(found: Present, staff: Staff) -> Mapping[UUID, ClassThen]:
    """The classes that the school has in the year, as they are then."""
    if found.years_on is None:
        return {one.id: ClassThen(one.name, staff.grades.get(one.id)) for one in staff.classes}
    known = [(one.id, one.name, staff.grades.get(one.id)) for one in staff.classes]
    courses = [(one.class_id, one.grade) for one in found.courses.values()]
    then = classes_then(known, courses, found.years_on)
    return {class_id: one for class_id, one in then.items() if one.is_there}


def school_of(found: Present, staff: Staff, day: date) -> School:
    """What there is, as the rules see it on a day."""
    ours = {
        CLASS: [Ours(class_id, one.name) for class_id, one in classes_of(found, staff).items()],
        TEACHER: staff.teachers,
        SUBJECT: [Ours(row.id, row.name) for row in found.subjects],
        CLASSROOM: [Ours(row.id, row.name) for row in found.classrooms],
    }
    courses = {
        one.id: Course(
            one.id, one.class_id, one.subject_id, one.group_name, one.title, one.kept_here,
            frozenset(timetable_queries.teachers_on(one, day)),
        )
        for one in found.courses.values()
    }  # fmt: skip
    shared = frozenset(row.id for row in found.classrooms if row.shared)
    return School(
        ours, found.remembered, courses, found.needs, found.entries, shared, found.year.ends_on,
        found.bells.second_shift, found.bells.usual(day), other_year=found.years_on is not None,
    )  # fmt: skip


def teachings(course: CourseOfTimetable) -> list[Teaching]:
    """Who teaches a course, or has, and when."""
    return courses_queries.teachers_of(course.teachers)


def siblings(courses: Iterable[CourseOfTimetable]) -> dict[UUID, list[Sibling]]:
    """Class → its courses."""
    found: defaultdict[UUID, list[Sibling]] = defaultdict(list)
    for one in courses:
        if one.class_id is not None:
            found[one.class_id].append(
                Sibling(one.id, one.subject_id, one.group_name, one.title, one.division, one.grade)
            )
    return dict(found)
