"""The demo school's year: calendar schedule and bells, kept by its methodologist's commands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from cli.demo.load.doors import Doors
from cli.demo.load.facts import Facts
from cli.demo.model import Bell, Term
from cli.demo.year import division_of
from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import HOLIDAYS, PUBLIC, Calendar
from kernel.auth import Actor
from kernel.contract import Rpc

MONDAY: Final = 1
#: Days of a week that ends on Fridays.
FIVE: Final = 5
#: Bells of usual days and of short ones: their titles.
BELLS: Final = {False: "Обычные", True: "Сокращённые уроки"}


def keep(doors: Doors, by: Actor, facts: Facts) -> UUID:
    """Make the year with its terms, weeks, days and bells; returns its id."""
    school = facts.school
    span = {"starts_on": school.year.starts_on, "ends_on": school.year.ends_on}
    made = doors.give(by, Calendar.make_year, title=school.year.title, **span)
    steps: list[tuple[Rpc[Any, Any], dict[str, Any]]] = [
        *((Calendar.set_terms, terms) for terms in _terms(school.terms)),
        (Calendar.set_grades, _grades(facts)),
        (Calendar.change_days, _days(facts)),
        *((Bells.set_bells, bells) for bells in _bells(facts)),
    ]
    year_id: UUID = made["id"]
    version = made["version"]
    for method, command in steps:
        version = doors.give(by, method, year_id=year_id, version=version, **command)["version"]
    return year_id


def _terms(terms: tuple[Term, ...]) -> Iterator[dict[str, Any]]:
    """The terms of each division."""
    divided: defaultdict[str, list[Term]] = defaultdict(list)
    for term in terms:
        divided[term.division].append(term)
    for division, own in divided.items():
        said = [{"title": one.title, "starts_on": one.starts_on, "ends_on": one.ends_on} for one in own]
        yield {"division": division, "terms": said}


def _grades(facts: Facts) -> dict[str, Any]:
    """By which terms the grades go, and their weeks."""
    weeks = {one.grade: one.days for one in facts.school.classes}
    return {
        "grades": [
            {"grade": grade, "division": division_of(grade), "days_a_week": days}
            for grade, days in sorted(weeks.items())
        ]
    }


def _days(facts: Facts) -> dict[str, Any]:
    """Holidays of school and law, short days, and a Saturday for Monday in weeks of five days."""
    weeks_of_five = sorted({one.grade for one in facts.school.classes if one.days == FIVE})
    return {
        "days_off": [
            {
                "kind": PUBLIC if holiday.public else HOLIDAYS,
                "name": holiday.title,
                "first": holiday.starts_on,
                "last": holiday.ends_on,
                "grades": holiday.grades,
            }
            for holiday in facts.school.holidays
        ],
        "short_days": [{"date": day} for day in facts.school.short_days],
        "moved_days": [{"date": day, "weekday": MONDAY, "grades": weeks_of_five} for day in facts.school.moved_days],
    }


def _bells(facts: Facts) -> Iterator[dict[str, Any]]:
    school = facts.school
    for bells in (school.bells, school.short_bells):
        short = bells[0].short
        yield {
            "title": BELLS[short],
            "short": short,
            "valid_from": school.year.starts_on,
            "bells": [_bell(bell) for bell in bells],
        }


def _bell(bell: Bell) -> dict[str, Any]:
    return {"number": bell.number, "starts": f"{bell.starts:%H:%M}", "ends": f"{bell.ends:%H:%M}"}
