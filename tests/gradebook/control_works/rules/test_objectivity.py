"""Comparison with the period mark, and heaps just above a threshold, against scipy."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtrc  # the upper tail of the binomial distribution

from services.gradebook.control_works.rules.objectivity import CAVEAT, chance_of_so_many, compared, heap, heaps
from services.gradebook.control_works.rules.works import ControlWork, Result, Task
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Rule, Scope, Special, Threshold

POLICY = default_policy()
VOTE = Source("vote")


def heap_of(above, below, least="0.05"):
    totals = [Decimal(10)] * above + [Decimal(9)] * below
    return heap(totals, Decimal(10), Decimal(1), Decimal(least), VOTE)


def test_a_mark_of_a_work_confirms_raises_or_lowers_the_period_mark():
    in_work = {"a": "4", "b": "5", "c": "2", "d": "4", "e": "н/а", "f": "3", "g": "5", "h": "4"}
    in_period = {"a": "4", "b": "4", "c": "3", "d": "3", "e": "4", "f": "н/а", "h": "4", "z": "5"}
    found = compared(in_work, in_period)
    assert found.confirmed == ("a", "h")
    assert found.raised == ("b", "d")
    assert found.lowered == ("c",)
    assert found.not_compared == ("e", "f", "g")
    assert [found.share(one).percent for one in (found.confirmed, found.raised, found.lowered)] == [
        Decimal("40.00"), Decimal("40.00"), Decimal("20.00"),
    ]  # fmt: skip


def test_where_nothing_can_be_compared_there_are_no_shares():
    found = compared({"a": "зач"}, {"a": "5"})
    assert found.not_compared == ("a",)
    assert found.share(found.confirmed).exact is None


MARKS = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["5", "4", "3", "2", "н/а"]))


@given(MARKS, MARKS)
def test_every_paper_is_compared_once_or_not_at_all(in_work, in_period):
    found = compared(in_work, in_period)
    everyone = [*found.confirmed, *found.raised, *found.lowered, *found.not_compared]
    assert sorted(everyone) == sorted(in_work)
    assert compared(in_period, in_work).lowered == tuple(one for one in in_period if one in found.raised)


@pytest.mark.parametrize(("above", "of"), [(0, 0), (0, 5), (5, 5), (3, 5), (17, 20), (56, 84), (1, 1)])
def test_the_chance_is_that_of_the_exact_binomial_test(above, of):
    expected = bdtrc(above - 1, of, 0.5) if of else 1.0
    assert isclose(float(chance_of_so_many(above, of)), expected, rel_tol=1e-9)


@given(st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_chance_agrees_with_scipy_everywhere(pair):
    above, of = pair
    expected = bdtrc(above - 1, of, 0.5)
    assert isclose(float(chance_of_so_many(above, of)), expected, rel_tol=1e-9)


def test_the_chance_is_exact():
    assert chance_of_so_many(5, 5) == Fraction(1, 32)
    assert chance_of_so_many(4, 5) == Fraction(6, 32)
    assert chance_of_so_many(0, 5) == 1


def test_the_sides_of_a_threshold_have_exact_edges():
    totals = [Decimal(text) for text in ("8.99", "9", "9.5", "9.99", "10", "10.5", "10.99", "11", "12")]
    found = heap(totals, Decimal(10), Decimal(1), Decimal("0.05"), VOTE)
    assert (found.above, found.below) == (3, 3)
    wide = heap(totals, Decimal(10), Decimal(2), Decimal("0.05"), VOTE)
    assert (wide.above, wide.below) == (4, 4)
    assert (wide.threshold, wide.width, wide.least, wide.source) == (10, 2, Decimal("0.05"), VOTE)


def test_a_heap_is_reported_only_where_it_is_rarer_than_the_policy_says():
    assert heap_of(5, 0).reported  # 1/32
    assert not heap_of(4, 0).reported  # 1/16
    assert not heap_of(5, 0, "0.03125").reported  # 1/32 is not less often than 1/32
    assert heap_of(5, 0, "0.03126").reported
    assert not heap_of(0, 9).reported
    assert not heap_of(0, 0).reported


def test_a_heap_says_what_was_counted_tested_and_not_proved():
    assert [sentence.said("ru") for sentence in heap_of(5, 0).sentences] == [
        "Порог — 10. Работ с суммой от него и меньше чем на 1 выше: 5; ниже него не больше чем на 1: 0.",
        "Если бы по обе стороны порога работы попадали с равной вероятностью, такой или больший перевес верхней "
        "стороны встречался бы с вероятностью 0,0312 (точный односторонний биномиальный критерий).",
        "Это реже, чем 0,05: скопление работ сразу от порога.",
        "Это повод пересмотреть работы у порога, а не доказательство: при небольшом числе работ, при нескольких "
        "порогах и там, где высокие баллы вообще чаще, перевес возможен и сам по себе.",
    ]
    assert [sentence.said("en") for sentence in heap_of(5, 0).sentences] == [
        "The threshold is 10. Papers from it to less than 1 above: 5; below it by no more than 1: 0.",
        "If papers fell on either side with equal probability, this many or more above would come about with "
        "probability 0.0312 (exact one-sided binomial test).",
        "That is less often than 0.05: papers heap up just above the threshold.",
        "This is a reason to look at the papers near the threshold again, no proof: with few papers, with several "
        "thresholds, or where high scores are more frequent anyway, more papers above can come about by itself.",
    ]
    assert heap_of(5, 0).sentences[3] == CAVEAT()


def test_no_heap_is_said_to_be_none():
    assert heap_of(1, 1).sentences[2].said("ru") == "Это не реже, чем 0,05: скопления не видно."
    assert heap_of(1, 1).sentences[2].said("en") == "That is no less often than 0.05: no heap is seen."


@pytest.mark.parametrize(("above", "shown"), [(13, "0.0001"), (14, "less than 0.0001")])
def test_a_tiny_chance_is_not_shown_as_zero(above, shown):
    """1/8192 is just over one in ten thousand, 1/16384 under it."""
    assert f"probability {shown} (" in heap_of(above, 0).sentences[1].said("en")
    assert heap_of(14, 0).sentences[1].said("ru").count("меньше 0,0001") == 1


def work_of(totals, maximum=20):
    return ControlWork(
        (Task("1", Decimal(maximum)),),
        (*(Result(str(n), (Decimal(total),)) for n, total in enumerate(totals)), Result("x", absent="ill")),
    )


def test_a_work_is_looked_at_above_each_threshold_of_the_conversion_table():
    """Of 20 points the thresholds are 18, 14 and 10; the last mark has nothing below it."""
    found = heaps(work_of([18] * 2 + [17] + [14] * 6 + [9, 10]), POLICY)
    assert [one.threshold for one in found] == [18, 14, 10]
    assert [(one.above, one.below) for one in found] == [(2, 1), (6, 0), (1, 1)]
    assert [one.reported for one in found] == [False, True, False]
    assert {one.width for one in found} == {1}
    assert {one.source for one in found} == {Source("practice")}
    assert {one.version for one in found} == {POLICY.version}
    wider = heaps(work_of([16, 18, 19]), POLICY, width=Decimal(2))
    assert (wider[0].above, wider[0].below) == (2, 1)


def test_a_threshold_between_two_totals_separates_them():
    """70 % of 15 are 10.5: 11 is above, 10 below."""
    found = heaps(work_of([10, 11, 11, 12, 9], 15), POLICY)
    assert (found[1].threshold, found[1].above, found[1].below) == (Decimal("10.5"), 2, 1)


def test_thresholds_and_the_chance_are_those_of_the_place():
    grade = Scope(grades=frozenset({9}))
    table = Rule((Threshold(5, Decimal(1)),), VOTE)
    rules = {
        "conversion": replace(POLICY.figures.conversion, specials=(Special(grade, table.value, VOTE),)),
        "heap_chance": replace(POLICY.figures.heap_chance, specials=(Special(grade, Decimal("0.5"), VOTE),)),
    }
    policy = replace(POLICY, figures=replace(POLICY.figures, **rules))
    (found,) = heaps(work_of([20]), policy, Place(grade=9))
    assert (found.threshold, found.least, found.source) == (20, Decimal("0.5"), VOTE)
    assert len(heaps(work_of([20]), policy)) == 3
