"""Which cells of the grid are not a student's, and why (domain, §3: no marks outside the time in a course)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from contracts.gradebook.sheets import LEFT, NOT_YET


class Span(NamedTuple):
    """A student's time in a course, both days included; it lasts where `until` is None."""

    since: date
    until: date | None


class Shade(NamedTuple):
    """Columns one after the other, both ends included, that are not the student's."""

    first: int
    last: int
    why: str


def shades(days: Sequence[date], spans: Sequence[Span]) -> list[Shade]:
    """The columns of lessons on these days, in order, at which a student of these times was not in the course.

    A student who comes back has left in between. Source: practice.
    """
    if not days or any(one.since <= days[0] and (one.until is None or days[-1] <= one.until) for one in spans):
        return []
    return list(_runs([_why(day, spans) for day in days]))


def _why(day: date, spans: Sequence[Span]) -> str | None:
    if any(one.since <= day and (one.until is None or day <= one.until) for one in spans):
        return None
    return LEFT if any(one.since <= day for one in spans) else NOT_YET


def _runs(reasons: Sequence[str | None]) -> Iterator[Shade]:
    for why, run in groupby(enumerate(reasons), key=lambda one: one[1]):
        if why is not None:
            places = [place for place, _ in run]
            yield Shade(places[0], places[-1], why)
