"""Selects when lessons begin and end: groups across classes go by the shift of their students' classes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from services.gradebook.bells.queries import times_with, years_with
from services.gradebook.bells.rules.bells import SECOND_SHIFT, Times
from services.gradebook.bells.tables import ClassShift
from services.gradebook.calendar.tables import Year
from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import gathered
from services.gradebook.people.tables import StudentCopy


def _has_students(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a `Course` of the enclosing query has students now for whose copies something holds."""
    return exists().where(
        CourseMember.course_id == Course.id,
        CourseMember.until.is_(None),
        StudentCopy.student_id == CourseMember.student_id,
        which,
    )


_OF_SECOND_SHIFT: Final = StudentCopy.class_id.in_(
    select(ClassShift.class_id).where(ClassShift.year_id == Course.year_id, ClassShift.shift == SECOND_SHIFT)
)
_MIXED_GROUPS: Final = (
    select(gathered(Course.id, _has_students(~_OF_SECOND_SHIFT)))
    .where(
        Course.year_id == Year.id,
        Course.class_id.is_(None),
        exists().where(ClassShift.year_id == Year.id, ClassShift.shift == SECOND_SHIFT),
        _has_students(_OF_SECOND_SHIFT),
    )
    .correlate(Year)
    .scalar_subquery()
)
_YEARS_OF_TIMES: Final = years_with(_MIXED_GROUPS)


def times_of(session: Session, year_ids: Collection[UUID]) -> Times:
    """When the lessons of these years begin and end, groups across classes by the shift of their students' classes.

    One statement, however many years there are.
    """
    return times_with(session, _YEARS_OF_TIMES, year_ids)
