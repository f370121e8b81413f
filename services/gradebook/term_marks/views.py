"""Views of explained means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Final

from kernel.phrases import LANGUAGES, Language
from services.gradebook.exact import plain
from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark
from services.gradebook.rows import View
from services.gradebook.term_marks.computing import Ruled, Series, given_marks
from services.gradebook.term_marks.rules import means

#: How many series of marks have their mean kept; an explained one takes about 2 kB.
SERIES_KEPT: Final = 2048
_TERM_MARK: Final = ("id", "student_id", "value", "computed", "reason", "comment", "version", "set_by", "set_at")


def mean(found: Explained[GivenMark]) -> View:
    """A mean, and the two sums whose quotient it is."""
    return {
        "value": None if found.figure is None else str(found.figure),
        "numerator": plain(sum([one.number * one.weight for one in found.used], Decimal(0))),
        "denominator": plain(sum([one.item.maximum * one.weight for one in found.used], Decimal(0))),
        "counted": len(found.used),
        "left_out": len(found.left_out),
    }


def explained_mean(found: Explained[GivenMark]) -> View:
    """A mean with its explanation in sentences, in each language."""
    return {**mean(found), "explanation": _said(found.said)}


# Kept, as families come back to the same marks, and few series are long enough to differ from all others.
@lru_cache(maxsize=SERIES_KEPT)
def mean_of(series: Series, by: Ruled) -> View:
    """The mean of a series of marks."""
    return mean(_mean(series, by))


@lru_cache(maxsize=SERIES_KEPT)
def explained_mean_of(series: Series, by: Ruled) -> View:
    """The mean of a series of marks, with its explanation."""
    return explained_mean(_mean(series, by))


def figure_of(series: Series, by: Ruled) -> str | None:
    """The mean of a series alone. It is not kept: nobody but one page asks for the means of parts of a series."""
    found = _mean(series, by).figure
    return None if found is None else str(found)


def _mean(series: Series, by: Ruled) -> Explained[GivenMark]:
    return means.mean(given_marks(series, by.policy, by.place), by.policy, by.place)


def _said(of: Callable[[Language], Iterable[str]]) -> View:
    return {language: list(of(language)) for language in LANGUAGES}
