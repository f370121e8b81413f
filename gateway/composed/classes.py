"""The classes of the school as they are in a year: by the grade that they have then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext

from contracts.classes_in_years import classes_then, years_between
from gateway.composed.years import goes_on, span, year_at


def in_year(
    classes: Sequence[Mapping[str, Any]],
    courses: Iterable[Mapping[str, Any]],
    years: Iterable[dict[str, Any]],
    year: Mapping[str, Any] | None,
    today: date,
) -> list[dict[str, Any]]:
    """The classes that the school has in a year, as they are called then: «8А (now 7А)».

    `courses` are those of the year. In the year that goes on classes are as they are. `name_then` is the name of that
    year alone.
    """
    present = year_at(years, today)
    if year is None or present is None or goes_on(year, today):
        return [{**one, "name_then": one["name"]} for one in classes]
    then = classes_then(
        [(one["id"], one["name"], one["grade"]) for one in classes],
        [(one["class_id"], one["grade"]) for one in courses],
        years_between(span(present)[0], span(year)[0]),
    )
    return [
        {**one, "name": _words(one["name"], found.name), "grade": found.grade, "name_then": found.name}
        for one in classes
        if (found := then[one["id"]]).is_there
    ]


def _words(now: str, then: str) -> str:
    return now if now == then else gettext("%(then)s (now %(now)s)", then=then, now=now)
