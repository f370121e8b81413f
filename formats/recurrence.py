"""Expands recurring events of an iCalendar file in limited time, for the rules that school calendars use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, tzinfo
from typing import Any, Final

from dateutil.rrule import rrulestr
from icalendar import vRecur

#: The most steps of all rules of a file together.
MOST_STEPS: Final = 20_000
_ALWAYS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_BY_DAY: Final = _ALWAYS | {"BYDAY"}
_BY_DATE: Final = _BY_DAY | {"BYMONTH", "BYMONTHDAY", "BYSETPOS"}
#: The parts that a rule may have, by its frequency.
_PARTS: Final = {"DAILY": _BY_DAY, "WEEKLY": _BY_DAY, "MONTHLY": _BY_DATE, "YEARLY": _BY_DATE}
#: The length in days of a rule's period, by its frequency.
_DAYS_OF: Final = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
#: The supported positions: first and last.
_ENDS: Final = (1, -1)
_WEEKDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
#: The most days of each month from January on, and the fewest of any month.
_LONGEST: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_SHORTEST: Final = 28


class Steps:
    """The number of steps that the rules of one file may still take."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left


def is_slow(rule: object) -> bool:
    """Whether expanding a rule over many years is slow: it is daily or weekly, or selects by position (BYSETPOS)."""
    if not isinstance(rule, vRecur):
        return False
    return str(_first(rule, "FREQ", "")).upper() in ("DAILY", "WEEKLY") or "BYSETPOS" in rule


def repeated(rule: object, start: datetime, last: date, steps: Steps) -> Iterator[datetime] | None:
    """The starts of a recurring event up to the day `last`, in the event's time zone; None for an unsupported rule.

    `rule` is icalendar's parsed rule. The starts end early when `steps` run out.
    """
    if not isinstance(rule, vRecur):
        return None
    try:
        if not is_taken(rule):
            return None
        plain = vRecur(
            {name: _until(value, start) if name.upper() == "UNTIL" else value for name, value in rule.items()}
        )
        written: bytes = plain.to_ical()  # type: ignore[no-untyped-call]  # icalendar leaves it untyped
        found = rrulestr(written.decode(), dtstart=start.replace(tzinfo=None))
    except (ValueError, TypeError):  # values that are invalid for their part
        return None
    unit = _DAYS_OF[str(_first(rule, "FREQ", "")).upper()]
    return _counted(iter(found), start, last, steps, unit)


def is_taken(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is supported: the search for its next date must end soon.

    Refuses hours, minutes and seconds, numbered weeks and days of the year, positions other than first and last, and
    combinations that match no date, such as 30 February. Raises `ValueError` or `TypeError` for parts that should be
    numbers and are not.
    """
    frequency = str(_first(rule, "FREQ", "")).upper()
    names = {name.upper() for name in rule}
    if not names <= _PARTS.get(frequency, frozenset()) or names >= {"COUNT", "UNTIL"}:
        return False
    weekdays = [_WEEKDAY.fullmatch(str(day)) for day in rule.get("BYDAY", [])]
    if None in weekdays or any(abs(int(position)) != 1 for position in rule.get("BYSETPOS", [])):
        return False
    numbered = any(day[1] for day in weekdays if day is not None)
    if numbered and ("BYMONTHDAY" in names or frequency in ("DAILY", "WEEKLY")):
        return False
    if len(rule.get("BYSETPOS", [])) > len(_ENDS):
        return False
    interval = int(_first(rule, "INTERVAL", 1))
    if interval > 1 and frequency == "DAILY":
        return "BYDAY" not in names
    return interval >= 1 and _meets_dates(rule, each_period=interval > 1)


def _meets_dates(rule: Mapping[str, Any], each_period: bool) -> bool:
    """Whether some month of the rule has one of its days; with `each_period`, whether every month has all of them."""
    months = [int(month) for month in rule.get("BYMONTH", range(1, 13))]
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [1])]
    if not all(1 <= month <= len(_LONGEST) for month in months) or not all(days):
        return False
    if each_period:
        return "BYMONTH" not in rule and max(days) <= _SHORTEST
    return max(days) <= max(_LONGEST) and any(day <= _LONGEST[month - 1] for day in days for month in months)


def _counted(found: Iterator[datetime], begun: datetime, last: date, steps: Steps, unit: int) -> Iterator[datetime]:
    """The starts up to the day `last`; each period of `unit` days that passes without a start costs a step too."""
    before = begun.date()
    while steps.left >= 0 and (start := next(found, None)) is not None:
        steps.left -= max(1, (start.date() - before).days // unit)
        before = start.date()
        if before > last or steps.left < 0:
            return
        yield start.replace(tzinfo=begun.tzinfo)


def _until(values: list[Any], start: datetime) -> list[datetime]:
    """The last moment of a rule, in the event's time zone; a date includes the whole day."""
    value = values[0]
    if not isinstance(value, datetime):
        return [datetime.combine(value, time.max)]
    if value.tzinfo is not None and start.tzinfo is not None:
        value = in_zone(value, start.tzinfo)
    return [value.replace(tzinfo=None)]


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in a zone; unchanged at the limits of datetime, which some calendars use for "always"."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def _first(rule: Mapping[str, Any], name: str, otherwise: object) -> Any:
    values = rule.get(name) or [otherwise]
    return values[0]
