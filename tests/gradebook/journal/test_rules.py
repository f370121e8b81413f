"""Which term a page of the family shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from kernel.errors import Invalid, NotFound
from services.gradebook.journal.rules import (
    FIRST_RECORDS,
    dates_given,
    earlier_record,
    goes_by,
    is_in_course,
    moment_asked,
    term_chosen,
)

LAST, THIS = UUID(int=1), UUID(int=2)


class Term(NamedTuple):
    id: UUID
    year_id: UUID
    division: str
    starts_on: date
    ends_on: date


class Course(NamedTuple):
    year_id: UUID
    division: str
    since: date = date(2026, 9, 1)
    until: date | None = None


def term(number: int, year_id: UUID, division: str, starts_on: date, ends_on: date) -> Term:
    return Term(UUID(int=number), year_id, division, starts_on, ends_on)


OLD = term(11, LAST, "quarters", date(2025, 9, 1), date(2026, 5, 26))
Q1 = term(12, THIS, "quarters", date(2026, 9, 1), date(2026, 10, 24))
Q2 = term(13, THIS, "quarters", date(2026, 11, 2), date(2026, 12, 30))
H1 = term(14, THIS, "half-years", date(2026, 9, 1), date(2026, 12, 30))
TERMS = [OLD, Q1, H1, Q2]


@pytest.mark.parametrize(
    ("today", "divisions", "shown"),
    [
        (date(2026, 10, 5), ["quarters", "quarters", "half-years"], Q1),
        (date(2026, 10, 28), ["quarters", "quarters", "half-years"], Q1),
        (date(2026, 11, 2), ["quarters", "quarters", "half-years"], Q2),
        (date(2026, 11, 2), ["half-years", "half-years", "quarters"], H1),
        (date(2026, 8, 31), ["half-years"], OLD),
        (date(2025, 1, 1), ["quarters"], OLD),
    ],
)
def test_p02_the_present_term_is_of_the_year_that_began_last_and_of_the_division_of_most_courses(
    today: date, divisions: list[str], shown: Term
) -> None:
    courses = [Course(THIS, division) for division in divisions] + [Course(LAST, "quarters")] * 9
    assert term_chosen(TERMS, courses, None, today) == shown


def test_p02_the_first_day_of_a_year_is_that_of_its_first_term_in_whatever_order_terms_and_ids_are() -> None:
    late = term(1, THIS, "quarters", date(2026, 11, 2), date(2026, 12, 30))
    assert term_chosen([OLD, late, Q1], [Course(THIS, "quarters")], None, date(2026, 9, 1)) == Q1


def test_p02_a_term_that_is_asked_for_is_shown_if_it_is_among_the_students() -> None:
    assert term_chosen(TERMS, [Course(THIS, "quarters")], Q1.id, date(2026, 12, 1)) == Q1
    with pytest.raises(NotFound) as refused:
        term_chosen(TERMS, [], UUID(int=99), date(2026, 12, 1))
    assert refused.value.rule == "no-such-term"
    assert str(UUID(int=99)) in str(refused.value.params.values())


@pytest.mark.parametrize("term_id", [None, Q1.id])
def test_marks_are_asked_for_by_dates_or_by_a_term(term_id: UUID | None) -> None:
    first, last = date(2026, 11, 2), date(2026, 11, 9)
    assert dates_given(None, None, term_id) is None
    assert dates_given(first, last, None) == (first, last)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "term_id", "told", "rule", "field"),
    [
        (date(2026, 11, 2), None, None, "Give the first and the last day, or neither.", "one-date-alone", "ends_on"),
        (None, date(2026, 11, 2), None, "Give the first and the last day, or neither.", "one-date-alone", "starts_on"),
        (date(2026, 11, 2), date(2026, 11, 9), Q1.id, "Give a term or dates, not both.", "term-and-dates", "term_id"),
    ],
)
def test_one_date_alone_and_dates_beside_a_term_are_refused(
    starts_on: date | None, ends_on: date | None, term_id: UUID | None, told: str, rule: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        dates_given(starts_on, ends_on, term_id)
    assert (str(refused.value), refused.value.rule, refused.value.field) == (told, rule, field)


@pytest.mark.parametrize(
    ("year_id", "division", "goes"),
    [(THIS, "quarters", True), (THIS, "half-years", False), (LAST, "quarters", False), (LAST, "half-years", False)],
)
def test_p02_a_course_goes_by_the_terms_of_one_division_of_its_year(year_id: UUID, division: str, goes: bool) -> None:
    assert goes_by(Course(year_id, division), Q1) is goes


def test_p02_without_terms_none_is_shown() -> None:
    assert term_chosen([], [Course(THIS, "quarters")], None, date(2026, 10, 5)) is None


@pytest.mark.parametrize(
    ("since", "until", "was_in"),
    [
        (date(2026, 10, 24), None, True), (date(2026, 10, 25), None, False),
        (date(2026, 8, 1), date(2026, 9, 1), True), (date(2026, 8, 1), date(2026, 8, 31), False),
    ],
)  # fmt: skip
def test_p02_a_course_is_shown_in_the_terms_in_which_the_student_was_in_it(
    since: date, until: date | None, was_in: bool
) -> None:
    assert is_in_course(Course(THIS, "quarters", since, until), Q1) is was_in


NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("moment", [None, NOW, NOW - timedelta(microseconds=1), FIRST_RECORDS])
def test_a_record_is_asked_of_now_and_of_moments_that_have_been(moment: datetime | None) -> None:
    assert moment_asked(moment, NOW) == moment


@pytest.mark.parametrize(
    ("moment", "rule"),
    [
        (NOW + timedelta(microseconds=1), "as-of-future"),
        (FIRST_RECORDS - timedelta(microseconds=1), "as-of-too-early"),
    ],
)
def test_a_moment_that_has_no_record_is_refused(moment: datetime, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        moment_asked(moment, NOW)
    assert (refused.value.rule, refused.value.field) == (rule, "as_of")


def test_an_earlier_record_refuses_entries() -> None:
    assert earlier_record().rule == "earlier-record"
