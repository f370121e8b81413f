"""Who sees the whole school."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from services.attendance.copies.permissions import sees_whole_school

SCHOOL, CLASS_A, CLASS_B, TEACHER, GUARDIAN, STUDENT = (uuid4() for _ in range(6))


def actor(*roles, person=None):
    return Actor(SCHOOL, person_id=person or uuid4(), roles=frozenset(roles))


def service(name):
    return Actor(SCHOOL, roles=frozenset({"service"}), service=name)


@pytest.mark.parametrize(
    ("role", "whole"),
    [("director", True), ("deputy", True), ("methodologist", True), ("teacher", False), ("plan_head", False)],
)
def test_the_administration_sees_the_whole_school(role, whole):
    assert sees_whole_school(actor(role)) is whole
