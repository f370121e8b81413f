"""Events of an iCalendar file (RFC 5545): holidays, school breaks and other days of a calendar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component
from icalendar.prop import vBroken
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from services.gradebook.readers.faults import Faults, Unreadable
from services.gradebook.readers.recurrence import Steps, repeated
from services.gradebook.readers.result import Reading
from services.gradebook.rules.phrases import Phrase

LARGEST: Final = 2 * 1024**2
MOST_EVENTS: Final = 3000
#: Events of the days asked for, repeated ones counted each time.
MOST_FOUND: Final = 5000
#: Lines with properties that are read, characters of one, and values separated by commas in all of them.
MOST_LINES: Final = 40_000
LONGEST_LINE: Final = 20_000
MOST_VALUES: Final = 30_000
_DEEPEST: Final = 8
#: Repeating events that started longer ago are left out: counting up to today would take too long.
_OLDEST_YEARS: Final = 20
_LONGEST_NAME: Final = 200
_LONGEST_EVENT: Final = timedelta(days=3660)
_FOLDED: Final = re.compile(r"\r?\n[ \t]")
_BEGIN: Final = re.compile(r"\s*BEGIN\b", re.IGNORECASE)
_END: Final = re.compile(r"\s*END\b", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\s*([A-Za-z0-9-]+)[:;]")
_READ: Final = frozenset(
    {
        "BEGIN", "END", "VERSION", "PRODID", "SUMMARY", "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "EXDATE",
        "RDATE", "RECURRENCE-ID", "STATUS",
    }
)  # fmt: skip
_ZONE: Final = re.compile(r';TZID=("[^"]*"|[^":;,]*)', re.IGNORECASE)
_UNKNOWN_ZONE: Final = "X-UNKNOWN-TZID"
#: Names of zones that are looked up for one file: a school's calendar has one or two.
MOST_ZONES: Final = 50
_LEFT_OUT: Final = ("VTIMEZONE", "VALARM")
#: The length of one repetition that was called off.
_CANCELLED: Final = timedelta(days=-1)

NOT_A_CALENDAR = Phrase(
    ru="Это не календарь iCalendar, или он повреждён.", en="This is no iCalendar file, or it is damaged."
)
TOO_LARGE = Phrase(
    ru="Календарь слишком велик: не больше {megabytes} МБ и {events} событий.",
    en="The calendar is too large: at most {megabytes} MB and {events} events.",
)
NO_START = Phrase(ru="У события «{name}» нет даты начала.", en="The event “{name}” has no date of its start.")
BAD_END = Phrase(
    ru="Конец события «{name}» не читается или раньше начала: взят день начала.",
    en="The end of the event “{name}” cannot be read or is before its start: the day of the start was taken.",
)
BAD_RULE = Phrase(
    ru="Правило повторения события «{name}» не поддерживается: взят только первый раз.",
    en="The repetition of the event “{name}” is not supported: only the first time was taken.",
)
UNKNOWN_ZONE = Phrase(
    ru="Часовой пояс «{zone}» события «{name}» неизвестен: время взято как местное.",
    en="The time zone “{zone}” of the event “{name}” is unknown: its time was taken as local.",
)
TOO_MANY = Phrase(
    ru="Событий за эти дни слишком много: взяты первые {count}.",
    en="There are too many events in these days: the first {count} were taken.",
)
BROKEN_PROPERTY = Phrase(
    ru="Свойство {property} события «{name}» не читается.",
    en="The property {property} of the event “{name}” cannot be read.",
)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event on one or more days, the last included; a timed one has the moments of its start and end."""

    uid: str
    name: str
    starts_on: date
    ends_on: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read_icalendar(
    content: bytes, first: date, last: date, zone: tzinfo | None = None
) -> Reading[tuple[CalendarEvent, ...]]:
    """The events that touch the days from `first` to `last`, by their start.

    Times are given in `zone` where one is named, otherwise in the event's own; a time without zone is local.
    Repeating events are expanded within the days asked for; cancelled ones and exceptions are left out. What
    cannot be read of an event is a fault with its name. Refused: what is no iCalendar file, or too large.
    """
    faults = Faults()
    try:
        entries = [entry for event in _events(content) if (entry := _entry(event, faults)) is not None]
        return Reading(tuple(_found(entries, first, last, zone, faults)), faults.all())
    except Unreadable as error:
        return Reading(None, (error.fault,))


def _events(content: bytes) -> list[Component]:
    if len(content) > LARGEST:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    try:
        calendars = Calendar.from_ical(_checked(_text(content)), multiple=True)
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise Unreadable("not-icalendar", NOT_A_CALENDAR()) from error


