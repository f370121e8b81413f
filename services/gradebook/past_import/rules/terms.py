"""Which year and which term of ours a file means (practice)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from contracts.gradebook.calendar import HALF_YEARS, MODULES, QUARTERS, TRIMESTERS

_YEAR: Final = re.compile(r"(20[0-9]{2})\s*[/–-]\s*((?:20)?[0-9]{2})")
_TERM: Final = re.compile(r"([1-6]|I{1,3}|IV)(?:-?[яе])?\s+(четверть|полугодие|триместр|модуль)", re.IGNORECASE)
_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_DIVISIONS: Final = {
    "четверть": QUARTERS,
    "полугодие": HALF_YEARS,
    "триместр": TRIMESTERS,
    "модуль": MODULES,
}


class Spanned(Protocol):
    """A year."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date:
        """Its last day."""


class TermOfDivision(Spanned, Protocol):
    """A term of a division of the year."""

    @property
    def division(self) -> str:
        """The division."""


Year = TypeVar("Year", bound=Spanned)
Term = TypeVar("Term", bound=TermOfDivision)


def year_of(printed: str, years: Iterable[Year]) -> Year | None:
    """The year that «2024/2025» names: it begins in the first and ends in the second (practice)."""
    found = _YEAR.fullmatch(printed.strip())
    if found is None:
        return None
    first, last = int(found[1]), 2000 + int(found[2][-2:])
    return next((one for one in years if (one.starts_on.year, one.ends_on.year) == (first, last)), None)


def term_of(printed: str, terms: Iterable[Term], division: str) -> Term | None:
    """The term of a division that «2 Четверть» names; the last one of what is of the year, whose name is empty.

    «2 Четверть» is the second of the division, whatever the school calls it; no quarter is one of half-years. Source:
    practice.
    """
    own = sorted((one for one in terms if one.division == division), key=lambda one: (one.starts_on, one.ends_on))
    if not printed:
        return own[-1] if own else None
    found = _TERM.fullmatch(printed.strip())
    if found is None or not _goes_by(found[2].casefold(), division):
        return None
    return _at(own, _ROMAN.get(found[1].casefold()) or int(found[1]))


def term_at(terms: Iterable[Term], division: str, day: date) -> Term | None:
    """The term of a division in which a day lies; None between terms (practice)."""
    own = (one for one in terms if one.division == division)
    return next((one for one in own if one.starts_on <= day <= one.ends_on), None)


def _goes_by(word: str, division: str) -> bool:
    """Whether terms of a division are called so; of one that no import has named, it is not known."""
    return not division or division.partition(":")[0] == _DIVISIONS[word]


def _at(terms: Sequence[Term], number: int) -> Term | None:
    return terms[number - 1] if number <= len(terms) else None
