"""A policy that a school of the town has voted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from kernel.auth import Actor
from services.gradebook.policy import queries, recording
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import Policy, Rule
from tests.kit.town import School


def vote(school: School, **rules: Any) -> None:
    """The school's policy says this on keeping the journal, as long as there are lessons."""
    usual = policy_with("five", "Europe/Moscow")
    keeping = replace(usual.keeping, **{name: Rule(value, VOTE) for name, value in rules.items()})
    adopt(
        school.town.gradebook, replace(usual, keeping=keeping), date(2020, 1, 1), school.methodologist, school.director
    )


def adopt(gradebook: Any, policy: Policy, valid_from: date, methodologist: Actor, director: Actor) -> None:
    """The school of these two adopts its first version, without the checks of the voting."""
    with gradebook.unit_of_work.of(methodologist.tenant) as session:
        recording.new_draft(session, methodologist, replace(policy, version=1))
        draft = queries.draft(session)
        assert draft is not None
        recording.adopted(session, director, draft, valid_from, "протокол № 1")
