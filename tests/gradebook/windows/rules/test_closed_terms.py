"""With which term a lesson closes, when, and what people are told who change it later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from kernel.errors import Conflict
from services.gradebook.policy.rules.defaults import PRACTICE, default_policy
from services.gradebook.policy.rules.policy import Rule
from services.gradebook.windows.rules.closed_terms import ClosedTerm, check_open, closed, term_of_lesson

POLICY = default_policy()


class Term(NamedTuple):
    title: str
    ends_on: date


FIRST = Term("1-я четверть", date(2026, 10, 24))
SECOND = Term("2-я четверть", date(2026, 12, 30))
#: In no order, as the database gives them.
QUARTERS = [SECOND, FIRST]


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 9, 1), FIRST),
        (date(2026, 10, 24), FIRST),
        (date(2026, 10, 25), SECOND),  # in the holidays: it goes with the term after them
        (date(2026, 11, 5), SECOND),
        (date(2026, 12, 30), SECOND),
        (date(2026, 12, 31), None),
    ],
)
def test_d06_a_lesson_closes_with_the_first_term_that_ends_on_its_day_or_later(day: date, term: Term | None) -> None:
    assert term_of_lesson(day, QUARTERS) == term


def test_d06_a_lesson_of_a_course_without_terms_closes_with_none() -> None:
    assert term_of_lesson(date(2026, 9, 1), []) is None
    assert closed(None, POLICY, date(2027, 9, 1)) is None


def test_d06_a_term_is_open_for_three_days_after_its_last_day() -> None:
    for day in (date(2026, 9, 1), date(2026, 10, 24), date(2026, 10, 27)):
        assert closed(FIRST, POLICY, day) is None
    shut = ClosedTerm("1-я четверть", date(2026, 10, 24), date(2026, 10, 27))
    assert closed(FIRST, POLICY, date(2026, 10, 28)) == closed(FIRST, POLICY, date(2027, 5, 31)) == shut


def test_d06_the_school_decides_for_how_many_days_a_term_stays_open() -> None:
    at_once = replace(POLICY, keeping=replace(POLICY.keeping, term_open_days=Rule(0, PRACTICE)))
    assert closed(FIRST, at_once, date(2026, 10, 24)) is None
    assert closed(FIRST, at_once, date(2026, 10, 25)) == ClosedTerm(FIRST.title, FIRST.ends_on, FIRST.ends_on)


def test_d06_who_changes_a_closed_term_is_told_when_it_closed_and_who_can_help() -> None:
    with pytest.raises(Conflict) as refused:
        check_open(ClosedTerm("1-я четверть", date(2026, 10, 24), date(2026, 10, 27)), "mark_id")
    assert (refused.value.rule, refused.value.field) == ("term-closed", "mark_id")
    assert str(refused.value) == (
        "“1-я четверть” ended on 2026-10-24: its journal could be changed until 2026-10-27. Tell the methodologist "
        "what is wrong: lessons of a closed term cannot be opened again yet, but an import can bring missing marks."
    )


def test_d06_an_open_term_may_be_changed() -> None:
    check_open(None, "lesson_id")
