"""Fetches a school's part of a bundle from identity, and counts its rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from contracts.identity.bundles import Bundles

#: The kinds of rows that a bundle holds for the gradebook; each refers only to earlier ones.
KINDS = ("sessions", "subjects", "courses", "members", "kinds", "works", "marks")

Ask = Callable[..., dict[str, Any]]
Bundle = dict[str, list[dict[str, Any]]]


def fetched(ask: Ask, import_id: UUID) -> Bundle:
    """Fetch all pages of all kinds, with ids, dates and numbers converted to their types."""
    bundle: Bundle = {}
    for kind in KINDS:
        rows: list[dict[str, Any]] = []
        page, more = 0, True
        while more:
            part = ask(Bundles.import_part, import_id=import_id, kind=kind, page=page)
            rows += [_typed(row) for row in part["rows"]]
            page, more = page + 1, part["more"]
        bundle[kind] = rows
    return bundle


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _TYPES[name](value) if value is not None and name in _TYPES else value for name, value in row.items()}


def _ids(values: list[str]) -> list[UUID]:
    return [UUID(value) for value in values]


_TYPES: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("id", "year_id", "subject_id", "course_id", "class_id", "student_id", "kind_id", "work_id"), UUID),
    **dict.fromkeys(("starts_on", "ends_on", "since", "until", "date"), date.fromisoformat),
    "teacher_ids": _ids,
}
