"""Who enters absences and who sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import Forbidden, NotFound
from services.attendance.permissions import (
    ClassOf,
    Student,
    check_has_student_access,
    check_may_see_absences,
    check_service,
    check_staff,
    own_students,
    sees_whole_school,
)

SCHOOL, CLASS_A, CLASS_B, TEACHER, GUARDIAN, STUDENT = (uuid4() for _ in range(6))


def actor(*roles, person=None):
    return Actor(SCHOOL, person_id=person or uuid4(), roles=frozenset(roles))


def service(name):
    return Actor(SCHOOL, roles=frozenset({"service"}), service=name)


@pytest.mark.parametrize("role", ["director", "deputy", "methodologist", "teacher", "plan_head"])
def test_staff_has_access_to_the_journal(role):
    check_staff(actor(role))


@pytest.mark.parametrize("role", ["parent", "student", "operator", "unheard of"])
def test_families_and_operators_have_no_access_to_the_journal(role):
    with pytest.raises(Forbidden):
        check_staff(actor(role))


def test_printing_reads_attendance_and_other_services_do_not():
    check_staff(service("printing"))
    assert sees_whole_school(service("printing"))
    assert not sees_whole_school(service("notifications"))
    with pytest.raises(Forbidden):
        check_staff(service("notifications"))


def test_only_services_ask_for_notices():
    check_service(service("notifications"))
    with pytest.raises(Forbidden):
        check_service(actor("director"))


@pytest.mark.parametrize(
    ("role", "whole"),
    [("director", True), ("deputy", True), ("methodologist", True), ("teacher", False), ("plan_head", False)],
)
def test_the_administration_sees_the_whole_school(role, whole):
    assert sees_whole_school(actor(role)) is whole


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


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (actor("methodologist"), True),
        (actor("student", person=STUDENT), True),
        (actor("parent", person=GUARDIAN), True),
        (actor("teacher", person=TEACHER), True),
        (service("printing"), True),
        (actor("teacher"), False),
        (actor("parent"), False),
        (actor("student"), False),
        (actor("student", person=GUARDIAN), False),
        (actor("parent", person=TEACHER), False),
        (Actor(SCHOOL, roles=frozenset({"operator"})), False),
    ],
)
def test_a_students_absences_concern_the_family_the_homeroom_teacher_and_the_administration(who, sees):
    student = Student(STUDENT, frozenset({GUARDIAN}), TEACHER)
    if sees:
        check_may_see_absences(who, student)
    else:
        with pytest.raises(NotFound):
            check_may_see_absences(who, student)


def test_an_operator_sees_no_students_data():
    with pytest.raises(Forbidden):
        check_has_student_access(actor("operator"))
    for role in ("parent", "student", "teacher"):
        check_has_student_access(actor(role))
