"""The academic year that a page of its setting up shows."""

from __future__ import annotations

from typing import Any

from flask import request

from contracts.gradebook.calendar import Calendar, term_at
from contracts.gradebook.courses import Courses
from contracts.identity.classes import Classes
from gateway.composed.classes import in_year
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
    return named or present_of(known)


def present_of(known: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The last of the years that has begun, or the first; None where there are none."""
    return term_at(known, shown.today().isoformat(), lambda year: str(year["starts_on"]))


def classes_of(
    known: list[dict[str, Any]], year: dict[str, Any] | None, courses: list[dict[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """The classes that the school has in a year, by their names of that year; `courses` of the year, if they are known.

    Without them they are asked for, but only for another year than the present one.
    """
    present = present_of(known)
    if courses is None:
        asked = year is not None and year != present and shown.allowed(Courses.courses)
        courses = ask(Courses.courses, year_id=year["id"])["courses"] if year is not None and asked else []
    return in_year(ask(Classes.classes)["classes"], courses, present, year)
