"""Dates of lessons and their homework (regulation, clause 3.2; domain, §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from contracts.gradebook.calendar import CLOSED, HOLIDAYS, PUBLIC
from kernel.errors import Invalid
from kernel.texts import Text
from services.gradebook.calendar.rules.year_calendar import Off, Term, YearCalendar, calendar_of, days_off_of
from services.gradebook.windows.rules.deadlines import Duty

DAYS_OF_A_WEEK = 7
#: What days without lessons are called in refusals, by the ISO weekday or the kind of a day off.
_WHAT: Final[dict[int | str, Text]] = {
    6: Text("a Saturday, and the week of this course has five days"),
    7: Text("a Sunday"),
    PUBLIC: Text("a public holiday"),
    HOLIDAYS: Text("a day of the holidays"),
    CLOSED: Text("a day off"),
}


def check_date_in_year(lesson_date: date, starts_on: date, ends_on: date) -> None:
    """Refuse a lesson outside the academic year of its course (clause 4.2: the calendar study schedule)."""
    if not starts_on <= lesson_date <= ends_on:
        raise Invalid(
            "A lesson of this course is held between {starts_on} and {ends_on}.",
            rule="date-outside-year",
            field="date",
            starts_on=starts_on,
            ends_on=ends_on,
        )


def check_day_of_lesson(day: date, year: YearCalendar, grade: int | None, division: str, *, works_anyway: bool) -> None:
    """Refuse a lesson by hand outside the terms of its course, and one on a day without lessons (clause 4.2).

    The course is of a `grade`, or of none, and goes by the terms of its `division`. Days off are those that the year's
    calendar holds, and where it holds no holidays those between terms of another division as well: a half-year goes on
    over those between quarters. On a day off the lesson is taken if the caller says that the school `works_anyway`.
    """
    own = [term for term in year.terms if term.division == division]
    if own and not _is_in(day, own):
        raise _outside_terms(day, own, rule="date-outside-terms", field="date")
    if works_anyway or calendar_of(year, grade, division).is_school_day(day):
        return
    off = _day_off(day, year, grade, division)
    if off is not None and off.name:
        raise Invalid(
            "{date} is {what}, “{name}”: no lessons are held. If the school works on that day all the same, say so.",
            rule="day-off",
            field="date",
            date=day,
            what=_WHAT[off.kind],
            name=off.name,
        )
    if holidays := _between_terms(day, off, year, division):
        before, after = holidays
        raise Invalid(
            "{date} lies in the holidays: “{before}” ends on {ends_on}, “{after}” begins on {starts_on}. If this "
            "course has lessons on that day all the same, say so.",
            rule="day-off",
            field="date",
            date=day,
            before=before.title,
            ends_on=before.ends_on,
            after=after.title,
            starts_on=after.starts_on,
        )
    raise Invalid(
        "{date} is {what}: no lessons are held. If the school works on that day all the same, say so.",
        rule="day-off",
        field="date",
        date=day,
        what=_WHAT[off.kind if off else day.isoweekday()],
    )


def check_due_day(due: date, year: YearCalendar, grade: int | None, division: str) -> None:
    """Refuse a day on which a course without a lesson on it cannot take homework in (practice; clause 4.2).

    Such are days outside the year and the terms of the course, and days off of its grade. The course goes by the terms
    of its `division`.
    """
    if not year.starts_on <= due <= year.ends_on:
        raise Invalid(
            "Homework of this course is due between {starts_on} and {ends_on}.",
            rule="homework-due-outside-year",
            field="homework_due",
            starts_on=year.starts_on,
            ends_on=year.ends_on,
        )
    own = [term for term in year.terms if term.division == division]
    if own and not _is_in(due, own):
        raise _outside_terms(due, own, rule="homework-due-outside-terms", field="homework_due")
    if calendar_of(year, grade, division).is_school_day(due):
        return
    off = _day_off(due, year, grade, division)
    if holidays := _between_terms(due, off, year, division):
        raise _in_holidays(due, *holidays, rule="homework-due-day-off", field="homework_due")
    raise Invalid(
        "{date} is {what}: there are no lessons. Choose a school day, or leave the day empty: the homework is then "
        "due at the next lesson.",
        rule="homework-due-day-off",
        field="homework_due",
        date=due,
        what=_WHAT[off.kind if off else due.isoweekday()],
    )


def _day_off(day: date, year: YearCalendar, grade: int | None, division: str) -> Off | None:
    """The day off, or the holidays, in which a day lies; None on a weekday without lessons."""
    return next((one for one in reversed(days_off_of(year, grade, division)) if one.first <= day <= one.last), None)


def _between_terms(day: date, off: Off | None, year: YearCalendar, division: str) -> tuple[Term, Term] | None:
    """The terms of another division than `division` between which holidays without a name lie."""
    if off is None or off.kind != HOLIDAYS or off.name:
        return None
    for other in sorted({term.division for term in year.terms} - {division}):
        of_other = [term for term in year.terms if term.division == other]
        before, after = _around(day, of_other)
        if not _is_in(day, of_other) and before and after:
            return before, after
    return None


def _is_in(day: date, terms: Sequence[Term]) -> bool:
    return any(term.starts_on <= day <= term.ends_on for term in terms)


def _around(day: date, terms: Sequence[Term]) -> tuple[Term | None, Term | None]:
    """The last term that is over on a day, and the first that has not begun."""
    over = [term for term in terms if term.ends_on < day]
    to_come = [term for term in terms if term.starts_on > day]
    return (over[-1] if over else None), (to_come[0] if to_come else None)


def _outside_terms(day: date, terms: Sequence[Term], *, rule: str, field: str) -> Invalid:
    before, after = _around(day, terms)
    if before and after:
        return _in_holidays(day, before, after, rule=rule, field=field)
    if after:
        return Invalid(
            "{date} lies before the first term of this course: “{after}” begins on {starts_on}.",
            rule=rule,
            field=field,
            date=day,
            after=after.title,
            starts_on=after.starts_on,
        )
    last = terms[-1]
    return Invalid(
        "{date} lies behind the last term of this course: “{before}” ends on {ends_on}.",
        rule=rule,
        field=field,
        date=day,
        before=last.title,
        ends_on=last.ends_on,
    )


def _in_holidays(day: date, before: Term, after: Term, *, rule: str, field: str) -> Invalid:
    return Invalid(
        "{date} lies in the holidays: “{before}” ends on {ends_on}, “{after}” begins on {starts_on}.",
        rule=rule,
        field=field,
        date=day,
        before=before.title,
        ends_on=before.ends_on,
        after=after.title,
        starts_on=after.starts_on,
    )


@dataclass(frozen=True, slots=True)
class Description:
    """A lesson's topic, its homework and the homework's due date (clause 3.2)."""

    topic: str
    homework: str
    due: date | None


def described(before: Description, given: Mapping[str, Any], lesson_date: date) -> Description:
    """The description updated with the `given` ones of `topic`, `homework` and `homework_due`.

    Removing homework removes its due date. Raises `Invalid` for a due date without homework or not after the lesson.
    Source: regulation, clause 3.2.
    """
    homework = str(given.get("homework", before.homework)).strip()
    due = given.get("homework_due", before.due if homework else None)
    if due is not None and not homework:
        raise Invalid("Say which homework is due.", rule="due-without-homework", field="homework")
    if due is not None and due <= lesson_date:
        raise Invalid(
            "Homework is due after {date}, the day of the lesson.",
            rule="homework-due-too-early",
            field="homework_due",
            date=lesson_date,
        )
    return Description(str(given.get("topic", before.topic)).strip(), homework, due)


def first_entries(before: Description, after: Description) -> list[Duty]:
    """The duties that a change does: topic and homework that were missing before. Corrections do none (clause 3.2)."""
    done = {Duty.TOPIC: (before.topic, after.topic), Duty.HOMEWORK: (before.homework, after.homework)}
    return [duty for duty, (was, now_is) in done.items() if now_is and not was]


def homework_is_news(before: Description, after: Description) -> bool:
    """Whether to notify families: homework was set, or it or its due date changed (clause 1.4)."""
    return bool(after.homework) and (after.homework, after.due) != (before.homework, before.due)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of `day`. Refuses days less than a week before `date.max`.

    Source: regulation, clause 3.2.
    """
    if (date.max - day).days < DAYS_OF_A_WEEK:
        raise Invalid("Not a valid date.", rule="date", field="date")
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)
