"""With which term a lesson closes, and until when.

Practice: paper journals were locked with the report on the term (domain, §8). The policy sets the number of days.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar

from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.windows.rules.deadlines import ANYWHERE


class SomeTerm(Protocol):
    """A term of a year."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


Term = TypeVar("Term", bound=SomeTerm)


class Closing(NamedTuple):
    """When a term closes."""

    title: str
    ends_on: date
    #: The last local day on which its lessons may be changed.
    last_day: date
    source: Source


def term_of_lesson(day: date, terms: Iterable[Term]) -> Term | None:
    """Of the terms of its course, the one with which a lesson closes: the first that ends on its day or later.

    That is the term that the lesson lies in. A lesson in the holidays, which only an import brings, goes with the term
    after them. Behind the last term, and in a course without terms, there is none (None): nothing closes the lesson.
    Source: practice.
    """
    return min((term for term in terms if term.ends_on >= day), key=attrgetter("ends_on"), default=None)


def closing_of(term: SomeTerm | None, policy: Policy, place: Place = ANYWHERE) -> Closing | None:
    """When a term closes: `policy.keeping.term_open_days` after its end (practice); None if there is no term."""
    if term is None:
        return None
    days, source = policy.keeping.term_open_days.at(place)
    return Closing(term.title, term.ends_on, term.ends_on + timedelta(days=days), source)
