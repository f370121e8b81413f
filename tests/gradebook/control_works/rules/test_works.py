"""What a control work may hold, and the completion of its tasks, elements, students and variants."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.control_works.rules.figures import (
    control_header,
    element_shares,
    student_shares,
    task_figures,
    variant_shares,
    weakest,
    work_share,
)
from services.gradebook.control_works.rules.works import ControlWork, Result, Task, check_control_work
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Scope, Special
from services.gradebook.statistics.rules.shares import share_of
from tests.examples import examples

TODAY = date(2026, 12, 11)
POLICY = default_policy()


def points(*scores):
    return tuple(None if score is None else Decimal(str(score)) for score in scores)


TASKS = (Task("1", Decimal(1), "fractions"), Task("2", Decimal(3), "equations"), Task("3", Decimal(2), "fractions"))
WORK = ControlWork(
    TASKS,
    (
        Result("ann", points(1, 3, 2), "1"),
        Result("bob", points(1, 1.5, None), "2"),
        Result("cyd", absent="ill"),
        Result("dan", points(0, 0, 1), "1"),
        Result("eve", points(None, None, None), "2"),
        Result("fay", absent="ill"),
        Result("gus", absent=""),
    ),
)


def changed(tasks=TASKS, results=WORK.results):
    return ControlWork(tuple(tasks), tuple(results))


def test_a_work_that_can_be_analysed_is_accepted():
    check_control_work(WORK)


@pytest.mark.parametrize(
    ("work", "rule", "field", "message"),
    [
        (changed(tasks=()), "no-tasks", "tasks", "A control work has at least one task."),
        (
            changed(tasks=[*TASKS, Task("2", Decimal(1))]),
            "task-twice", "tasks.3.name", "There are two tasks 2.",
        ),
        (
            changed(tasks=[TASKS[0], Task("x", Decimal(0))], results=()),
            "task-without-points", "tasks.1.maximum", "The task x gives more than 0 points.",
        ),
        (
            changed(tasks=[Task("x", Decimal("NaN"))], results=()),
            "task-without-points", "tasks.0.maximum", "The task x gives more than 0 points.",
        ),
        (
            changed(tasks=[Task("x", Decimal("Infinity"))], results=()),
            "task-without-points", "tasks.0.maximum", "The task x gives more than 0 points.",
        ),
        (
            changed(results=[WORK.results[0], WORK.results[0]]),
            "student-twice", "results.1.student", "This student is named twice.",
        ),
        (
            changed(results=[WORK.results[0], Result("x", points(1, 1, 1), absent="ill")]),
            "absent-with-scores", "results.1.scores", "Someone absent has no scores.",
        ),
        (
            changed(results=[Result("x", points(1, 1))]),
            "scores-for-other-tasks", "results.0.scores", "There are 3 tasks, and 2 scores.",
        ),
        (
            changed(results=[Result("x", ())]),
            "scores-for-other-tasks", "results.0.scores", "There are 3 tasks, and 0 scores.",
        ),
        (
            changed(results=[Result("x", points(1, 3.5, 2))]),
            "score-out-of-range", "results.0.scores.1", "The task 2 gives 0 to 3 points, not 3.5.",
        ),
        (
            changed(results=[Result("x", points(1, 3, -1))]),
            "score-out-of-range", "results.0.scores.2", "The task 3 gives 0 to 2 points, not -1.",
        ),
        (
            changed(results=[Result("x", points("NaN", 3, 1))]),
            "score-out-of-range", "results.0.scores.0", "The task 1 gives 0 to 1 points, not NaN.",
        ),
    ],
)  # fmt: skip
def test_a_work_that_cannot_be_analysed_is_refused(work, rule, field, message):
    with pytest.raises(Invalid) as refused:
        check_control_work(work)
    assert (refused.value.rule, refused.value.field, str(refused.value)) == (rule, field, message)


@pytest.mark.parametrize("scores", [(0, 0, 0), (1, 3, 2), (None, 0.5, 0)])
def test_nothing_everything_and_blanks_are_scores(scores):
    check_control_work(changed(results=[Result("x", points(*scores))]))


def test_a_work_with_the_least_points_is_accepted():
    check_control_work(ControlWork((Task("1", Decimal("0.01")),), ()))


def test_totals_count_a_blank_as_nothing():
    assert [paper.total for paper in WORK.papers] == [Decimal(6), Decimal("2.5"), Decimal(1), Decimal(0)]
    assert WORK.maximum == 6


def test_the_header_tells_who_wrote_and_why_others_did_not():
    marks = {"ann": "5", "bob": "3", "dan": "2", "cyd": "4"}
    header = control_header(WORK, marks, POLICY, TODAY)
    assert (header.listed, header.wrote) == (7, 4)
    assert header.absent == {"ill": ("cyd", "fay"), "": ("gus",)}
    assert [(str(one), len(one.members)) for one in header.statistics.tallies] == [("5", 1), ("3", 1), ("2", 1)]
    assert [one.student for one in header.statistics.left_out_for("no-mark")] == ["eve"]
    assert header.statistics.pass_rate.exact == Fraction(200, 3)
    assert header.statistics.degree.figure == Decimal("50.67")
    assert header.statistics.as_of == TODAY


def test_the_header_uses_the_coefficients_of_its_place():
    special = Special(Scope(subjects=frozenset({"maths"})), (("5", Decimal(1)),), Source("vote"))
    degree = replace(POLICY.figures.degree, specials=(special,))
    policy = replace(POLICY, figures=replace(POLICY.figures, degree=degree))
    header = control_header(WORK, {"ann": "5"}, policy, TODAY, Place(subject="maths"))
    assert header.statistics.degree.exact == 1


def test_a_task_is_done_wholly_in_part_wrongly_or_left_blank():
    first, second, third = task_figures(WORK)
    assert (first.whole, first.part, first.wrong, first.blank) == (2, 0, 1, 1)
    assert (second.whole, second.part, second.wrong, second.blank) == (1, 1, 1, 1)
    assert (third.whole, third.part, third.wrong, third.blank) == (1, 1, 0, 2)
    assert [str(one.completion) for one in (first, second, third)] == ["2/4", "4.5/12", "3/8"]
    assert [one.completion.percent for one in (first, second, third)] == [50, Decimal("37.50"), Decimal("37.50")]
    assert [str(one.done) for one in (first, second, third)] == ["2/4", "1/4", "1/4"]
    assert [one.difficulty for one in (first, second, third)] == [Fraction(1, 2), Fraction(5, 8), Fraction(5, 8)]
    assert [one.task for one in (first, second, third)] == list(TASKS)


def test_a_work_that_nobody_wrote_has_no_completion():
    work = changed(results=[Result("x", absent="ill")])
    (first, *_) = task_figures(work)
    assert (first.completion.exact, first.done.exact, first.difficulty) == (None, None, None)
    assert work_share(work).exact is None
    assert element_shares(work)["fractions"].exact is None
    assert (student_shares(work), variant_shares(work)) == ({}, {})


def test_an_element_is_completed_over_all_its_tasks():
    shares = element_shares(WORK)
    assert {element: str(share) for element, share in shares.items()} == {
        "fractions": "5/12", "equations": "4.5/12",
    }  # fmt: skip
    assert list(shares) == ["fractions", "equations"]
    assert {one: str(share) for one, share in element_shares(WORK, WORK.papers[:1]).items()} == {
        "fractions": "3/3", "equations": "3/3",
    }  # fmt: skip
    assert str(element_shares(WORK, ())["fractions"]) == "0/0"


def test_a_task_without_element_is_in_none():
    work = changed(tasks=[TASKS[0], Task("2", Decimal(3)), TASKS[2]])
    assert list(element_shares(work)) == ["fractions"]


def test_students_and_variants_are_completed_over_all_tasks():
    assert {student: str(share) for student, share in student_shares(WORK).items()} == {
        "ann": "6/6", "bob": "2.5/6", "dan": "1/6", "eve": "0/6",
    }  # fmt: skip
    assert {variant: str(share) for variant, share in variant_shares(WORK).items()} == {"1": "7/12", "2": "2.5/12"}
    assert str(work_share(WORK)) == "9.5/24"


def test_typical_errors_are_where_least_is_completed():
    shares = {"a": share_of(1, 2), "b": share_of(1, 4), "c": share_of(3, 4), "d": share_of(1, 2), "e": share_of(2, 2)}
    assert weakest(shares, 1) == ("b",)
    assert weakest(shares, 2) == ("b", "a", "d")
    assert weakest(shares, 3) == ("b", "a", "d")
    assert weakest(shares, 4) == ("b", "a", "d", "c")
    assert weakest(shares, 9) == ("b", "a", "d", "c")
    assert weakest({"x": share_of(0, 0), "y": share_of(3, 3), "z": share_of(0, 3)}, 3) == ("z",)
    assert weakest({}, 3) == ()


@st.composite
def works(draw):
    maxima = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    tasks = tuple(Task(str(n), Decimal(top), draw(st.sampled_from("ABC"))) for n, top in enumerate(maxima))
    papers = draw(
        st.lists(st.tuples(*(st.one_of(st.none(), st.integers(0, top)) for top in maxima)), min_size=1, max_size=25)
    )
    return ControlWork(tasks, tuple(Result(str(n), points(*scores)) for n, scores in enumerate(papers)))


@settings(max_examples=examples(40))
@given(works())
def test_completion_is_what_numpy_makes_of_the_matrix_of_scores(work):
    scores = np.array([[float(score or 0) for score in paper.scores] for paper in work.papers])
    maxima = np.array([float(task.maximum) for task in work.tasks])
    found = task_figures(work)
    np.testing.assert_allclose([float(one.completion.exact) for one in found], scores.mean(axis=0) / maxima)
    np.testing.assert_allclose([float(one.done.exact) for one in found], (scores == maxima).mean(axis=0))
    np.testing.assert_allclose([float(one.difficulty) for one in found], 1 - scores.mean(axis=0) / maxima)
    students = [float(share.exact) for share in student_shares(work).values()]
    np.testing.assert_allclose(students, scores.sum(axis=1) / maxima.sum())
    for element, share in element_shares(work).items():
        columns = [task.element == element for task in work.tasks]
        np.testing.assert_allclose(float(share.exact), scores[:, columns].sum() / (maxima[columns].sum() * len(scores)))
    np.testing.assert_allclose(float(work_share(work).exact), scores.sum() / (maxima.sum() * len(scores)))


@settings(max_examples=examples(40))
@given(works())
def test_every_paper_is_counted_once_for_each_task(work):
    for one in task_figures(work):
        assert one.whole + one.part + one.wrong + one.blank == len(work.papers)
        assert min(one.whole, one.part, one.wrong, one.blank) >= 0


@settings(max_examples=examples(40))
@given(works())
def test_the_completion_of_a_work_lies_between_those_of_its_students(work):
    shares = [share.exact for share in student_shares(work).values()]
    assert min(shares) <= work_share(work).exact <= max(shares)
