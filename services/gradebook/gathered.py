"""Rows beside a row: those of a subquery as one value of the enclosing query, which saves a statement of their own.

For a few rows of a few columns; the values of more are read faster as rows.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Dialect, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

#: A gathered row's values as JSON has them: ids and dates are texts.
Values = list[Any]


class _Rows(TypeDecorator[list[Values]]):
    """What an aggregate of JSON gives: PostgreSQL null where there were no rows, SQLite an empty list."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> list[Values]:
        """The rows, or none."""
        return value or []


class gathered(FunctionElement[list[Values]]):  # noqa: N801  # used as a function
    """The aggregate of columns, in no order: `select(gathered(Course.id, Course.title)).scalar_subquery()`."""

    type = _Rows()
    inherit_cache = True
    name = "gathered"


@compiles(gathered)
def _by_postgresql(element: gathered, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **more)}))"


@compiles(gathered, "sqlite")
def _by_sqlite(element: gathered, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **more)}))"


def moment_in(text: str) -> dt.datetime:
    """A moment within gathered rows: PostgreSQL gives its zone, SQLite the UTC that it keeps."""
    found = dt.datetime.fromisoformat(text)
    return found.replace(tzinfo=dt.UTC) if found.tzinfo is None else found.astimezone(dt.UTC)
