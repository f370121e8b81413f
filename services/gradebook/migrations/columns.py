"""Columns and tables of which migrations are written. What these make never changes: migrations have run with them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from kernel.data.columns import UtcDateTime
from kernel.data.migrations import protect


def school_table(op: Any, name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...]) -> None:
    """Create a table of a school's rows, closed to the other schools."""
    op.create_table(name, ids("school_id"), *parts, sa.PrimaryKeyConstraint("school_id", *key))
    protect(op, name, "school_id")


def ids(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A column of ids."""
    return sa.Column(name, sa.Uuid, nullable=nullable)


def text(name: str) -> sa.Column[Any]:
    """A column of texts, each of which may be empty."""
    return sa.Column(name, sa.Text, nullable=False)


def number(name: str) -> sa.Column[Any]:
    """A column of whole numbers."""
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def day(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    """A column of days."""
    return sa.Column(name, sa.Date, nullable=nullable)


def moment(name: str) -> sa.Column[Any]:
    """A column of moments."""
    return sa.Column(name, UtcDateTime(), nullable=False)


def refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    """A column that names a row of another table of the same school."""
    return sa.ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])
