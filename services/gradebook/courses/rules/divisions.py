"""By which terms courses go (clause 4.2)."""

from __future__ import annotations

from collections.abc import Iterable

from kernel.errors import Conflict
from services.gradebook.calendar.rules.year_calendar import YearCalendar, week_of_grade

#: How many courses a refusal names.
_NAMED = 3


def check_nothing_goes_by(titles: Iterable[str]) -> None:
    """Refuse to remove the terms of a division by which courses of these titles go (clause 4.2)."""
    found = sorted(titles)
    if found:
        raise Conflict(
            "{count} courses go by these terms: {courses}. Let their grades go by other terms first.",
            rule="division-in-use",
            field="terms",
            count=len(found),
            courses=", ".join(found[:_NAMED]) + ("…" if len(found) > _NAMED else ""),
        )


def other_terms(before: YearCalendar, after: YearCalendar) -> dict[tuple[str, str], list[int]]:
    """The division that grades went by and the one they go by now, where these differ → the grades (practice)."""
    found: dict[tuple[str, str], list[int]] = {}
    for grade in sorted({*before.shown_grades, *after.shown_grades}):
        change = week_of_grade(before, grade).division, week_of_grade(after, grade).division
        if change[0] != change[1]:
            found.setdefault(change, []).append(grade)
    return found
