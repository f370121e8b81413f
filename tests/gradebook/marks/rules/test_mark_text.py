"""A field for marks alone: what is taken, in which form it is stored, and what is refused and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.gradebook.marks import LONGEST
from kernel.errors import Invalid
from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.marks.rules.cells import mark_text, stored_marks
from services.gradebook.policy.rules.scales import (
    ECTS,
    FIVE,
    HUNDRED,
    LETTERS,
    SCALES,
    SIX,
    TWELVE,
    ZERO,
    Scale,
)

ONE, HALF = Decimal(1), Decimal("0.5")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("5", "5"),
        ("1", "1"),
        (" 4 ", "4"),
        ("зач", "зач"),
        ("Зач", "зач"),
        ("НЕЗАЧ", "незач"),
        ("н/а", "н/а"),
        ("Н/А", "н/а"),
        ("H/A", "н/а"),  # both letters Latin
        ("oсв", "осв"),  # the first letter Latin
        ("зaч", "зач"),  # the vowel Latin
        ("pfx", "зач"),  # typed with the Latin layout on, as are the next ones
        ("YTPFX", "незач"),
        ("jcd", "осв"),
        ("y/f", "н/а"),
        ("Y|F", "н/а"),
        ("4-", "4-"),
        ("4–", "4-"),
        ("5+", "5+"),
        ("5/5", "5/5"),
        ("3 4", "3/4"),
        ("4, зач", "4/зач"),
    ],
)
def test_a_mark_is_stored_in_one_way_of_writing_it(typed: str, stored: str) -> None:
    assert mark_text(typed, FIVE) == stored


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("0", "mark-off-scale"),
        ("6", "mark-off-scale"),
        ("05", "mark-off-scale"),
        ("4/6", "mark-off-scale"),
        ("5.0", "mark-with-fraction"),
        ("4,5", "mark-with-fraction"),
        ("-", "sign-alone"),
        ("зач-", "sign-refused"),
        ("", "mark-missing"),
        (" \ufeff", "mark-missing"),
        ("/", "separator-alone"),
        ("-1", "cell-unreadable"),
        ("٥", "cell-unreadable"),
        ("５", "cell-unreadable"),
        ("²", "cell-unreadable"),
        ("A", "cell-unreadable"),
        ("★", "cell-unreadable"),
        ("зач!", "cell-unreadable"),
        ("1e0", "cell-unreadable"),
        ("Н", "absence-in-mark"),
        ("y", "absence-in-mark"),  # Н, typed with the Latin layout on
        ("б", "absence-in-mark"),
        ("О 2", "absence-in-mark"),
        ("2 У", "absence-in-mark"),
        (".", "owed-work-in-mark"),
        ("5 .01.10.2026", "owed-work-in-mark"),
        ("1 2 3 4 5 1", "marks-too-long"),
        ("4\u200b5", "invisible-character"),
    ],
)
def test_anything_else_is_refused_by_name_of_field_and_rule(typed: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        mark_text(typed, FIVE, "marks.3.value")
    assert (refused.value.rule, refused.value.field) == (rule, "marks.3.value")


def test_the_day_of_the_lesson_gives_work_owed_its_year() -> None:
    with pytest.raises(Invalid) as refused:
        mark_text(".12.01", FIVE, day=date(2026, 9, 8))
    assert (refused.value.rule, refused.value.params) == (
        "owed-work-in-mark",
        {"piece": ".12.01.2027", "position": 0},
    )


def test_the_scale_is_the_schools() -> None:
    assert mark_text("6-", SIX) == "6-"
    assert mark_text("100", HUNDRED) == "100"
    assert mark_text("8/5", TWELVE) == "8/5"
    for typed, scale in (("6", FIVE), ("100-", HUNDRED), ("8 5", TWELVE)):
        with pytest.raises(Invalid):
            mark_text(typed, scale)


def test_letters_that_are_marks_are_meant_as_they_are_typed() -> None:
    assert mark_text("f", LETTERS) == "F"
    for typed in ("G", "pfx"):
        with pytest.raises(Invalid) as refused:
            mark_text(typed, LETTERS)
        assert refused.value.rule == "cell-unreadable"


def test_a_cell_keeps_ten_characters() -> None:
    assert mark_text("н/а, незач", FIVE) == "н/а/незач"
    assert mark_text("5- 4- зач", FIVE) == "5-/4-/зач"
    assert mark_text("5- 4 незач", FIVE) == "5-/4/незач"
    with pytest.raises(Invalid) as refused:
        mark_text("5- 4- незач", FIVE)
    assert refused.value.params == {"piece": "5-/4-/незач", "longest": 10}


@given(st.text(max_size=12) | st.text("12345зачнеосв/+- ", max_size=12))
def test_what_is_taken_fits_the_journal_and_is_taken_again_as_it_is(typed: str) -> None:
    try:
        stored = mark_text(typed, FIVE)
    except Invalid:
        return
    assert 0 < len(stored) <= LONGEST
    assert mark_text(stored, FIVE) == stored
    assert all(mark.state is not State.UNGRADED for mark in stored_marks(stored, FIVE, ZERO, ONE))


@pytest.mark.parametrize(
    ("stored", "numbers"),
    [
        ("5", [5]), ("4-", ["3.5"]), ("5+", [5]), ("4/5-", [4, "4.5"]), ("зач", [None]), ("н/а", [None]),
        ("4/зач", [4, None]),
    ],
)  # fmt: skip
def test_a_stored_mark_counts_by_the_scale_and_two_of_a_cell_each(stored: str, numbers: list[str | int | None]) -> None:
    expected = [None if number is None else Decimal(number) for number in numbers]
    assert [mark.number for mark in stored_marks(stored, FIVE, HALF, ONE)] == expected


def test_an_exemption_excuses_and_every_mark_has_the_weight_of_its_column() -> None:
    assert stored_marks("осв", FIVE, ZERO, HALF) == (GivenMark("осв", None, weight=HALF, state=State.EXCUSED),)
    assert [mark.weight for mark in stored_marks("4/5", FIVE, ZERO, HALF)] == [HALF, HALF]


def test_a_mark_of_a_scale_that_the_school_has_no_more_keeps_its_number() -> None:
    assert stored_marks("10", FIVE, ZERO, ONE) == (GivenMark("10", Decimal(10), weight=ONE),)
    assert stored_marks("A", FIVE, ZERO, ONE) == (GivenMark("A", None, weight=ONE),)
    assert stored_marks("A-", FIVE, ZERO, ONE) == (GivenMark("A-", None, weight=ONE),)
    assert stored_marks("6+", FIVE, HALF, ONE) == (GivenMark("6+", Decimal(6), weight=ONE),)


def test_of_a_stored_cell_only_the_entry_that_is_off_the_scale_is_taken_by_its_number() -> None:
    assert stored_marks("5-/12/осв/A", FIVE, HALF, HALF) == (
        GivenMark("5-", Decimal("4.5"), weight=HALF),
        GivenMark("12", Decimal(12), weight=HALF),
        GivenMark("осв", None, weight=HALF, state=State.EXCUSED),
        GivenMark("A", None, weight=HALF),
    )
    assert stored_marks("4/5-/н/а", TWELVE, ZERO, ONE) == (
        GivenMark("4", Decimal(4), weight=ONE),
        GivenMark("5-", Decimal(5), weight=ONE),
        GivenMark("н/а", None, weight=ONE),
    )


def test_a_letter_of_another_scale_is_no_absence() -> None:
    """The key of a Latin E has У on it, the code of an excused absence."""
    assert mark_text("E", ECTS) == "E"
    assert stored_marks("E/4", FIVE, ZERO, ONE) == (
        GivenMark("E", None, weight=ONE),
        GivenMark("4", Decimal(4), weight=ONE),
    )


@given(
    st.lists(st.from_regex(r"[1-5][+-]?|зач|н/а|осв", fullmatch=True), min_size=1, max_size=3),
    st.sampled_from(list(SCALES.values())),
)
def test_another_scale_changes_no_number_that_is_stored(entries: list[str], other: Scale) -> None:
    stored = "/".join(entries)
    assert stored_marks(stored, other, ZERO, ONE) == stored_marks(stored, FIVE, ZERO, ONE)
