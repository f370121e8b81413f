"""A calendar feed as iCalendar (RFC 5545): an event for each lesson, in UTC, which every calendar shows alike.

icalendar escapes and folds the texts. The lines are put together here: its own events take twenty times as long, half a
second for a year of lessons, and calendars on phones come back every hour.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date
from flask_babel import gettext

from gateway.composed import weeks
from gateway.door import language

#: How often a calendar is to look for changes (RFC 7986, section 5.7).
REFRESH: Final = "PT1H"
#: It goes up when the same lessons become another text.
FORM: Final = 1
_TAG: Final = re.compile(r"\d+-[a-z]+-[0-9a-f]{32}")
_CRLF: Final = b"\r\n"
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


def tag(feed: Mapping[str, Any]) -> str:
    """What tells whether a calendar has the feed already: it depends on what the feed says, in which language."""
    digest = feed["digest"] or hashlib.blake2b(msgspec.json.encode(feed), digest_size=16).hexdigest()
    return f"{_form()}{digest}"


def known(tags: Iterable[str]) -> str:
    """The digest of the feed that a calendar has already, by the tags that it sends; empty if it has none."""
    return next((one.removeprefix(_form()) for one in tags if _TAG.fullmatch(one) and one.startswith(_form())), "")


def _form() -> str:
    return f"{FORM}-{language.code()}-"


def text(feed: Mapping[str, Any]) -> bytes:
    """The feed as a text/calendar."""
    return b"".join(line + _CRLF for line in _lines(feed))


def _lines(feed: Mapping[str, Any]) -> Iterator[bytes]:
    yield b"BEGIN:VCALENDAR"
    yield b"VERSION:2.0"
    yield b"PRODID:-//Lyceum//Lessons//EN"
    yield b"CALSCALE:GREGORIAN"
    for name in ("NAME", "X-WR-CALNAME"):
        yield _line(name, _name(feed))
    yield _line("X-WR-TIMEZONE", feed["time_zone"])
    yield f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}".encode()
    yield f"X-PUBLISHED-TTL:{REFRESH}".encode()
    changed_at = f"{datetime.fromisoformat(feed['changed_at']).astimezone(UTC):{_MOMENT}}"
    shared = [f"DTSTAMP:{changed_at}", f"LAST-MODIFIED:{changed_at}", f"SEQUENCE:{feed['sequence']}"]
    of_all = [one.encode() for one in shared]
    zone = ZoneInfo(feed["time_zone"])
    for lesson in feed["lessons"]:
        yield b"BEGIN:VEVENT"
        yield f"UID:{lesson['lesson_id']}".encode()
        yield from of_all
        yield from _times(lesson, zone)
        yield from _words(lesson, of_teacher=feed["of"] == "teacher")
        yield b"END:VEVENT"
    yield b"END:VCALENDAR"


def _name(feed: Mapping[str, Any]) -> str:
    """What the calendar is called; it names nobody."""
    if feed["class_name"]:
        return gettext("Lessons, %(class_name)s", class_name=feed["class_name"])
    return gettext("Lessons")


def _times(lesson: Mapping[str, Any], zone: ZoneInfo) -> Iterator[bytes]:
    """When the lesson is: the whole day where no bell rings for it."""
    day = date.fromisoformat(lesson["date"])
    if lesson["starts"] and lesson["ends"]:
        for name, at in (("DTSTART", lesson["starts"]), ("DTEND", lesson["ends"])):
            moment = datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC)
            yield f"{name}:{moment:{_MOMENT}}".encode()
    else:
        yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}".encode()
        yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}".encode()
    free = lesson["state"] == "cancelled" or not lesson["starts"]
    yield b"TRANSP:TRANSPARENT" if free else b"TRANSP:OPAQUE"


def _words(lesson: Mapping[str, Any], *, of_teacher: bool) -> Iterator[bytes]:
    cancelled = lesson["state"] == "cancelled"
    named = (weeks.title(lesson), lesson["class_name"] if of_teacher else "", lesson["group_name"])
    yield _line("SUMMARY", ", ".join(one for one in named if one))
    if lesson["classroom"]:
        yield _line("LOCATION", weeks.room_name(lesson["classroom"]))
    if said := "\n".join(_notes(lesson, cancelled=cancelled)):
        yield _line("DESCRIPTION", said)
    yield b"STATUS:CANCELLED" if cancelled else b"STATUS:CONFIRMED"


def _notes(lesson: Mapping[str, Any], *, cancelled: bool) -> Iterator[str]:
    if lesson["number"] is not None:
        yield gettext("lesson %(number)s", number=lesson["number"])
    if cancelled and lesson["moved_to"]:
        day = format_date(date.fromisoformat(lesson["moved_to"]), "d MMMM", locale=language.code())
        yield weeks.moved(lesson, day)
    elif cancelled:
        yield gettext("cancelled")
    elif lesson["substitute"]:
        yield gettext("substitution")


@lru_cache(maxsize=4096)  # a year has a thousand lessons of a dozen courses
def _line(name: str, said: str) -> bytes:
    """A property whose value is a text: escaped, and folded where it is long."""
    # imported where a calendar asks: it takes four megabytes, which most processes never need
    from icalendar import vText
    from icalendar.parser import Contentline, Parameters

    return bytes(Contentline.from_parts(name, Parameters(), vText(said)).to_ical())
