"""The weighted mean, against its definition and against what other systems printed."""

import json
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.term_marks.rules.means import weighted_mean
from tests.shared import shared

WEIGHTS = st.integers(1, 10_000).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
MARKS = st.tuples(st.integers(1, 10).map(str), WEIGHTS)
TOKENS = st.tuples(st.sampled_from(["зач", "незач", "н/а", "осв"]), WEIGHTS)


def reference(marks: list[tuple[str, Decimal]]) -> str:
    """The definition in exact fractions, rounded half up by whole numbers."""
    exact = Fraction(sum(int(mark) * Fraction(weight) for mark, weight in marks)) / sum(Fraction(w) for _, w in marks)
    hundredths = int(exact * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02}"


@given(st.lists(MARKS, min_size=1, max_size=60))
def test_the_mean_is_the_exact_quotient_rounded_half_up(marks: list[tuple[str, Decimal]]) -> None:
    mean = weighted_mean(marks)
    assert str(mean.value) == reference(marks)
    assert mean.numerator == sum(int(mark) * weight for mark, weight in marks)
    assert mean.denominator == sum(weight for _, weight in marks)
    assert (mean.counted, mean.left_out) == (len(marks), 0)


@given(st.lists(MARKS, min_size=1, max_size=60))
def test_the_mean_lies_between_the_lowest_and_the_highest_mark(marks: list[tuple[str, Decimal]]) -> None:
    numbers = [int(mark) for mark, _ in marks]
    value = weighted_mean(marks).value
    assert value is not None
    assert min(numbers) <= value <= max(numbers)


@given(st.lists(MARKS, min_size=1, max_size=30), st.lists(TOKENS, max_size=10), st.randoms())
def test_tokens_and_order_change_nothing(marks: list[Any], tokens: list[Any], shuffled: Any) -> None:
    mixed = marks + tokens
    shuffled.shuffle(mixed)
    mean = weighted_mean(mixed)
    assert mean.value == weighted_mean(marks).value
    assert (mean.counted, mean.left_out) == (len(marks), len(tokens))


@given(st.lists(MARKS, min_size=1, max_size=30), st.integers(2, 50))
def test_only_the_proportion_of_weights_matters(marks: list[tuple[str, Decimal]], factor: int) -> None:
    heavier = [(mark, weight * factor) for mark, weight in marks]
    assert weighted_mean(heavier).value == weighted_mean(marks).value


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
    assert str(weighted_mean((mark, Decimal(weight)) for mark, weight in marks).value) == value


def test_without_numbers_there_is_no_mean() -> None:
    assert weighted_mean([]).value is None
    mean = weighted_mean([("н/а", Decimal(1)), ("осв", Decimal(2))])
    assert (mean.value, mean.counted, mean.left_out) == (None, 0, 2)


def test_a_mark_without_weight_is_left_out_and_one_taken_back_is_no_mark() -> None:
    mean = weighted_mean([("5", Decimal(0)), ("3", Decimal(1)), (None, Decimal(1))])
    assert (str(mean.value), mean.counted, mean.left_out) == ("3.00", 1, 1)


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
        # that school's export counts a 0; in ours it is not on the scale, and the mean does not mind
        mean = weighted_mean((str(mark), Decimal(1)) for mark in case["marks"])
        printed = Decimal(str(case["expected_mean"]))
        assert mean.value == printed.quantize(Decimal("0.01"), ROUND_HALF_UP), case
        compared += 1
    assert compared > 150


def plain_weighted_means() -> Iterator[tuple[list[tuple[str | None, Decimal]], Decimal]]:
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
            marks = [(None if share is None else str(share), weight) for share, weight in zip(shares, weights)]
            yield marks, Decimal(str(case["expect"]["current"]))


def test_weighted_means_that_a_grade_calculator_is_tested_with() -> None:
    """Only what a weighted mean of single marks covers.

    That is: not points, not means within a group, not items hidden, omitted or counted as 0 for being
    ungraded, not weights beyond 100, not fractions finer than our unit.
    """
    compared = 0
    for marks, expected in plain_weighted_means():
        value = weighted_mean(marks).value
        assert value is not None
        assert (value / 100).quantize(Decimal("0.01"), ROUND_HALF_UP) == expected
        compared += 1
    assert compared >= 8
