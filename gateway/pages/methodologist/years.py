"""The academic year that a page of its setting up shows."""

from __future__ import annotations

from typing import Any

from flask import request

from contracts.gradebook.calendar import Calendar, term_at
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
