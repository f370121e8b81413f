"""The academic year that a page of its setting up shows."""

from __future__ import annotations

from typing import Any

from flask import request

from contracts.gradebook.calendar import Calendar, term_at
from contracts.gradebook.courses import Courses
from contracts.identity.classes import Classes
from gateway.composed.classes import in_year
from gateway.composed.years import goes_on
from gateway.door.asking import ask
from gateway.pages.frame import shown


def years() -> list[dict[str, Any]]:
    """The school's academic years, newest first."""
    found: list[dict[str, Any]] = ask(Calendar.calendar)["years"]
    return found


def chosen_of(known: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The year that the query or the form names; else the present one; None where there are none."""
    wanted = request.values.get("year")
    named = next((year for year in known if year["id"] == wanted), None)
    return named or term_at(known, shown.today().isoformat(), lambda year: str(year["starts_on"]))


def classes_of(
    known: list[dict[str, Any]], year: dict[str, Any] | None, courses: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The classes that the school has in a year, by their names of that year; `courses` of the year, if they are known.

    Without them they are asked for, but only of a year that does not go on.
    """
    today = shown.today()
    if courses is None and year is not None and not goes_on(year, today) and shown.allowed(Courses.courses):
        courses = ask(Courses.courses, year_id=year["id"])["courses"]
    return in_year(ask(Classes.classes)["classes"], courses or [], known, year, today)
