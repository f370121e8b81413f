"""When a school may go over to another scale of marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kernel.errors import Invalid
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.policy import Policy, Rule, Scope, Special
from services.gradebook.voting.rules.scale_changes import Span, check_scale_change

QUARTERS = (
    Span("1-я четверть", date(2026, 9, 1), date(2026, 10, 25)),
    Span("2-я четверть", date(2026, 11, 2), date(2026, 12, 29)),
)
HALF_YEARS = (
    Span("1-е полугодие", date(2026, 9, 1), date(2026, 12, 29)),
    Span("2-е полугодие", date(2027, 1, 11), date(2027, 5, 26)),
)
TODAY, LAST = date(2026, 9, 20), date(2026, 9, 19)


def version(begins: date, code: str = "ten", **specials: str) -> Policy:
    """A version with this scale, and others for grades: `grade_11="letters"`."""
    special = [
        Special(Scope(grades=frozenset({int(name.removeprefix("grade_"))})), value, VOTE)
        for name, value in specials.items()
    ]
    policy = default_policy()
    scale = Rule(code, VOTE, tuple(special))
    return replace(policy, version=1, valid_from=begins, scales=replace(policy.scales, scale=scale))


def check(new: Policy, terms: tuple[Span, ...] = QUARTERS, last: date | None = LAST, *more: Policy) -> None:
    check_scale_change([default_policy(), *more], new, terms, last)


@pytest.mark.parametrize("day", [date(2026, 10, 26), date(2026, 11, 1), date(2026, 11, 2), date(2026, 12, 30)])
def test_another_scale_begins_between_terms_or_with_one(day: date) -> None:
    check(version(day))


@pytest.mark.parametrize("day", [TODAY, date(2026, 9, 2), date(2026, 10, 25)])
def test_another_scale_does_not_begin_while_a_term_with_marks_goes_on(day: date) -> None:
    with pytest.raises(Invalid) as refused:
        check(version(day))
    assert (refused.value.rule, refused.value.field) == ("scale-in-term", "valid_from")
    assert "“1-я четверть”" in str(refused.value)
    assert "may begin on 2026-10-26" in str(refused.value)


def test_terms_of_all_divisions_have_to_be_over() -> None:
    with pytest.raises(Invalid) as refused:
        check(version(date(2026, 11, 2)), (*QUARTERS, *HALF_YEARS))
    assert "“1-е полугодие”" in str(refused.value)
    assert "may begin on 2026-12-30" in str(refused.value)


def test_in_a_term_without_marks_another_scale_begins_with_the_term() -> None:
    """From today on would not do: a mark of yesterday's lesson, which goes by the scale of before, may still come."""
    for last in (None, date(2026, 5, 25)):
        check(version(date(2026, 9, 1)), last=last)
        with pytest.raises(Invalid) as refused:
            check(version(TODAY), last=last)
        assert "may begin on 2026-09-01" in str(refused.value)


def test_what_leaves_the_scales_as_they_are_begins_on_any_day() -> None:
    usual = default_policy().scales.scale.value
    check(version(TODAY, usual))
    check(version(TODAY, usual, grade_11=usual))
    check(version(date(2026, 9, 21)), QUARTERS, LAST, version(date(2026, 9, 1)))
    check(version(TODAY), QUARTERS, LAST, version(date(2026, 9, 1), usual), version(date(2026, 9, 10)))


def test_another_scale_of_one_grade_is_another_scale() -> None:
    usual = default_policy().scales.scale.value
    with pytest.raises(Invalid):
        check(version(TODAY, usual, grade_11="ten"))
    with pytest.raises(Invalid):
        check(version(TODAY, usual), QUARTERS, LAST, version(date(2026, 9, 1), usual, grade_11="ten"))


def test_a_version_replaces_one_that_begins_on_its_day() -> None:
    """It is compared with the one before both."""
    usual, day = default_policy().scales.scale.value, date(2026, 10, 1)
    check(version(day, usual), QUARTERS, LAST, version(day))
    with pytest.raises(Invalid):
        check(version(day), QUARTERS, LAST, version(day, usual))
