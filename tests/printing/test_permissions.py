"""Who orders prints and who sees them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from kernel.auth import Actor
from kernel.errors import Forbidden
from services.printing.permissions import check_may_order, check_may_see


def actor(*roles: str) -> Actor:
    return Actor(uuid4(), person_id=uuid4(), roles=frozenset(roles))


def test_the_methodologist_orders_and_sees_prints() -> None:
    check_may_order(actor("methodologist"))
    check_may_see(actor("methodologist"))


@pytest.mark.parametrize("role", ["director", "deputy"])
def test_the_administration_sees_prints_and_orders_none(role: str) -> None:
    check_may_see(actor(role))
    with pytest.raises(Forbidden):
        check_may_order(actor(role))


@pytest.mark.parametrize("role", ["teacher", "plan_head", "parent", "student", "operator", "service"])
def test_nobody_else_orders_or_sees_prints(role: str) -> None:
    for check in (check_may_order, check_may_see):
        with pytest.raises(Forbidden):
            check(actor(role))
