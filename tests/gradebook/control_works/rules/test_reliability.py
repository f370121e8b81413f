"""Cronbach's α and discrimination, against numpy and against every way to break a tie."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from math import isclose

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.gradebook.control_works.rules.reliability import cronbach_alpha, discrimination, tail_size
from services.gradebook.control_works.rules.works import ControlWork, Result, Task
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Rule, Scope, Special
from tests.examples import examples

POLICY = default_policy()


def work_of(rows, maximum=5):
    tasks = tuple(Task(str(number), Decimal(maximum)) for number in range(len(rows[0]) if rows else 3))
    return ControlWork(
        tasks,
        tuple(
            Result(str(n), tuple(None if score is None else Decimal(score) for score in row))
            for n, row in enumerate(rows)
        ),
    )


def with_tail(tail):
    return replace(POLICY, figures=replace(POLICY.figures, tail=Rule(Decimal(tail), Source("vote"))))


def matrices(least_papers=2, most_papers=30, least_tasks=2):
    return st.integers(least_tasks, 6).flatmap(
        lambda tasks: st.lists(
            st.lists(st.integers(0, 5), min_size=tasks, max_size=tasks), min_size=least_papers, max_size=most_papers
        )
    )


@settings(max_examples=examples(50))
@given(matrices())
def test_alpha_is_what_numpy_makes_of_the_sample_variances(rows):
    scores = np.array(rows, float)
    spread = scores.sum(axis=1).var(ddof=1)
    assume(spread > 0)
    k = scores.shape[1]
    expected = k / (k - 1) * (1 - scores.var(axis=0, ddof=1).sum() / spread)
    assert isclose(float(cronbach_alpha(work_of(rows)).exact), expected, abs_tol=1e-9)


def test_alpha_of_a_small_work_can_be_followed_by_hand():
    """Variances 1, 1 and of the totals 4: twice (1 − 2/4)."""
    found = cronbach_alpha(work_of([[1, 1], [2, 2], [3, 3]]))
    assert (found.exact, found.figure) == (1, Decimal("1.00"))
    found = cronbach_alpha(work_of([[1, 2], [2, 1], [3, 3]]))
    assert (found.exact, found.figure) == (Fraction(2, 3), Decimal("0.67"))
    assert found.said("ru") == (
        "Учтено: 6 × 1, 3 × 2.",
        "α = 2 / 1 × (1 − 2 / 3) = 0,6667, с округлением 0,67; "
        "2 — сумма дисперсий заданий, 3 — дисперсия суммы баллов.",
        "Основание: классическая теория тестов.",
    )
    assert found.said("en") == (
        "Counted: 6 × 1, 3 × 2.",
        "α = 2 / 1 × (1 − 2 / 3) = 0.6667, rounded 0.67; "
        "2 is the sum of the tasks' variances, 3 the variance of the totals.",
        "By classical test theory.",
    )


def test_tasks_that_contradict_each_other_have_an_alpha_under_zero():
    assert cronbach_alpha(work_of([[0, 5], [5, 0], [3, 3]])).exact < 0


def test_a_blank_counts_as_no_points_in_alpha():
    blank, nothing = work_of([[1, None], [2, 1], [3, 3]]), work_of([[1, 0], [2, 1], [3, 3]])
    assert cronbach_alpha(blank).exact == cronbach_alpha(nothing).exact


@pytest.mark.parametrize(
    ("rows", "ru", "en"),
    [
        (
            [],
            "Работ меньше двух: сравнивать некого, показатель не вычисляется.",
            "Fewer than two papers: there is nobody to compare, and no figure.",
        ),
        (
            [[1, 2]],
            "Работ меньше двух: сравнивать некого, показатель не вычисляется.",
            "Fewer than two papers: there is nobody to compare, and no figure.",
        ),
        (
            [[1], [2]],
            "Задание одно: надёжность вычисляется, когда их хотя бы два.",
            "There is one task: reliability needs at least two.",
        ),
        (
            [[1, 2], [2, 1]],
            "У всех одинаковая сумма баллов: разброса нет, надёжность не вычисляется.",
            "All have the same total: without spread there is no reliability.",
        ),
    ],
)
def test_there_is_no_alpha_without_papers_tasks_or_spread(rows, ru, en):
    found = cronbach_alpha(work_of(rows))
    assert (found.figure, found.exact) == (None, None)
    assert found.steps[0].said("ru") == ru
    assert found.steps[0].said("en") == en
    assert found.sources == (Source("theory"),)
    assert sum(one.weight for one in found.used) == len(rows)


@settings(max_examples=examples(50))
@given(matrices(most_papers=12), st.integers(2, 9))
def test_alpha_minds_neither_the_order_of_papers_nor_the_unit_of_points(rows, factor):
    alpha = cronbach_alpha(work_of(rows)).exact
    assert cronbach_alpha(work_of(rows[::-1])).exact == alpha
    assert cronbach_alpha(work_of([[score * factor for score in row] for row in rows], 50)).exact == alpha


@pytest.mark.parametrize(
    ("papers", "tail", "size"),
    [
        (2, "0.27", 1), (3, "0.27", 1), (5, "0.27", 1), (6, "0.27", 2), (9, "0.27", 2), (10, "0.27", 3),
        (24, "0.27", 6), (26, "0.27", 7), (50, "0.27", 14), (100, "0.27", 27), (3, "0.5", 1), (4, "0.5", 2),
        (2, "0.01", 1), (4, "0.9", 2), (10, "0.25", 3),
    ],
)  # fmt: skip
def test_a_tail_is_rounded_half_up_and_is_one_at_least_and_half_at_most(papers, tail, size):
    assert tail_size(papers, Decimal(tail)) == size


def test_a_task_that_only_the_best_do_discriminates_fully():
    """Eleven papers, three at either end; the second task is the same for all, the third is done by the weakest."""
    rows = [[5, 5, 0]] * 3 + [[2, 5, 0]] * 5 + [[0, 5, 1]] * 3
    full, none, against = discrimination(work_of(rows), POLICY)
    assert (full.exact, full.figure) == (1, Decimal("1.00"))
    assert (none.exact, none.figure) == (0, Decimal("0.00"))
    assert (against.exact, against.figure) == (Fraction(-1, 5), Decimal("-0.20"))
    assert against.said("ru") == (
        "Учтено: 10 × 3, 7 × 5, 6 × 3.",
        "В каждой из крайних групп (27 % от 11, с округлением) учеников: 3.",
        "Сильная группа выполнила задание на 0 %, слабая — на 20 %; разность долей -0,2.",
        "Группы меньше 5 учеников: показатель неустойчив.",
        "Основание: классическая теория тестов.",
        "Правила школы, версия 0.",
    )
    assert against.said("en")[1:] == (
        "Students in either tail (27 % of 11, rounded): 3.",
        "The best completed the task by 0 %, the weakest by 20 %; the difference of the shares is -0.2.",
        "With fewer than 5 students it is unsteady.",
        "By classical test theory.",
        "The school's policy, version 0.",
    )


@pytest.mark.parametrize(("papers", "steps"), [(16, 3), (17, 2)])
def test_groups_under_five_are_said_to_be_unsteady(papers, steps):
    """27 % of 16 are 4, of 17 are 5."""
    rows = [[number % 5, number % 3] for number in range(papers)]
    assert [len(one.steps) for one in discrimination(work_of(rows), POLICY)] == [steps, steps]


def test_papers_that_tie_at_the_edge_are_in_the_group_in_equal_parts():
    """Totals 5, 5, 2, 1 and groups of one: each of the two best is in by half."""
    first, second = discrimination(work_of([[5, 0], [0, 5], [1, 1], [1, 0]]), POLICY)
    assert first.exact == Fraction(1, 2) - Fraction(1, 5)
    assert second.exact == Fraction(1, 2) - 0


def test_there_is_no_discrimination_of_one_paper():
    for rows in ([], [[1, 2]]):
        for one in discrimination(work_of(rows), POLICY):
            assert (one.figure, one.exact, one.left_out) == (None, None, ())
            assert (one.sources, one.version) == ((POLICY.figures.tail.source,), POLICY.version)
            assert one.steps[0].said("en") == "Fewer than two papers: there is nobody to compare, and no figure."
    assert len(discrimination(work_of([[1, 2]]), POLICY)) == 2


def test_what_is_compared_are_the_totals_with_their_frequency():
    rows = [[5, 5]] * 2 + [[0, 1]]
    for one in (cronbach_alpha(work_of(rows)), *discrimination(work_of(rows), POLICY)):
        assert one.used == ((10, 10, 2), (1, 1, 1))
    assert [one.used for one in discrimination(work_of([[1, 2]]), POLICY)] == [((3, 3, 1),)] * 2


def test_the_completion_of_both_groups_is_said():
    first, _ = discrimination(work_of([[4, 5], [1, 0]]), POLICY)
    assert first.steps[1].said("en") == (
        "The best completed the task by 80 %, the weakest by 20 %; the difference of the shares is 0.6."
    )


def test_two_papers_are_compared():
    first, second = discrimination(work_of([[5, 1], [0, 2]]), POLICY)
    assert (first.exact, second.exact) == (1, Fraction(-1, 5))


def test_a_blank_counts_as_no_points_in_discrimination():
    first, _ = discrimination(work_of([[5, 5], [None, 0]]), POLICY)
    assert first.exact == 1


def test_the_tail_is_that_of_the_place():
    special = Special(Scope(grades=frozenset({5})), Decimal("0.5"), Source("vote"))
    tail = replace(POLICY.figures.tail, specials=(special,))
    policy = replace(POLICY, figures=replace(POLICY.figures, tail=tail))
    work = work_of([[5, 0], [3, 0], [1, 0], [0, 0]])
    assert discrimination(work, policy, Place(grade=5))[0].exact == Fraction(7, 10)
    assert discrimination(work, policy, Place(grade=5))[0].sources == (Source("vote"),)
    assert discrimination(work, policy)[0].exact == 1


@settings(max_examples=examples(30))
@given(st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=2), min_size=2, max_size=5), st.integers(0, 1))
def test_discrimination_is_the_mean_over_all_ways_to_break_the_ties(rows, task):
    work = work_of(rows, maximum=2)
    size = tail_size(len(rows), Decimal("0.4"))
    differences = []
    for order in permutations(rows):
        ranked = sorted(order, key=lambda row: -sum(row))
        top, bottom = ranked[:size], ranked[-size:]
        differences.append(Fraction(sum(row[task] for row in top) - sum(row[task] for row in bottom), size * 2))
    assert discrimination(work, with_tail("0.4"))[task].exact == Fraction(sum(differences), len(differences))


@settings(max_examples=examples(50))
@given(matrices(least_papers=4))
def test_without_ties_discrimination_is_what_numpy_makes_of_the_ranked_papers(rows):
    scores = np.array(rows, float)
    totals = scores.sum(axis=1)
    order = np.argsort(-totals, kind="stable")
    size = tail_size(len(rows), Decimal("0.27"))
    ranked = totals[order]
    assume(ranked[size - 1] > ranked[size] and ranked[-size] < ranked[-size - 1])
    expected = (scores[order[:size]].mean(axis=0) - scores[order[-size:]].mean(axis=0)) / 5
    found = [float(one.exact) for one in discrimination(work_of(rows), POLICY)]
    np.testing.assert_allclose(found, expected, atol=1e-12)


@settings(max_examples=examples(50))
@given(matrices())
def test_discrimination_lies_between_minus_one_and_one(rows):
    assert all(-1 <= one.exact <= 1 for one in discrimination(work_of(rows), POLICY))


@settings(max_examples=examples(50))
@given(matrices(most_papers=12), st.randoms())
def test_discrimination_does_not_mind_the_order_of_papers(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    before, after = (discrimination(work_of(one), POLICY) for one in (rows, shuffled))
    assert [one.exact for one in before] == [one.exact for one in after]
