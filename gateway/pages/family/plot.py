"""The plot of a student's marks in one course: where everything stands in it. The page draws it without a script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

#: All in units of the drawing, which is as wide as the page lets it be.
WIDTH: Final = 400
HEIGHT: Final = 220
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 22, 24
#: How far apart marks stand that would lie on one another.
APART: Final = 5
#: More whole numbers than these are too close for a line each.
MOST_LINES: Final = 12
#: The numbers that are red everywhere (`lyceum.css`); here their points have another shape, too.
LOW: Final = (1, 2)
FIRST_OF_MONTH: Final = 1
#: How much room the name of a month takes.
MONTH: Final = 36


class Line(NamedTuple):
    """A number of the scale."""

    y: float
    number: int


class Point(NamedTuple):
    """A mark."""

    x: float
    y: float
    low: bool


class Strip(NamedTuple):
    """A term: from where to where."""

    x: float
    width: float
    title: str


class Month(NamedTuple):
    """The first day of a month."""

    x: float
    day: date


@dataclass(frozen=True, slots=True)
class Plot:
    """Marks as points by date, and the running mean of each term as a line."""

    lines: list[Line]
    strips: list[Strip]
    months: list[Month]
    points: list[Point]
    #: The corners of the lines, as SVG writes them.
    means: list[str]


def plot_of(found: dict[str, Any], today: date) -> Plot | None:
    """The plot of a course's year (`gradebook.subject_trend`); None where there are no numbers."""
    terms = found["terms"]
    if found["lowest"] is None or not any(mark["numbers"] for term in terms for mark in term["marks"]):
        return None
    place = _Place.of(found, today)
    return Plot(
        [Line(place.y(Decimal(number)), number) for number in place.numbers()],
        [_strip(term, place) for term in terms if date.fromisoformat(term["starts_on"]) <= place.last],
        [one for one in _months(place) if one.x <= WIDTH - MONTH],
        _points(terms, place),
        [line for term in terms if (line := _mean(term["marks"], place))],
    )


class _Place(NamedTuple):
    """The first and last day, and the lowest and highest number, of a plot."""

    first: date
    last: date
    lowest: Decimal
    highest: Decimal

    @classmethod
    def of(cls, found: dict[str, Any], today: date) -> _Place:
        terms = found["terms"]
        marks = [mark for term in terms for mark in term["marks"]]
        numbers = [Decimal(number) for mark in marks for number in mark["numbers"]]
        days = [date.fromisoformat(mark["date"]) for mark in marks]
        first = min(date.fromisoformat(term["starts_on"]) for term in terms)
        last = max(date.fromisoformat(term["ends_on"]) for term in terms)
        return cls(
            min(first, *days),
            max(min(today, last), *days),
            min(Decimal(found["lowest"]), *numbers),
            max(Decimal(found["highest"]), *numbers),
        )

    def x(self, day: date) -> float:
        days = (self.last - self.first).days
        share = (day - self.first).days / days if days else 0.5
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, number: Decimal) -> float:
        span = self.highest - self.lowest
        share = float((self.highest - number) / span) if span else 0.5
        return round(TOP + share * (HEIGHT - TOP - BOTTOM), 1)

    def numbers(self) -> list[int]:
        """The numbers that have a line."""
        first, last = int(self.lowest), int(self.highest)
        step = 1 if last - first <= MOST_LINES else max((last - first) // 4, 1)
        return list(range(first, last + 1, step))


def _strip(term: dict[str, Any], place: _Place) -> Strip:
    first, last = date.fromisoformat(term["starts_on"]), date.fromisoformat(term["ends_on"])
    x = place.x(first)
    return Strip(x, round(place.x(min(last, place.last)) - x, 1), term["title"])


def _months(place: _Place) -> list[Month]:
    days = (place.first + timedelta(days=offset) for offset in range((place.last - place.first).days + 1))
    return [Month(place.x(day), day) for day in days if day.day == FIRST_OF_MONTH]


def _points(terms: Sequence[dict[str, Any]], place: _Place) -> list[Point]:
    """Each mark; those of one day with the same number stand side by side."""
    stand: Counter[tuple[date, Decimal]] = Counter()
    found = []
    for mark in (mark for term in terms for mark in term["marks"]):
        day = date.fromisoformat(mark["date"])
        for number in map(Decimal, mark["numbers"]):
            x = min(place.x(day) + APART * stand[day, number], WIDTH - RIGHT)
            found.append(Point(round(x, 1), place.y(number), number.to_integral_value(ROUND_HALF_UP) in LOW))
            stand[day, number] += 1
    return found


def _mean(marks: Sequence[dict[str, Any]], place: _Place) -> str:
    """The mean after each day, as a line; a single day is a dot."""
    after = {mark["date"]: mark["mean_after"] for mark in marks if mark["mean_after"] is not None}
    corners = [f"{place.x(date.fromisoformat(day))},{place.y(Decimal(mean))}" for day, mean in after.items()]
    return " ".join(corners * 2 if len(corners) == 1 else corners)
