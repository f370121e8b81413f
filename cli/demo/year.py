"""The school year: quarters, half-years, holidays, school days, bells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from cli.demo.model import AcademicYear, Bell, Holiday, Term, id_of
from contracts.gradebook.calendar import HALF_YEARS, QUARTERS

DAY: Final = timedelta(days=1)
SATURDAY: Final = 6
SUNDAY: Final = 7
#: The first grade that goes by half-years.
HALF_YEARS_FROM: Final = 10
#: Public holidays (Labour Code, article 112) that fall outside the breaks.
PUBLIC_HOLIDAYS: Final = (
    (11, 4, "День народного единства"),
    (2, 23, "День защитника Отечества"),
    (3, 8, "Международный женский день"),
    (5, 1, "Праздник Весны и Труда"),
    (5, 9, "День Победы"),
)
#: The breaks after lessons, in minutes; lessons last 40 minutes, on short days 30 with short breaks.
BREAKS: Final = (10, 20, 20, 10, 10, 10)
SHORT_BREAK: Final = 10
FIRST_BELL: Final = time(8, 30)
LESSON: Final = timedelta(minutes=40)
SHORT_LESSON: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolYear:
    """A year with its terms and holidays; `days` are its school days (Monday to Saturday) in order."""

    year: AcademicYear
    quarters: tuple[Term, ...]
    half_years: tuple[Term, ...]
    holidays: tuple[Holiday, ...]
    days: tuple[date, ...]

    @property
    def short_days(self) -> tuple[date, ...]:
        """The school days right before a public holiday of the law (Labour Code, article 95)."""
        public = {holiday.starts_on for holiday in self.holidays if holiday.public and "moved" not in holiday.key}
        return tuple(day for day in self.days if day + DAY in public)

    def days_of(self, grade: int, week: int) -> tuple[date, ...]:
        """School days of a grade with a week of `week` days."""
        off = {day for holiday in self.holidays if grade in holiday.grades for day in _days_of(holiday)}
        return tuple(day for day in self.days if day.isoweekday() <= week and day not in off)

    def held(self, today: date, weeks: int = 4) -> tuple[date, ...]:
        """The school days of the last `weeks` full weeks before `today`, fewer near the start of the year."""
        return tuple(day for day in self.days if day < today)[-6 * weeks :]

    def moved_days(self, today: date) -> tuple[date, ...]:
        """A Saturday of the weeks to come on which classes of five days a week are taught; none near the year's end.

        Nothing was entered on it yet, so that the records of past days are those of usual weeks.
        """
        return tuple(day for day in self.days if day.isoweekday() == SATURDAY and day > today + 7 * DAY)[:1]

    def ahead(self, today: date, count: int = 2) -> tuple[date, ...]:
        """The next `count` school days, including `today` if it is one."""
        return tuple(day for day in self.days if day >= today)[:count]


def school_year(today: date, seed: int) -> SchoolYear:
    """The school year containing `today`; in summer the one that is ending, whose last term goes on until `today`."""
    first = today.year if today.month >= 9 else today.year - 1
    key = f"year:{first}"
    year = AcademicYear(
        key=key,
        id=id_of(key, seed),
        title=f"{first}/{first + 1}",
        starts_on=date(first, 9, 1),
        ends_on=date(first + 1, 8, 31),
    )
    holidays = tuple(_holidays(year, seed))
    off = {day for holiday in holidays if not holiday.grades for day in _days_of(holiday)}
    every_day = _range(year.starts_on, year.ends_on)
    days = tuple(day for day in every_day if day.isoweekday() != SUNDAY and day not in off)
    quarters = _until(today, tuple(_quarters(year, holidays, days, seed)))
    return SchoolYear(
        year=year, quarters=quarters, half_years=tuple(_half_years(quarters, seed)), holidays=holidays, days=days
    )


def division_of(grade: int) -> str:
    """The division of the year by which a grade goes."""
    return HALF_YEARS if grade >= HALF_YEARS_FROM else QUARTERS


def bells(seed: int, *, short: bool = False) -> tuple[Bell, ...]:
    """The bell schedule of the school, or that of its short days."""
    starts = datetime.combine(date.min, FIRST_BELL)
    schedule = []
    for number, pause in enumerate((*BREAKS, 0), start=1):
        ends = starts + (SHORT_LESSON if short else LESSON)
        key = f"bell:{number}:short" if short else f"bell:{number}"
        times = {"starts": starts.time(), "ends": ends.time()}
        schedule.append(Bell(key=key, id=id_of(key, seed), number=number, short=short, **times))
        starts = ends + timedelta(minutes=SHORT_BREAK if short else pause)
    return tuple(schedule)


def _breaks(first: int) -> Iterator[tuple[str, str, date, date, tuple[int, ...]]]:
    """Slug, title, first and last day, and grades of the breaks of the year that begins in `first`.

    The ministry recommends dates every year; these are the usual ones: a week at the end of October, the days around
    New Year until the end of a week, a week in late March, and one more in February for grade 1.
    """
    autumn = _monday_from(date(first, 10, 25))
    yield "autumn", "Осенние каникулы", autumn, autumn + 6 * DAY, ()
    christmas = date(first + 1, 1, 8)
    yield "winter", "Зимние каникулы", date(first, 12, 31), christmas + (7 - christmas.isoweekday()) * DAY, ()
    extra = _monday_from(date(first + 1, 2, 9))
    yield "extra", "Дополнительные каникулы первоклассников", extra, extra + 6 * DAY, (1,)
    spring = _monday_from(date(first + 1, 3, 24))
    yield "spring", "Весенние каникулы", spring, spring + 6 * DAY, ()
    yield "summer", "Летние каникулы", date(first + 1, 5, 27), date(first + 1, 8, 31), ()


def _public(first: int) -> Iterator[tuple[str, str, date, date, tuple[int, ...]]]:
    """Public holidays; for one on a weekend the following Monday is free."""
    for month, day, title in PUBLIC_HOLIDAYS:
        when = date(first if month >= 9 else first + 1, month, day)
        yield f"{month:02}-{day:02}", title, when, when, ()
        if when.isoweekday() >= 6:
            monday = _monday_from(when)
            yield f"{month:02}-{day:02}:moved", f"{title} (перенос выходного дня)", monday, monday, ()


def _holidays(year: AcademicYear, seed: int) -> Iterator[Holiday]:
    first = year.starts_on.year
    public = [*_public(first)]
    everything = sorted((*_breaks(first), *public), key=lambda row: row[2])
    for row in everything:
        slug, title, starts_on, ends_on, grades = row
        key = f"holiday:{first}:{slug}"
        yield Holiday(
            key=key,
            id=id_of(key, seed),
            year_id=year.id,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            grades=grades,
            public=row in public,
        )


def _quarters(year: AcademicYear, holidays: Iterable[Holiday], days: tuple[date, ...], seed: int) -> Iterator[Term]:
    """Four quarters: the school days between the breaks of all grades."""
    breaks = [holiday for holiday in holidays if holiday.ends_on - holiday.starts_on > 2 * DAY and not holiday.grades]
    begins = year.starts_on
    for number, pause in enumerate(breaks, start=1):
        within = [day for day in days if begins <= day < pause.starts_on]
        key = f"term:{year.starts_on.year}:{number}"
        yield Term(
            key=key,
            id=id_of(key, seed),
            year_id=year.id,
            division=QUARTERS,
            number=number,
            title=f"{number}-я четверть",
            starts_on=within[0],
            ends_on=within[-1],
        )
        begins = pause.ends_on + DAY


def _until(today: date, quarters: tuple[Term, ...]) -> tuple[Term, ...]:
    """The quarters; one after which it is holidays `today` goes on until today.

    Journals of terms that ended are closed: in holidays nobody could try to write in one.
    """
    begun = [term for term in quarters if term.starts_on <= today]
    last = begun[-1:]
    return tuple(replace(term, ends_on=max(term.ends_on, today)) if term in last else term for term in quarters)


def _half_years(quarters: tuple[Term, ...], seed: int) -> Iterator[Term]:
    """Two half-years, each of two quarters and the break between them."""
    for number, (first, last) in enumerate(zip(quarters[::2], quarters[1::2], strict=True), start=1):
        key = f"{first.key.rpartition(':')[0]}:half:{number}"
        yield Term(
            key=key,
            id=id_of(key, seed),
            year_id=first.year_id,
            division=HALF_YEARS,
            number=number,
            title=f"{number}-е полугодие",
            starts_on=first.starts_on,
            ends_on=last.ends_on,
        )


def _monday_from(day: date) -> date:
    return day + (-day.weekday() % 7) * DAY


def _days_of(holiday: Holiday) -> Iterator[date]:
    return _range(holiday.starts_on, holiday.ends_on)


def _range(first: date, last: date) -> Iterator[date]:
    return (first + offset * DAY for offset in range((last - first).days + 1))
