"""Views of bells."""

from __future__ import annotations

from kernel.errors import Stale
from services.gradebook.bells.rules.bells import Bell, BellSchedule, YearBells, in_figures
from services.gradebook.rows import View, picked


def bells(year: YearBells) -> View:
    """The bells of a year."""
    return {
        "year_id": year.calendar.id,
        "version": year.calendar.version,
        "schedules": [_schedule(one) for one in year.schedules],
        "second_shift": sorted(year.second_shift),
    }


def changed_first(year: YearBells) -> Stale:
    """The refusal of a change that starts from older bells, with the present ones."""
    return Stale("Someone changed the calendar of this year first.", rule="stale", field="version", present=bells(year))


def times(bell: Bell | None) -> View:
    """When a lesson begins and ends; nulls where no bell rings for it."""
    return {"starts": bell and in_figures(bell.starts), "ends": bell and in_figures(bell.ends)}


def _schedule(schedule: BellSchedule) -> View:
    shown = picked(schedule, ("id", "title", "shift", "weekdays", "short", "valid_from"))
    return {**shown, "bells": [{"number": one.number, **times(one)} for one in schedule.bells]}
