"""With which term a lesson closes, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import NamedTuple

import pytest

from services.gradebook.policy.rules.defaults import PRACTICE, VOTE, default_policy
from services.gradebook.policy.rules.policy import Place, Rule, Scope, Special
from services.gradebook.windows.rules.closed_terms import Closing, closing_of, term_of_lesson

POLICY = default_policy()


class Term(NamedTuple):
    title: str
    ends_on: date


FIRST = Term("Первая четверть", date(2026, 10, 24))
SECOND = Term("Вторая четверть", date(2026, 12, 30))
#: In no order, as the database gives them; by their titles the second comes first.
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
    assert closing_of(None, POLICY) is None


def test_d06_a_term_is_open_for_three_days_after_its_last_day() -> None:
    source = POLICY.keeping.term_open_days.source
    assert closing_of(FIRST, POLICY) == Closing("Первая четверть", date(2026, 10, 24), date(2026, 10, 27), source)


def test_d06_the_school_decides_for_how_many_days_a_term_stays_open() -> None:
    of_ninth = Special(Scope(grades=frozenset({9})), 5, VOTE)
    voted = replace(POLICY, keeping=replace(POLICY.keeping, term_open_days=Rule(0, PRACTICE, (of_ninth,))))
    assert closing_of(FIRST, voted) == Closing(FIRST.title, FIRST.ends_on, FIRST.ends_on, PRACTICE)
    assert closing_of(FIRST, voted, Place(9)) == Closing(FIRST.title, FIRST.ends_on, date(2026, 10, 29), VOTE)
