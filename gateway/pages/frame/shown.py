"""How templates show things: dates in the visitor's words, names by id, a key for each form."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_babel import format_date, format_datetime, lazy_gettext
from uuid_utils.compat import uuid7

from contracts.identity.schools import Schools
from gateway.door import auth, language, policy
from gateway.door.asking import ask
from kernel.clock import local_date, now
from kernel.contract import Rpc

#: Where no school is chosen.
NO_ZONE: Final = "UTC"


def install(app: Flask) -> None:
    """Give the templates their filters."""
    app.extensions["lyceum-zones"] = {}
    app.jinja_env.filters.update(day=_day, moment=_moment, short_name=short_name, role=role, figure=figure, said=said)
    app.jinja_env.globals.update(new_key=lambda: str(uuid7()), may=may, timedelta=timedelta, address=address)


def may(*operations: str) -> bool:
    """Whether the visitor's roles allow any of the operations, `service.method`: for what a page offers."""
    actor = auth.caller().actor
    return actor is not None and any(policy.allows(operation, actor.roles) for operation in operations)


def allowed(method: Rpc) -> bool:
    """As `may`, for one method."""
    return may(repr(method))


def address() -> str:
    """Where people find the site, with a slash at its end."""
    found: str = current_app.extensions["lyceum"].public_url
    return found.rstrip("/") + "/"


def zone() -> str:
    """Time zone of the visitor's school: asked once for each school, as schools do not move."""
    zones: dict[UUID, str] = current_app.extensions["lyceum-zones"]
    school = auth.actor().tenant_id
    if school is None:
        return NO_ZONE
    if school not in zones:
        zones.update({UUID(one["id"]): one["time_zone"] for one in ask(Schools.schools)["schools"]})
    return zones.get(school, NO_ZONE)


def today() -> date:
    """The date at the visitor's school."""
    return local_date(now(), zone())


def term_at(terms: list[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """The term of a day; between terms the one before, before the first one that."""
    ordered = sorted(terms, key=lambda term: str(term["starts_on"]))
    begun = [term for term in ordered if term["starts_on"] <= day.isoformat()]
    return (begun or ordered)[-1 if begun else 0] if ordered else None


def short_name(name: str) -> str:
    """Family name and initials: «Иванова М. П.»."""
    family, *given = name.split()
    return " ".join([family, *(f"{one[0]}." for one in given)])


def role(name: str) -> str:
    """A role in the visitor's language."""
    return str(_ROLES.get(name, name))


def figure(value: str) -> str:
    """A decimal as the visitor's language writes it."""
    return value.replace(".", ",") if language.code() == "ru" else value


def said(explanation: dict[str, list[str]]) -> list[str]:
    """The sentences of an explanation, in the visitor's language."""
    return explanation[language.code()]


def _day(value: str | date, form: str = "d MMMM") -> str:
    return str(format_date(date.fromisoformat(value) if isinstance(value, str) else value, form))


def _moment(value: str | None) -> str:
    """A moment in the school's time."""
    if value is None:
        return ""
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone()))
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
