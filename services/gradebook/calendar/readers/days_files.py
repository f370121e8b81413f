"""Files of days: a working-day calendar or an iCalendar, read as days of an academic year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from contracts.gradebook.calendar import PUBLIC
from formats.result import Fault, Reading, refused
from kernel.phrases import Phrase
from services.gradebook.calendar.readers.calendars import read_working_calendar
from services.gradebook.calendar.readers.icalendar_days import CalendarEvent, read_icalendar
from services.gradebook.calendar.rules.days_found import DaysFound, Named, in_a_row

#: What begins a file of XML, after blanks and a byte order mark.
_XML: Final = (b"<", "<".encode("utf-16-le"), "<".encode("utf-16-be"))
_MARKS: Final = b"\xef\xbb\xbf\xff\xfe\xfe\xff \t\r\n"

PART_OF_A_DAY: Final = Phrase(
    ru="Событие «{name}» занимает часть дня: оно не взято.",
    en="The event “{name}” takes a part of a day: it was not taken.",
)
NO_NAME: Final = Phrase(
    ru="У события {day} нет названия: оно не взято.", en="The event of {day} has no name: it was not taken."
)
OTHER_YEAR: Final = Phrase(
    ru="Это календарь {year} года, а учебный год идёт с {first} по {last}.",
    en="This is the calendar of {year}; the school year goes from {first} to {last}.",
)
OTHER_KIND: Final = Phrase(
    ru="Это не календарь, или он повреждён. Нужен производственный календарь (XML) или календарь iCalendar (ICS).",
    en="This is no calendar, or it is damaged: hand in a working-day calendar (XML) or an iCalendar file (ICS).",
)
NO_DAYS: Final = Phrase(
    ru="В файле нет событий на весь день с {first} по {last}.",
    en="The file has no whole-day events from {first} to {last}.",
)


def read_days(content: bytes, first: date, last: date, kind: str, grades: Sequence[int] = ()) -> Reading[DaysFound]:
    """Read the days of a file from the first to the last one of an academic year.

    A working-day calendar (`calendars.py`) names public holidays, moved and short days of all grades. The events of an
    iCalendar (`icalendar_days.py`) are days off of the given kind, for the given grades.
    """
    if content.lstrip(_MARKS).startswith(_XML):
        return _of_working_calendar(content, first, last)
    return _of_events(content, first, last, kind, tuple(grades))


def _of_working_calendar(content: bytes, first: date, last: date) -> Reading[DaysFound]:
    reading = read_working_calendar(content)
    read = reading.value
    if read is None:
        return Reading(None, reading.faults)
    if read.year not in (first.year, last.year):
        reason = OTHER_YEAR(year=str(read.year), first=first, last=last)
        return Reading(None, (Fault("", "other-year", reason, fatal=True),))
    found = DaysFound(PUBLIC, tuple(in_a_row(read.days_off)), (), read.moved, read.short_days, read.year)
    return Reading(found, reading.faults)


def _of_events(content: bytes, first: date, last: date, kind: str, grades: tuple[int, ...]) -> Reading[DaysFound]:
    reading = read_icalendar(content, first, last)
    if reading.value is None:
        other = any(fault.rule == "not-icalendar" for fault in reading.faults)
        return refused("not-icalendar", OTHER_KIND()) if other else Reading(None, reading.faults)
    faults = [*reading.faults, *(fault for event in reading.value if (fault := _fault(event)) is not None)]
    days: dict[Named, None] = {}
    for event in reading.value:
        if _fault(event) is None:
            days.setdefault(Named(event.name, event.starts_on, event.ends_on))
    if not days:
        faults.append(Fault("", "no-days", NO_DAYS(first=first, last=last), fatal=True))
        return Reading(None, tuple(faults))
    return Reading(DaysFound(kind, tuple(days), grades), tuple(faults))


def _fault(event: CalendarEvent) -> Fault | None:
    """Why an event is none of days off."""
    if event.starts_at is not None:
        return Fault(event.name, "part-of-a-day", PART_OF_A_DAY(name=event.name))
    if not event.name:
        return Fault("", "no-name", NO_NAME(day=event.starts_on))
    return None
