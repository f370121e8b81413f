"""Who sees absences."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import NotFound
from services.attendance.absences.permissions import check_may_see_absences
from services.attendance.copies.permissions import Student

SCHOOL, CLASS_A, CLASS_B, TEACHER, GUARDIAN, STUDENT = (uuid4() for _ in range(6))


def actor(*roles, person=None):
    return Actor(SCHOOL, person_id=person or uuid4(), roles=frozenset(roles))


def service(name):
    return Actor(SCHOOL, roles=frozenset({"service"}), service=name)


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
