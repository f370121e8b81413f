"""Makes the text of an iCalendar file (RFC 5545) safe to parse: limited, unfolded, with only the needed properties."""

from __future__ import annotations

import re
from typing import Final
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from formats.faults import Unreadable
from kernel.look_alikes import composed
from kernel.phrases import Phrase

LARGEST: Final = 2 * 1024**2
MOST_EVENTS: Final = 3000
#: The most lines with needed properties, characters of one line, and comma-separated values of all lines.
MOST_LINES: Final = 40_000
LONGEST_LINE: Final = 20_000
MOST_VALUES: Final = 30_000
#: The most parameters of all needed properties, including parts of recurrence rules.
MOST_PARAMETERS: Final = 60_000
_DEEPEST: Final = 8
#: Lines are folded between bytes, even inside a multi-byte letter (RFC 5545, 3.1).
_FOLDED: Final = re.compile(rb"\r?\n[ \t]")
#: Characters that Python takes for line breaks, but that occur inside texts, for example pasted from Word.
_OTHER_BREAKS: Final = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BEGIN: Final = re.compile(r"\s*BEGIN\b", re.IGNORECASE)
_END: Final = re.compile(r"\s*END\b", re.IGNORECASE)
_PROPERTY: Final = re.compile(r"\s*([A-Za-z0-9-]+)[:;]")
_READ: Final = frozenset(
    {
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "SUMMARY",
        "UID",
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "EXRULE",
        "RECURRENCE-ID",
        "STATUS",
    }
)
_ZONE: Final = re.compile(r';TZID=("[^"]*"|[^":;,]*)', re.IGNORECASE)
#: The parameter that replaces TZID where the time zone is unknown.
UNKNOWN_ZONE_PARAMETER: Final = "X-UNKNOWN-TZID"
#: The most time zones looked up for one file: a school's calendar has one or two.
MOST_ZONES: Final = 50
_LEFT_OUT: Final = ("VTIMEZONE", "VALARM")
#: A property of dates or moments: its name, parameters and values.
_WHEN: Final = re.compile(
    r"(\s*(?:DTSTART|DTEND|EXDATE|RDATE|RECURRENCE-ID))((?:;[^;:=\"]+=(?:\"[^\"]*\"|[^\";:]*))*):(.*)", re.IGNORECASE
)
_OF_DATES: Final = re.compile(r";\s*VALUE=\"?DATE\"?(?:;|$)", re.IGNORECASE)
#: What some programs write for a date: the date, and a time that is void.
_TIME_BEHIND: Final = re.compile(
    r"\s*([0-9]{8})[T ][0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?(?:\.[0-9]+)?(?:Z|[+-][0-9:]{2,6})?\s*", re.IGNORECASE
)

NOT_A_CALENDAR = Phrase(
    ru="Это не календарь iCalendar, или он повреждён.", en="This is no iCalendar file, or it is damaged."
)
TOO_LARGE = Phrase(
    ru="Календарь слишком велик: не больше {megabytes} МБ и {events} событий.",
    en="The calendar is too large: at most {megabytes} MB and {events} events.",
)


def safe_text(content: bytes) -> str:
    """The file's text, safe to parse: a calendar with limited nesting and events, and without zone definitions.

    Only needed properties are kept: descriptions and pictures have any length. The parameter of an unknown time zone
    is renamed to `UNKNOWN_ZONE_PARAMETER`. Raises `Unreadable`.
    """
    if len(content) > LARGEST:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    return _checked(_text(content))


def _text(content: bytes) -> str:
    """The decoded, composed text with folded lines joined."""
    joined = _FOLDED.sub(b"", content)
    try:
        text = joined.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = joined.decode("windows-1251", errors="replace")
    return composed(_OTHER_BREAKS.sub(" ", text))


def _checked(text: str) -> str:
    """The text with only the needed properties. Raises `Unreadable` where it is no calendar or exceeds a limit."""
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise Unreadable("not-icalendar", NOT_A_CALENDAR())
    lines = [line for line in _without_parts(text.splitlines()) if _is_read(line)]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    values, parameters = (sum(line.count(mark) for line in lines) for mark in ",;")
    if values > MOST_VALUES or parameters > MOST_PARAMETERS:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    if sum(_BEGIN.match(line) is not None for line in lines) > MOST_EVENTS:
        raise Unreadable("too-large", TOO_LARGE(megabytes=LARGEST // 1024**2, events=MOST_EVENTS))
    depth = 0
    for line in lines:
        depth += (_BEGIN.match(line) is not None) - (_END.match(line) is not None)
        if depth > _DEEPEST:
            raise Unreadable("not-icalendar", NOT_A_CALENDAR())
    zones: dict[str, bool] = {}
    return "\r\n".join(_with_zone(_with_dates(line), zones) for line in lines)


def _is_read(line: str) -> bool:
    """Whether to keep a line: a needed property, or no property at all, for which the parser refuses the file."""
    found = _PROPERTY.match(line)
    return found is None or found[1].upper() in _READ


def _with_dates(line: str) -> str:
    """The line without times behind dates, if its values are said to be dates (RFC 5545, 3.3.4), and without a zone.

    Parsed as moments they would be moved into another zone, and holidays would begin or end a day early or late.
    """
    found = _WHEN.fullmatch(line)
    if found is None or not _OF_DATES.search(found[2]):
        return line
    dates = (_TIME_BEHIND.fullmatch(value) for value in found[3].split(","))
    values = (one[1] if one else value for one, value in zip(dates, found[3].split(",")))
    return f"{found[1]}{_ZONE.sub('', found[2])}:{','.join(values)}"


def _with_zone(line: str, zones: dict[str, bool]) -> str:
    """The line with the parameters of unknown time zones renamed, so that the parser does not look them up.

    `zones` caches which names are known; after `MOST_ZONES` names all further ones count as unknown.
    """

    def named(found: re.Match[str]) -> str:
        name = found[1].strip('"')
        if name not in zones and len(zones) < MOST_ZONES:
            zones[name] = _is_known(name)
        return found[0] if zones.get(name) else f";{UNKNOWN_ZONE_PARAMETER}={found[1]}"

    return _ZONE.sub(named, line) if "TZID" in line.upper() else line


def _is_known(name: str) -> bool:
    """Whether a time zone has that name, an IANA or a Windows one."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # not a zone: no file, a folder such as Europe, or too long a file name
        return name in WINDOWS_TO_OLSON
    return True


def _without_parts(lines: list[str]) -> list[str]:
    """The lines without alarms and without definitions of time zones, which are looked up by name.

    Rules in a zone's definition could run endlessly, and the library keeps a defined zone for all later files.
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
