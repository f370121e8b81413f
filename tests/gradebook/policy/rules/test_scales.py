"""Scales of marks: what is on them, what signs are worth, and which mark is which elsewhere."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy, policy_with
from services.gradebook.policy.rules.policy import Place
from services.gradebook.policy.rules.scales import (
    CONVERSIONS,
    ECTS,
    FIVE,
    FIVE_BEST_ONE,
    FIVE_WITH_ZERO,
    LETTERS,
    NO_TABLE,
    OFF_SCALE,
    PASS_FAIL,
    SCALES,
    SIGN_REFUSED,
    SIX,
    TWELVE,
    WORDS,
    Scale,
    ScaleMark,
    by_passing,
    converted,
    mark_on,
    number_of,
    scale_at,
    scale_of_numbers,
    shown_number,
    whole_numbers,
)

HALF = Decimal("0.5")
SIGNED = [scale for scale in SCALES.values() if scale.signed]
SIGNS_BY_WORTH = ("-", "", "+")
TABLES = sorted(CONVERSIONS)

every_scale = pytest.mark.parametrize("scale", SCALES.values(), ids=list(SCALES))
every_table = pytest.mark.parametrize(("source", "target"), TABLES, ids=[f"{one}-to-{other}" for one, other in TABLES])


@pytest.mark.parametrize(
    ("code", "marks", "span", "least_pass", "signed"),
    [
        ("five", "1 2 3 4 5", "1–5", "3", True),
        ("five_without_one", "2 3 4 5", "2–5", "3", True),
        ("five_with_zero", "0 1 2 3 4 5", "0–5", "3", True),
        ("five_best_one", "5 4 3 2 1", "5–1", "4", True),
        ("six", "1 2 3 4 5 6", "1–6", "2", True),
        ("ten", "1 2 3 4 5 6 7 8 9 10", "1–10", "4", False),
        ("twelve", "1 2 3 4 5 6 7 8 9 10 11 12", "1–12", "4", False),
        ("hundred", " ".join(map(str, range(101))), "0–100", "51", False),
        ("pass_fail", "незач зач", "незач–зач", "зач", False),
        ("letters", "F D C B A", "F–A", "D", True),
        ("ects", "F FX E D C B A", "F–A", "E", False),
    ],
)
def test_a_scale_runs_from_the_worst_mark_to_the_best(
    code: str, marks: str, span: str, least_pass: str, signed: bool
) -> None:
    scale = SCALES[code]
    texts = [mark.text for mark in scale.marks]
    assert (scale.code, texts, scale.span, scale.signed) == (code, marks.split(), span, signed)
    passing = texts.index(least_pass)
    assert [mark.passes for mark in scale.marks] == [place >= passing for place in range(len(texts))]


def test_a_scale_of_whole_numbers_may_run_up_or_down() -> None:
    assert whole_numbers(2, 4, 3) == (
        ScaleMark("2", Decimal(2), False), ScaleMark("3", Decimal(3), True), ScaleMark("4", Decimal(4), True)
    )  # fmt: skip
    assert whole_numbers(6, 4, 5) == (
        ScaleMark("6", Decimal(6), False), ScaleMark("5", Decimal(5), True), ScaleMark("4", Decimal(4), True)
    )  # fmt: skip
    assert [mark.text for mark in whole_numbers(0, 2, 1)] == ["0", "1", "2"]


def test_whole_numbers_of_which_nobody_says_what_passes_say_nothing_of_it() -> None:
    assert [mark.passes for mark in whole_numbers(0, 2, None)] == [None, None, None]


@pytest.mark.parametrize(
    ("lowest", "highest", "code"),
    [(1, 5, "five"), (2, 5, "five_without_one"), (0, 5, "five_with_zero"), (1, 6, "six"), (1, 10, "ten"),
     (1, 12, "twelve"), (0, 100, "hundred")],
)  # fmt: skip
def test_a_scale_of_whole_numbers_is_the_one_that_has_a_name(lowest: int, highest: int, code: str) -> None:
    assert scale_of_numbers(lowest, highest) is SCALES[code]


@pytest.mark.parametrize(("lowest", "highest"), [(0, 20), (3, 4), (0, 999)])
def test_other_whole_numbers_are_a_scale_of_their_own_that_a_policy_finds_by_its_code(
    lowest: int, highest: int
) -> None:
    scale = scale_of_numbers(lowest, highest)
    assert scale is scale_of_numbers(lowest, highest)
    assert [mark.number for mark in scale.marks] == list(range(lowest, highest + 1))
    assert (scale.signed, scale.votable, {mark.passes for mark in scale.marks}) == (False, False, {None})
    assert scale_at(policy_with(scale.code, "Europe/Samara"), Place()) is scale
    assert (scale.name.ru, scale.name.en) == (f"от {lowest} до {highest}", f"from {lowest} to {highest}")


def test_a_policy_finds_its_scale_by_its_name_and_no_other() -> None:
    assert scale_at(default_policy(), Place()) is FIVE
    for code in ("seven", "1-", "0-1000", "1–5"):
        with pytest.raises(KeyError, match=code):
            scale_at(policy_with(code, "Europe/Samara"), Place())


def test_letters_alone_are_scales_in_latin() -> None:
    assert [code for code, scale in SCALES.items() if scale.is_latin] == ["letters", "ects"]


def test_three_scales_have_numbers_of_several_digits() -> None:
    assert [code for code, scale in SCALES.items() if scale.has_long_numbers] == ["ten", "twelve", "hundred"]
    assert scale_of_numbers(1, 15).has_long_numbers
    assert scale_of_numbers(10, 1).has_long_numbers


@pytest.mark.parametrize(("text", "number"), [("5", 5), ("10", 10), ("4-", None), ("зач", None), (None, None)])
def test_a_mark_shows_a_whole_number_or_none(text: str | None, number: int | None) -> None:
    assert shown_number(text) == number


def test_there_are_these_scales_and_each_has_a_name_of_its_own_in_both_languages() -> None:
    assert [(scale.name.ru, scale.name.en) for scale in SCALES.values()] == [
        ("пятибалльная", "five points"),
        ("пятибалльная без единицы", "five points without 1"),
        ("пятибалльная с нулём", "five points with 0"),
        ("пятибалльная, лучшая — единица", "five points, 1 is best"),
        ("шестибалльная", "six points"),
        ("десятибалльная", "ten points"),
        ("двенадцатибалльная", "twelve points"),
        ("стобалльная", "hundred points"),
        ("зачёт и незачёт", "pass or fail"),
        ("буквенная", "letters"),
        ("буквенная ECTS", "ECTS letters"),
    ]


def test_the_default_policys_scale_has_a_one() -> None:
    assert SCALES[default_policy().scales.scale.value] is FIVE
    assert mark_on(FIVE, "1") == ("1", Decimal(1), False)
    assert mark_on(FIVE, "0") is None


def test_four_words_stand_beside_every_scale() -> None:
    assert {word.text: word.passes for word in WORDS} == {"зач": True, "незач": False, "н/а": False, "осв": None}


@every_scale
def test_every_scale_has_the_words_beside_its_marks_and_they_have_no_number(scale: Scale) -> None:
    for word in WORDS:
        assert mark_on(scale, word.text) == word
        assert number_of(scale, word.text) is None


@every_scale
def test_a_mark_counts_as_its_number(scale: Scale) -> None:
    for mark in scale.marks:
        assert number_of(scale, mark.text) == mark.number
        if mark.text.isdecimal():
            assert mark.number == int(mark.text)


def test_letters_count_grade_points_and_ects_letters_count_nothing() -> None:
    assert [number_of(LETTERS, letter) for letter in "ABCDF"] == [4, 3, 2, 1, 0]
    assert {number_of(ECTS, mark.text) for mark in ECTS.marks} == {None}


@pytest.mark.parametrize(
    ("scale", "typed", "mark"),
    [
        (FIVE, "ЗАЧ", "зач"),
        (FIVE, "Незач", "незач"),
        (FIVE, "OCB", "осв"),  # Latin throughout
        (FIVE, "зaч", "зач"),  # Latin a in the middle
        (FIVE, "H/a", "н/а"),
        (LETTERS, "b", "B"),
        (LETTERS, "В", "B"),  # Cyrillic
        (ECTS, "FХ", "FX"),  # Cyrillic Х
    ],
)
def test_a_mark_is_read_by_its_look(scale: Scale, typed: str, mark: str) -> None:
    found = mark_on(scale, typed)
    assert found is not None
    assert found.text == mark


@pytest.mark.parametrize(
    ("scale", "text", "sign", "step", "number"),
    [
        (FIVE, "4", "+", "0", "4"),
        (FIVE, "4", "-", "0", "4"),
        (FIVE, "4", "+", "0.5", "4.5"),
        (FIVE, "4", "-", "0.5", "3.5"),
        (FIVE, "4", "", "0.5", "4"),
        (FIVE, "4", "-", "0.25", "3.75"),
        (FIVE, "5", "+", "0.5", "5"),
        (FIVE, "5", "-", "0.5", "4.5"),
        (FIVE, "1", "-", "0.5", "1"),
        (FIVE_WITH_ZERO, "0", "-", "0.5", "0"),
        (FIVE_WITH_ZERO, "1", "-", "0.5", "0.5"),
        # where 1 is the best, a minus adds: Bakaláři prints 3- as 3.5
        (FIVE_BEST_ONE, "3", "-", "0.5", "3.5"),
        (FIVE_BEST_ONE, "3", "+", "0.5", "2.5"),
        (FIVE_BEST_ONE, "1", "+", "0.5", "1"),
        (FIVE_BEST_ONE, "5", "-", "0.5", "5"),
        (SIX, "2", "+", "0.5", "2.5"),
        (SIX, "6", "+", "0.5", "6"),
        (LETTERS, "A", "-", "0.33", "3.67"),
        (LETTERS, "B", "+", "0.33", "3.33"),
        (LETTERS, "A", "+", "0.33", "4"),
        (LETTERS, "F", "-", "0.33", "0"),
    ],
)
def test_a_sign_moves_a_mark_by_the_schools_step_and_never_off_the_scale(
    scale: Scale, text: str, sign: str, step: str, number: str
) -> None:
    assert number_of(scale, text, sign, Decimal(step)) == Decimal(number)


@pytest.mark.parametrize("scale", SIGNED, ids=[scale.code for scale in SIGNED])
@given(thousandths=st.integers(0, 500))
def test_a_better_mark_never_counts_as_a_worse_one(scale: Scale, thousandths: int) -> None:
    step = Decimal(thousandths).scaleb(-3)
    written = [(mark.text, sign) for mark in scale.marks for sign in SIGNS_BY_WORTH]
    numbers = [number_of(scale, text, sign, step) for text, sign in written]
    assert None not in numbers
    rising = numbers if scale is not FIVE_BEST_ONE else numbers[::-1]
    assert rising == sorted(number for number in numbers if number is not None)
    assert (numbers[0], numbers[-1]) == (scale.marks[0].number, scale.marks[-1].number)


@pytest.mark.parametrize(
    ("scale", "text", "mark"),
    [(TWELVE, "9", "9"), (FIVE, "ЗАЧ", "зач"), (PASS_FAIL, "зач", "зач"), (ECTS, "a", "A"), (LETTERS, "осв", "осв")],
)
def test_a_sign_is_refused_where_the_scale_has_none_and_after_a_word(scale: Scale, text: str, mark: str) -> None:
    with pytest.raises(Invalid) as caught:
        number_of(scale, text, "+", HALF)
    assert (caught.value.rule, caught.value.field) == ("sign-refused", "value")
    assert str(caught.value) == f"The sign + may not follow {mark}."


@pytest.mark.parametrize(
    ("scale", "text", "span"),
    [(FIVE, "0", "1–5"), (FIVE, "6", "1–5"), (FIVE, "05", "1–5"), (FIVE_BEST_ONE, "0", "5–1"), (ECTS, "G", "F–A"),
     (FIVE, "", "1–5"), (FIVE, "4.5", "1–5"), (FIVE, "٣", "1–5"), (PASS_FAIL, "5", "незач–зач")],
)  # fmt: skip
def test_what_is_not_on_the_scale_counts_as_nothing_but_is_refused(scale: Scale, text: str, span: str) -> None:
    assert mark_on(scale, text) is None
    with pytest.raises(Invalid) as caught:
        number_of(scale, text)
    assert (caught.value.rule, caught.value.field) == ("mark-off-scale", "value")
    assert str(caught.value) == f"There is no mark {text} on the scale {span}."


def test_refusals_are_said_in_both_languages() -> None:
    assert OFF_SCALE.phrase(piece="7", span="1–5").said("ru") == "Отметки «7» нет на шкале 1–5."
    assert SIGN_REFUSED.phrase(mark="зач", sign="+").said("ru") == "После «зач» знак «+» не ставится."
    no_table = NO_TABLE.phrase(span="1–12", other="1–6")
    assert no_table.said("ru") == "Нет таблицы, по которой отметки шкалы 1–12 переводятся в шкалу 1–6."
    assert no_table.said("en") == "There is no table by which marks of the scale 1–12 become marks of the scale 1–6."


@every_table
def test_a_table_has_every_mark_of_its_scale_and_gives_only_marks_of_the_other(source: str, target: str) -> None:
    table = CONVERSIONS[source, target].table
    assert list(table) == [mark.text for mark in SCALES[source].marks]
    assert set(table.values()) <= {mark.text for mark in SCALES[target].marks}


@every_table
def test_a_better_mark_is_never_converted_to_a_worse_one(source: str, target: str) -> None:
    order = [mark.text for mark in SCALES[target].marks]
    places = [order.index(converted(mark.text, source, target)) for mark in SCALES[source].marks]
    assert places == sorted(places)
    assert places[-1] > places[0]


@every_table
def test_what_passes_on_the_one_scale_passes_on_the_other(source: str, target: str) -> None:
    for mark in SCALES[source].marks:
        there = mark_on(SCALES[target], converted(mark.text, source, target))
        assert there is not None
        assert there.passes == mark.passes, mark.text


@pytest.mark.parametrize("code", [code for code, target in TABLES if target == "five" and ("five", code) in TABLES])
def test_a_mark_from_2_to_5_comes_back_as_itself(code: str) -> None:
    for mark in "2345":
        assert converted(converted(mark, "five", code), code, "five") == mark


def test_both_directions_exist_where_somebody_publishes_both() -> None:
    to_five = {source for source, target in TABLES if target == "five"}
    from_five = {target for source, target in TABLES if source == "five"}
    assert to_five == {"five_without_one", "five_best_one", "six", "ten", "twelve", "hundred", "letters", "ects"}
    assert from_five == to_five - {"hundred", "ects"} | {"pass_fail"}
    assert {source for source, target in TABLES if target == "pass_fail"} == set(SCALES) - {"pass_fail"}
    assert len(TABLES) == 8 + 6 + 10


@pytest.mark.parametrize(
    ("source", "target", "marks", "others"),
    [
        ("twelve", "five", "1 2 3 4 5 6 7 8 9 10 11 12", "2 2 2 3 3 3 4 4 4 5 5 5"),
        ("five", "twelve", "1 2 3 4 5", "1 2 5 8 11"),
        ("ten", "five", "1 2 3 4 5 6 7 8 9 10", "2 2 2 3 3 4 4 5 5 5"),
        ("five", "ten", "1 2 3 4 5", "1 1 4 6 8"),
        ("hundred", "five", "0 50 51 70 71 84 85 100", "2 2 3 3 4 4 5 5"),
        ("six", "five", "1 2 3 4 5 6", "2 3 3 4 5 5"),
        ("five", "six", "1 2 3 4 5", "1 1 3 4 5"),
        ("five_best_one", "five", "1 2 3 4 5", "5 4 3 3 2"),
        ("five", "five_best_one", "1 2 3 4 5", "5 5 3 2 1"),
        ("letters", "five", "A B C D F", "5 4 3 3 2"),
        ("five", "letters", "1 2 3 4 5", "F F C B A"),
        ("ects", "five", "A B C D E FX F", "5 4 4 3 3 2 2"),
        ("five", "five_without_one", "1 2 3 4 5", "2 2 3 4 5"),
        ("five_without_one", "five", "2 3 4 5", "2 3 4 5"),
        ("five", "pass_fail", "1 2 3 4 5", "незач незач зач зач зач"),
        ("five_with_zero", "pass_fail", "0 3", "незач зач"),
        ("six", "pass_fail", "1 2", "незач зач"),
        ("hundred", "pass_fail", "50 51", "незач зач"),
        ("letters", "pass_fail", "F D", "незач зач"),
        ("five", "five", "1 2 3 4 5", "1 2 3 4 5"),
        ("pass_fail", "pass_fail", "Зач", "зач"),
        ("ects", "five", "fх", "2"),  # lower case, and a Cyrillic х
        ("twelve", "five", "н/а осв зач", "н/а осв зач"),
        ("five", "pass_fail", "н/а H/A осв", "н/а н/а осв"),
    ],
)
def test_marks_are_converted_by_the_table(source: str, target: str, marks: str, others: str) -> None:
    assert [converted(mark, source, target) for mark in marks.split()] == others.split()


def test_a_mark_of_any_scale_is_passed_or_failed() -> None:
    assert by_passing(SIX).table == {"1": "незач", "2": "зач", "3": "зач", "4": "зач", "5": "зач", "6": "зач"}
    assert by_passing(SIX).source == Source("practice")
    assert by_passing(ECTS).table["FX"] == "незач"


def test_a_table_says_who_converts_so() -> None:
    sources = {pair: conversion.source for pair, conversion in CONVERSIONS.items()}
    assert sources.pop(("ten", "five")) == sources.pop(("five", "ten")) == Source("hse")
    assert sources.pop(("hundred", "five")) == Source("hse-preparatory")
    assert set(sources.values()) == {Source("practice")}


@pytest.mark.parametrize(
    ("text", "source", "target", "spans"),
    [
        ("11", "twelve", "six", ("1–12", "1–6")),
        ("5", "five", "hundred", ("1–5", "0–100")),
        ("0", "five_with_zero", "five", ("0–5", "1–5")),
        ("зач", "pass_fail", "five", ("незач–зач", "1–5")),
        ("13", "twelve", "six", ("1–12", "1–6")),  # the missing table is said first
    ],
)
def test_a_conversion_without_table_is_refused(text: str, source: str, target: str, spans: tuple[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        converted(text, source, target)
    assert (caught.value.rule, caught.value.field) == ("scales-without-table", "value")
    assert str(caught.value) == (
        f"There is no table by which marks of the scale {spans[0]} become marks of the scale {spans[1]}."
    )


@pytest.mark.parametrize(
    ("text", "source", "target"), [("13", "twelve", "five"), ("4-", "five", "letters"), ("0", "five", "five")]
)
def test_only_a_mark_of_its_scale_is_converted_and_no_sign_with_it(text: str, source: str, target: str) -> None:
    with pytest.raises(Invalid) as caught:
        converted(text, source, target)
    assert caught.value.rule == "mark-off-scale"
    assert str(caught.value) == f"There is no mark {text} on the scale {SCALES[source].span}."


@pytest.mark.parametrize(("source", "target"), [("seven", "five"), ("five", "seven")])
def test_a_code_that_is_no_scale_is_an_error(source: str, target: str) -> None:
    with pytest.raises(KeyError, match="seven"):
        converted("5", source, target)
