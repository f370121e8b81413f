"""A policy that a school of the town has voted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from services.gradebook.policy import queries, recording
from services.gradebook.policy.rules.defaults import VOTE, policy_with
from services.gradebook.policy.rules.policy import Rule
from tests.kit.town import School


def vote(school: School, **rules: Any) -> None:
    """The school's policy says this on keeping the journal, as long as there are lessons."""
    usual = policy_with("five", "Europe/Moscow")
    keeping = replace(usual.keeping, **{name: Rule(value, VOTE) for name, value in rules.items()})
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        recording.new_draft(session, school.methodologist, replace(usual, version=1, keeping=keeping))
        draft = queries.draft(session)
        assert draft is not None
        recording.adopted(session, school.director, draft, date(2020, 1, 1), "протокол № 1")
