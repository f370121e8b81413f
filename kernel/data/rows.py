"""Inserts many rows by one statement whose text is the same however many they are.

SQLAlchemy and psycopg would send a row at a time. PostgreSQL takes the rows as arrays, one for each column, and keeps
the plan; SQLite, which has no arrays, takes a row at a time within the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import Session

from kernel.data import tenancy
from kernel.data.copies import insert_into


def insert_rows(session: Session, cls: type[Any], rows: Sequence[dict[str, Any]], *, new_only: bool = False) -> None:
    """Insert rows of a mapped class; `new_only` leaves out those that break a unique constraint.

    All rows have the same columns, and all that have no default in the database. Raises `WrongTenant` for a row of
    another tenant than the session's.
    """
    if not rows:
        return
    tenancy.check_rows(session, cls, rows)
    columns = tuple(rows[0])
    table = cls.__table__
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_from_arrays(table, columns, new_only), {name: [row[name] for row in rows] for name in columns})
        return
    statement = insert_into(session, table)
    session.execute(statement.on_conflict_do_nothing() if new_only else statement, list(rows))


@cache
def _from_arrays(table: Any, columns: tuple[str, ...], new_only: bool) -> Any:
    """INSERT … SELECT of arrays named as the columns are. Made once."""
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in columns]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    rows = select(*(given.c[name] for name in columns))
    statement = postgresql_insert(table).from_select(list(columns), rows, include_defaults=False)
    return statement.on_conflict_do_nothing() if new_only else statement
