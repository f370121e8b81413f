"""The share of a month that was missed: exact, of checked lessons, and over the limit only above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.attendance.codes.rules import Reason
from services.attendance.policy.rules import DEFAULT
from services.attendance.warnings.rules.shares import MonthShare, month_shares
from tests.attendance.lessons import LESSONS, lesson, lesson_id, lessons, policy, six_day_weeks

SEPTEMBER = date(2025, 9, 1)


def month(missed: int, checked: int, unchecked: int = 0, **voted: object) -> MonthShare:
    """The share of a September in which so many of the lessons were missed."""
    letters = "Н" * missed + "." * (checked - missed) + "?" * unchecked
    days = {date(2025, 9, 1 + start // 7): letters[start : start + 7] for start in range(0, len(letters), 7)}
    (share,) = month_shares(lessons(days), policy(**voted))
    return share


@pytest.mark.parametrize(
    ("missed", "checked", "percent", "procedure"),
    [
        (30, 100, "30.0", False),  # as much as the limit, not more
        (31, 100, "31.0", True),
        (29, 100, "29.0", False),
        (3, 10, "30.0", False),
        (4, 13, "30.8", True),
        (40, 133, "30.1", True),
        (1, 3, "33.3", True),
        (2, 3, "66.7", True),
        (1, 8, "12.5", False),
        (1, 80, "1.3", False),  # 1.25 exactly: half goes up
        (0, 26, "0.0", False),
        (26, 26, "100.0", True),
    ],
)
def test_more_than_thirty_per_cent_opens_a_procedure(missed, checked, percent, procedure):
    share = month(missed, checked)
    assert share.share == Fraction(missed, checked)
    assert (str(share.percent), share.procedure) == (percent, procedure)
    assert (len(share.missed), len(share.checked), share.unchecked) == (missed, checked, ())


def test_what_is_shown_as_thirty_per_cent_may_be_more():
    share = month(61, 203)
    assert (str(share.percent), share.share, share.procedure) == ("30.0", Fraction(61, 203), True)
    assert month(1, 3, month_share=Decimal("0.3333")).procedure
    assert not month(1, 3, month_share=Decimal("0.3334")).procedure


def test_unchecked_lessons_are_left_out_and_named():
    share = month(3, 9, unchecked=6)
    assert (share.share, str(share.percent), share.procedure) == (Fraction(1, 3), "33.3", True)
    assert share.unchecked == (
        *(lesson_id(date(2025, 9, 2), number) for number in (3, 4, 5, 6, 7)), lesson_id(date(2025, 9, 3), 1),
    )  # fmt: skip


def test_a_month_that_nobody_checked_has_no_share():
    share = month(0, 0, unchecked=5)
    assert (share.share, share.percent, share.procedure) == (None, None, False)
    assert (share.missed, share.checked, len(share.unchecked)) == ((), (), 5)


def test_without_lessons_there_are_no_months():
    assert month_shares([], DEFAULT) == ()


def test_a_month_is_of_the_calendar_and_named_by_its_first_day():
    said = {date(2025, 9, 30): "ННННН", date(2025, 10, 1): "У....", date(2025, 11, 5): "О.П.."}
    shares = month_shares(six_day_weeks(SEPTEMBER, date(2025, 11, 8), said), DEFAULT)
    assert [(one.month, len(one.missed), len(one.checked)) for one in shares] == [
        (date(2025, 9, 1), 5, 130), (date(2025, 10, 1), 1, 110), (date(2025, 11, 1), 0, 20),
    ]  # fmt: skip
    assert shares[1].missed == (lesson_id(date(2025, 10, 1), 1),)


def test_the_same_month_of_another_year_is_another_month():
    shares = month_shares(lessons({SEPTEMBER: "Н", date(2026, 9, 1): "."}), DEFAULT)
    assert [(one.month, one.share) for one in shares] == [(SEPTEMBER, 1), (date(2026, 9, 1), 0)]


def test_all_reasons_count_unless_the_school_votes_otherwise():
    records = lessons({SEPTEMBER: "НУБПО....."})
    (every,) = month_shares(records, DEFAULT)
    assert every.missed == tuple(lesson_id(SEPTEMBER, number) for number in (1, 2, 3))
    (unexcused,) = month_shares(records, policy(month_reasons=frozenset({Reason.UNEXCUSED})))
    assert (unexcused.missed, unexcused.share) == ((lesson_id(SEPTEMBER, 1),), Fraction(1, 10))


def test_the_limit_is_the_schools():
    assert not month(5, 10, month_share=Decimal("0.5")).procedure
    assert month(6, 10, month_share=Decimal("0.5")).procedure
    assert month(1, 10, month_share=Decimal(0)).procedure
    assert not month(0, 10, month_share=Decimal(0)).procedure


@given(LESSONS, st.randoms())
def test_the_order_of_records_does_not_matter(records, shuffled):
    mixed = records.copy()
    shuffled.shuffle(mixed)
    assert month_shares(mixed, DEFAULT) == month_shares(records, DEFAULT)


@given(LESSONS, st.dates(date(2025, 8, 25), date(2025, 12, 28)))
def test_an_unchecked_lesson_changes_nothing_but_the_unchecked_ones(records, day):
    unchecked = lesson(day, 50, "?")
    before, after = month_shares(records, DEFAULT), month_shares([*records, unchecked], DEFAULT)
    assert [replace(one, unchecked=()) for one in after if one.checked] == [
        replace(one, unchecked=()) for one in before if one.checked
    ]
    assert sum(len(one.unchecked) for one in after) == sum(len(one.unchecked) for one in before) + 1


@given(LESSONS)
def test_a_share_lies_between_none_and_all_and_names_lessons_of_its_month(records):
    days = {record.lesson_id: record.day for record in records}
    for one in month_shares(records, DEFAULT):
        assert one.share is None or 0 <= one.share <= 1
        assert set(one.missed) <= set(one.checked)
        assert {days[lesson].replace(day=1) for lesson in (*one.checked, *one.unchecked)} == {one.month}
        assert one.procedure == (one.share is not None and one.share > Fraction(3, 10))
