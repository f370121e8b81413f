"""Events of an iCalendar file (RFC 5545): holidays, school breaks and other days of a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from icalendar import Calendar, Component
from icalendar.prop import vBroken

from formats.faults import Faults, Unreadable
from formats.icalendar_text import NOT_A_CALENDAR, UNKNOWN_ZONE_PARAMETER, safe_text
from formats.recurrence import Steps, in_zone, is_slow, repeated
from formats.result import Reading
from kernel.phrases import Phrase

#: The most events returned; each repetition counts.
MOST_FOUND: Final = 5000
#: A daily or weekly event that began longer ago is not expanded, as that takes too long: only its first time counts.
_OLDEST_YEARS: Final = 20
_LONGEST_NAME: Final = 200
_LONGEST_EVENT: Final = timedelta(days=3660)
#: The length that marks a cancelled repetition.
_CANCELLED: Final = timedelta(days=-1)

NO_START = Phrase(ru="У события «{name}» нет даты начала.", en="The event “{name}” has no date of its start.")
BAD_END = Phrase(
    ru="Конец события «{name}» не читается или раньше начала: взят день начала.",
    en="The end of the event “{name}” cannot be read or is before its start: the day of the start was taken.",
)
BAD_RULE = Phrase(
    ru="Правило повторения события «{name}» не поддерживается: взят только первый раз.",
    en="The repetition of the event “{name}” is not supported: only the first time was taken.",
)
OLD_RULE = Phrase(
    ru="Событие «{name}» повторяется больше {years} лет по правилу, которое долго считать: взят только первый раз.",
    en="The event “{name}” is repeated for more than {years} years by a rule that takes long to count: "
    "only the first time was taken.",
)
NO_EXCEPTIONS = Phrase(
    ru="Исключения события «{name}» записаны правилом (EXRULE, THISANDFUTURE), которое не поддерживается.",
    en="The exceptions of the event “{name}” are a rule (EXRULE, THISANDFUTURE) that is not supported.",
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
BROKEN_LINE = Phrase(ru="Строка события «{name}» не читается.", en="A line of the event “{name}” cannot be read.")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An event on one or more days, `ends_on` included. A timed event also has the moments of its start and end."""

    uid: str
    name: str
    starts_on: date
    ends_on: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def read_icalendar(
    content: bytes, first: date, last: date, zone: tzinfo | None = None
) -> Reading[tuple[CalendarEvent, ...]]:
    """Read the events that touch the days from `first` to `last`, ordered by start.

    Times are converted to `zone` if given, else they stay in the event's zone; a time without a zone is local.
    Repeating events are expanded up to `last`; cancelled events and excluded dates are omitted. A fault names each
    event that cannot be read in full. Files that are not iCalendar, or are too large, are refused.
    """
    faults = Faults()
    try:
        entries = [entry for event in _events(content) if (entry := _entry(event, faults)) is not None]
        return Reading(tuple(_found(entries, first, last, zone, faults)), faults.all())
    except Unreadable as error:
        return Reading(None, (error.fault,))


def _events(content: bytes) -> list[Component]:
    text = safe_text(content)
    try:
        calendars = Calendar.from_ical(text, multiple=True)
        return [event for calendar in calendars for event in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError) as error:
        raise Unreadable("not-icalendar", NOT_A_CALENDAR()) from error


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event as the file has it, not expanded, with the rule and exceptions of its repetition.

    `start` is a date for an all-day event. `repeats` is icalendar's rule. `left_out` and `added` are naive moments in
    the event's zone; a date in `left_out` of a timed event excludes the whole day. `replaces` is unconverted.
    """

    uid: str
    name: str
    start: date
    length: timedelta
    repeats: Any
    left_out: frozenset[date]
    added: tuple[datetime, ...]
    replaces: date | None


def _entry(event: Component, faults: Faults) -> _Entry | None:
    """Read an event; None for a cancelled event and one without a start."""
    name = " ".join(_words(event, "SUMMARY").split())[:_LONGEST_NAME]
    uid = _words(event, "UID")[:_LONGEST_NAME]
    for broken, _ in event.errors:
        reason = BROKEN_PROPERTY(property=broken, name=name) if broken else BROKEN_LINE(name=name)
        faults.add(name, "broken-property", reason)
    start = _day(event.get("DTSTART"))
    if start is None:
        faults.add(name, "no-start", NO_START(name=name))
        return None
    replaced = _day(event.get("RECURRENCE-ID"))
    cancelled = _words(event, "STATUS").upper() == "CANCELLED"
    if cancelled and replaced is None:
        return None
    if "EXRULE" in event or (replaced is not None and "RANGE" in event["RECURRENCE-ID"].params):
        faults.add(name, "exceptions-not-supported", NO_EXCEPTIONS(name=name))
    zone = event["DTSTART"].params.get(UNKNOWN_ZONE_PARAMETER)
    if zone and isinstance(start, datetime):
        faults.add(name, "unknown-zone", UNKNOWN_ZONE(zone=str(zone)[:_LONGEST_NAME], name=name))
    return _Entry(
        uid=uid,
        name=name,
        start=start,
        length=_CANCELLED if cancelled else _length(event, start, name, faults),
        repeats=event.get("RRULE"),
        left_out=frozenset(_left_out(event.get("EXDATE"), start)),
        added=tuple(_stamp(day) for day in _days(event.get("RDATE"), start)),
        replaces=replaced,
    )


def _length(event: Component, start: date, name: str, faults: Faults) -> timedelta:
    """The length of an event: to its end, else its duration, else one day or, for a timed event, zero."""
    one = timedelta() if isinstance(start, datetime) else timedelta(days=1)
    if "DTEND" not in event and "DURATION" not in event:
        return one
    end, duration = _day(event.get("DTEND")), _value(event.get("DURATION"))
    try:
        length = duration if end is None else end - start
    except TypeError:  # a date and a moment, or an aware and a naive moment
        length = None
    if not isinstance(length, timedelta) or length < timedelta() or length > _LONGEST_EVENT:
        faults.add(name, "bad-end", BAD_END(name=name))
        return one
    return max(length, one)


def _found(entries: list[_Entry], first: date, last: date, zone: tzinfo | None, faults: Faults) -> list[CalendarEvent]:
    """Expand the entries; returns at most `MOST_FOUND` events, ordered by start."""
    replaced = {(entry.uid, one) for entry in entries if entry.replaces for one in _replaced(entry.replaces)}
    found: list[CalendarEvent] = []
    steps = Steps()
    for entry in entries:
        for start in _starts(entry, first, last, steps, faults):
            if entry.replaces is None and any((entry.uid, one) in replaced for one in _replaceable(start)):
                continue
            event = _event(entry, start, zone)
            if event is not None and event.starts_on <= last and event.ends_on >= first:
                found.append(event)
    if steps.left < 0 or len(found) > MOST_FOUND:
        faults.add("", "too-many-events", TOO_MANY(count=min(len(found), MOST_FOUND)))
    return sorted(found[:MOST_FOUND], key=lambda event: (event.starts_on, event.ends_on, event.name))


def _replaced(moment: date) -> Iterator[tuple[str, date]]:
    """The keys of a RECURRENCE-ID, matched with `_replaceable`: an instant, a wall-clock time, a naive time, a day."""
    if not isinstance(moment, datetime):
        yield "day", moment
    elif moment.tzinfo is None:
        yield "time", moment
    else:
        yield "moment", in_zone(moment, UTC)
        yield "clock", moment.replace(tzinfo=None)


def _replaceable(start: datetime) -> Iterator[tuple[str, date]]:
    """The keys by which a RECURRENCE-ID replaces a start; a naive start also matches an aware moment's wall clock."""
    written = start.replace(tzinfo=None)
    yield "day", start.date()
    yield "time", written
    yield ("clock", written) if start.tzinfo is None else ("moment", in_zone(start, UTC))


