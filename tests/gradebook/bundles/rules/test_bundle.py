"""What of an imported bundle the gradebook can keep."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.bundles.rules.bundle import bundle_mark, bundle_scale, bundle_weight, idle_years, membership_id
from services.gradebook.policy.rules.scales import FIVE, FIVE_WITH_ZERO, FIVE_WITHOUT_ONE, Scale, scale_of_numbers


def work(lowest: str | None, highest: str | None) -> dict[str, Any]:
    return {"id": uuid4(), "min": lowest, "max": highest, "line": 2}


def scale_of(*works: dict[str, Any], present: Scale = FIVE) -> tuple[Scale, list[str]]:
    """The scale, and the rules that the columns left out break."""
    scale, left_out = bundle_scale(works, present)
    assert set(left_out) <= {one["id"] for one in works}
    return scale, [one.rule for one in left_out.values()]


def mark(value: str | None, status: str = "fully graded", comment: str = "") -> dict[str, Any]:
    return {"value": value, "status": status, "comment": comment}


def test_a_year_without_courses_is_left_out_where_the_school_keeps_one_for_its_days() -> None:
    year = {"id": uuid4(), "starts_on": date(2026, 9, 1), "ends_on": date(2027, 8, 31)}
    ours = {uuid4(): (date(2026, 9, 1), date(2027, 5, 25))}
    assert idle_years([year], (), ours) == {year["id"]}
    assert idle_years([year], {year["id"]}, ours) == set(), "its courses go by it"
    assert idle_years([year], (), ours | {year["id"]: (date(2026, 9, 1), date(2027, 8, 31))}) == set(), "it is kept"
    assert idle_years([year], (), {uuid4(): (date(2025, 9, 1), date(2026, 8, 31))}) == set()


def test_the_scale_is_what_the_line_items_name() -> None:
    found = scale_of(work("0", "10"), work("0.0", "10.00"), work(None, "7"), work(None, None))
    assert found == (scale_of_numbers(0, 10), [])


def test_a_scale_may_begin_with_any_whole_number() -> None:
    for lowest, scale in enumerate((FIVE_WITH_ZERO, FIVE, FIVE_WITHOUT_ONE)):
        assert scale_of(work(str(lowest), "5")) == (scale, [])


def test_line_items_without_scale_change_nothing() -> None:
    assert scale_of() == (FIVE, [])
    assert scale_of(work(None, None), work("1", None)) == (FIVE, [])


def test_of_several_scales_the_present_one_stays_else_that_of_most_line_items() -> None:
    ten, hundred = work("1", "10"), work("0", "100")
    assert scale_of(work("1", "5"), ten, ten, hundred) == (FIVE, ["other-scale"] * 2)
    assert scale_of(work("1", "10"), work("1", "10"), hundred) == (scale_of_numbers(1, 10), ["other-scale"])


def test_a_delta_does_not_change_the_scale_of_the_school():
    ten = {**work("1", "10"), "partial": True}
    assert scale_of(ten) == (FIVE, ["other-scale"])


@pytest.mark.parametrize(
    ("lowest", "highest"), [("0.5", "5"), ("1", "5.5"), ("5", "5"), ("5", "1"), ("-1", "5"), ("0", "1000")]
)
def test_a_scale_is_of_whole_numbers_that_a_cell_can_hold(lowest: str, highest: str) -> None:
    assert scale_of(work(lowest, highest), work("1", "5")) == (FIVE, ["scale-not-whole"])
    assert scale_of(work(lowest, highest)) == (FIVE, ["scale-not-whole"])


def test_a_weight_that_is_not_named_stays() -> None:
    assert bundle_weight(None, Decimal("2.5")) == Decimal("2.5")
    assert bundle_weight("0", Decimal(1)) == 0


@pytest.mark.parametrize(("given_", "kept"), [("1", "1.000"), ("0.0005", "0.001"), ("2.0004", "2.000")])
def test_a_weight_keeps_three_decimals(given_: str, kept: str) -> None:
    assert str(bundle_weight(given_, Decimal(1))) == kept


@pytest.mark.parametrize("given_", ["-0.001", "10000", "1e30"])
def test_a_weight_out_of_range_is_refused(given_: str) -> None:
    with pytest.raises(Invalid) as refused:
        bundle_weight(given_, Decimal(1))
    assert refused.value.rule == "weight-out-of-range"


def test_a_result_is_a_mark_of_the_scale_with_its_comment() -> None:
    assert bundle_mark(mark("4", comment="good"), "li-1", 7, FIVE) == ("4", "good")
    assert bundle_mark(mark("ЗАЧ"), "li-1", None, FIVE) == ("зач", "")
    assert bundle_mark(mark("4-"), "li-1", 7, FIVE) == ("4-", "")


def test_a_result_without_value_is_no_mark_unless_the_student_is_exempt() -> None:
    assert bundle_mark(mark(None, "not submitted"), "li-1", 7, FIVE) is None
    assert bundle_mark(mark(None, "exempt"), "li-1", 7, FIVE) == ("осв", "")
    assert bundle_mark(mark("3", "exempt"), "li-1", 7, FIVE) == ("3", "")


def test_grade_one_has_no_marks_not_even_an_exemption() -> None:
    assert bundle_mark(mark(None), "li-1", 1, FIVE) is None
    for given_ in (mark("5"), mark(None, "exempt")):
        with pytest.raises(Invalid, match="li-1") as refused:
            bundle_mark(given_, "li-1", 1, FIVE)
        assert refused.value.rule == "no-marks-in-grade-1"


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("4.5", "mark-with-fraction"),
        ("6", "mark-off-scale"),
        ("0", "mark-off-scale"),
        ("A", "cell-unreadable"),
        ("Н", "absence-in-mark"),
        (".", "owed-work-in-mark"),
        (" ", "mark-missing"),
        ("5/5/5/5/5/5", "marks-too-long"),
    ],
)
def test_a_value_that_is_no_mark_is_refused_by_the_line_item(value: str, rule: str) -> None:
    with pytest.raises(Invalid, match="li-1") as refused:
        bundle_mark(mark(value), "li-1", 7, FIVE)
    assert (refused.value.rule, refused.value.field) == (rule, "score")


def test_a_comment_that_cannot_be_kept_is_refused() -> None:
    assert bundle_mark(mark("4", comment="x" * 500), "li-1", 7, FIVE) == ("4", "x" * 500)
    with pytest.raises(Invalid) as refused:
        bundle_mark(mark("4", comment="x" * 501), "li-1", 7, FIVE)
    assert refused.value.rule == "comment-too-long"


@given(st.integers(0, 50), st.integers(0, 50))
def test_times_in_a_course_have_ids_of_their_own_the_same_in_every_bundle(first: int, second: int) -> None:
    course_id, student_id = uuid4(), uuid4()
    one, other = membership_id(course_id, student_id, first), membership_id(course_id, student_id, second)
    assert (one == other) is (first == second)
    assert membership_id(uuid4(), student_id, first) != one
