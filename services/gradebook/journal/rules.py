"""Which term a page of the family shows, and which courses go by it (practice; clause 4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Final, Protocol, TypeVar
from uuid import UUID

from contracts.gradebook.calendar import term_at
from kernel.errors import Forbidden, Invalid
from services.gradebook.rows import missing


class OfDivision(Protocol):
    """What is of a division of a year: a term, or a course that goes by its terms."""

    @property
    def year_id(self) -> UUID:
        """The year."""

    @property
    def division(self) -> str:
        """The division of it."""


class SomeTerm(OfDivision, Protocol):
    """A term."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


class Membership(OfDivision, Protocol):
    """A student's time in a course; it lasts where `until` is None."""

    @property
    def since(self) -> date:
        """Its first day."""

    @property
    def until(self) -> date | None:
        """Its last day."""


#: No school kept an electronic journal earlier.
FIRST_RECORDS: Final = datetime(2000, 1, 1, tzinfo=UTC)

Term = TypeVar("Term", bound=SomeTerm)


def dates_given(starts_on: date | None, ends_on: date | None, term_id: UUID | None) -> tuple[date, date] | None:
    """The dates that marks are asked for; None if they are asked for by term (practice).

    Refuses one date alone, and dates beside a term.
    """
    if starts_on is None and ends_on is None:
        return None
    if starts_on is None or ends_on is None:
        raise Invalid(
            "Give the first and the last day, or neither.",
            rule="one-date-alone",
            field="starts_on" if starts_on is None else "ends_on",
        )
    if term_id is not None:
        raise Invalid("Give a term or dates, not both.", rule="term-and-dates", field="term_id")
    return starts_on, ends_on


def moment_asked(as_of: datetime | None, now: datetime) -> datetime | None:
    """The earlier moment for which a record is asked; None for the present one (practice).

    Raises `Invalid` for one that is still to come, and for one before there were such records.
    """
    if as_of is None:
        return None
    if as_of > now:
        raise Invalid(
            "This moment is still to come: nobody knows the record of then.", rule="as-of-future", field="as_of"
        )
    if as_of < FIRST_RECORDS:
        raise Invalid(
            "There are no records before {date}.", rule="as-of-too-early", field="as_of", date=FIRST_RECORDS.date()
        )
    return as_of


def earlier_record() -> Forbidden:
    """Why nothing is entered in a record as it stood at an earlier moment (practice)."""
    return Forbidden("This is the record as it stood then: nothing is entered in it any more.", rule="earlier-record")


def for_staff() -> Forbidden:
    """Why a family reads no record of an earlier moment: changes are told it as changes (practice)."""
    return Forbidden("Only staff read the record as it stood at an earlier moment.", rule="as-of-for-staff")


def goes_by(course: OfDivision, term: OfDivision) -> bool:
    """Whether a course goes by a term: by the terms of one division of its year alone (practice)."""
    return (course.year_id, course.division) == (term.year_id, term.division)


def is_in_course(membership: Membership, term: SomeTerm) -> bool:
    """Whether a student was in a course on any day of a term (practice)."""
    return membership.since <= term.ends_on and (membership.until is None or membership.until >= term.starts_on)


def span_of(terms: Sequence[SomeTerm], today: date) -> tuple[date, date]:
    """From the first day of the terms to the last one; today alone without terms (practice)."""
    first = min((term.starts_on for term in terms), default=today)
    return first, max((term.ends_on for term in terms), default=today)


def term_chosen(
    terms: Sequence[Term], memberships: Sequence[OfDivision], term_id: UUID | None, today: date
) -> Term | None:
    """The term that was asked for, one of the student's; the present one, if none was; None if there are none.

    Raises `NotFound` for a term by which no course of the student goes. Source: practice.
    """
    if term_id is None:
        return _present_term(terms, memberships, today)
    chosen = next((term for term in terms if term.id == term_id), None)
    if chosen is None:
        raise missing("term", term_id)
    return chosen


def _present_term(terms: Sequence[Term], memberships: Sequence[OfDivision], today: date) -> Term | None:
    """Of the year that began last; a student's courses may go by several divisions of it: that of most of them."""
    first = [min(one, key=attrgetter("starts_on")) for one in _by_year(terms)]
    year = term_at(first, today, attrgetter("starts_on"))
    if year is None:
        return None
    of_year = [term for term in terms if term.year_id == year.year_id]
    courses = Counter(course.division for course in memberships if course.year_id == year.year_id)
    division = max(sorted({term.division for term in of_year}), key=lambda name: courses[name])
    return term_at([term for term in of_year if term.division == division], today, attrgetter("starts_on"))


def _by_year(terms: Sequence[Term]) -> list[list[Term]]:
    years: dict[UUID, list[Term]] = {}
    for term in terms:
        years.setdefault(term.year_id, []).append(term)
    return list(years.values())
