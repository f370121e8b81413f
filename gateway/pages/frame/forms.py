"""Reading the forms and queries of pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from flask import Request, request

from gateway.door.http import KEY, checked_day
from kernel.errors import Invalid


def form_key(incoming: Request) -> str | None:
    """The idempotency key that the form was shown with: a form sent twice by a double click is carried out once."""
    key = incoming.form.get("request_key", "") if incoming.method == "POST" else ""
    return key if KEY.fullmatch(key) else None


def text(name: str) -> str:
    """A field without surrounding blanks; the browsers' line ends (CR LF) become LF."""
    return request.form.get(name, "").replace("\r\n", "\n").strip()


def optional(name: str) -> str | None:
    """As `text`; None if the field is empty."""
    return text(name) or None


def suffixes(prefix: str) -> Iterator[str]:
    """What follows `prefix` in the names of the form's fields, such as the student in `value-<student>`."""
    return (name.removeprefix(prefix) for name in request.form if name.startswith(prefix))


def number(name: str) -> int | None:
    """A whole number, or None if the field is empty. Raises `Invalid`."""
    typed = text(name)
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        raise Invalid("Not a valid integer.", rule="schema", field=name)
    return int(typed)


def day(name: str) -> date | None:
    """A date, or None if the field is empty. Raises `Invalid`."""
    typed = text(name)
    try:
        return checked_day(typed) if typed else None
    except ValueError:
        raise Invalid("Not a valid date.", rule="date", field=name) from None


def queried_day(name: str) -> date | None:
    """A date in the query, or None. Raises `Invalid`."""
    given = request.args.get(name)
    try:
        return checked_day(given) if given else None
    except ValueError:
        raise Invalid("Not a valid date.", rule="date", field=name) from None


def queried_id(name: str) -> UUID | None:
    """An id in the query, or None. Raises `Invalid`."""
    given = request.args.get(name)
    return identifier(given, name) if given else None


def identifier(given: str, name: str) -> UUID:
    """The id in a text. Raises `Invalid`."""
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("Not a valid UUID.", rule="uuid", field=name) from None
