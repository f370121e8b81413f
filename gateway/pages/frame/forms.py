"""What the forms of pages bring."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Request, request

from gateway.door.http import KEY, checked_day
from kernel.errors import Invalid


def form_key(incoming: Request) -> str | None:
    """The key that a form was given when it was shown: sent twice by a double click, it is carried out once."""
    key = incoming.form.get("request_key", "") if incoming.method == "POST" else ""
    return key if KEY.fullmatch(key) else None


def text(name: str) -> str:
    """A field as it was typed, without blanks around it; browsers end lines with two characters."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def optional(name: str) -> str | None:
    """As `text`; None where nothing was typed."""
    return text(name) or None


def number(name: str) -> int | None:
    """A whole number, or None where nothing was typed. Raises `Invalid`."""
    typed = text(name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Invalid("Not a valid integer.", rule="schema", field=name)
    return int(typed)


def day(name: str) -> date | None:
    """A date, or None where nothing was typed. Raises `Invalid`."""
    typed = text(name)
    try:
        return checked_day(typed) if typed else None
    except ValueError:
        raise Invalid("Not a valid date.", rule="date", field=name) from None


def queried_day(name: str) -> date | None:
    """A date of the query, or None where it has none. Raises `Invalid`."""
    given = request.args.get(name)
    try:
        return checked_day(given) if given else None
    except ValueError:
        raise Invalid("Not a valid date.", rule="date", field=name) from None


def queried_id(name: str) -> UUID | None:
    """An id of the query, or None where it has none. Raises `Invalid`."""
    given = request.args.get(name)
    return identifier(given, name) if given else None


def identifier(given: str, name: str) -> UUID:
    """An id. Raises `Invalid` for a text that is none."""
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("Not a valid UUID.", rule="uuid", field=name) from None
