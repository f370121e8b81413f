"""Shares and their rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.statistics.rules.shares import Share, half_up, share_of


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        (Fraction(1, 8), "0.13"),
        (Fraction(-1, 8), "-0.12"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 3), "0.33"),
        (Fraction(5), "5.00"),
        (Fraction(0), "0.00"),
        (Fraction("79.994999"), "79.99"),
        (Fraction("79.995"), "80.00"),
    ],
)
def test_a_figure_has_two_decimals_and_half_goes_up(exact, shown):
    assert str(half_up(exact)) == shown


@given(st.fractions(-1000, 1000))
def test_rounding_moves_a_figure_by_half_a_hundredth_at_most_and_upwards_where_it_is_half(exact):
    difference = Fraction(half_up(exact)) - exact
    assert Fraction(-1, 200) < difference <= Fraction(1, 200)


def test_a_share_knows_both_numbers_and_its_percentage():
    share = Share(Decimal("17.5"), Decimal(24))
    assert (share.exact, share.percent, str(share)) == (Fraction(35, 48), Decimal("72.92"), "17.5/24")
    assert share.sentence.said("ru") == "17,5 из 24, то есть 72,92 %"
    assert share.sentence.said("en") == "17.5 of 24, that is 72.92 %"


def test_there_is_no_share_of_nothing():
    share = share_of(0, 0)
    assert (share.exact, share.percent) == (None, None)
    assert share.sentence.said("ru") == "0 из 0: доли нет"
    assert share.sentence.said("en") == "0 of 0: there is no share"


def test_a_share_of_none_is_a_share():
    assert (share_of(0, 4).exact, share_of(0, 4).percent) == (0, Decimal("0.00"))
