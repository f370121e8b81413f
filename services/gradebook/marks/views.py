"""Views of kinds of work and marks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, cast

from services.gradebook.marks.queries import MARK_NAMES, Kind, MarkShown
from services.gradebook.rows import View, picked


def plain(number: Decimal) -> str:
    """An exact number without trailing zeros: `1.5`, `10`."""
    return f"{number.normalize():f}"


def kinds(rows: Iterable[Kind]) -> list[View]:
    """Kinds of work."""
    return [{"id": row.id, "name": row.name, "weight": plain(row.weight)} for row in rows]


def mark(row: MarkShown, **changed: Any) -> View:
    """The view of a mark; `changed` overrides columns that changed since the row was read."""
    return picked(row, MARK_NAMES) | changed


def marks(rows: Iterable[MarkShown]) -> list[View]:
    """The views of many marks, of rows that have the columns `MARK` and no others."""
    return [dict(zip(MARK_NAMES, cast("tuple[Any, ...]", row), strict=True)) for row in rows]
