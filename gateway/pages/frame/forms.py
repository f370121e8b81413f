"""Reading the forms and queries of pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from flask import Request, request

from gateway.door.http import KEY, checked_day
from gateway.door.problems import Problem
from kernel.errors import Invalid

_HYPHEN: Final = re.compile(r"\s*[-‐‑–—]\s*")
_GRADES: Final = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?")


def form_key(incoming: Request) -> str | None:
    """The idempotency key that the form was shown with: a form sent twice by a double click is carried out once."""
    key = incoming.form.get("request_key", "") if incoming.method == "POST" else ""
    return key if KEY.fullmatch(key) else None


def text(name: str) -> str:
    """A field without surrounding blanks; the browsers' line ends (CR LF) become LF."""
    return _plain(request.form.get(name, ""))


def fingerprint(*shown: str) -> str:
    """What the fields of one thing show, in short.

    A form with many things sends it back beside each, so that those are told apart which its person changed. It is no
    protection: whoever fills in the form may change everything in it anyway.
    """
    return hashlib.blake2b("\0".join(map(_plain, shown)).encode(), digest_size=8).hexdigest()


def optional(name: str) -> str | None:
    """As `text`; None if the field is empty."""
    return text(name) or None


def suffixes(prefix: str) -> Iterator[str]:
    """What follows `prefix` in the names of the form's fields, such as the student in `value-<student>`."""
    return (name.removeprefix(prefix) for name in request.form if name.startswith(prefix))


def faults_of_rows(problem: Problem, rows: str, ids: Sequence[str]) -> dict[str, str]:
    """Student → what is wrong in the student's row of a form.

    `rows` is the list of the refused command, such as `marks`; `ids` are the students of its items, in order.
    """
    pattern = re.compile(rf"{rows}\.(\d+)\b")
    faults = [(fault["field"], fault["message"]) for fault in problem.faults] or [(problem.field or "", problem.detail)]
    found: dict[str, str] = {}
    for field, message in faults:
        place = pattern.match(field)
        if place and int(place[1]) < len(ids):
            found.setdefault(ids[int(place[1])], message)
    return found


def number(name: str) -> int | None:
    """A whole number, or None if the field is empty. Raises `Invalid`."""
    found = number_or_none(name)
    if found is None and text(name):
        raise Invalid("Not a valid integer.", rule="schema", field=name)
    return found


def number_or_none(name: str) -> int | None:
    """A whole number; None if the field holds none."""
    typed = text(name)
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip()


def day(name: str) -> date | None:
    """A date, or None if the field is empty. Raises `Invalid`."""
    typed = text(name)
    try:
        return checked_day(typed) if typed else None
    except ValueError:
        raise Invalid("Not a valid date.", rule="date", field=name) from None


def grades(name: str) -> list[int]:
    """Grades as people write them, `1-4, 9`; none where the field is empty, for all of them. Raises `Invalid`."""
    return grades_of(text(name), name)


def grades_of(typed: str, name: str) -> list[int]:
    """As `grades`, of what was typed elsewhere than into the field of a form."""
    found: set[int] = set()
    for part in re.split(r"[\s,;]+", _HYPHEN.sub("-", typed).strip(" ,;")):
        span = _GRADES.fullmatch(part)
        if span is not None:
            found.update(range(int(span[1]), int(span[2] or span[1]) + 1))
        elif part:
            raise Invalid("Write grades like this: 1–4, 9.", rule="grades", field=name)
    return sorted(found)


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
    try:
        return UUID(given) if given else None
    except ValueError:
        raise Invalid("This address is damaged. Open the page from the menu.", rule="uuid", field=name) from None


def needed_id(name: str) -> UUID:
    """An id in the query, without which the address says nothing. Raises `Invalid`."""
    found = queried_id(name)
    if found is None:
        raise Invalid("This address is damaged. Open the page from the menu.", rule="uuid", field=name)
    return found


def identifier(given: str, name: str) -> UUID:
    """The id in a field whose values the page offers. Raises `Invalid`."""
    try:
        return UUID(given)
    except ValueError:
        raise Invalid("Choose one of those offered.", rule="uuid", field=name) from None


def local_goal(goal: str | None) -> str | None:
    """The path to redirect to after a form; None if it leads to another site."""
    if goal and goal.startswith("/") and not goal.startswith(("//", "/\\")) and goal.isprintable():
        return goal
    return None
