"""Selects what a year has that the next one may get."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from services.gradebook.bells import queries as bells_queries
from services.gradebook.bells.rules.bells import YearBells
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.queries import COURSE, CourseClass
from services.gradebook.courses.queries import subjects as subjects_queries
from services.gradebook.courses.tables import Course, CourseMember, CourseTeacher, Subject
from services.gradebook.next_year import rules
from services.gradebook.next_year.rules import Coming, Earlier
from services.gradebook.people.tables import StudentCopy
from services.gradebook.plans import queries as plans_queries

_OF_YEAR: Final = bindparam("year_id", type_=Course.year_id.type)
_COURSES: Final = (
    select(*COURSE, CourseClass.name.label("class_name"), CourseClass.grade.label("class_grade"))
    .join(Subject, Subject.id == Course.subject_id)
    .outerjoin(CourseClass, CourseClass.class_id == Course.class_id)
    .where(Course.year_id == _OF_YEAR)
    .order_by(Course.title, Course.id)
)
_TEACHERS: Final = (
    select(CourseTeacher.course_id, CourseTeacher.teacher_id)
    .join(Course, Course.id == CourseTeacher.course_id)
    .join(Year, Year.id == Course.year_id)
    .where(Course.year_id == _OF_YEAR, or_(CourseTeacher.until.is_(None), CourseTeacher.until >= Year.ends_on))
    .order_by(CourseTeacher.teacher_id)
)
_IN_GROUPS: Final = (
    select(CourseMember.course_id, CourseMember.student_id)
    .join(Course, Course.id == CourseMember.course_id)
    .join(Year, Year.id == Course.year_id)
    .join(StudentCopy, StudentCopy.student_id == CourseMember.student_id)
    .where(
        Course.year_id == _OF_YEAR,
        or_(CourseMember.until.is_(None), CourseMember.until >= Year.ends_on),
        or_(StudentCopy.class_id == Course.class_id, Course.class_id.is_(None) & StudentCopy.class_id.is_not(None)),
    )
    .order_by(CourseMember.student_id)
)
_IN_CLASSES: Final = (
    select(Course.id.label("course_id"), StudentCopy.student_id)
    .join(StudentCopy, StudentCopy.class_id == Course.class_id)
    .where(Course.year_id == _OF_YEAR, Course.group_name == "", Course.kept_here)
    .order_by(StudentCopy.student_id)
)
_THERE: Final = select(Course.subject_id, Course.class_id, Course.group_name).where(Course.year_id == _OF_YEAR)


def courses(session: Session, year_id: UUID) -> list[Earlier]:
    """The courses of a year with those who teach and learn in them at its end.

    A course of a whole class that people keep has the students of the class, others those who are in them.
    """
    of_year = {"year_id": year_id}
    teachers, students, whole = defaultdict(list), defaultdict(set), defaultdict(set)
    for row in session.execute(_TEACHERS, of_year):
        teachers[row.course_id].append(row.teacher_id)
    for row in session.execute(_IN_GROUPS, of_year):
        students[row.course_id].add(row.student_id)
    for row in session.execute(_IN_CLASSES, of_year):
        whole[row.course_id].add(row.student_id)
    return [
        Earlier(
            row.id, row.subject_id, row.subject, row.title, row.group_name, row.grade, row.division, row.hours_a_week,
            row.class_id, row.class_name or "", row.class_grade, tuple(teachers[row.id]),
            tuple(sorted(whole.get(row.id) or students[row.id])),
        )
        for row in session.execute(_COURSES, of_year)
    ]  # fmt: skip


def places(session: Session, year_id: UUID) -> set[tuple[UUID, UUID | None, str]]:
    """Subject, class and group of the courses of a year."""
    return {(row.subject_id, row.class_id, row.group_name) for row in session.execute(_THERE, {"year_id": year_id})}


class Prepared(NamedTuple):
    """What the later year gets, and how that year is now."""

    year: YearBells
    coming: Coming
    #: Of the later year's curriculum.
    version: int


def prepared(session: Session, earlier_id: UUID, later_id: UUID) -> Prepared:
    """What a year gets of an earlier one. Raises `NotFound`, and `Invalid` where it does not begin later."""
    earlier, later = (bells_queries.year_of(session, one) for one in (earlier_id, later_id))
    rules.check_years(earlier.calendar, later.calendar)
    _, before = subjects_queries.curriculum(session, earlier_id)
    version, after = subjects_queries.curriculum(session, later_id)
    have, get = ({(cell.subject_id, cell.grade): cell for cell in cells} for cells in (after, before))
    hours = rules.hours_to_come(get, have)
    of_earlier, there = courses(session, earlier_id), places(session, later_id)
    classes = rules.classes_to_come(of_earlier, there, later.calendar, {**get, **have}.keys())
    plans = rules.plans_to_come(
        plans_queries.submitted_plans(session, earlier_id), plans_queries.planned(session, later_id)
    )
    return Prepared(later, Coming(classes, hours, rules.bells_to_come(earlier, later), plans), version)