def _starts(entry: _Entry, first: date, last: date, steps: Steps, faults: Faults) -> Iterator[datetime]:
    """The starts of an event, single or repeated, up to the day `last`, without duplicates."""
    if entry.length == _CANCELLED:
        return
    given = set(entry.left_out)
    for start in _repeated_starts(entry, first, last, steps, faults):
        if (stamp := _stamp(start)) not in given and start.date() not in given:
            given.add(stamp)
            yield start


def _repeated_starts(entry: _Entry, first: date, last: date, steps: Steps, faults: Faults) -> Iterator[datetime]:
    """The starts given by the rule, or the single start, then the added ones."""
    begun = entry.start if isinstance(entry.start, datetime) else datetime.combine(entry.start, time())
    starts: Iterator[datetime] | None = None
    if entry.repeats is not None:
        # One day more: in the requested zone, an event of the next day may fall on the last day.
        to = last + timedelta(days=1)
        if begun.year < first.year - _OLDEST_YEARS and is_slow(entry.repeats):
            faults.add(entry.name, "repetition-too-old", OLD_RULE(name=entry.name, years=_OLDEST_YEARS))
        elif (starts := repeated(entry.repeats, begun, to, steps)) is None:
            faults.add(entry.name, "repetition-not-supported", BAD_RULE(name=entry.name))
    yield from iter([begun]) if starts is None else starts
    yield from (added.replace(tzinfo=begun.tzinfo) for added in entry.added)


def _event(entry: _Entry, start: datetime, zone: tzinfo | None) -> CalendarEvent | None:
    """The event with this start; None if its dates exceed the range of `date`."""
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


def _words(event: Component, name: str) -> str:
    """A text property; the first if there are several, as in several languages."""
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) else value)


def _day(value: Any) -> date | None:
    """The date or moment of a property; None if it is absent, broken or repeated."""
    read = _value(value)
    return read if isinstance(read, date) else None


def _value(value: Any) -> Any:
    """The value that icalendar parsed; None if the property is absent, broken or repeated."""
    return None if isinstance(value, vBroken) else getattr(value, "dt", None)


def _in_zone_of(start: date, moment: date) -> date:
    """Convert a moment to the zone of its event's start: exceptions may be written in UTC."""
    if isinstance(start, datetime) and isinstance(moment, datetime) and start.tzinfo and moment.tzinfo:
        return in_zone(moment, start.tzinfo)
    return moment


def _left_out(value: Any, start: date) -> Iterator[date]:
    for day in _days(value, start):
        yield day if isinstance(start, datetime) and not isinstance(day, datetime) else _stamp(day)


def _days(value: Any, start: date) -> Iterator[date]:
    """All dates of a property, in the event's zone. It may occur several times, with several dates each."""
    for one in value if isinstance(value, list) else [value]:
        for part in () if isinstance(one, vBroken) else getattr(one, "dts", ()):
            read = _value(part)
            day = read[0] if isinstance(read, tuple) else read  # a period is (start, end or duration)
            if isinstance(day, date):
                yield _in_zone_of(start, day)


def _stamp(moment: date) -> datetime:
    """A date or moment as a naive moment, without conversion."""
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else datetime.combine(moment, time())
