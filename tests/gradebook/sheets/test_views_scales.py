"""The grid says of each kind of work which marks its scale has, for a choice by finger."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from services.gradebook.marks.queries import Kind
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.sheets.views import kinds
from tests.gradebook.policy import policies
from tests.gradebook.policy.policies import DEFAULT, with_special, with_value

CONTROL = Kind(UUID(int=1), "Контрольная работа", Decimal(2))
RETOLD = Kind(UUID(int=2), "Пересказ", Decimal(1))


def marks(policy: Policy) -> list[str]:
    return [" ".join(one["marks"]) for one in kinds([CONTROL, RETOLD], policy, 7, "Физика")]


def test_the_best_mark_comes_first() -> None:
    assert marks(DEFAULT) == ["5 4 3 2 1", "5 4 3 2 1"]
    assert marks(with_value("scales.scale", "letters", DEFAULT))[0] == "A B C D F"


def test_a_kind_with_a_scale_of_its_own_has_its_marks() -> None:
    assert marks(with_special("scales.scale", policies.kinds("control"), "pass_fail")) == ["зач незач", "5 4 3 2 1"]
