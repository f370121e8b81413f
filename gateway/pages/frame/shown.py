"""Filters and functions of the templates: dates and figures in the visitor's language, idempotency keys of forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from flask import Flask, current_app
from flask_babel import format_datetime, format_decimal, gettext, lazy_gettext
from uuid_utils.compat import uuid7

from contracts.gradebook import calendar
from contracts.gradebook.calendar import grades_in_figures, term_at
from gateway.composed import weeks
from gateway.composed.names import in_list, name_of
from gateway.door import auth, language, live_place, modules, policy
from gateway.pages.frame import kept
from gateway.pages.frame.marked import badges, links, marks
from kernel.clock import local_date, now
from kernel.contract import Rpc
from kernel.names import GIVEN, initials

#: What is said in each language: a sentence, or several.
Said = TypeVar("Said", str, list[str])

#: Any Monday.
_MONDAY: Final = date(2024, 1, 1)


def install(app: Flask) -> None:
    """Add the filters and functions to the templates."""
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        short_name=short_name,
        role=role,
        children=children,
        figure=figure,
        said=said,
        count=format_decimal,
        division=division,
        by_division=by_division,
        weekday=weekday,
        grades=grades_in_figures,
        grades_in_words=grades_in_words,
        without_class=without_class,
        origin=origin,
        zone_in_words=zone_in_words,
    )
    app.jinja_env.globals.update(
        script=modules.address,
        new_key=lambda: str(uuid7()),
        may=may,
        timedelta=timedelta,
        address=address,
        marks=marks,
        moved_here=weeks.moved_here,
        badges=badges,
        links=links,
        live_address=live_place.address,
    )


def may(*operations: str) -> bool:
    """Whether the visitor's roles allow any of the operations (`service.method`). Pages offer only what is allowed."""
    actor = auth.caller().actor
    return actor is not None and any(policy.allows(operation, actor.roles) for operation in operations)


def allowed(method: Rpc) -> bool:
    """As `may`, for one method."""
    return may(repr(method))


def address() -> str:
    """The address of the site, with a slash at its end."""
    found: str = current_app.extensions["lyceum"].public_url
    return found.rstrip("/") + "/"


def today() -> date:
    """The date at the visitor's school."""
    return local_date(now(), kept.zone())


def local(moment: datetime) -> datetime:
    """An aware moment by the clock of the visitor's school."""
    return moment.astimezone(ZoneInfo(kept.zone()))


def terms_of(course: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The terms by which a course goes: those of its year that are of its division."""
    return [
        term
        for year in kept.years()
        if year["id"] == course["year_id"]
        for term in year["terms"]
        if division_of(term) == division_of(course)
    ]


def division_of(shown: Mapping[str, Any]) -> str:
    """The division of a term or course; an earlier version of the gradebook says none."""
    return str(shown.get("division", ""))


def present_term(course: Mapping[str, Any]) -> dict[str, Any] | None:
    """The term of a course to begin with."""
    return present_of(terms_of(course))


def present_of(terms: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    """The present one of the terms of a division, as `contracts.gradebook.calendar.term_at` chooses it."""
    return term_at(terms, today().isoformat(), itemgetter("starts_on"))


def by_division(terms: Iterable[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Terms in groups, each with the name of its division; those of one division next to each other."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for term in terms:
        groups.setdefault(division_of(term), []).append(term)
    return [(division(key), group) for key, group in groups.items()]


def division(key: str) -> str:
    """The name of a division of the year: «Quarters», a second one «Quarters (2)»."""
    kind, _, ordinal = key.partition(":")
    name = str(_DIVISIONS.get(kind, ""))
    return f"{name} ({ordinal})" if ordinal else name


def weekday(number: int, form: str = "EEEE") -> str:
    """An ISO weekday in the visitor's language, in a form of the CLDR."""
    return day(_MONDAY + timedelta(days=number - 1), form)


def grades_in_words(grades: Iterable[int]) -> str:
    """“all grades”, “grade 1”, “grades 1–4, 9”."""
    known = sorted(grades)
    if not known:
        return gettext("all grades")
    said = gettext("grade {grades}") if len(known) == 1 else gettext("grades {grades}")
    return said.format(grades=grades_in_figures(known))


def short_name(person: Mapping[str, Any]) -> str:
    """Family name and initials of one person: «Иванова М. П.». People of a list: `gateway.composed.names`."""
    return initials(name_of(person))


def without_class(title: str, student: Mapping[str, Any]) -> str:
    """A course's title on a page of one student, whose class stands in its heading: «Алгебра 7А» is «Алгебра»."""
    name = student["class_name"]
    return re.sub(rf",? {re.escape(name)}(?=,|$)", "", title) if name else title


def origin(course: Mapping[str, Any]) -> str:
    """Where a mark comes from that a student brought along: another school, or the course that was left."""
    if course["school"]:
        return f"{course['school']} ({course['document']})"
    title, class_name = course["title"], course["class_name"]
    return title if not class_name or class_name in title else f"{title}, {class_name}"


def zone_in_words(zone: str) -> str:
    """A time zone by its city, with the name that forms take: «Самара (Europe/Samara)»."""
    city = get_timezone_location(zone, locale=language.code(), return_city=True)
    return f"{city} ({zone})"


def role(name: str) -> str:
    """A role in the visitor's language."""
    return str(_ROLES.get(name, name))


def children(people: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The children of one guardian in the order of a list, each with its `text`: family name and given name."""
    return in_list(people, GIVEN)


def figure(value: str) -> str:
    """A decimal with the decimal sign of the visitor's language."""
    return value.replace(".", ",") if language.code() == "ru" else value


def said(explanation: dict[str, Said]) -> Said:
    """The sentences of an explanation, or one sentence, in the visitor's language."""
    return explanation[language.code()]


def day(value: str | date, form: str = "d MMMM") -> str:
    """A date in the visitor's language, in a form of the CLDR."""
    return _formatted(date.fromisoformat(value) if isinstance(value, str) else value, form, language.code())


@lru_cache(maxsize=8192)  # pages show the days of one year, again and again
def _formatted(day: date, form: str, code: str) -> str:
    return str(format_date(day, form, locale=code))


def moment(value: str | None) -> str:
    """A moment in the school's time; where there is no school, in UTC, which it says."""
    if value is None:
        return ""
    said = str(format_datetime(local(datetime.fromisoformat(value)), "dd.MM.yyyy HH:mm", rebase=False))
    return said if auth.actor().tenant_id else f"{said} {kept.NO_ZONE}"


_DIVISIONS: Final = {
    calendar.QUARTERS: lazy_gettext("Quarters"),
    calendar.TRIMESTERS: lazy_gettext("Trimesters"),
    calendar.MODULES: lazy_gettext("Modules"),
    calendar.HALF_YEARS: lazy_gettext("Half-years"),
    calendar.WHOLE_YEAR: lazy_gettext("Whole year"),
}
_ROLES: Final = {
    "director": lazy_gettext("director"),
    "deputy": lazy_gettext("deputy director"),
    "methodologist": lazy_gettext("methodologist"),
    "teacher": lazy_gettext("teacher"),
    "plan_head": lazy_gettext("head of a subject association"),
    "parent": lazy_gettext("parent"),
    "student": lazy_gettext("student"),
    "operator": lazy_gettext("operator"),
}
