"""Filters and functions of the templates: dates and figures in the visitor's language, idempotency keys of forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app
from flask_babel import format_datetime, format_decimal, lazy_gettext
from uuid_utils.compat import uuid7

from gateway.composed.names import name_of
from gateway.door import auth, language, live_place, policy
from gateway.pages.frame import kept
from gateway.pages.frame.marked import badges, links, marks
from kernel.clock import local_date, now
from kernel.contract import Rpc
from kernel.names import initials


def install(app: Flask) -> None:
    """Add the filters and functions to the templates."""
    app.jinja_env.filters.update(
        day=_day, moment=_moment, short_name=short_name, role=role, figure=figure, said=said, count=format_decimal
    )
    app.jinja_env.globals.update(
        new_key=lambda: str(uuid7()),
        may=may,
        timedelta=timedelta,
        address=address,
        marks=marks,
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


def term_at(terms: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The term of a day: the last one that has begun, or the first one if none has."""
    ordered = sorted(terms, key=lambda term: str(term["starts_on"]))
    begun = [term for term in ordered if term["starts_on"] <= day.isoformat()]
    if begun:
        return begun[-1]
    return ordered[0] if ordered else None


def short_name(person: Mapping[str, Any]) -> str:
    """Family name and initials of one person: «Иванова М. П.». People of a list: `gateway.composed.names`."""
    return initials(name_of(person))


def role(name: str) -> str:
    """A role in the visitor's language."""
    return str(_ROLES.get(name, name))


def figure(value: str) -> str:
    """A decimal with the decimal sign of the visitor's language."""
    return value.replace(".", ",") if language.code() == "ru" else value


def said(explanation: dict[str, list[str]]) -> list[str]:
    """The sentences of an explanation, in the visitor's language."""
    return explanation[language.code()]


def _day(value: str | date, form: str = "d MMMM") -> str:
    return _formatted(date.fromisoformat(value) if isinstance(value, str) else value, form, language.code())


@lru_cache(maxsize=8192)  # pages show the days of one year, again and again
def _formatted(day: date, form: str, code: str) -> str:
    return str(format_date(day, form, locale=code))


def _moment(value: str | None) -> str:
    """A moment in the school's time."""
    if value is None:
        return ""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(kept.zone()))
    return str(format_datetime(local, "dd.MM.yyyy HH:mm", rebase=False))


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
