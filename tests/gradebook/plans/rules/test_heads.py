"""Whom the methodologist may name as head of an association."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from uuid_utils.compat import uuid7

from kernel.errors import Invalid
from services.gradebook.plans.rules.heads import check_heads

ALGEBRA, PHYSICS = uuid7(), uuid7()


def test_a_head_may_be_given_any_subjects() -> None:
    check_heads(["plan_head", "teacher"], [ALGEBRA, PHYSICS], [])
    check_heads(["plan_head"], [], [])


def test_of_who_was_a_head_subjects_may_go() -> None:
    check_heads(["teacher"], [ALGEBRA], [ALGEBRA, PHYSICS])
    check_heads([], [], [ALGEBRA])


@pytest.mark.parametrize(("wanted", "present"), [([ALGEBRA], []), ([], []), ([ALGEBRA, PHYSICS], [ALGEBRA])])
def test_nobody_else_is_given_any(wanted: Collection[object], present: Collection[object]) -> None:
    with pytest.raises(Invalid) as refused:
        check_heads(["teacher"], wanted, present)  # type: ignore[arg-type]  # UUIDs, chosen by parameters
    assert (refused.value.rule, refused.value.field) == ("no-head", "person_id")
