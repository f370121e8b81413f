"""The weighted mean, against its definition and against what other systems printed."""

import json
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.marks.rules.cells import stored_marks
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.rules.scales import FIVE, ZERO
from services.gradebook.term_marks.rules.means import mean as mean_of
from services.gradebook.term_marks.views import mean as shown
from tests.shared import shared

WEIGHTS = st.integers(1, 10_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
MARKS = st.tuples(st.integers(1, 10).map(str), WEIGHTS)
TOKENS = st.tuples(st.sampled_from(["зач", "незач", "н/а", "осв"]), WEIGHTS)


def weighted_mean(marks: Iterable[tuple[str, Decimal]]) -> Explained[GivenMark]:
    """The mean of stored marks with the weights of their columns, where the school voted nothing."""
    given_marks = [mark for text, weight in marks for mark in stored_marks(text, FIVE, ZERO, weight)]
    return mean_of(given_marks, default_policy(), Place())


def reference(marks: list[tuple[str, Decimal]]) -> str:
    """The definition in exact fractions, rounded half up by whole numbers."""
    exact = Fraction(sum(int(mark) * Fraction(weight) for mark, weight in marks)) / sum(Fraction(w) for _, w in marks)
    hundredths = int(exact * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


@given(st.lists(MARKS, min_size=1, max_size=60))
def test_the_mean_is_the_exact_quotient_rounded_half_up(marks: list[tuple[str, Decimal]]) -> None:
    mean = shown(weighted_mean(marks))
    assert mean["value"] == reference(marks)
    assert Decimal(mean["numerator"]) == sum(int(mark) * weight for mark, weight in marks)
    assert Decimal(mean["denominator"]) == sum(weight for _, weight in marks)
    assert (mean["counted"], mean["left_out"]) == (len(marks), 0)


@given(st.lists(MARKS, min_size=1, max_size=60))
def test_the_mean_lies_between_the_lowest_and_the_highest_mark(marks: list[tuple[str, Decimal]]) -> None:
    numbers = [int(mark) for mark, _ in marks]
    figure = weighted_mean(marks).figure
    assert isinstance(figure, Decimal)
    assert min(numbers) <= figure <= max(numbers)


@given(st.lists(MARKS, min_size=1, max_size=30), st.lists(TOKENS, max_size=10), st.randoms())
def test_tokens_and_order_change_nothing(marks: list[Any], tokens: list[Any], shuffled: Any) -> None:
    mixed = marks + tokens
    shuffled.shuffle(mixed)
    mean = weighted_mean(mixed)
    assert mean.figure == weighted_mean(marks).figure
    assert (len(mean.used), len(mean.left_out)) == (len(marks), len(tokens))


@given(st.lists(MARKS, min_size=1, max_size=30), st.integers(2, 50))
def test_only_the_proportion_of_weights_matters(marks: list[tuple[str, Decimal]], factor: int) -> None:
    heavier = [(mark, weight * factor) for mark, weight in marks]
    assert weighted_mean(heavier).figure == weighted_mean(marks).figure


@pytest.mark.parametrize(
    ("marks", "value"),
    [
        ([("4", 1), ("5", 1)], "4.50"),
        ([("5", 3), ("2", 1)], "4.25"),
        ([("5", 1), ("4", 1), ("4", 1)], "4.33"),
        ([("5", 1), ("5", 1), ("4", 1)], "4.67"),
        ([("3", "0.995"), ("2", "0.005")], "3.00"),  # 2.995 exactly: half goes up
        ([("2", 199), ("3", 1)], "2.01"),  # 2.005 exactly, which a binary float takes for less
        ([("10", 1)], "10.00"),
    ],
)
def test_two_decimals_are_shown_and_half_goes_up(marks: list[Any], value: str) -> None:
    assert str(weighted_mean((mark, Decimal(weight)) for mark, weight in marks).figure) == value


def test_without_numbers_there_is_no_mean() -> None:
    assert weighted_mean([]).figure is None
    mean = shown(weighted_mean([("н/а", Decimal(1)), ("осв", Decimal(2))]))
    assert mean == {"value": None, "numerator": "0", "denominator": "0", "counted": 0, "left_out": 2}


def test_a_mark_without_weight_is_left_out() -> None:
    mean = weighted_mean([("5", Decimal(0)), ("3", Decimal(1))])
    assert (str(mean.figure), len(mean.used), [one.rule for one in mean.left_out]) == ("3.00", 1, ["no-weight"])


def test_two_marks_of_a_cell_count_each_and_a_sign_is_only_shown() -> None:
    mean = weighted_mean([("4/5", Decimal(2)), ("3-", Decimal(1))])
    assert (str(mean.figure), len(mean.used)) == ("4.20", 3)


def test_a_mark_of_a_scale_that_the_school_has_no_more_keeps_its_number() -> None:
    mean = weighted_mean([("10", Decimal(1)), ("5", Decimal(1)), ("A", Decimal(1))])
    assert (str(mean.figure), [str(one.item) for one in mean.left_out]) == ("7.50", ["A"])


def cases(name: str) -> list[dict[str, Any]]:
    path = shared(f"cases/{name}")
    found: list[dict[str, Any]] = json.loads(path.read_text())["cases"]
    return found


def test_means_that_another_system_printed_of_real_pupils() -> None:
    """Equal weights.

    Left out: rows that count a mark which is not on the sheet (flagged `mismatch`), and the weighted means of
    the same sheet, whose weights were not printed.
    """
    compared = 0
    for case in cases("netschool_period_means.json"):
        if case.get("mismatch") or not case["marks"]:
            continue
        # that school's export counts a 0, which is not on our scale: it keeps its number
        mean = weighted_mean((str(mark), Decimal(1)) for mark in case["marks"])
        printed = Decimal(str(case["expected_mean"]))
        assert mean.figure == printed.quantize(Decimal("0.01"), ROUND_HALF_UP), case
        compared += 1
    assert compared > 150


def plain_weighted_means() -> Iterator[tuple[list[tuple[str, Decimal]], Decimal]]:
    """Cases of one item to a weighted group; an item without score is no mark.

    A mark is a whole number, so the unit is one ten-thousandth of the item's points.
    """
    for case in cases("canvas_grade_calculator.json"):
        groups = case["groups"]
        plain = all(set(group) == {"weight", "items"} and len(group["items"]) == 1 for group in groups)
        items = [item for group in groups for item in group["items"]]
        if case["scheme"] != "percent" or not plain or any(set(item) != {"score", "possible"} for item in items):
            continue
        if sum(group["weight"] for group in groups) > 100 or "current" not in case["expect"]:
            continue  # there, what exceeds 100 is added on top; a mean has no such thing
        shares = [
            None if item["score"] is None else Fraction(str(item["score"])) / Fraction(str(item["possible"])) * 10_000
            for item in items
        ]
        if all(share is None or share.denominator == 1 for share in shares):
            weights = [Decimal(str(group["weight"])) for group in groups]
            marks = [(str(share), weight) for share, weight in zip(shares, weights) if share is not None]
            yield marks, Decimal(str(case["expect"]["current"]))


def test_weighted_means_that_a_grade_calculator_is_tested_with() -> None:
    """Only what a weighted mean of single marks covers.

    That is: not points, not means within a group, not items hidden, omitted or counted as 0 for being
    ungraded, not weights beyond 100, not fractions finer than our unit.
    """
    compared = 0
    for marks, expected in plain_weighted_means():
        figure = weighted_mean(marks).figure
        assert isinstance(figure, Decimal)
        assert (figure / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) == expected
        compared += 1
    assert compared >= 8
