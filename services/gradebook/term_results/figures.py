"""Computed marks: a term's from marks, the year's from term marks, the certificate's from these or year and exam."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from contracts.gradebook.term_marks import CERTIFICATE, EXAM, TERM, YEAR
from services.gradebook.explaining.explained import Explained
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.term_marks.queries import SetMark
from services.gradebook.term_marks.rules import kinds, setting
from services.gradebook.term_marks.rules.means import rounded_half_up
from services.gradebook.term_marks.rules.term_marks import TermMark
from services.gradebook.term_marks.rules.year_marks import (
    NO_MARK,
    certificate_mark,
    secondary_certificate_mark,
    year_mark,
)

#: Decimals of the mean of term marks, as of other means by default.
_DECIMALS: Final = 2
_NOTHING: Final[Explained[str]] = Explained(None, None)


class Figure(NamedTuple):
    """A computed mark: as the journal shows it, its mean, how many inputs count, what may be set without a reason."""

    text: str | None
    mean: str | None
    counted: int
    allowed: tuple[str, ...]
    explained: Explained[Any]


class SomeTerm(Protocol):
    """A term of the year."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


#: A term and a kind of mark → what a student has there.
Values = Mapping[tuple[UUID, str], str | None]


def of_term(found: TermMark) -> Figure:
    """The computed mark of a term."""
    figure = found.mean.figure
    mean = None if figure is None else str(figure)
    return Figure(found.text, mean, len(found.mean.used), found.allowed, found.explained)


class Part(NamedTuple):
    """A mark that a mark of the year or the certificate is made of: where it is set, its term or kind, day, text."""

    place: tuple[UUID, str]
    title: str
    day: date
    text: str
    #: The title of the year before, of a mark of it.
    year: str | None = None


def of_year(
    kind: str, values: Values, terms: Sequence[SomeTerm], policy: Policy, place: Place, before: Sequence[Part] = ()
) -> Figure:
    """The computed mark of the year or the certificate; an exam's is what was written.

    `before` are the student's marks of the year before, where they count.
    """
    if kind == EXAM:
        return Figure(None, None, 0, setting.choices(policy, place), _NOTHING)
    found = _explained(kind, values, terms, policy, place, before)
    text = None if found.figure is None else str(found.figure)
    mean = None if found.exact is None else str(rounded_half_up(found.exact, _DECIMALS))
    return Figure(text, mean, len(found.used), () if text is None else (text,), found)


def _explained(
    kind: str, values: Values, terms: Sequence[SomeTerm], policy: Policy, place: Place, before: Sequence[Part]
) -> Explained[str]:
    of_terms = [values.get((one.id, TERM)) for one in terms]
    if kind == YEAR:
        return year_mark(of_terms, policy, place)
    last = terms[-1].id
    year = values.get((last, YEAR))
    if year is None:
        return _NOTHING
    if kinds.is_of_two_years(kind, place.grade):
        return secondary_certificate_mark([one.text for one in before], of_terms, year, policy, place)
    return certificate_mark(year, values.get((last, EXAM)), policy, place)


def parts(
    kind: str, grade: int | None, values: Values, terms: Sequence[SomeTerm], before: Sequence[Part] = ()
) -> Iterator[Part]:
    """The marks that a mark of the year or the certificate is made of, in a grade."""
    last, of_two_years = terms[-1], kinds.is_of_two_years(kind, grade)
    if of_two_years:
        yield from before
    if kind == YEAR or of_two_years:
        for one in terms:
            yield Part((one.id, TERM), one.title, one.ends_on, values.get((one.id, TERM)) or NO_MARK)
    if kind == CERTIFICATE:
        for part in (YEAR,) if of_two_years else (YEAR, EXAM):
            text = values.get((last.id, part))
            if text is not None:
                yield Part((last.id, part), part, last.ends_on, text)


def values_of(marks: Sequence[SetMark]) -> dict[tuple[UUID, str], str | None]:
    """The marks of a student in a course, by term and kind; the last one of each that was not taken back."""
    return {(one.term_id, one.kind): one.value for one in sorted(marks, key=lambda one: one.value is not None)}
