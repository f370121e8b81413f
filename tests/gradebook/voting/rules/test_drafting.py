"""Drafts begin as what holds, and say where each of their rules comes from."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid, NotFound
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.applied import with_kinds
from services.gradebook.policy.rules.diff import policy_changes
from services.gradebook.policy.rules.policy import NOT_YET, Kind, Place, Policy, rules_of
from services.gradebook.policy.rules.schema import dump_policy
from services.gradebook.voting.rules.drafting import drafted, with_rule
from tests.examples import examples
from tests.gradebook.policy.policies import DEFAULT, RULES, VOTE, grades, kinds, policies, with_special, with_value

ONE, HEAVY = Decimal(1), Decimal("2.5")
FIRST = replace(DEFAULT, version=1)


def weight(policy: Policy, kind: str) -> Decimal:
    return policy.means.weight.at(Place(7, "Физика", kind)).value


def test_the_first_draft_takes_over_the_schools_kinds_and_their_weights() -> None:
    draft = drafted(DEFAULT, [("Контрольная работа", HEAVY), ("Пересказ", ONE), ("Зачёт", HEAVY)], 1)
    assert (draft.version, draft.valid_from, draft.adopted_by) == (1, NOT_YET, "")
    assert draft.kinds == (*DEFAULT.kinds, Kind("Пересказ", "Пересказ"), Kind("Зачёт", "Зачёт"))
    assert [weight(draft, kind) for kind in ("control", "Пересказ", "Зачёт", "essay")] == [HEAVY, ONE, HEAVY, ONE]
    assert [special.source for special in draft.means.weight.specials] == [VOTE, VOTE]
    assert with_kinds(DEFAULT, []) == DEFAULT


def test_a_version_decides_the_kinds_that_it_names_and_no_others() -> None:
    applied = with_kinds(FIRST, [("Контрольная работа", HEAVY), ("Пересказ", HEAVY)])
    assert [weight(applied, kind) for kind in ("control", "Пересказ")] == [ONE, HEAVY]
    again = with_kinds(
        with_special("means.weight", kinds("control"), Decimal(3), DEFAULT), [("Контрольная работа", HEAVY)]
    )
    assert again.means.weight.specials[-1].value == HEAVY
    assert len(again.means.weight.specials) == 1, "a weight of the school takes the place of the one before"


def test_a_changed_rule_is_the_schools_vote_and_what_is_set_back_is_the_regulations() -> None:
    changed = with_rule(FIRST, "keeping.topic_days", 2)
    assert changed.keeping.topic_days.source == VOTE
    assert with_rule(changed, "keeping.topic_days", 0).keeping.topic_days == DEFAULT.keeping.topic_days
    cited = replace(FIRST, keeping=replace(FIRST.keeping, topic_days=replace(FIRST.keeping.topic_days, value=3,
                                                                             source=Source("приказ № 5"))))  # fmt: skip
    assert with_rule(cited, "keeping.topic_days", 3).keeping.topic_days.source == Source("приказ № 5")


def test_exceptions_are_set_together_and_keep_their_sources() -> None:
    minutes: list[dict[str, Any]] = [
        {"scope": {"grades": [2, 3]}, "value": 90},
        {"scope": {"grades": [4, 5]}, "value": 60},
    ]
    rule = with_rule(FIRST, "load.homework_minutes", 0, minutes).load.homework_minutes
    assert [(one.scope, one.value, one.source.act) for one in rule.specials] == [
        (grades(2, 3), 90, "sanpin"), (grades(4, 5), 60, "vote")
    ]  # fmt: skip
    assert rule.source == DEFAULT.load.homework_minutes.source
    assert with_rule(FIRST, "load.homework_minutes", 0).load.homework_minutes.specials == ()


def test_the_dictionary_of_kinds_is_drafted_as_a_rule() -> None:
    changed = with_rule(FIRST, "kinds", [{"code": "quiz", "name": "Опрос", "written": True}])
    assert changed.kinds == (Kind("quiz", "Опрос", written=True),)


@pytest.mark.parametrize("path", ["", "keeping", "keeping.nothing", "time_zone", "keeping.topic_days.value", "version"])
def test_there_is_no_other_rule(path: str) -> None:
    with pytest.raises(NotFound) as refused:
        with_rule(FIRST, path, 1)
    assert (refused.value.rule, refused.value.field) == ("no-such-rule", "path")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("keeping.topic_days", "2", "keeping.topic_days.value"),
        ("keeping.topic_days", None, "keeping.topic_days.value"),
        ("scales.sign", 0.5, "scales.sign.value"),
        ("terms.thresholds", [{"mark": 5}], "terms.thresholds.value.0.least"),
        ("kinds", [{"code": "quiz"}], "kinds.0.name"),
    ],
)
def test_a_value_of_another_form_is_refused_at_its_field(path: str, value: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        with_rule(FIRST, path, value)
    assert refused.value.faults[0].field == field


@settings(max_examples=examples(60))
@given(policies(), st.sampled_from(sorted(RULES)))
def test_a_rule_set_to_what_it_is_changes_at_most_its_source(policy: Policy, path: str) -> None:
    section, name = path.split(".")
    plain, rule = dump_policy(policy)[section][name], dict(rules_of(policy))[path]
    again = with_rule(policy, path, plain["value"], plain["specials"])
    said = dict(rules_of(again))[path]
    assert said.value == rule.value
    assert [(one.scope, one.value) for one in said.specials] == [(one.scope, one.value) for one in rule.specials]
    assert {change.path for change in policy_changes(policy, again)} <= {path}


def test_a_changed_value_differs_from_the_default() -> None:
    assert with_rule(DEFAULT, "keeping.edit_days", 7) == with_value("keeping.edit_days", 7)
