"""The mean by the policy: what counts, with what weight, what is dropped, and what only helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, Inexact
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.defaults import PRACTICE
from services.gradebook.policy.rules.policy import Handling, Policy
from services.gradebook.term_marks.rules.means import mean, rounded_half_up
from tests.examples import examples
from tests.gradebook.term_marks.courses import (
    MARKS,
    PLACE,
    VOTE,
    WEIGHTS,
    by_kind,
    group,
    left_out,
    mark,
    marks,
    points,
    texts,
    voted,
    weights,
)

DEFAULT = voted()
FRIDAY = date(2026, 9, 4)
DAY = timedelta(days=1)
TWO_GROUPS = (group("works", 60, "control test"), group("lessons", 40, "answer homework"))


def shown(given_marks: list[GivenMark], policy: Policy = DEFAULT, **more: Any) -> str:
    return str(mean(given_marks, policy, PLACE, **more).figure)


# --- plain and weighted -----------------------------------------------------------------------------------------------


def test_without_weights_every_mark_counts_once() -> None:
    assert shown(marks("5 4 4")) == "4.33"


def test_a_mean_keeps_the_exact_value_beside_the_rounded_one() -> None:
    found = mean(marks("5 5 4"), DEFAULT, PLACE)
    assert (str(found.figure), found.exact) == ("4.67", Fraction(14, 3))


def test_a_kind_of_work_weighs_what_the_policy_says() -> None:
    policy = voted(means__weight=weights(control="3"))
    found = mean([mark(2, "control"), mark(5), mark(5)], policy, PLACE)
    assert found.exact == Fraction(16, 5)
    assert [one.weight for one in found.used] == [3, 1, 1]


def test_a_marks_own_weight_goes_before_its_kinds() -> None:
    policy = voted(means__weight=weights(control="3"))
    assert shown([mark(2, "control", weight="0.5"), mark(5)], policy) == "4.00"


def test_where_the_school_does_not_weight_no_weight_counts() -> None:
    policy = voted(means__weighted=False, means__weight=weights(control="3"))
    assert shown([mark(2, "control"), mark(5), mark(5, weight="9")], policy) == "4.00"


def test_weighting_may_be_voted_for_a_kind_of_work_alone() -> None:
    policy = voted(means__weight=weights(control="3", test="3"), means__weighted=by_kind(True, {"test": False}))
    assert shown([mark(2, "control"), mark(5, "test")], policy) == "2.75"


@pytest.mark.parametrize(("decimals", "figure"), [(0, "2"), (1, "2.5"), (2, "2.45"), (3, "2.455"), (4, "2.4545")])
def test_a_mean_is_rounded_half_up_to_the_places_of_the_policy(decimals: int, figure: str) -> None:
    found = mean(marks("2 2 2 2 2 2 3 3 3 3 3"), voted(means__decimals=decimals), PLACE)
    assert (str(found.figure), found.exact) == (figure, Fraction(27, 11))


@pytest.mark.parametrize(
    ("exact", "decimals", "rounded"),
    [
        (Fraction(2995, 1000), 2, "3.00"), (Fraction(29949, 10000), 2, "2.99"), (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-2"), (Fraction(1, 3), 3, "0.333"), (Fraction(0), 2, "0.00"), (Fraction(9, 2), 1, "4.5"),
    ],
)  # fmt: skip
def test_a_half_goes_up(exact: Fraction, decimals: int, rounded: str) -> None:
    assert str(rounded_half_up(exact, decimals)) == rounded


def test_works_in_points_count_by_their_points() -> None:
    found = mean([points(9, 10), points(20, 40)], voted(means__decimals=4), PLACE)
    assert (str(found.figure), found.exact) == ("0.5800", Fraction(29, 50))


def test_a_work_in_points_may_weigh_more_as_well() -> None:
    found = mean([points(10, 10, weight=Decimal(3)), points(0, 10)], DEFAULT, PLACE)
    assert found.exact == Fraction(3, 4)


def test_a_number_too_long_to_add_exactly_is_an_error_and_no_wrong_mean() -> None:
    with pytest.raises(Inexact):
        mean([mark(5, weight=Decimal("1E+300")), mark(4, weight=Decimal("1"))], DEFAULT, PLACE)


# --- what does not count ----------------------------------------------------------------------------------------------


def test_a_course_without_marks_has_no_mean() -> None:
    found = mean([], DEFAULT, PLACE)
    assert (found.figure, found.exact, found.used, found.left_out, found.steps) == (None, None, (), (), ())
    assert found.version == 7


def test_marks_without_number_are_left_out_and_a_mean_of_them_alone_is_none() -> None:
    found = mean(marks("зач н/а"), DEFAULT, PLACE)
    assert (found.figure, found.exact) == (None, None)
    assert left_out(found) == [("зач", "no-number"), ("н/а", "no-number")]


def test_a_mark_without_number_counts_as_what_the_caller_says() -> None:
    found = mean(marks("зач незач 5"), DEFAULT, PLACE, numbers={"зач": Decimal(1), "5": Decimal(9)})
    assert (found.exact, left_out(found)) == (Fraction(3), [("незач", "no-number")])


@pytest.mark.parametrize(("state", "rule"), [(State.EXCUSED, "excused"), (State.UNGRADED, "ungraded")])
def test_a_work_without_mark_is_left_out_or_counts_as_0(state: State, rule: str) -> None:
    given_marks = [mark(4), GivenMark("", None, "control", state=state)]
    found = mean(given_marks, DEFAULT, PLACE)
    assert (str(found.figure), left_out(found)) == ("4.00", [("", rule)])
    zero = mean(given_marks, voted(**{f"means__{rule}": Handling.ZERO}), PLACE)
    assert (str(zero.figure), zero.left_out) == ("2.00", ())
    assert [one.number for one in zero.used] == [4, 0]
    only_tests = voted(**{f"means__{rule}": by_kind(Handling.LEFT_OUT, {"test": Handling.ZERO})})
    assert shown(given_marks, only_tests) == "4.00"


def test_one_handling_says_nothing_of_the_other() -> None:
    excused, ungraded = (GivenMark("", None, state=state) for state in (State.EXCUSED, State.UNGRADED))
    given_marks = [excused, ungraded, mark(4)]
    assert left_out(mean(given_marks, voted(means__excused=Handling.ZERO), PLACE)) == [("", "ungraded")]
    assert left_out(mean(given_marks, voted(means__ungraded=Handling.ZERO), PLACE)) == [("", "excused")]


def test_an_excused_work_has_no_mark_even_where_a_number_was_entered() -> None:
    assert shown([mark(2, state=State.EXCUSED), mark(4)]) == "4.00"
    assert shown([mark(2, state=State.EXCUSED), mark(4)], voted(means__excused=Handling.ZERO)) == "2.00"


def test_marks_from_another_school_count_unless_the_school_voted_otherwise() -> None:
    given_marks = [mark(2, brought=True), mark(4)]
    assert shown(given_marks) == "3.00"
    found = mean(given_marks, voted(means__brought=False), PLACE)
    assert (str(found.figure), left_out(found)) == ("4.00", [("2", "brought")])


def test_what_weighs_nothing_is_left_out() -> None:
    policy = voted(means__weight=weights(homework="0"))
    found = mean([mark(2, "homework"), mark(4), mark(3, weight=Decimal(0)), points(3, 0)], policy, PLACE)
    assert (str(found.figure), left_out(found)) == (
        "4.00", [("2", "no-weight"), ("3", "no-weight"), ("3/0", "no-weight")],
    )  # fmt: skip


def test_an_early_reason_goes_before_a_late_one() -> None:
    lost = mark("н/а", "homework", brought=True, day=FRIDAY, weight=Decimal(0), state=State.EXCUSED)
    assert left_out(mean([lost], voted(means__brought=False), PLACE, FRIDAY - DAY)) == [("н/а", "later")]
    assert left_out(mean([lost], voted(means__brought=False), PLACE, FRIDAY)) == [("н/а", "brought")]
    assert left_out(mean([lost], DEFAULT, PLACE, FRIDAY)) == [("н/а", "excused")]


# --- as of a date -----------------------------------------------------------------------------------------------------


def test_as_of_a_date_the_marks_entered_by_its_end_count() -> None:
    given_marks = [mark(5, day=FRIDAY), mark(3, day=FRIDAY, entered_on=FRIDAY + DAY), mark(4)]
    assert shown(given_marks) == "4.00"
    assert shown(given_marks, as_of=FRIDAY + DAY) == "4.00"
    assert shown(given_marks, as_of=FRIDAY) == "4.50"
    found = mean(given_marks, DEFAULT, PLACE, FRIDAY - DAY)
    assert (str(found.figure), left_out(found)) == ("4.00", [("5", "later"), ("3", "later")])


def test_the_day_of_entry_goes_before_the_day_of_the_column() -> None:
    assert shown([mark(5, day=FRIDAY, entered_on=FRIDAY - DAY), mark(3)], as_of=FRIDAY - DAY) == "4.00"


# --- groups -----------------------------------------------------------------------------------------------------------


def test_groups_of_kinds_count_with_a_weight_each() -> None:
    policy = voted(means__groups=TWO_GROUPS)
    found = mean([*marks("5 4", "control"), *marks("3 4 4"), mark(5, "homework")], policy, PLACE)
    assert found.exact == (60 * Fraction(9, 2) + 40 * Fraction(4)) / 100
    # one of four lessons weighs a third of one of two works: 60/2 = 30 and 40/4 = 10
    assert [one.weight for one in found.used] == [3, 3, 1, 1, 1, 1]


def test_a_group_without_marks_leaves_its_weight_to_the_others() -> None:
    three = (*TWO_GROUPS, group("project", 100, "project"))
    assert shown([mark(5, "control"), mark(2)], voted(means__groups=three)) == "3.80"
    assert shown([mark(5, "control")], voted(means__groups=three)) == "5.00"


def test_weights_of_kinds_count_inside_a_group() -> None:
    policy = voted(means__groups=TWO_GROUPS, means__weight=weights(control="2"))
    found = mean([mark(5, "control"), mark(2, "test"), mark(3)], policy, PLACE)
    assert found.exact == (60 * Fraction(4) + 40 * 3) / 100
    assert [one.weight for one in found.used] == [2, 1, 2]


def test_a_kind_outside_all_groups_is_left_out_and_so_is_a_group_without_weight() -> None:
    groups = (group("works", 1, "control"), group("lessons", 0, "answer"))
    found = mean([mark(5, "control"), mark(2), mark(3, "essay")], voted(means__groups=groups), PLACE)
    assert (str(found.figure), left_out(found)) == ("5.00", [("2", "no-weight"), ("3", "no-group")])


def test_each_group_drops_its_own_and_the_rule_for_all_marks_rests() -> None:
    groups = (group("works", 1, "control", 1), group("lessons", 1, "answer", 0, 1))
    policy = voted(means__groups=groups, means__drop_lowest=2, means__drop_highest=2)
    found = mean([*marks("2 4 5", "control"), *marks("2 4 5")], policy, PLACE)
    assert found.exact == Fraction(15, 4)
    assert left_out(found) == [("2", "dropped-lowest"), ("5", "dropped-highest")]
    assert [one.reason.said("en") for one in found.left_out] == [
        "it was dropped as the lowest", "it was dropped as the highest"
    ]  # fmt: skip


# --- dropping ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lowest", "highest", "kept"),
    [
        (0, 0, "5 2 4 3 3"), (1, 0, "5 4 3 3"), (0, 1, "2 4 3 3"), (1, 1, "4 3 3"), (2, 0, "5 4 3"), (2, 1, "4 3"),
        (4, 0, "5"), (9, 0, "5"), (0, 4, "2"), (0, 9, "2"), (3, 1, "4"), (3, 9, "4"), (9, 9, "5"),
    ],
)  # fmt: skip
def test_the_lowest_and_highest_are_dropped_but_never_all(lowest: int, highest: int, kept: str) -> None:
    found = mean(marks("5 2 4 3 3"), voted(means__drop_lowest=lowest, means__drop_highest=highest), PLACE)
    assert texts(found.used) == kept.split()
    assert len(found.left_out) == 5 - len(kept.split())


def test_nothing_can_be_dropped_of_nothing() -> None:
    assert mean(marks("зач"), voted(means__drop_lowest=1, means__drop_highest=1), PLACE).figure is None


def test_of_equal_marks_the_first_is_dropped() -> None:
    given_marks = [mark(3, ref="a"), mark(5, ref="b"), mark(3, ref="c"), mark(5, ref="d")]
    found = mean(given_marks, voted(means__drop_lowest=1, means__drop_highest=1), PLACE)
    assert [one.item.ref for one in found.left_out] == ["a", "b"]


def test_of_marks_that_serve_equally_the_lightest_is_dropped() -> None:
    given_marks = [mark(3, weight=Decimal(2)), mark(3, weight=Decimal(1)), mark(3, weight=Decimal(3))]
    found = mean(given_marks, voted(means__drop_lowest=1), PLACE)
    assert [one.item.weight for one in found.left_out] == [1]


def test_with_weights_that_is_dropped_without_which_the_mean_is_best() -> None:
    given_marks = [mark(2, weight=Decimal(1)), mark(3, weight=Decimal(10)), mark(5, weight=Decimal(4))]
    found = mean(given_marks, voted(means__drop_lowest=1), PLACE)
    assert (left_out(found), found.exact) == ([("3", "dropped-lowest")], Fraction(22, 5))
    low = mean(given_marks, voted(means__drop_highest=1), PLACE)
    assert (left_out(low), low.exact) == ([("5", "dropped-highest")], Fraction(32, 11))


def test_a_work_of_many_points_is_dropped_before_a_worse_one_of_few() -> None:
    found = mean([points(40, 100), points(1, 5), points(9, 10)], voted(means__drop_lowest=1), PLACE)
    assert (texts(found.used), found.exact) == (["1/5", "9/10"], Fraction(2, 3))


def means_of_the_rest(given_marks: list[GivenMark], dropped: int) -> list[Fraction]:
    kept = combinations(given_marks, len(given_marks) - dropped)
    exact = [mean(list(rest), DEFAULT, PLACE).exact for rest in kept]
    return [one for one in exact if one is not None]


SCORED = st.builds(
    lambda score, maximum, weight: points(min(score, maximum), maximum, weight=weight),
    st.integers(0, 30),
    st.integers(1, 30),
    WEIGHTS,
)


@settings(max_examples=examples(60))
@given(st.lists(SCORED, min_size=2, max_size=7), st.data())
def test_no_other_choice_of_marks_to_drop_gives_a_better_mean(given_marks: list[GivenMark], data: Any) -> None:
    dropped = data.draw(st.integers(1, len(given_marks) - 1))
    best = mean(given_marks, voted(means__drop_lowest=dropped), PLACE)
    worst = mean(given_marks, voted(means__drop_highest=dropped), PLACE)
    every = means_of_the_rest(given_marks, dropped)
    assert (best.exact, worst.exact) == (max(every), min(every))
    assert len(best.left_out) == len(worst.left_out) == dropped


# --- marks that only help ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "helping", "counted"),
    [
        ("4 4", "5", "4 4 5"), ("4 4", "3", "4 4"), ("4 4", "4", "4 4 4"), ("4 4", "3 5 4", "4 4 5"),
        # a 3 is above the mean of 2 and 3, but not above the mean that the 5 makes
        ("2 3", "3 3 5", "2 3 5"), ("2", "3 5", "2 5"), ("", "3 5 5 4", "5 5"), ("5", "зач 4", "5"),
    ],
)  # fmt: skip
def test_a_mark_that_only_helps_counts_where_it_does_not_lower_the_mean(base: str, helping: str, counted: str) -> None:
    found = mean([*marks(base), *marks(helping, only_if_helps=True)], DEFAULT, PLACE)
    assert sorted(texts(found.used)) == sorted(counted.split())


def test_the_marks_that_would_lower_the_mean_say_so() -> None:
    found = mean([mark(4), mark(3, only_if_helps=True)], DEFAULT, PLACE)
    assert left_out(found) == [("3", "lowers-the-mean")]


def test_a_kind_of_work_may_count_only_where_it_helps() -> None:
    policy = voted(means__only_if_helps=by_kind(False, {"project": True}))
    assert shown([mark(4), mark(2, "project"), mark(5, "project"), mark(3)], policy) == "4.00"


def test_marks_that_only_help_are_not_dropped_and_help_after_the_drop() -> None:
    given_marks = [*marks("5 2 4"), *marks("4 5", only_if_helps=True)]
    found = mean(given_marks, voted(means__drop_lowest=1), PLACE)
    assert (texts(found.used), left_out(found)) == (
        ["5", "4", "5"], [("2", "dropped-lowest"), ("4", "lowers-the-mean")],
    )  # fmt: skip


def test_in_groups_a_mark_helps_its_group() -> None:
    given_marks = [mark(5, "control"), mark(2), mark(3, only_if_helps=True)]
    found = mean(given_marks, voted(means__groups=TWO_GROUPS), PLACE)
    assert found.exact == (60 * 5 + 40 * Fraction(5, 2)) / 100


@pytest.mark.parametrize(("helping", "exact"), [("4", Fraction(4)), ("3", Fraction(4)), ("5 4", Fraction(23, 5))])
def test_a_group_of_marks_that_only_help_counts_where_it_does_not_lower_the_mean(helping: str, exact: Fraction) -> None:
    groups = (group("works", 60, "control"), group("lessons", 40, "answer"))
    given_marks = [*marks(helping, "control", only_if_helps=True), mark(4)]
    found = mean(given_marks, voted(means__groups=groups), PLACE)
    assert found.exact == exact
    assert left_out(found) == ([] if helping == "4" else [(helping[-1], "lowers-the-mean")])
    assert {one.reason.said("en") for one in found.left_out} <= {"it would lower the mean"}


def test_groups_of_helping_marks_alone_begin_with_the_best() -> None:
    given_marks = [mark(3, "control", only_if_helps=True), mark(5, only_if_helps=True)]
    found = mean(given_marks, voted(means__groups=TWO_GROUPS), PLACE)
    assert (found.exact, left_out(found)) == (Fraction(5), [("3", "lowers-the-mean")])


@settings(max_examples=examples(60))
@given(st.lists(SCORED, min_size=1, max_size=4), st.lists(SCORED, max_size=5), st.randoms(use_true_random=False))
def test_helping_marks_give_the_best_mean_there_is_in_any_order(
    base: list[GivenMark], helping: list[GivenMark], chance: Any
) -> None:
    flagged = [replace(one, only_if_helps=True) for one in helping]
    found = mean([*base, *flagged], DEFAULT, PLACE)
    choices = [chosen for size in range(len(helping) + 1) for chosen in combinations(helping, size)]
    best = max(mean([*base, *chosen], DEFAULT, PLACE).exact or 0 for chosen in choices)
    assert found.exact == best
    assert all(one.item.only_if_helps and one.rule == "lowers-the-mean" for one in found.left_out)
    assert all(Fraction(one.item.number or 0) / Fraction(one.item.maximum) < best for one in found.left_out)
    shuffled = [*base, *flagged]
    chance.shuffle(shuffled)
    assert mean(shuffled, DEFAULT, PLACE).exact == best


# --- properties -------------------------------------------------------------------------------------------------------

GROUPED = voted(means__groups=TWO_GROUPS, means__weight=weights(control="3", homework="0.5"))
DROPPING = voted(means__drop_lowest=1, means__drop_highest=1, means__weight=weights(control="2"))
POLICIES = st.sampled_from(
    [
        DEFAULT, GROUPED, DROPPING, voted(means__weighted=False),
        voted(means__only_if_helps=by_kind(False, {"test": True})),
        voted(means__groups=(group("works", 3, "control test", 1, 1), group("lessons", 1, "answer homework", 1))),
    ]
)  # fmt: skip


@given(st.lists(MARKS, min_size=1, max_size=20), POLICIES)
def test_a_mean_lies_between_the_lowest_and_the_highest_mark(given_marks: list[GivenMark], policy: Policy) -> None:
    numbers = [one.number for one in given_marks if one.number is not None]
    exact = mean(given_marks, policy, PLACE).exact
    assert exact is not None
    assert min(numbers) <= exact <= max(numbers)


@given(st.lists(MARKS, max_size=12), POLICIES, st.randoms(use_true_random=False))
def test_the_order_of_marks_changes_nothing(given_marks: list[GivenMark], policy: Policy, chance: Any) -> None:
    shuffled = list(given_marks)
    chance.shuffle(shuffled)
    one, other = mean(given_marks, policy, PLACE), mean(shuffled, policy, PLACE)
    assert one.exact == other.exact
    assert sorted(texts(one.used)) == sorted(texts(other.used))


@given(st.lists(MARKS, min_size=1, max_size=12), WEIGHTS)
def test_a_mark_equal_to_the_mean_changes_nothing(given_marks: list[GivenMark], weight: Decimal) -> None:
    exact = mean(given_marks, DEFAULT, PLACE).exact
    assert exact is not None
    equal = GivenMark("=", Decimal(exact.numerator), weight=weight, maximum=Decimal(exact.denominator))
    assert mean([*given_marks, equal], DEFAULT, PLACE).exact == exact


@given(st.lists(st.tuples(st.integers(1, 5), WEIGHTS), min_size=1, max_size=12), WEIGHTS, st.integers(0, 2))
def test_only_the_proportion_of_weights_matters(pairs: list[Any], factor: Decimal, dropped: int) -> None:
    policy = voted(means__drop_lowest=dropped)
    light = [mark(number, weight=weight) for number, weight in pairs]
    heavy = [mark(number, weight=weight * factor) for number, weight in pairs]
    assert mean(light, policy, PLACE).exact == mean(heavy, policy, PLACE).exact


@given(st.lists(MARKS, max_size=12), st.integers(2, 50))
def test_only_the_proportion_of_groups_matters(given_marks: list[GivenMark], factor: int) -> None:
    larger = tuple(one._replace(weight=one.weight * factor) for one in TWO_GROUPS)
    small, large = voted(means__groups=TWO_GROUPS), voted(means__groups=larger)
    assert mean(given_marks, small, PLACE).exact == mean(given_marks, large, PLACE).exact


DATED = st.builds(
    lambda number, day, entered: mark(number, day=FRIDAY + day * DAY, entered_on=entered and FRIDAY + entered * DAY),
    st.integers(1, 5),
    st.integers(0, 9),
    st.none() | st.integers(1, 12),
)


@given(st.lists(DATED, max_size=12), st.integers(-1, 12), POLICIES)
def test_the_mean_as_of_a_date_is_the_mean_of_the_marks_known_then(
    given_marks: list[GivenMark], days: int, policy: Policy
) -> None:
    as_of = FRIDAY + days * DAY
    known = [one for one in given_marks if (one.entered_on or one.day or FRIDAY) <= as_of]
    found, plain = mean(given_marks, policy, PLACE, as_of), mean(known, policy, PLACE)
    assert (found.figure, found.exact, found.used) == (plain.figure, plain.exact, plain.used)
    assert [one for one in found.left_out if one.rule != "later"] == list(plain.left_out)


# --- the acts applied -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "given_marks"),
    [
        ({"means__weight": weights(control="2")}, [mark(5, "control"), mark(4)]),
        ({"means__weighted": False}, marks("5 4")),
        ({"means__groups": TWO_GROUPS}, marks("5 4")),
        ({"means__drop_lowest": 1}, marks("5 4")),
        ({"means__drop_highest": 1}, marks("5 4")),
        ({"means__brought": False}, [mark(5, brought=True), mark(4)]),
        ({"means__excused": Handling.LEFT_OUT}, [mark(5, state=State.EXCUSED), mark(4)]),
        ({"means__ungraded": Handling.LEFT_OUT}, [mark(5, state=State.UNGRADED), mark(4)]),
        ({"means__decimals": 1}, marks("5 4 4")),
    ],
)
def test_an_explanation_names_the_acts_of_the_rules_applied(
    rules: dict[str, Any], given_marks: list[GivenMark]
) -> None:
    assert VOTE in mean(given_marks, voted(**rules), PLACE).sources
    assert mean(given_marks, DEFAULT, PLACE).sources == (PRACTICE,)


@pytest.mark.parametrize("rule", ["means__brought", "means__drop_lowest", "means__decimals"])
def test_a_rule_that_was_not_applied_is_not_named(rule: str) -> None:
    policy = voted(**{rule: getattr(DEFAULT.means, rule.removeprefix("means__")).value})
    assert mean(marks("5 4"), policy, PLACE).sources == (PRACTICE,)
