"""Rows of a school in the databases of services, a module for each capability: for measurements, the demo and tests.

They are written in bulk and announce nothing: whoever listens to events has to be told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, Column, insert, inspect
from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from kernel.data.database import UnitOfWork
from kernel.data.rows import insert_rows
from kernel.data.tenancy import TenantRow

Row = dict[str, Any]
#: Tables in the order in which they are filled, each with its rows; a school's rows come without `school_id`.
Rows = list[tuple[type[Any], list[Row]]]


def write(unit_of_work: UnitOfWork, school_id: UUID, *parts: Rows) -> None:
    """Insert the rows of all parts, those of a table together, in one transaction."""
    with unit_of_work.of(school_id) as session:
        write_within(session, school_id, *parts)


def write_within(session: Session, school_id: UUID, *parts: Rows) -> None:
    """Insert the rows of all parts, those of a table together, in a session's transaction."""
    together: dict[type[Any], list[Row]] = {}
    for part in parts:
        for table, rows in part:
            together.setdefault(table, []).extend(rows)
    for table, rows in together.items():
        if not rows:
            continue
        owner = {"school_id": school_id} if issubclass(table, TenantRow) else {}
        _insert(session, table, [{**owner, **row} for row in rows])


def _insert(session: Session, table: type[Any], rows: list[Row]) -> None:
    columns = inspect(table).local_table.columns
    if any(isinstance(one.type, JSON) for one in columns):
        # a list in JSON would pass for an array of its own
        session.execute(insert(table), rows)
    else:
        said = {name for row in rows for name in row}
        own = [one for one in columns if one.key in said or one.default is not None]
        insert_rows(session, table, [_complete(own, row) for row in rows])


def _complete(columns: Iterable[Column[Any]], row: Row) -> Row:
    """A row with these columns: what it leaves out has the default of its column."""
    return {one.key: row[one.key] if one.key in row else _default(one) for one in columns}


def _default(column: Column[Any]) -> Any:
    """The default of a column of which a row says nothing, made anew for each row where it is a function."""
    match column.default:
        case ScalarElementColumnDefault(arg=value):
            return value
        case CallableColumnDefault(arg=make):
            return make(cast(Any, None))  # it asks nothing of the statement
        case _:
            return None