def _text(content: bytes) -> str:
    """The file's text with folded lines joined."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1251", errors="replace")
    return _FOLDED.sub("", text)


def _checked(text: str) -> str:
    """A text that is safe to parse: a calendar, not nested deep, of few events, without zones of its own.

    Only the properties that are read are kept: descriptions and pictures are of any length.
    """
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise Unreadable("not-icalendar", NOT_A_CALENDAR())
    lines = [line for line in _without_parts(text.splitlines()) if _is_read(line)]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    if sum(line.count(",") for line in lines) > MOST_VALUES:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    if sum(_BEGIN.match(line) is not None for line in lines) > MOST_EVENTS:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    depth = 0
    for line in lines:
        depth += (_BEGIN.match(line) is not None) - (_END.match(line) is not None)
        if depth > _DEEPEST:
            raise Unreadable("not-icalendar", NOT_A_CALENDAR())
    zones: dict[str, bool] = {}
    return "\r\n".join(_with_zone(line, zones) for line in lines)


def _is_read(line: str) -> bool:
    """Whether a line is a property that is read, or none at all, for which the file is refused."""
    found = _PROPERTY.match(line)
    return found is None or found[1].upper() in _READ


def _with_zone(line: str, zones: dict[str, bool]) -> str:
    """The line, in which a zone that is not known has another parameter's name, so that nobody looks it up.

    `zones` remembers which names are known; after `MOST_ZONES` of them every other one counts as unknown.
    """

    def named(found: re.Match[str]) -> str:
        name = found[1].strip('"')
        if name not in zones and len(zones) < MOST_ZONES:
            zones[name] = _is_known(name)
        return found[0] if zones.get(name) else f";{_UNKNOWN_ZONE}={found[1]}"

    return _ZONE.sub(named, line) if "TZID" in line.upper() else line


def _is_known(name: str) -> bool:
    """Whether a zone has that name; Windows has names of its own."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # no file, a folder such as Europe, longer than a file's name, no zone
        return name in WINDOWS_TO_OLSON
    return True


