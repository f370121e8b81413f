"""Who checks lessons, and whose absences they enter."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.attendance.checks.permissions import own_students
from services.attendance.copies.permissions import ClassOf, sees_whole_school

SCHOOL, CLASS_A, CLASS_B, TEACHER, GUARDIAN, STUDENT = (uuid4() for _ in range(6))


def actor(*roles, person=None):
    return Actor(SCHOOL, person_id=person or uuid4(), roles=frozenset(roles))


def service(name):
    return Actor(SCHOOL, roles=frozenset({"service"}), service=name)


def test_those_who_keep_the_schools_data_and_services_see_the_whole_school():
    for role in ("director", "deputy", "methodologist"):
        assert sees_whole_school(actor(role))
    assert sees_whole_school(service("printing"))
    for role in ("teacher", "plan_head", "parent", "student", "operator"):
        assert not sees_whole_school(actor(role))


def test_the_own_students_are_those_of_the_own_class():
    anna, boris = uuid4(), uuid4()
    classes = {anna: ClassOf(CLASS_A, TEACHER), boris: ClassOf(CLASS_B, uuid4())}
    assert own_students(actor("teacher", person=TEACHER), classes) == {anna: CLASS_A}


def test_who_is_homeroom_teacher_of_nobody_in_the_lesson_enters_nothing():
    classes = {uuid4(): ClassOf(CLASS_A, TEACHER), uuid4(): ClassOf(CLASS_B, None)}
    with pytest.raises(Forbidden) as refused:
        own_students(actor("director"), classes)
    assert refused.value.rule == "not-homeroom-teacher"
    with pytest.raises(Forbidden):
        own_students(service("printing"), classes)
