"""Levels, marks by share of points, and follow-up groups."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.phrases import shown
from services.gradebook.control_works.rules.levels import follow_up, level_name, level_of, mark_of_share, marks_of_work
from services.gradebook.control_works.rules.works import ControlWork, Result, Task
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Level, Place, Rule, Scope, Special, Threshold
from services.gradebook.statistics.rules.shares import Share, share_of

POLICY = default_policy(version=2)
LEVELS = POLICY.figures.levels.value


def percent(number):
    return Share(Decimal(str(number)), Decimal(100))


def policy_with(**rules):
    return replace(POLICY, figures=replace(POLICY.figures, **rules))


@pytest.mark.parametrize(
    ("share", "code"),
    [
        (100, "optimal"), (80, "optimal"), ("79.999", "admissible"), ("79.5", "admissible"), (60, "admissible"),
        ("59.999", "critical"), (0, "critical"),
    ],
)  # fmt: skip
def test_the_exact_share_decides_the_level(share, code):
    assert level_of(percent(share), LEVELS).code == code


def test_two_thirds_are_compared_exactly():
    levels = (Level("up", Decimal("0.6667")), Level("down", Decimal(0)))
    assert level_of(share_of(2, 3), levels).code == "down"


def test_nothing_to_be_had_has_no_level_and_the_last_level_takes_the_rest():
    assert level_of(share_of(0, 0), LEVELS) is None
    levels = (Level("a", Decimal("0.9")), Level("b", Decimal("0.7")), Level("c", Decimal("0.5")))
    assert level_of(percent(10), levels).code == "c"


def test_levels_have_names():
    own = Level("{высокий}", Decimal("0.9"))
    assert [shown(level_name(level), "ru") for level in (*LEVELS, own)] == [
        "оптимальный", "допустимый", "критический", "{высокий}",
    ]  # fmt: skip
    assert [shown(level_name(level), "en") for level in (*LEVELS, own)] == [
        "optimal", "admissible", "critical", "{высокий}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "mark"),
    [(100, "5"), (90, "5"), ("89.99", "4"), (70, "4"), ("69.99", "3"), (50, "3"), ("49.99", "2"), (0, "2")],
)
def test_the_conversion_table_gives_the_mark_of_a_share(share, mark):
    assert mark_of_share(percent(share), POLICY).figure == mark


def test_a_mark_says_how_it_came_about():
    found = mark_of_share(share_of(17, 20), POLICY)
    assert (found.figure, found.exact) == ("4", Fraction(17, 20))
    assert found.said("ru") == (
        "Учтено: 17/20 × 1.",
        "Выполнено 17 из 20, то есть 85 %.",
        "Это не меньше 70 %: отметка «4».",
        "Основание: обычай школ.",
        "Правила школы, версия 2.",
    )
    assert found.said("en")[1:3] == ("Completed: 17 of 20, that is 85 %.", "That is no less than 70 %: the mark is 4.")
    assert found.used[0].number == 17


def test_the_last_mark_is_given_where_no_threshold_is_reached():
    table = Rule((Threshold(5, Decimal("0.9")), Threshold(3, Decimal("0.5"))), Source("vote"))
    found = mark_of_share(percent(49), policy_with(conversion=table))
    assert found.figure == "3"
    assert found.steps[1].said("ru") == "Это ниже всех порогов: отметка «3»."
    assert found.steps[1].said("en") == "That is below every threshold: the mark is 3."
    assert mark_of_share(percent(50), policy_with(conversion=table)).steps[1].said("en") == (
        "That is no less than 50 %: the mark is 3."
    )


def test_nothing_to_be_had_gives_no_mark():
    found = mark_of_share(share_of(0, 0), POLICY)
    assert (found.figure, found.exact, found.version) == (None, None, 2)
    assert found.said("ru")[1] == "Баллов в работе нет: отметки нет."
    assert found.said("en")[1] == "There are no points to be had, and no mark."
    assert found.sources == (Source("practice"),)


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_better_share_has_no_worse_mark_and_level(one, other):
    low, high = (Share(Decimal(part.numerator), Decimal(part.denominator)) for part in sorted((one, other)))
    assert int(mark_of_share(low, POLICY).figure) <= int(mark_of_share(high, POLICY).figure)
    assert LEVELS.index(level_of(low, LEVELS)) >= LEVELS.index(level_of(high, LEVELS))


TASKS = (
    Task("1", Decimal(2), "fractions"), Task("2", Decimal(3), "equations"), Task("3", Decimal(3), "fractions"),
    Task("4", Decimal(1)),
)  # fmt: skip


def result(student, *scores):
    return Result(student, tuple(None if score is None else Decimal(score) for score in scores))


WORK = ControlWork(
    TASKS,
    (
        result("ann", 2, 3, 3, 0),
        result("zoe", 0, 3, 2, 0),
        result("cyd", 0, 1, None, 1),
        result("dan", 1, 2, 2, 1),
        result("eve", 2, 1, 0, 1),
        Result("fay", absent="ill"),
    ),
)


def test_follow_up_groups_are_those_who_failed_an_element_the_weakest_first():
    """Fractions: zoe 2/5, cyd 0/5, dan 3/5 (just admissible), eve 2/5. Equations: cyd and eve 1/3."""
    fractions, equations = follow_up(WORK, POLICY)
    assert (fractions.element, fractions.tasks, fractions.students) == ("fractions", ("1", "3"), ("cyd", "zoe", "eve"))
    assert (equations.element, equations.tasks, equations.students) == ("equations", ("2",), ("cyd", "eve"))


def test_the_larger_group_comes_first_and_equal_ones_as_in_the_work():
    work = ControlWork(TASKS, (result("a", 2, 0, 3, 1), result("b", 2, 0, 3, 1), result("c", 0, 3, 0, 1)))
    assert [group.element for group in follow_up(work, POLICY)] == ["equations", "fractions"]
    assert [group.element for group in follow_up(ControlWork(TASKS, work.results[1:]), POLICY)] == [
        "fractions", "equations",
    ]  # fmt: skip


def test_where_everybody_mastered_everything_there_is_no_group():
    assert follow_up(ControlWork(TASKS, (result("a", 2, 3, 3, 0),)), POLICY) == ()
    assert follow_up(ControlWork(TASKS, (Result("a", absent="ill"),)), POLICY) == ()


def test_the_edge_of_the_worst_level_is_the_policys_at_the_place():
    strict = (Level("good", Decimal("0.9")), Level("bad", Decimal(0)))
    levels = replace(POLICY.figures.levels, specials=(Special(Scope(grades=frozenset({9})), strict, Source("vote")),))
    policy = policy_with(levels=levels)
    assert follow_up(WORK, policy, Place(grade=9))[0].students == ("cyd", "zoe", "eve", "dan")
    assert follow_up(WORK, policy, Place(grade=8))[0].students == ("cyd", "zoe", "eve")


def test_all_who_wrote_get_a_mark_by_the_table_of_the_place():
    marks = {student: found.figure for student, found in marks_of_work(WORK, POLICY).items()}
    assert marks == {"ann": "4", "zoe": "3", "cyd": "2", "dan": "3", "eve": "2"}
    easy = (Threshold(5, Decimal(0)),)
    table = replace(POLICY.figures.conversion, specials=(Special(Scope(grades=frozenset({9})), easy, Source("vote")),))
    policy = policy_with(conversion=table)
    assert marks_of_work(WORK, policy, Place(grade=9))["cyd"].figure == "5"
    assert marks_of_work(WORK, policy)["cyd"].figure == "2"
    assert mark_of_share(percent(1), policy, Place(grade=9)).sources == (Source("vote"),)
