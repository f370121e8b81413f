"""Departures of a policy from the regulation (3.2, 3.3), the sanitary rules (table 6.6) and the letter of 2021."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from services.gradebook.policy.rules.departures import departures
from services.gradebook.policy.rules.policy import Kind, Policy, Scope
from tests.gradebook.policy.policies import DEFAULT, grades, kinds, policies, with_special, with_value


def told(policy: Policy) -> list[str]:
    return [one.sentence.said("ru") for one in departures(policy)]


def test_the_default_departs_from_nothing() -> None:
    assert told(DEFAULT) == []


@pytest.mark.parametrize(
    ("path", "value", "source"),
    [
        ("keeping.topic_days", 1, "п. 3.2"),
        ("keeping.homework_days", 30, "п. 3.2"),
        ("keeping.mark_days", 1, "п. 3.2"),
        ("keeping.attendance_days", 2, "п. 3.3"),
        ("keeping.teachers_enter_absences", True, "п. 3.3"),
        ("load.control_works_a_day", 9, "№ СК-228/03"),
    ],
)
def test_a_laxer_value_is_told_with_its_clause(path: str, value: object, source: str) -> None:
    (found,) = departures(with_value(path, value))
    assert (found.path, found.drafted) == (path, value)
    assert source in found.sentence.said("ru")


def test_it_says_what_the_clause_says_and_what_the_rule_says() -> None:
    assert told(with_value("keeping.homework_days", 30)) == [
        "регламент электронного журнала, п. 3.2: домашнее задание записывается в день урока. "
        "В этих правилах: не позже 30-го учебного дня после урока."
    ]


def test_a_stricter_value_and_a_rule_that_rests_on_usage_depart_from_nothing() -> None:
    policy = with_value("load.control_works_a_day", 0)
    policy = with_special("load.homework_minutes", grades(5), 60, policy)
    policy = with_value("load.control_works_a_week", 9, policy)
    assert told(with_value("terms.free_difference", 1, policy)) == []


def test_minutes_of_homework_are_compared_grade_by_grade() -> None:
    found = list(departures(with_special("load.homework_minutes", grades(5, 6, 7, 9), 200)))
    assert [(sorted(one.scope.grades), one.norm, one.drafted) for one in found] == [([5], 120, 200), ([6, 7], 150, 200)]
    assert "норма обязательна" in found[0].sentence.said("ru")


def test_homework_in_grade_1_is_no_departure_but_a_fault() -> None:
    assert told(with_special("load.homework_minutes", grades(1), 30)) == []


def test_days_of_written_works_are_the_schools_own() -> None:
    assert told(with_special("keeping.mark_days", kinds("control", "essay", "project"), 20)) == []
    (found,) = departures(with_special("keeping.mark_days", kinds("answer", "control"), 2))
    assert found.scope == kinds("answer")
    retold, written = Kind("retelling", "Пересказ"), Kind("diagram", "Чертёж", written=True)
    (found,) = departures(replace(with_value("keeping.mark_days", 4), kinds=(retold, written)))
    assert found.scope == kinds("retelling")


def test_an_exception_for_a_subject_is_told_once_and_only_where_it_differs() -> None:
    physics = Scope(frozenset({7}), frozenset({"Физика"}))
    (found,) = departures(with_special("keeping.topic_days", physics, 3))
    assert found.scope == physics
    strict = with_special("keeping.topic_days", Scope(subjects=frozenset({"Физика"})), 0)
    assert [one.scope for one in departures(with_value("keeping.topic_days", 3, strict))] == [Scope()]
    chemistry = with_special("keeping.topic_days", Scope(grades(8).grades, frozenset({"Химия"})), 5)
    found_scopes = [one.scope for one in departures(with_value("keeping.topic_days", 3, chemistry))]
    assert found_scopes == [Scope(), Scope(frozenset({8}), frozenset({"Химия"}))]


@given(policies())
def test_every_departure_is_laxer_than_its_norm(policy: Policy) -> None:
    for one in departures(policy):
        assert one.drafted > one.norm  # type: ignore[operator]  # all norms are numbers or truths
        assert one.sentence.said("en")
