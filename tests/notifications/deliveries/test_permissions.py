"""Who sees what was sent to whom."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.notifications.deliveries.permissions import deliveries_of

SCHOOL = uuid4()


def actor(*roles: str) -> Actor:
    return Actor(SCHOOL, person_id=uuid4(), roles=frozenset(roles))


@pytest.mark.parametrize("role", ["director", "deputy", "methodologist"])
def test_the_administration_sees_every_delivery_of_the_school(role):
    assert deliveries_of(actor(role)) is None
    assert deliveries_of(actor(role, "parent")) is None


def test_a_parent_sees_the_own_deliveries():
    parent = actor("parent")
    assert deliveries_of(parent) == parent.person_id
    teacher = actor("teacher", "parent")
    assert deliveries_of(teacher) == teacher.person_id


@pytest.mark.parametrize(
    "who",
    [
        actor("teacher"),
        actor("plan_head"),
        actor("student"),
        actor("operator"),
        actor(),
        Actor(SCHOOL, roles=frozenset({"parent"})),
        Actor(SCHOOL, roles=frozenset({"service"}), service="printing"),
    ],
)
def test_nobody_else_sees_any(who):
    with pytest.raises(Forbidden) as refused:
        deliveries_of(who)
    assert refused.value.rule == "deliveries-not-yours"
