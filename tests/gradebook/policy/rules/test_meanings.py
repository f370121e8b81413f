"""What each rule does is said in a sentence, with its present value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from kernel.phrases import LANGUAGES
from services.gradebook.policy.rules.meanings import MEANINGS, meaning
from services.gradebook.policy.rules.policy import Handling, Policy, rules_of
from tests.gradebook.policy.policies import DEFAULT, RULES, policies

KINDS = {kind.code: kind.name for kind in DEFAULT.kinds}


def test_every_rule_has_a_sentence_of_its_own() -> None:
    assert set(MEANINGS) == {*RULES, "kinds"}
    for language in LANGUAGES:
        said = [meaning(path, rule.value, KINDS).said(language) for path, rule in RULES.items()]
        assert len(set(said)) == len(said)
        assert all(one.endswith(".") and one[0].isupper() for one in said)


@given(policies())
def test_every_value_can_be_said_in_both_languages(policy: Policy) -> None:
    for path, rule in rules_of(policy):
        sentence = meaning(path, rule.value, KINDS)
        assert all("{value}" not in sentence.said(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("keeping.homework_days", 0, "в день урока"),
        ("keeping.homework_days", 30, "не позже 30-го учебного дня после урока"),
        ("keeping.edit_days", 366, "пока не закрыт её период"),
        ("keeping.edit_days", 400, "пока не закрыт её период"),
        ("keeping.edit_days", 14, "календарных дней: 14"),
        ("keeping.teachers_enter_absences", True, "и учитель на своём уроке"),
        ("keeping.teachers_enter_absences", False, "только классный руководитель"),
        ("means.ungraded", Handling.ZERO, "как ноль"),
        ("means.ungraded", Handling.LEFT_OUT, "не входит"),
        ("terms.disputed", Decimal("0.1"), "не больше чем 0,1 балла"),
        ("terms.disputed", Decimal("0.00"), "Спорной зоны нет"),
        ("load.control_works_a_day", 9, "не больше чем 9"),
    ],
)
def test_the_sentence_is_that_of_the_value(path: str, value: Any, said: str) -> None:
    assert said in meaning(path, value, KINDS).said("ru")
