"""The months of a year as tables of weeks, each day with what it is in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask_babel import lazy_gettext

from contracts.gradebook import calendar
from gateway.pages.frame import shown

#: A day that is one thing for some grades and another for the others.
SOME: Final = "some"
#: State of a day → the sign that tells it beside its colour, and its words.
STATES: Final = {
    calendar.SCHOOL: ("", lazy_gettext("school day")),
    calendar.SHORT: ("▾", lazy_gettext("short day")),
    calendar.MOVED: ("→", lazy_gettext("taught by another weekday’s timetable")),
    calendar.HOLIDAYS: ("~", lazy_gettext("holidays")),
    calendar.PUBLIC: ("★", lazy_gettext("public holiday")),
    calendar.CLOSED: ("×", lazy_gettext("day off")),
    calendar.WEEKEND: ("–", lazy_gettext("weekend")),
    calendar.OUTSIDE: ("○", lazy_gettext("outside the terms")),
    SOME: ("±", lazy_gettext("differs by grade")),
}
#: ISO weekday → what a day that is taught by its timetable is.
BY_WEEKDAY: Final = {
    1: lazy_gettext("taught by Monday’s timetable"),
    2: lazy_gettext("taught by Tuesday’s timetable"),
    3: lazy_gettext("taught by Wednesday’s timetable"),
    4: lazy_gettext("taught by Thursday’s timetable"),
    5: lazy_gettext("taught by Friday’s timetable"),
    6: lazy_gettext("taught by Saturday’s timetable"),
    7: lazy_gettext("taught by Sunday’s timetable"),
}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of a month."""

    day: date
    state: str
    sign: str
    words: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month: weeks from Monday to Sunday, with None for the days of other months and outside the year."""

    first: date
    weeks: list[list[Cell | None]]


def months(runs: Iterable[Mapping[str, Any]], grade: int | None = None) -> list[Month]:
    """The months of a schedule's days; of one grade, where it is given."""
    found: list[Month] = []
    for cell in _cells(runs, grade):
        if not found or found[-1].first.month != cell.day.month:
            found.append(Month(cell.day.replace(day=1), []))
        weeks = found[-1].weeks
        if not weeks or cell.day.weekday() == 0:
            weeks.append([None] * 7)
        weeks[-1][cell.day.weekday()] = cell
    return found


def _cells(runs: Iterable[Mapping[str, Any]], grade: int | None) -> Iterator[Cell]:
    for run in runs:
        told = [one for one in run["told"] if grade is None or not one["grades"] or grade in one["grades"]]
        state = told[0]["state"] if len(told) == 1 else SOME
        words = "; ".join(_words(one, apart=len(told) > 1) for one in told)
        day, last = date.fromisoformat(run["first"]), date.fromisoformat(run["last"])
        while day <= last:
            yield Cell(day, state, STATES[state][0], words)
            day += _DAY


def _words(told: Mapping[str, Any], *, apart: bool) -> str:
    """What a day is, with its name and, where the grades differ, with those that it is so for."""
    words = str(STATES[told["state"]][1])
    if told["weekday"] is not None:
        by = str(BY_WEEKDAY[told["weekday"]])
        words = f"{words}, {by}" if told["state"] == calendar.SHORT else by
    if told["name"]:
        words = f"{words}: {told['name']}"
    return f"{shown.grades_in_words(told['grades'])} – {words}" if apart else words
