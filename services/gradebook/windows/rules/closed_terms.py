"""Closed terms: their lessons, topics, homework and marks may no longer be changed by hand.

Practice: paper journals were locked with the report on the term (domain, §8). The policy sets the number of days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Protocol, TypeVar

from kernel.errors import Conflict
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.windows.rules.edit_windows import term_closes_on


class SomeTerm(Protocol):
    """A term of a year."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


Term = TypeVar("Term", bound=SomeTerm)


@dataclass(frozen=True, slots=True)
class ClosedTerm:
    """A term that is closed."""

    title: str
    ended_on: date
    #: The last local day on which its lessons could be changed.
    last_day: date


def term_of_lesson(day: date, terms: Iterable[Term]) -> Term | None:
    """Of the terms of its course, the one with which a lesson closes: the first that ends on its day or later.

    That is the term that the lesson lies in. A lesson in the holidays, which only an import brings, goes with the term
    after them. Behind the last term, and in a course without terms, there is none (None): nothing closes the lesson.
    Source: practice.
    """
    return min((term for term in terms if term.ends_on >= day), key=attrgetter("ends_on"), default=None)


def closed(term: SomeTerm | None, policy: Policy, today: date) -> ClosedTerm | None:
    """The term if it is closed on `today`, the school's date: later than `term_closes_on` (practice).

    None if it is open, or if there is no term.
    """
    if term is None:
        return None
    last_day = term_closes_on(term.ends_on, policy)
    return ClosedTerm(term.title, term.ends_on, last_day) if last_day < today else None


def check_open(term: ClosedTerm | None, field: str) -> None:
    """Refuse a change in a closed term; the refusal says since when it is closed and who can help (domain, §8).

    `term` is what `closed` returned. Nobody can open a lesson or a cell again yet: the methodologist only brings marks.
    """
    if term is not None:
        raise Conflict(
            "“{term}” ended on {ended_on}: its journal could be changed until {date}. Tell the methodologist what "
            "is wrong: lessons of a closed term cannot be opened again yet, but an import can bring missing marks.",
            rule="term-closed",
            field=field,
            term=term.title,
            ended_on=term.ended_on,
            date=term.last_day,
        )
