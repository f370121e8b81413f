"""Rows beside a row come as the same values from both kinds of database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, select

from services.gradebook.courses.tables import Course, CourseMember
from services.gradebook.gathered import gathered
from services.gradebook.marks.tables import KindOfWork
from tests.kit.databases import on_both

pytestmark = on_both


def beside(school: Any, *columns: Any, where: Any) -> list[list[Any]]:
    rows = select(gathered(*columns)).where(where).scalar_subquery()
    with school.service.unit_of_work.of(school.id) as session:
        found = session.execute(select(Course.title, rows).where(Course.id == school.course_id)).one()
    return list(found[1])


def test_ids_dates_and_nulls_are_as_json_has_them(school: Any, another_school: Any) -> None:
    columns = (CourseMember.student_id, CourseMember.since, CourseMember.until)
    found = beside(school, *columns, where=CourseMember.course_id == school.course_id)
    assert {UUID(row[0]) for row in found} == set(school.students)
    assert [row[1:] for row in found] == [[school.day(-100).isoformat(), None]] * 3
    assert beside(school, *columns, where=CourseMember.course_id == another_school.course_id) == []


def test_a_weight_is_exact_as_a_text(school: Any) -> None:
    ((weight,),) = beside(school, cast(KindOfWork.weight, String), where=KindOfWork.id == school.control_id)
    assert weight in {"2.5", "2.500"}
