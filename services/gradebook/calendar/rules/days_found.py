"""Days that a file holds, and what a year's calendar would become by them (Labour Code, article 112; practice)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from contracts.gradebook.calendar import ADDED, CLOSED, GONE, HOLIDAYS, OUTSIDE, PUBLIC, REPLACED, SAME
from services.gradebook.calendar.rules.grades import in_common, normal
from services.gradebook.calendar.rules.school_days import worked_instead
from services.gradebook.calendar.rules.year_calendar import (
    DayOff,
    MovedDay,
    ShortDay,
    YearCalendar,
    days_off_of,
    week_of_grade,
    weekdays,
)
from services.gradebook.calendar.rules.year_days import TAUGHT, days_of_grade

_DAY: Final = timedelta(days=1)
Row = DayOff | MovedDay | ShortDay
NewId = Callable[[], UUID]


class Named(NamedTuple):
    """Days without lessons as a file names them, both included."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaysFound:
    """What a file says of days. Of the calendar year `whole` it names every public holiday."""

    kind: str
    days_off: tuple[Named, ...]
    grades: tuple[int, ...] = ()
    #: Each day that lost its day off, with the day that became one.
    moved: tuple[tuple[date, date], ...] = ()
    short_days: frozenset[date] = frozenset()
    whole: int | None = None


class DayChange(NamedTuple):
    """What becomes of rows of a calendar: `added`, `replaced`, `gone`, or the `same` as before."""

    change: str
    before: tuple[Row, ...]
    after: Row | None

    @property
    def day(self) -> date:
        """The first day that it is about."""
        row = self.after or self.before[0]
        return row.first if isinstance(row, DayOff) else row.date


def in_a_row(days: Mapping[date, str]) -> list[Named]:
    """Days with their names, those of one name in a row together (practice)."""
    found: list[Named] = []
    for day, name in sorted(days.items()):
        if found and found[-1].name == name and found[-1].last + _DAY == day:
            found[-1] = found[-1]._replace(last=day)
        else:
            found.append(Named(name, day, day))
    return found


def changed_by(year: YearCalendar, found: DaysFound, new_id: NewId) -> tuple[YearCalendar, list[DayChange]]:
    """The calendar after a file was taken, and what changes, by date (Labour Code, article 112; practice).

    Days outside the year are left out. A worked weekend day is a moved day of the grades that have no lessons on that
    weekday, and none of those that have holidays then; a short day is one of those that are taught on it.
    """
    off = list(_days_off(year, found, new_id))
    with_days_off = _after(year, off)
    moved = list(_moved_days(with_days_off, found, new_id))
    with_moved = _after(with_days_off, moved)
    short = list(_short_days(with_moved, found, new_id))
    return _after(with_moved, short), sorted((*off, *moved, *short), key=lambda change: change.day)


def _days_off(year: YearCalendar, found: DaysFound, new_id: NewId) -> Iterator[DayChange]:
    present = [one for one in year.days_off if one.kind == found.kind]
    touched: set[UUID] = set()
    for named in found.days_off:
        first, last = max(named.first, year.starts_on), min(named.last, year.ends_on)
        if first > last:
            continue
        row = DayOff(new_id(), found.kind, named.name, first, last, found.grades)
        before = [one for one in present if one.id not in touched and _shares_days(one, row)]
        touched.update(one.id for one in before)
        yield _change(before, row)
    for one in present:
        if one.id not in touched and found.whole is not None and one.first.year == one.last.year == found.whole:
            yield DayChange(GONE, (one,), None)


def _shares_days(one: DayOff, other: DayOff) -> bool:
    return one.first <= other.last and other.first <= one.last and in_common(one.grades, other.grades)


def _change(before: Sequence[Row], row: Row) -> DayChange:
    """What becomes of rows of the same days: the first of them keeps its id."""
    if not before:
        return DayChange(ADDED, (), row)
    after = replace(row, id=before[0].id)
    return DayChange(SAME if list(before) == [after] else REPLACED, tuple(before), after)


def _moved_days(year: YearCalendar, found: DaysFound, new_id: NewId) -> Iterator[DayChange]:
    grades: dict[tuple[date, int], list[int]] = {}
    off = {day for named in found.days_off for day in _each(named)}
    for grade in year.shown_grades:
        week = weekdays(week_of_grade(year, grade).days_a_week)
        for day, weekday in worked_instead(found.moved, off, week).items():
            if year.starts_on <= day <= year.ends_on and not _is_on_holiday(year, grade, day):
                grades.setdefault((day, weekday), []).append(grade)
    for (day, weekday), of_grades in sorted(grades.items()):
        row = MovedDay(new_id(), day, weekday, _for_whom(year, of_grades))
        yield _change(_of_day(year.moved_days, row), row)


def _each(named: Named) -> Iterator[date]:
    day = named.first
    while day <= named.last:
        yield day
        day += _DAY


def _is_on_holiday(year: YearCalendar, grade: int, day: date) -> bool:
    """Whether the grade has no lessons on a day for another reason than its weekday."""
    kinds = {HOLIDAYS, CLOSED, OUTSIDE, PUBLIC}
    return any(one.kind in kinds and one.first <= day <= one.last for one in days_off_of(year, grade))


def _short_days(year: YearCalendar, found: DaysFound, new_id: NewId) -> Iterator[DayChange]:
    taught = {grade: days_of_grade(year, grade) for grade in year.shown_grades}
    for day in sorted(found.short_days):
        grades = [grade for grade, days in taught.items() if day in days and days[day].state in TAUGHT]
        if grades:
            row = ShortDay(new_id(), day, _for_whom(year, grades))
            yield _change(_of_day(year.short_days, row), row)


def _of_day(rows: Iterable[Any], row: MovedDay | ShortDay) -> list[Any]:
    return [one for one in rows if one.date == row.date and in_common(one.grades, row.grades)]


def _for_whom(year: YearCalendar, grades: Collection[int]) -> tuple[int, ...]:
    return () if len(grades) == len(year.shown_grades) else normal(grades)


def _after(year: YearCalendar, changes: Iterable[DayChange]) -> YearCalendar:
    rows: dict[str, dict[UUID, Any]] = {
        name: {row.id: row for row in getattr(year, name)} for name in ("days_off", "moved_days", "short_days")
    }
    for change in changes:
        for row in change.before:
            del rows[_list_of(row)][row.id]
        if change.after is not None:
            rows[_list_of(change.after)][change.after.id] = change.after
    return replace(
        year,
        days_off=tuple(sorted(rows["days_off"].values(), key=lambda row: (row.first, row.last, row.name))),
        moved_days=tuple(sorted(rows["moved_days"].values(), key=lambda row: row.date)),
        short_days=tuple(sorted(rows["short_days"].values(), key=lambda row: row.date)),
    )


def _list_of(row: Row) -> str:
    if isinstance(row, DayOff):
        return "days_off"
    return "moved_days" if isinstance(row, MovedDay) else "short_days"
