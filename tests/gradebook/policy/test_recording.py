"""An adopted version never changes and never goes; of two drafts begun at once, one is made."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from services.gradebook.policy import queries, recording
from services.gradebook.policy.rules.defaults import default_policy
from tests.kit.databases import on_both

FIRST = default_policy(version=1)


@on_both
def test_a_second_draft_of_the_same_version_is_not_made(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        assert recording.new_draft(session, school.methodologist, FIRST)
        assert not recording.new_draft(session, school.methodologist, FIRST)


@on_both
def test_what_was_adopted_is_neither_changed_nor_removed_nor_adopted_again(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        recording.new_draft(session, school.methodologist, FIRST)
        (draft,) = queries.versions(session)
        recording.adopted(session, school.director, draft, dt.date(2026, 9, 1), "протокол № 1")
    with school.service.unit_of_work.of(school.id) as session:
        before = queries.versions(session)
        recording.changed_draft(session, school.methodologist, draft, replace(FIRST, kinds=()), "другое")
        recording.adopted(session, school.director, draft, dt.date(2026, 10, 1), "протокол № 2")
        recording.discarded_draft(session, draft)
        assert queries.versions(session) == before
        assert before[0].valid_from == dt.date(2026, 9, 1)
