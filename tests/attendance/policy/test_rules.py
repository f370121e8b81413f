"""What a school may decide about absences, and what holds where it decided nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.attendance.codes.rules import OF_ABSENCE, Reason
from services.attendance.policy.rules import ALL, DEFAULT, Rule, at_least
from tests.attendance.lessons import policy


def test_the_defaults_are_the_usage_of_schools():
    assert DEFAULT.missed_day == Rule(ALL, "practice", "")
    assert DEFAULT.missed_week == Rule(ALL, "practice", "")
    assert DEFAULT.month_share == Rule(Decimal("0.30"), "practice", "")
    assert DEFAULT.month_reasons == Rule(frozenset({Reason.UNEXCUSED, Reason.EXCUSED, Reason.ILLNESS}), "practice", "")
    assert DEFAULT.run_length == Rule(3, "practice", "")


@pytest.mark.parametrize(
    ("rule", "missed", "checked", "holds"),
    [
        (ALL, 6, 6, True),
        (ALL, 5, 6, False),
        (ALL, 1, 1, True),
        (ALL, 0, 1, False),
        (ALL, 0, 0, False),
        (at_least(3), 3, 6, True),
        (at_least(3), 2, 6, False),
        (at_least(3), 4, 6, True),
        (at_least(3), 2, 2, True),
        (at_least(3), 1, 2, False),
        (at_least(3), 0, 0, False),
        (at_least(1), 1, 6, True),
        (at_least(1), 0, 6, False),
    ],
)
def test_a_day_is_missed_when_all_its_lessons_are_or_enough_of_them(rule, missed, checked, holds):
    assert rule.holds(missed, checked) is holds


@given(st.integers(1, 8), st.integers(1, 8), st.data())
def test_one_more_missed_lesson_never_makes_a_missed_day_attended(least, checked, data):
    missed = data.draw(st.integers(0, checked - 1))
    assert at_least(least).holds(missed, checked) <= at_least(least).holds(missed + 1, checked)
    assert ALL.holds(missed, checked) <= at_least(least).holds(missed, checked)


@pytest.mark.parametrize("number", [0, -1])
@pytest.mark.parametrize("field", ["missed_day", "missed_week", "run_length"])
def test_a_figure_below_one_is_refused(field, number):
    value = number if field == "run_length" else at_least(number)
    with pytest.raises(Invalid) as refusal:
        policy(**{field: value})
    assert (refusal.value.rule, refusal.value.field) == ("below-one", field)
    assert str(refusal.value) == f"At least 1, not {number}."


@pytest.mark.parametrize("share", ["-0.01", "1", "30"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(Invalid) as refusal:
        policy(month_share=Decimal(share))
    assert (refusal.value.rule, refusal.value.field) == ("month-share-out-of-range", "month_share")
    assert str(refusal.value) == f"The share of a month lies between 0 and 1, not {share}."


@pytest.mark.parametrize("reasons", [frozenset(), {Reason.SCHOOL_BUSINESS}, OF_ABSENCE | {Reason.SCHOOL_BUSINESS}])
def test_a_share_that_counts_no_absences_is_refused(reasons):
    with pytest.raises(Invalid) as refusal:
        policy(month_reasons=frozenset(reasons))
    assert (refusal.value.rule, refusal.value.field) == ("month-reasons-no-absence", "month_reasons")
    assert str(refusal.value) == "The share of a month counts absences; business of the school is none."


def test_the_edges_of_what_a_school_may_decide():
    voted = policy(missed_day=at_least(1), run_length=1, month_share=Decimal(0))
    assert (voted.run_length, voted.month_share.act) == (Rule(1, "vote"), "vote")
    assert policy(month_share=Decimal("0.99")).month_share.value == Decimal("0.99")
