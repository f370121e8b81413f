"""The computed term mark: thresholds, the least number of marks, vetoes, and what needs no reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.defaults import PRACTICE
from services.gradebook.policy.rules.policy import Handling, LeastMarks, Place, Policy, Threshold, Veto
from services.gradebook.term_marks.rules.means import mean
from services.gradebook.term_marks.rules.term_marks import TermMark, needs_reason, term_mark
from services.gradebook.term_marks.rules.thresholds import Table, term_table
from tests.gradebook.term_marks.courses import (
    MARKS,
    ONE_LESSON,
    PLACE,
    VOTE,
    group,
    in_grade_7,
    left_out,
    mark,
    marks,
    points,
    voted,
)

#: Thresholds as they are usual in Novosibirsk (domain, §3).
HIGHER = tuple(Threshold(one, Decimal(least)) for one, least in [(5, "4.65"), (4, "3.65"), (3, "2.65"), (2, "0")])
ANY_NUMBER = voted(terms__least_marks=())
PASS_FAIL = voted(terms__least_marks=(), scales__scale="pass_fail")
NO_FIVE_WITH_A_TWO = Veto(4, frozenset({"control", "test"}), 2)


def computed(given_marks: list[GivenMark], policy: Policy = ANY_NUMBER, lessons: str = "1") -> TermMark:
    return term_mark(given_marks, policy, PLACE, Decimal(lessons))


def mean_of(value: str) -> list[GivenMark]:
    """One mark that is the mean."""
    return [GivenMark(value, Decimal(value))]


# --- thresholds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("5", "5"), ("4.5", "5"), ("4.4999", "4"), ("3.5", "4"), ("3.4999", "3"), ("2.5", "3"), ("2.4999", "2"),
        ("1.5", "2"), ("1.4999", "1"), ("1", "1"), ("0", "1"),
    ],
)  # fmt: skip
def test_half_goes_up_where_the_school_voted_nothing(value: str, text: str) -> None:
    assert computed(mean_of(value)).text == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("4.65", "5"), ("4.6499", "4"), ("3.65", "4"), ("3.6499", "3"), ("2.65", "3"), ("2.6499", "2"), ("0", "2")],
)
def test_the_school_may_vote_other_thresholds(value: str, text: str) -> None:
    assert computed(mean_of(value), voted(terms__thresholds=HIGHER, terms__least_marks=())).text == text


def test_the_mean_is_not_rounded_before_it_is_held_against_a_threshold() -> None:
    found = computed(mean_of("4.495"))
    assert (str(found.mean.figure), found.text) == ("4.50", "4")


@pytest.mark.parametrize(
    ("value", "text", "allowed"),
    [("4", "A", ("A",)), ("3.5", "A", ("A",)), ("3.4999", "B", ("A", "B")), ("1", "D", ("D",)), ("0.3", "F", ("F",))],
)
def test_a_term_on_the_scale_of_letters_ends_with_a_letter(value: str, text: str, allowed: tuple[str, ...]) -> None:
    table = tuple(Threshold(number, max(Decimal(number) - Decimal("0.5"), Decimal(0))) for number in (4, 3, 2, 1, 0))
    policy = voted(
        scales__scale="letters", terms__thresholds=table, terms__least_marks=(), terms__disputed=Decimal("0.1")
    )
    found = computed(mean_of(value), policy)
    assert (found.text, found.allowed) == (text, allowed)
    assert any(step.said("en").endswith(f": {text}.") for step in found.explained.steps)


def test_a_mean_below_every_threshold_gives_the_last_mark() -> None:
    table = (Threshold(5, Decimal("4.5")), Threshold(4, Decimal("3.5")))
    assert computed(mean_of("2"), voted(terms__thresholds=table, terms__least_marks=())).text == "4"


VOTES: list[tuple[str, object]] = [
    ("means__weighted", False),
    ("means__weight", Decimal(3)),
    ("means__groups", (group("works", 60, "control", 1), group("lessons", 40, "answer"))),
    ("means__excused", Handling.ZERO),
    ("means__ungraded", Handling.ZERO),
    ("means__only_if_helps", True),
    ("means__brought", False),
    ("means__drop_lowest", 1),
    ("means__drop_highest", 1),
    ("means__decimals", 1),
    ("terms__thresholds", HIGHER),
    ("terms__least_marks", (LeastMarks(Decimal(0), 12),)),
    ("terms__vetoes", (Veto(3, frozenset({"control"}), 2),)),
    ("terms__disputed", Decimal("0.5")),
    ("terms__free_difference", 1),
    ("scales__scale", "pass_fail"),
]


@pytest.mark.parametrize(("path", "value"), VOTES)
def test_a_rule_may_be_voted_for_a_grade_alone(path: str, value: object) -> None:
    given_marks = [
        *marks("5 5 4"), *marks("2 4", "control"), mark(5, weight="2"), mark(3, brought=True),
        mark(4, state=State.EXCUSED), mark(4, state=State.UNGRADED),
    ]  # fmt: skip
    policy = in_grade_7(path, value)
    seventh, eighth = (term_mark(given_marks, policy, Place(grade), ONE_LESSON) for grade in (7, 8))
    assert eighth == term_mark(given_marks, voted(), Place(8), ONE_LESSON)
    assert seventh != eighth
    if path != "means__weight":  # which here has sources of its own
        assert seventh == term_mark(given_marks, voted(**{path: value}), Place(7), ONE_LESSON)


def test_the_share_that_passes_may_be_voted_for_a_grade_alone() -> None:
    policy = replace(in_grade_7("terms__pass_share", Decimal("0.6")), scales=PASS_FAIL.scales)
    texts = [term_mark(marks("зач зач незач незач"), policy, Place(grade), ONE_LESSON).text for grade in (7, 8)]
    assert texts == ["незач", "зач"]


@given(st.lists(MARKS, min_size=1, max_size=12), st.data())
def test_a_better_mark_never_lowers_the_term_mark(given_marks: list[GivenMark], data: st.DataObject) -> None:
    """Whatever the weights and thresholds, as long as no mark is dropped; with vetoes too."""
    policy = voted(terms__least_marks=(), terms__vetoes=(NO_FIVE_WITH_A_TWO,), terms__thresholds=HIGHER)
    index = data.draw(st.integers(0, len(given_marks) - 1))
    one = given_marks[index]
    better = mark(data.draw(st.integers(int(one.text), 5)), one.kind, weight=one.weight or Decimal(1))
    raised = [*given_marks[:index], better, *given_marks[index + 1 :]]
    before, after = computed(given_marks, policy).text, computed(raised, policy).text
    assert before is not None
    assert after is not None
    assert int(after) >= int(before)


@given(st.lists(MARKS, min_size=1, max_size=12))
def test_a_term_mark_is_the_mark_of_its_mean(given_marks: list[GivenMark]) -> None:
    found = computed(given_marks)
    plain = mean(given_marks, ANY_NUMBER, PLACE)
    assert found.mean == plain
    assert (found.explained.exact, found.explained.used) == (plain.exact, plain.used)
    assert plain.exact is not None
    assert found.text == str(int(plain.exact + Fraction(1, 2)))


def test_a_table_gives_the_marks_that_a_term_may_end_with() -> None:
    table = term_table(voted(terms__thresholds=HIGHER), PLACE)
    assert [table.value.text(line) for line in range(4)] == ["5", "4", "3", "2"]
    assert table.source == VOTE


# --- the least number of marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lessons", "number", "text"),
    [
        ("0.5", 2, "н/а"), ("0.5", 3, "4"), ("1", 2, "н/а"), ("1", 3, "4"), ("1.5", 3, "4"), ("1.99", 3, "4"),
        ("2", 3, "н/а"), ("2", 4, "н/а"), ("2", 5, "4"), ("6", 4, "н/а"), ("6", 5, "4"), ("1", 0, "н/а"),
    ],
)  # fmt: skip
def test_a_term_mark_needs_so_many_marks_by_lessons_a_week(lessons: str, number: int, text: str) -> None:
    assert computed([mark(4)] * number, voted(), lessons).text == text


def test_the_order_of_the_lines_does_not_matter_and_below_them_all_one_mark_is_enough() -> None:
    lines = (LeastMarks(Decimal(3), 7), LeastMarks(Decimal(1), 2), LeastMarks(Decimal(2), 3))
    policy = voted(terms__least_marks=lines)
    assert [computed(marks("4 4"), policy, lessons).text for lessons in ("0.5", "1", "2", "3")] == [
        "4",
        "4",
        "н/а",
        "н/а",
    ]
    assert computed(marks("4 4 4"), policy, "2.5").text == "4"
    assert computed([], policy, "0.5").text == "н/а"


def test_marks_dropped_or_of_no_help_are_marks_all_the_same() -> None:
    dropping = voted(means__drop_lowest=1, means__drop_highest=1)
    assert computed(marks("4 4 4"), dropping).text == "4"
    assert computed([*marks("4 4"), mark(3, only_if_helps=True)], voted()).text == "4"


@pytest.mark.parametrize(
    "other",
    [mark("зач"), mark(4, state=State.EXCUSED), mark(4, state=State.UNGRADED), mark(4, weight=Decimal(0))],
)
def test_what_is_no_mark_is_not_counted_for_it(other: GivenMark) -> None:
    assert computed([*marks("4 4"), other], voted()).text == "н/а"


def test_a_work_not_graded_counts_as_0_but_not_as_a_mark() -> None:
    policy = voted(means__ungraded=Handling.ZERO)
    assert computed([*marks("4 4"), GivenMark("", None, state=State.UNGRADED)], policy).text == "н/а"
    assert computed([*marks("4 4 4"), GivenMark("", None, state=State.UNGRADED)], policy).text == "3"
    dropping = voted(means__ungraded=Handling.ZERO, means__drop_lowest=1)
    assert computed([*marks("4 4"), GivenMark("", None, state=State.UNGRADED)], dropping).text == "н/а"


def test_a_student_without_enough_marks_keeps_the_mean_beside_it() -> None:
    found = computed(marks("4 5"), voted())
    assert (found.text, str(found.mean.figure), found.explained.exact) == ("н/а", "4.50", Fraction(9, 2))
    assert found.allowed == ("н/а",)
    assert (needs_reason(found, "н/а"), needs_reason(found, "5")) == (False, True)


def test_without_a_mean_there_is_no_mark() -> None:
    assert computed(marks("зач")).text == "н/а"
    assert computed(marks("зач")).allowed == ("н/а",)


def test_an_exempt_student_has_no_mark_to_compute() -> None:
    found = term_mark(marks("4 5 5"), voted(), PLACE, ONE_LESSON, exempt=True)
    assert (found.text, found.allowed, found.explained.exact) == ("осв", ("осв",), None)
    assert left_out(found.explained) == [("4", "exempt"), ("5", "exempt"), ("5", "exempt")]


@pytest.mark.parametrize("exempt", [False, True])
def test_in_grade_1_there_is_no_term_mark(exempt: bool) -> None:
    found = term_mark(marks("5"), voted(), Place(1), ONE_LESSON, exempt=exempt)
    assert (found.text, found.explained.figure, found.allowed) == (None, None, ())
    assert left_out(found.explained) == [("5", "unmarked")]
    assert [str(source) for source in found.explained.sources] == ["Source(act='regulation', clause='2.5')"]
    assert needs_reason(found, "5")


def test_as_of_a_date_the_marks_known_then_count() -> None:
    early, late = date(2026, 9, 4), date(2026, 9, 5)
    given_marks = [mark(5, day=early), mark(2, day=late)]
    assert term_mark(given_marks, ANY_NUMBER, PLACE, ONE_LESSON, early).text == "5"
    assert term_mark(given_marks, ANY_NUMBER, PLACE, ONE_LESSON, late).text == "4"


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), max_size=10), st.integers(0, 10))
def test_the_term_mark_as_of_a_date_is_that_of_the_marks_known_then(pairs: list[tuple[int, int]], day: int) -> None:
    given_marks = [mark(number, day=date(2026, 9, entered)) for number, entered in pairs]
    as_of = date(2026, 8, 31) if day == 0 else date(2026, 9, day)
    found = term_mark(given_marks, voted(), PLACE, ONE_LESSON, as_of)
    plain = computed([one for one in given_marks if one.day and one.day <= as_of], voted())
    assert (found.text, found.allowed, found.explained.used) == (plain.text, plain.allowed, plain.explained.used)


# --- vetoes -----------------------------------------------------------------------------------------------------------


def vetoed(given_marks: list[GivenMark], *vetoes: Veto, **rules: object) -> TermMark:
    return computed(given_marks, voted(terms__least_marks=(), terms__vetoes=vetoes, **rules))


def test_a_veto_lowers_the_mark_while_there_is_a_low_mark_in_a_work_of_its_kinds() -> None:
    fives = marks("5 5 5 5 5 5 5")
    assert vetoed([*fives, mark(2, "control")], NO_FIVE_WITH_A_TWO).text == "4"
    assert vetoed([*fives, mark(1, "test")], NO_FIVE_WITH_A_TWO).text == "4"
    assert vetoed([*fives, mark(3, "control")], NO_FIVE_WITH_A_TWO).text == "5"
    assert vetoed([*fives, mark(2, "homework")], NO_FIVE_WITH_A_TWO).text == "5"


@pytest.mark.parametrize(("text", "number", "mark_text"), [("2+", "2.5", "4"), ("3-", "2.5", "5"), ("2-", "1.5", "4")])
def test_a_sign_neither_avoids_nor_calls_for_a_veto(text: str, number: str, mark_text: str) -> None:
    signed = GivenMark(text, Decimal(number), "control")
    assert vetoed([*marks("5 5 5 5 5 5 5 5"), signed], NO_FIVE_WITH_A_TWO).text == mark_text


def test_a_veto_does_not_raise_a_mark() -> None:
    found = vetoed([*marks("3 3"), mark(2, "control")], NO_FIVE_WITH_A_TWO)
    assert found.text == "3"
    assert found.explained.sources == (PRACTICE,)


def test_the_strictest_veto_holds() -> None:
    given_marks = [*marks("5 5 5 5 5 5 5"), mark(2, "control")]
    strict, mild = Veto(3, frozenset({"control"}), 2), Veto(4, frozenset({"control"}), 3)
    assert vetoed(given_marks, strict, mild).text == "3"
    assert vetoed(given_marks, mild, strict).text == "3"


def test_a_veto_leaves_the_next_mark_that_the_table_gives() -> None:
    table = tuple(Threshold(one, Decimal(least)) for one, least in [(5, "4.5"), (3, "2.5"), (2, "0")])
    given_marks = [*marks("5 5 5 5 5 5 5"), mark(2, "control")]
    assert vetoed(given_marks, NO_FIVE_WITH_A_TWO, terms__thresholds=table).text == "3"
    assert vetoed(given_marks, Veto(1, frozenset({"control"}), 2), terms__thresholds=table).text == "2"


def test_no_veto_rests_on_what_does_not_count_or_is_no_mark() -> None:
    fives = marks("5 5 5 5 5 5 5 5 5")
    dropped = vetoed([*fives, mark(2, "control")], NO_FIVE_WITH_A_TWO, means__drop_lowest=1)
    assert dropped.text == "5"
    zero = Handling.ZERO
    owed = GivenMark("", None, "control", state=State.UNGRADED)
    assert vetoed([*fives, owed], NO_FIVE_WITH_A_TWO, means__ungraded=zero).text == "5"
    assert vetoed([points(2, 2, "control"), points(500, 100)], NO_FIVE_WITH_A_TWO).text == "5"


# --- what needs no reason ---------------------------------------------------------------------------------------------


def allowed(value: str, zone: str = "0", steps: int = 0, vetoes: tuple[Veto, ...] = ()) -> tuple[str, ...]:
    policy = voted(
        terms__least_marks=(), terms__disputed=Decimal(zone), terms__free_difference=steps, terms__vetoes=vetoes
    )
    return computed(mean_of(value), policy).allowed


def test_without_a_vote_every_other_mark_than_the_computed_one_needs_a_reason() -> None:
    found = computed(mean_of("4.49"))
    assert (found.allowed, found.disputed) == (("4",), False)
    assert [needs_reason(found, text) for text in ("5", "4", "3", "н/а", "осв")] == [True, False, True, True, True]


@pytest.mark.parametrize(
    ("value", "marks_allowed"),
    [
        ("4.4", ("5", "4")),
        ("4.3999", ("4",)),
        ("4.4999", ("5", "4")),
        ("4.5", ("5",)),
        ("3.4", ("4", "3")),
        ("5", ("5",)),
    ],
)
def test_just_below_a_threshold_the_better_mark_needs_no_reason(value: str, marks_allowed: tuple[str, ...]) -> None:
    assert allowed(value, zone="0.1") == marks_allowed
    assert allowed(value) == (marks_allowed[-1],)


def test_a_disputed_mean_is_marked_as_such() -> None:
    policy = voted(terms__least_marks=(), terms__disputed=Decimal("0.1"))
    assert [computed(mean_of(value), policy).disputed for value in ("4.39", "4.4", "4.5")] == [False, True, False]


@pytest.mark.parametrize(
    ("value", "steps", "marks_allowed"),
    [
        ("4", 1, ("5", "4", "3")), ("5", 1, ("5", "4")), ("1", 1, ("2", "1")), ("3", 2, ("5", "4", "3", "2", "1")),
        ("4", 2, ("5", "4", "3", "2")), ("2", 9, ("5", "4", "3", "2", "1")),
    ],
)  # fmt: skip
def test_so_many_steps_need_no_reason(value: str, steps: int, marks_allowed: tuple[str, ...]) -> None:
    assert allowed(value, steps=steps) == marks_allowed
    assert allowed(value, zone="0.1", steps=steps) == marks_allowed


def test_a_mark_above_a_veto_always_needs_a_reason() -> None:
    given_marks = [*marks("5 5 5 5 5 5 5 4"), mark(2, "control")]
    found = vetoed(given_marks, NO_FIVE_WITH_A_TWO, terms__disputed=Decimal(1), terms__free_difference=1)
    assert (found.text, found.allowed, found.disputed) == ("4", ("4", "3"), False)


# --- courses without numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "text"),
    [
        ("зач", "зач"),
        ("незач", "незач"),
        ("зач незач", "зач"),
        ("зач незач незач", "незач"),
        ("н/а", "н/а"),
        ("", "н/а"),
    ],
)
def test_a_course_marked_in_words_ends_by_the_share_of_passed_works(texts: str, text: str) -> None:
    assert computed(marks(texts), PASS_FAIL).text == text


def test_the_share_that_passes_is_the_schools() -> None:
    strict = voted(terms__least_marks=(), scales__scale="pass_fail", terms__pass_share=Decimal("0.75"))
    failed = computed(marks("зач зач незач"), strict)
    assert failed.text == "незач"
    assert failed.explained.steps[-1].said("en") == "0.6667 is below the threshold 0.75: незач."
    found = computed(marks("зач зач зач незач"), strict)
    assert (found.text, found.allowed, found.explained.exact) == ("зач", ("зач",), Fraction(3, 4))
    assert [one.item.text for one in found.explained.used] == ["зач", "зач", "зач", "незач"]


def test_a_mark_of_a_table_that_has_no_text_is_shown_as_its_number() -> None:
    assert [Table(HIGHER).text(line) for line in range(4)] == ["5", "4", "3", "2"]


def test_weights_and_the_least_number_hold_for_words_too() -> None:
    policy = voted(scales__scale="pass_fail")
    assert computed([mark("зач"), mark("незач")], policy).text == "н/а"
    heavy = [mark("незач", weight=Decimal(5)), mark("зач"), mark("зач")]
    assert computed(heavy, policy).text == "незач"


def test_on_a_scale_of_numbers_words_do_not_count() -> None:
    assert computed([*marks("зач зач"), mark(3)]).text == "3"
