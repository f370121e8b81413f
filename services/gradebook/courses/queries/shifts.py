"""Selects when lessons begin and end: groups across classes go by the shift of their students' classes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from kernel.data.among import among
from services.gradebook.bells.queries import kept_years
from services.gradebook.bells.rules.bells import SECOND_SHIFT, Times
from services.gradebook.bells.tables import ClassShift
from services.gradebook.courses.tables import Course, CourseMember
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
_MIXED_GROUPS: Final = select(Course.id, _has_students(~_OF_SECOND_SHIFT).label("mixed")).where(
    among(Course.year_id, "year_ids"), Course.class_id.is_(None), _has_students(_OF_SECOND_SHIFT)
)


def times_of(session: Session, versions: Mapping[UUID, int]) -> Times:
    """When lessons begin and end in years, which are given with their present versions.

    Groups across classes go by the shift of their students' classes. For calls that change nothing of the years. Takes
    no statement in a school of one shift, but for the first time that a process meets a version; with classes of the
    second shift, one.
    """
    years = kept_years(session, versions)
    of_two_shifts = [one for one, year in years.items() if year.second_shift]
    found = session.execute(_MIXED_GROUPS, {"year_ids": of_two_shifts}).all() if of_two_shifts else ()
    return Times(years, {row.id: row.mixed for row in found})
