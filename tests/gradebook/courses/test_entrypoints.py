"""Courses as they are listed."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from contracts.gradebook.courses import Courses
from kernel.errors import Forbidden
from services.gradebook.courses import tables as courses_tables
from tests.kit.calls import call, statements


def titles(school: Any, actor: Any, **command: Any) -> list[str]:
    return [course["title"] for course in call(school.service, Courses.courses, actor, **command)["courses"]]


def test_courses_are_listed_as_far_as_they_may_be_read(school: Any, engine: Engine) -> None:
    everything = ["Algebra 7A", "Biology 7A", "Choir", "Reading 1B"]
    with statements(engine) as sent:
        assert titles(school, school.director) == everything
    assert len(sent) == 2
    assert titles(school, school.teacher) == ["Algebra 7A", "Choir", "Reading 1B"]
    assert titles(school, school.other_teacher) == ["Biology 7A"]
    assert titles(school, school.homeroom) == ["Algebra 7A", "Biology 7A", "Choir"]
    assert titles(school, school.homeroom, mine=True) == []
    assert titles(school, school.director, class_id=school.first_class_id) == ["Choir", "Reading 1B"]
    assert titles(school, school.teacher, class_id=school.class_id, mine=True) == ["Algebra 7A", "Choir"]
    for actor in (school.parent, school.student, school.actor("operator")):
        with pytest.raises(Forbidden):
            titles(school, actor)


def test_a_course_names_its_teachers(school: Any) -> None:
    school.save(
        courses_tables.CourseTeacher, {"course_id": school.course_id, "teacher_id": school.other_teacher.person_id}
    )
    (algebra, *_) = call(school.service, Courses.courses, school.director)["courses"]
    assert set(algebra["teacher_ids"]) == {str(school.teacher.person_id), str(school.other_teacher.person_id)}
    assert algebra["subject"] == "Предмет"
