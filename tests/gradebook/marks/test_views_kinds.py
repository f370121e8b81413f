"""Kinds of work are shown with the weights by which their marks count."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from services.gradebook.marks.queries import Kind
from services.gradebook.marks.views import kinds_in
from services.gradebook.policy.rules.policy import Place, Policy, Scope, place_of, weight_in
from tests.gradebook.policy.policies import DEFAULT, kinds, with_special, with_value

CONTROL = Kind(UUID(int=1), "Контрольная работа", Decimal("2.5"))
RETOLD = Kind(UUID(int=2), "Пересказ", Decimal("0.5"))
KINDS = {kind.id: kind for kind in (CONTROL, RETOLD)}
VOTED = replace(with_special("means.weight", kinds("control"), Decimal(3)), version=1)
PHYSICS = Place(7, "Физика")


def weights(policy: Policy, place: Place = PHYSICS) -> list[Decimal]:
    return [kind.weight for kind in kinds_in(place, KINDS, policy).values()]


def test_the_default_says_nothing_of_the_kinds_that_a_school_has() -> None:
    assert kinds_in(PHYSICS, KINDS, DEFAULT) is KINDS


def test_a_voted_policy_says_the_weights_of_the_kinds_that_it_names() -> None:
    assert weights(VOTED) == [Decimal(3), Decimal("0.5")]
    own = Scope(subjects=frozenset({"Физика"}), kinds=frozenset({"control"}))
    of_physics = with_special("means.weight", own, Decimal(5), VOTED)
    assert (weights(of_physics)[0], weights(of_physics, Place(7, "Химия"))[0]) == (Decimal(5), Decimal(3))


def test_without_weights_every_mark_weighs_one() -> None:
    unweighted = with_value("means.weighted", False, VOTED)
    assert weights(unweighted) == [Decimal(1), Decimal(1)]
    assert weight_in(unweighted, Place(kind="control")) == Decimal(1)
    assert weight_in(VOTED, Place(kind="control")) == Decimal(3)


def test_the_place_of_a_mark_names_a_kind_that_the_policy_knows() -> None:
    assert place_of(VOTED, 7, "Физика", "Контрольная работа") == Place(7, "Физика", "control")
    assert place_of(VOTED, None, "Физика", "Пересказ") == Place(None, "Физика", None)
    assert place_of(VOTED, 7, "Физика", None).kind is None