def _without_parts(lines: list[str]) -> list[str]:
    """The lines without definitions of zones, which are known by their names, and without alarms.

    The rules of a zone's definition could run without end, and the library keeps a zone for every later file.
    """
    kept: list[str] = []
    inside = ""
    for line in lines:
        begins, ends = _BEGIN.match(line), _END.match(line)
        part = next((part for part in _LEFT_OUT if part in line.upper()), "") if begins or ends else ""
        if begins and part and not inside:
            inside = part
        if not inside:
            kept.append(line)
        elif ends and part == inside:
            inside = ""
    return kept


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event as the file has it: once, with the rule and the exceptions of its repetition.

    `start` is a date for an all-day event. `repeats` is icalendar's rule. Moments left out, added and replaced
    are without zone, as the file writes them.
    """

    uid: str
    name: str
    start: date
    length: timedelta
    repeats: Any
    left_out: frozenset[datetime]
    added: tuple[datetime, ...]
    replaces: datetime | None


def _entry(event: Component, faults: Faults) -> _Entry | None:
    """What an event says; None for a cancelled one and one without start."""
    name = " ".join(str(event.get("SUMMARY", "")).split())[:_LONGEST_NAME]
    uid = str(event.get("UID", ""))[:_LONGEST_NAME]
    for broken, _ in event.errors:
        faults.add(name, "broken-property", BROKEN_PROPERTY(property=broken, name=name))
    start = _day(event.get("DTSTART"))
    if start is None:
        faults.add(name, "no-start", NO_START(name=name))
        return None
    replaced = _day(event.get("RECURRENCE-ID"))
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    if cancelled and replaced is None:
        return None
    zone = event["DTSTART"].params.get(_UNKNOWN_ZONE)
    if zone and isinstance(start, datetime):
        faults.add(name, "unknown-zone", UNKNOWN_ZONE(zone=str(zone)[:_LONGEST_NAME], name=name))
    return _Entry(
        uid=uid,
        name=name,
        start=start,
        length=_CANCELLED if cancelled else _length(event, start, name, faults),
        repeats=event.get("RRULE"),
        left_out=frozenset(_stamps(event.get("EXDATE"), start)),
        added=tuple(_stamps(event.get("RDATE"), start)),
        replaces=None if replaced is None else _stamp(_in_zone_of(start, replaced)),
    )


def _length(event: Component, start: date, name: str, faults: Faults) -> timedelta:
    """How long an event is: to its end, by its duration, otherwise one day or no time at all."""
    one = timedelta() if isinstance(start, datetime) else timedelta(days=1)
    if "DTEND" not in event and "DURATION" not in event:
        return one
    end, duration = _day(event.get("DTEND")), _value(event.get("DURATION"))
    try:
        length = duration if end is None else end - start
    except TypeError:  # a date and a moment, or moments with and without zone
        length = None
    if not isinstance(length, timedelta) or length < timedelta() or length > _LONGEST_EVENT:
        faults.add(name, "bad-end", BAD_END(name=name))
        return one
    return max(length, one)


def _found(entries: list[_Entry], first: date, last: date, zone: tzinfo | None, faults: Faults) -> list[CalendarEvent]:
    """The events of the days asked for, by start, at most `MOST_FOUND`."""
    replaced = {(entry.uid, entry.replaces) for entry in entries if entry.replaces is not None}
    found: list[CalendarEvent] = []
    steps = Steps()
    for entry in entries:
        for start in _starts(entry, first, last, steps, faults):
            if entry.replaces is None and (entry.uid, _stamp(start)) in replaced:
                continue
            event = _event(entry, start, zone)
            if event is not None and event.starts_on <= last and event.ends_on >= first:
                found.append(event)
    if steps.left < 0 or len(found) > MOST_FOUND:
        faults.add("", "too-many-events", TOO_MANY(count=min(len(found), MOST_FOUND)))
    return sorted(found[:MOST_FOUND], key=lambda event: (event.starts_on, event.ends_on, event.name))


def _starts(entry: _Entry, first: date, last: date, steps: Steps, faults: Faults) -> Iterator[datetime]:
    """When an event starts, once or by its rule, up to the day `last`."""
    if entry.length == _CANCELLED:
        return
    begun = entry.start if isinstance(entry.start, datetime) else datetime.combine(entry.start, time())
    starts: Iterator[datetime] | None = iter([begun])
    if entry.repeats is not None:
        # A day more: in the zone asked for, an event of the next day may lie on the last one.
        to = last + timedelta(days=1)
        recent = begun.year >= first.year - _OLDEST_YEARS
        starts = repeated(entry.repeats, begun, to, steps) if recent else None
    if starts is None:
        faults.add(entry.name, "repetition-not-supported", BAD_RULE(name=entry.name))
        starts = iter([begun])
    yield from (start for start in starts if _stamp(start) not in entry.left_out)
    yield from (added.replace(tzinfo=begun.tzinfo) for added in entry.added)


def _event(entry: _Entry, start: datetime, zone: tzinfo | None) -> CalendarEvent | None:
    """The event when it starts then; None where it leaves the years that can be counted."""
    try:
        if not isinstance(entry.start, datetime):
            ends_on = start.date() + entry.length - timedelta(days=1)
            return CalendarEvent(entry.uid, entry.name, start.date(), ends_on)
        begins, ends = _local(start, zone), _local(start + entry.length, zone)
    except OverflowError:
        return None
    ends_as_day_begins = ends > begins and ends.time() == time()
    ends_on = ends.date() - timedelta(days=1) if ends_as_day_begins else ends.date()
    return CalendarEvent(entry.uid, entry.name, begins.date(), ends_on, begins, ends)


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    if zone is None:
        return moment
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def _day(value: Any) -> date | None:
    """The date or moment that icalendar read; None for a property that is absent, broken or repeated."""
    read = _value(value)
    return read if isinstance(read, date) else None


def _value(value: Any) -> Any:
    """What icalendar made of a property; None for one that is absent, broken or repeated."""
    return None if isinstance(value, vBroken) else getattr(value, "dt", None)


def _in_zone_of(start: date, moment: date) -> date:
    """A moment in the zone in which its event starts: exceptions may be written in UTC."""
    if isinstance(start, datetime) and isinstance(moment, datetime) and start.tzinfo and moment.tzinfo:
        return moment.astimezone(start.tzinfo)
    return moment


def _stamps(value: Any, start: date) -> Iterator[datetime]:
    """The dates of a property that may stand once or several times, each with several of them, in the event's zone."""
    for one in value if isinstance(value, list) else [value]:
        for part in () if isinstance(one, vBroken) else getattr(one, "dts", ()):
            if (day := _day(part)) is not None:
                yield _stamp(_in_zone_of(start, day))


def _stamp(moment: date) -> datetime:
    """A date or moment as it is written, without zone."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, time())
