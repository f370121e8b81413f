"""Answers that pages ask for again and again, kept for half a minute: who visits, the school's calendar and zone.

Every frame shows the visitor's name and children, and most pages choose a term. Only what pages show is kept: the
services decide on access with every call, and the API answers afresh.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from cachetools import TTLCache
from flask import Flask, current_app

from contracts.gradebook.calendar import Calendar
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from gateway.door import auth, policy
from gateway.door.asking import ask
from kernel.contract import Rpc

SECONDS: Final = 30.0
#: The time zone if no school is chosen.
NO_ZONE: Final = "UTC"
#: Sessions and schools that one process remembers. The oldest are dropped first.
SESSIONS: Final = 20_000
SCHOOLS: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Visitor:
    """What identity said of the bearer of a token. Another token may name other roles, and is asked for anew."""

    token: str | None
    me: dict[str, Any]


class Kept:
    """The answers that one process keeps. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` is monotonic, in seconds."""
        self._visitors: TTLCache[UUID, _Visitor] = TTLCache(SESSIONS, SECONDS, clock)
        self._calendars: TTLCache[UUID, dict[str, Any]] = TTLCache(SCHOOLS, SECONDS, clock)
        self._zones: TTLCache[UUID, str] = TTLCache(SCHOOLS, SECONDS, clock)
        self._lock = threading.Lock()

    def me(self, session_id: UUID, token: str | None, fetch: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Who the bearer of the session's token is."""
        with self._lock:
            found = self._visitors.get(session_id)
        if found is None or found.token != token:
            found = _Visitor(token, fetch())
            with self._lock:
                self._visitors[session_id] = found
        return found.me

    def calendar(self, school_id: UUID, fetch: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The school's years and terms."""
        with self._lock:
            found = self._calendars.get(school_id)
        if found is None:
            found = fetch()
            with self._lock:
                self._calendars[school_id] = found
        return found

    def zone(self, school_id: UUID, fetch: Callable[[], str]) -> str:
        """The school's time zone."""
        with self._lock:
            found = self._zones.get(school_id)
        if found is None:
            found = fetch()
            with self._lock:
                self._zones[school_id] = found
        return found

    def forget_school(self, school_id: UUID) -> None:
        """Drop the zone of a school that has another one now."""
        with self._lock:
            self._zones.pop(school_id, None)

    def forget_calendar(self, school_id: UUID) -> None:
        """Drop the calendar of a school that has another one now."""
        with self._lock:
            self._calendars.pop(school_id, None)

    def forget_session(self, session_id: UUID) -> None:
        """Drop what is known of an ended session."""
        with self._lock:
            self._visitors.pop(session_id, None)

    def forget(self) -> None:
        """Drop everything."""
        with self._lock:
            self._visitors.clear()
            self._calendars.clear()
            self._zones.clear()


def install(app: Flask, kept: Kept) -> None:
    """Let pages of the application use what is kept."""
    app.extensions["lyceum-kept"] = kept


def me() -> dict[str, Any]:
    """Who is signed in, as `Sessions.me` says."""
    who = auth.caller()
    if who.claims is None or who.claims.session_id is None:
        return cast("dict[str, Any]", ask(Sessions.me))
    _check(Sessions.me)
    return _kept().me(who.claims.session_id, who.token, lambda: ask(Sessions.me))


def years() -> list[dict[str, Any]]:
    """The years of the visitor's school with their terms, as `Calendar.calendar` says."""
    _check(Calendar.calendar)
    found = _kept().calendar(auth.actor().tenant, lambda: ask(Calendar.calendar))
    return cast("list[dict[str, Any]]", found["years"])


def zone() -> str:
    """The time zone of the visitor's school; `NO_ZONE` where none is chosen."""
    school = auth.actor().tenant_id
    return NO_ZONE if school is None else _kept().zone(school, lambda: _zone_of(school))


def forget_zone() -> None:
    """The visitor has just changed the time zone of the school."""
    _kept().forget_school(auth.actor().tenant)


def forget_calendar() -> None:
    """The visitor has just changed the calendar of the school."""
    _kept().forget_calendar(auth.actor().tenant)


def _zone_of(school_id: UUID) -> str:
    schools = {one["id"]: one["time_zone"] for one in ask(Schools.schools)["schools"]}
    return str(schools.get(str(school_id), NO_ZONE))


def _check(method: Rpc) -> None:
    """Refuse whoever may not ask, also where the answer is kept."""
    policy.check(repr(method), auth.caller().actor)


def _kept() -> Kept:
    return cast(Kept, current_app.extensions["lyceum-kept"])
