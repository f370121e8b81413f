"""Which year and which term a file means."""

from datetime import date
from typing import NamedTuple

import pytest

from services.gradebook.past_import.rules.terms import term_of, year_of


class Span(NamedTuple):
    """A year or a term."""

    starts_on: date
    ends_on: date
    division: str = "quarters"


FIRST, SECOND = Span(date(2024, 9, 1), date(2024, 10, 27)), Span(date(2024, 11, 4), date(2024, 12, 29))
HALF = Span(date(2024, 9, 1), date(2024, 12, 29), "half-years")
TERMS = (SECOND, HALF, FIRST)


@pytest.mark.parametrize("printed", ["2024/2025", "2024/25", " 2024-2025 ", "2024 – 2025"])
def test_a_year_is_the_one_that_begins_and_ends_so(printed: str) -> None:
    years = [Span(date(2023, 9, 1), date(2024, 5, 31)), Span(date(2024, 9, 1), date(2025, 5, 31))]
    assert year_of(printed, years) is years[1]


@pytest.mark.parametrize("printed", ["", "2025/2026", "2024", "2024/2026", "8А"])
def test_a_year_that_is_not_kept_is_none(printed: str) -> None:
    assert year_of(printed, [Span(date(2024, 9, 1), date(2025, 5, 31))]) is None


@pytest.mark.parametrize(
    ("printed", "division", "found"),
    [
        ("1 Четверть", "quarters", FIRST),
        ("II четверть", "quarters", SECOND),
        ("2-я четверть", "quarters", SECOND),
        ("", "quarters", SECOND),
        ("1 полугодие", "half-years", HALF),
        ("", "half-years", HALF),
        ("3 Четверть", "quarters", None),
        ("1 Четверть", "half-years", None),
        ("1 полугодие", "quarters", None),
        ("1 Четверть", "quarters:2", None),
        ("", "modules", None),
        ("Год", "quarters", None),
    ],
)
def test_a_term_is_the_one_of_its_number_in_the_division_of_the_course(
    printed: str, division: str, found: Span | None
) -> None:
    assert term_of(printed, TERMS, division) is found


def test_terms_that_no_import_has_named_are_told_by_their_numbers_alone() -> None:
    terms = [Span(*one[:2], "") for one in (FIRST, SECOND)]
    assert term_of("2 триместр", terms, "") is terms[1]
