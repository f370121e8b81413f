"""Ids as texts, for answers of many rows: an id of Python takes three times as long to be made, found and written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Cast, Dialect, String, TypeDecorator, cast


class _IdText(TypeDecorator[str]):
    """An id as JSON has it. PostgreSQL writes it so; SQLite keeps it without hyphens."""

    impl = String(36)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """None where the database's text is the answer's."""
        return (lambda value: str(UUID(value))) if dialect.name == "sqlite" else None


def id_text(column: Any) -> Cast[str]:
    """The id in a column, as text."""
    return cast(column, _IdText())
