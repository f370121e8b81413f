"""Pages of a record as it stood at an earlier moment: the form that asks for it, the moment, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from contracts.roles import KEEPERS
from gateway.door import auth, problems
from gateway.pages.frame import forms, kept
from kernel.clock import now
from kernel.errors import Invalid, Refused


def offered() -> dict[str, Any] | None:
    """What the form for an earlier moment begins with, of those who look back: now; None for others."""
    return _typed(_local(now())) if KEEPERS.holds(auth.actor().roles) else None


def page(template: str, read: Callable[[datetime], dict[str, Any]], **common: Any) -> str | tuple[str, int]:
    """The template with what `read` finds of the query's day and time; the form alone where it names none.

    `common` is what the template shows beside, also of a moment that is refused.
    """
    typed = {name: request.args.get(name, "") for name in ("day", "time")}
    if not any(typed.values()):
        return render_template(template, typed=_typed(_local(now())), **common)
    try:
        moment = _moment()
        return render_template(template, typed=typed, moment=moment, **common, **read(moment))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return render_template(template, typed=typed, problem=problem, **common), problem.status


def _moment() -> datetime:
    """The query's day and time at the school. Raises `Invalid`."""
    day = forms.queried_day("day")
    try:
        at = time.fromisoformat(request.args.get("time", ""))
    except ValueError:
        at = None
    if day is None or at is None:
        raise Invalid("Say the day and the time, as in 14:05.", rule="moment", field="time" if day else "day")
    return datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(kept.zone()))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(kept.zone()))


def _typed(local: datetime) -> dict[str, str]:
    return {"day": local.date().isoformat(), "time": local.strftime("%H:%M")}
