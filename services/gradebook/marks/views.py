"""Views of kinds of work and marks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from services.gradebook.marks.queries import Kind, MarkShown
from services.gradebook.rows import View, picked

_MARK = ("id", "lesson_id", "student_id", "kind_id", "value", "comment", "date", "version")


def plain(number: Decimal) -> str:
    """An exact number without trailing zeros: `1.5`, `10`."""
    return f"{number.normalize():f}"


def kinds(rows: Iterable[Kind]) -> list[View]:
    """Kinds of work."""
    return [{"id": row.id, "name": row.name, "weight": plain(row.weight)} for row in rows]


def mark(row: MarkShown, **changed: Any) -> View:
    """The view of a mark; `changed` overrides columns that changed since the row was read."""
    return picked(row, _MARK) | changed
