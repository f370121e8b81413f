"""The figures of a control work over real marks: 395 students, three period grades of 0 to 20 as three tasks."""

import csv
from decimal import Decimal
from fractions import Fraction
from math import isclose

import numpy as np
import pytest
from scipy.special import bdtrc  # the upper tail of the binomial distribution

from services.gradebook.control_works.rules.figures import student_shares, task_figures
from services.gradebook.control_works.rules.objectivity import compared, heap
from services.gradebook.control_works.rules.reliability import cronbach_alpha, discrimination, tail_size
from services.gradebook.control_works.rules.works import ControlWork, Result, Task, check_control_work
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from tests.shared import shared

GRADES = ("G1", "G2", "G3")


@pytest.fixture(scope="module")
def scores():
    with shared("marks/student-mat.csv").open(newline="") as lines:
        return np.array([[int(row[grade]) for grade in GRADES] for row in csv.DictReader(lines)])


@pytest.fixture(scope="module")
def work(scores):
    tasks = tuple(Task(grade, Decimal(20), "maths") for grade in GRADES)
    return ControlWork(tasks, tuple(Result(str(n), tuple(map(Decimal, map(int, row)))) for n, row in enumerate(scores)))


def test_it_is_a_work_of_395_papers(work):
    check_control_work(work)
    assert len(work.papers) == 395
    assert len(student_shares(work)) == 395


def test_completion_is_the_mean_grade(work, scores):
    for one, mean in zip(task_figures(work), scores.mean(axis=0)):
        assert isclose(float(one.completion.exact), mean / 20)


def test_three_grades_of_a_year_agree_with_each_other(work, scores):
    variances = scores.var(axis=0, ddof=1)
    expected = 1.5 * (1 - variances.sum() / scores.sum(axis=1).var(ddof=1))
    found = cronbach_alpha(work)
    assert isclose(float(found.exact), expected)
    assert found.figure == Decimal("0.94")


def test_discrimination_is_that_of_weighted_tails(work, scores):
    """The tails by numpy: everyone beyond the edge, and those on it by the part that is left."""
    totals, size = scores.sum(axis=1), tail_size(395, Decimal("0.27"))
    assert size == 107

    def mean_of_top(ranks):
        edge = np.sort(ranks)[::-1][size - 1]
        parts = np.where(ranks > edge, 1.0, np.where(ranks == edge, 1.0, 0.0))
        parts[ranks == edge] = (size - (ranks > edge).sum()) / (ranks == edge).sum()
        return (scores * parts[:, None]).sum(axis=0) / (size * 20)

    found = [float(one.exact) for one in discrimination(work, default_policy())]
    np.testing.assert_allclose(found, mean_of_top(totals) - mean_of_top(-totals))
    assert found == sorted(found)  # the later the grade, the more it tells the students apart


def test_grades_heap_up_at_the_pass_mark_of_ten(scores):
    final = scores[:, 2]
    above, below = int((final == 10).sum()), int((final == 9).sum())
    found = heap([Decimal(int(one)) for one in final], Decimal(10), Decimal(1), Decimal("0.05"), Source("practice"))
    assert (found.above, found.below) == (above, below)
    assert isclose(float(found.chance), bdtrc(above - 1, above + below, 0.5))
    assert found.reported
    assert found.chance < Fraction(1, 100)


def test_the_last_grade_confirms_raises_or_lowers_the_one_before(scores):
    before = {str(n): str(row[1]) for n, row in enumerate(scores)}
    after = {str(n): str(row[2]) for n, row in enumerate(scores)}
    found = compared(after, before)
    difference = scores[:, 2] - scores[:, 1]
    assert len(found.confirmed) == (difference == 0).sum()
    assert len(found.raised) == (difference > 0).sum()
    assert len(found.lowered) == (difference < 0).sum()
    assert found.not_compared == ()
    assert isclose(float(found.share(found.confirmed).exact), (difference == 0).mean())
