"""Dates of lessons and their homework (regulation, clause 3.2; domain, §3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.errors import Invalid

DAYS_OF_A_WEEK = 7


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
