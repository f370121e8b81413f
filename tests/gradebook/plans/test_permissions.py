"""Who works on a plan, in each of its states, as a table."""

from __future__ import annotations

from uuid import uuid4

import pytest

from contracts.gradebook.plans import ATTACHED, DRAFT, SUBMITTED
from kernel.auth import Actor
from kernel.errors import Conflict, Forbidden
from services.gradebook.plans import permissions
from services.gradebook.plans.permissions import PlanTies

OWN, OTHER = PlanTies(heads=True), PlanTies(heads=False)


def human(*roles: str) -> Actor:
    return Actor(uuid4(), uuid4(), uuid4(), uuid4(), frozenset(roles))


@pytest.mark.parametrize(
    ("role", "ties", "state", "deeds"),
    [
        ("plan_head", OWN, DRAFT, "change submit delete"),
        ("plan_head", OWN, SUBMITTED, "return"),
        ("plan_head", OWN, ATTACHED, ""),
        ("plan_head", OTHER, DRAFT, ""),
        ("methodologist", OTHER, DRAFT, "change submit delete"),
        ("methodologist", OTHER, SUBMITTED, "change return attach"),
        ("methodologist", OTHER, ATTACHED, "change attach"),
        ("teacher", OWN, DRAFT, ""),
        ("director", OWN, DRAFT, ""),
        ("deputy", OWN, SUBMITTED, ""),
    ],
)
def test_what_may_be_done_with_a_plan(role: str, ties: PlanTies, state: str, deeds: str) -> None:
    assert permissions.may(human(role), ties, state) == deeds.split()
    for deed in deeds.split():
        permissions.check_may(human(role), ties, state, deed)


@pytest.mark.parametrize(
    ("role", "state", "deed", "refusal", "rule"),
    [
        ("plan_head", SUBMITTED, "change", Forbidden, "plan-submitted"),
        ("plan_head", ATTACHED, "return", Conflict, "plan-attached"),
        ("methodologist", DRAFT, "attach", Conflict, "plan-is-draft"),
        ("methodologist", SUBMITTED, "submit", Conflict, "plan-submitted"),
        ("methodologist", SUBMITTED, "delete", Conflict, "plan-submitted"),
        ("methodologist", ATTACHED, "return", Conflict, "plan-attached"),
        ("teacher", DRAFT, "change", Forbidden, "not-your-subject"),
    ],
)
def test_why_something_may_not_be_done(role: str, state: str, deed: str, refusal: type[Exception], rule: str) -> None:
    with pytest.raises(refusal) as refused:
        permissions.check_may(human(role), OWN, state, deed)
    assert refused.value.rule == rule  # type: ignore[attr-defined]  # every refusal has one
