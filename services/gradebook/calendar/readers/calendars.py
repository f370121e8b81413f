"""Working-day calendars of a year (days off, shortened days, days moved), as XML that schools can download."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from formats.faults import Faults
from formats.result import Fault, Reading, refused
from formats.safe_xml import parsed
from kernel.phrases import Phrase

_YEARS: Final = range(1990, 2101)
_DAY: Final = re.compile(r"(\d{2})\.(\d{2})")
_DAY_OFF, _SHORT, _WORKING = "1", "2", "3"
_SATURDAY: Final = 5
#: The name of a day off that is neither a holiday nor moved from one.
PLAIN_DAY_OFF: Final = "Выходной день"
#: The most entries that are read: more than two for each day of a year.
_MOST_DAYS: Final = 800

NOT_A_CALENDAR = Phrase(
    ru="Это не производственный календарь: нет года и списка дней.",
    en="This is no working-day calendar: it has no year and list of days.",
)
NO_SUCH_DAY = Phrase(ru="Дня «{text}» в {year} году нет.", en="There is no day “{text}” in {year}.")
UNKNOWN_KIND = Phrase(ru="Неизвестный вид дня «{text}».", en="The kind of day “{text}” is unknown.")
UNKNOWN_HOLIDAY = Phrase(
    ru="Праздник с номером «{text}» в календаре не назван.", en="The holiday numbered “{text}” is not named."
)
DAY_TWICE = Phrase(ru="День {day} указан дважды.", en="The day {day} stands twice.")


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The exceptions of a year: days off, worked weekend days, moved days. Ordinary weekends are not listed.

    `days_off` maps days to the holiday's name. `working_days` are worked weekend days, shortened or not. `moved` pairs
    each day that lost its day off with the day that became a day off instead.
    """

    year: int
    days_off: dict[date, str]
    short_days: frozenset[date]
    working_days: frozenset[date]
    moved: tuple[tuple[date, date], ...]


def read_working_calendar(content: bytes) -> Reading[WorkingCalendar]:
    """Read `<calendar year="…"><holidays/><days><day d="MM.DD" t="1|2|3" h="…" f="MM.DD"/></days>`.

    `t` is 1 for a day off, 2 for a shortened day, 3 for a weekend day that is worked; `h` is the holiday's
    number, `f` the day that the day off was moved from (the published form of xmlcalendar).
    """
    root = parsed(content)
    if isinstance(root, Fault):
        return Reading(None, (root,))
    year = root.get("year", "")
    days = root.findall("./days/day")
    if root.tag != "calendar" or not year.isdecimal() or len(year) != 4 or int(year) not in _YEARS or not days:
        return refused("not-a-calendar", NOT_A_CALENDAR())
    faults = Faults()
    return Reading(_Days(root, int(year), faults).calendar(days[:_MOST_DAYS]), faults.all())


class _Days:
    """Reads the days of one calendar."""

    def __init__(self, root: Element, year: int, faults: Faults) -> None:
        self._year, self._faults = year, faults
        self._holidays = {
            one.get("id", ""): one.get("title", "").strip() for one in root.iterfind("./holidays/holiday")
        }

    def calendar(self, days: list[Element]) -> WorkingCalendar:
        entries = list(self._entries(days))
        names = {day: self._name(day, entry) for day, entry in entries if entry.get("t") == _DAY_OFF}
        moved = tuple(
            (source, day)
            for day, entry in entries
            if (source := self._day(entry.get("f", ""), entry.get("d", ""))) is not None
        )
        for source, day in moved:
            if day in names and not names[day]:
                names[day] = names.get(source, "")
        return WorkingCalendar(
            self._year,
            {day: name or PLAIN_DAY_OFF for day, name in sorted(names.items())},
            frozenset(day for day, entry in entries if entry.get("t") == _SHORT),
            frozenset(day for day, entry in entries if entry.get("t") == _WORKING or _is_worked_weekend(day, entry)),
            moved,
        )

    def _entries(self, days: list[Element]) -> Iterator[tuple[date, Element]]:
        """Yield entries with their dates; adds a fault for each entry that cannot be read."""
        seen: set[date] = set()
        for entry in days:
            text, kind = entry.get("d", ""), entry.get("t", "")
            day = self._day(text or "?", text)
            if day is None:
                continue
            if kind not in (_DAY_OFF, _SHORT, _WORKING):
                self._faults.add(text, "unknown-kind", UNKNOWN_KIND(text=kind[:20]))
            elif day in seen:
                self._faults.add(text, "day-twice", DAY_TWICE(day=day))
            else:
                seen.add(day)
                yield day, entry

    def _day(self, text: str, place: str) -> date | None:
        """The date of `MM.DD` in the calendar's year; None for "", None and a fault for an invalid date."""
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            if found is not None:
                return date(self._year, int(found[1]), int(found[2]))
        except ValueError:
            pass
        self._faults.add(place[:20], "no-such-day", NO_SUCH_DAY(text=text[:20], year=str(self._year)))
        return None

    def _name(self, day: date, entry: Element) -> str:
        number = entry.get("h", "")
        if number and number not in self._holidays:
            self._faults.add(f"{day:%m.%d}", "unknown-holiday", UNKNOWN_HOLIDAY(text=number[:20]))
        return self._holidays.get(number, "")


def _is_worked_weekend(day: date, entry: Element) -> bool:
    """Whether the day is worked: a shortened day on a weekend is, as its day off was moved (1 November 2025)."""
    return entry.get("t") == _SHORT and day.weekday() >= _SATURDAY
