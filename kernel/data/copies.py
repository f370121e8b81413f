"""Local copies of another service's data, kept up to date by its events, in any order and with duplicates.

The owner increments `revision` with every change. A row is replaced only by one of a higher revision, in one
statement that locks it, so that of two concurrent handlers the newer revision wins.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import FromClause
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from kernel.data.tenancy import TenantRow

#: Dialect → its INSERT, which supports `on_conflict_do_nothing` and `on_conflict_do_update`.
INSERTS: dict[str, Any] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


def insert_into(session: Session, cls: type[Any]) -> Any:
    """An INSERT of the session's dialect, which supports `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return INSERTS[session.get_bind().dialect.name](cls)


def insert_if_new(session: Session, table: FromClause, row: dict[str, Any]) -> bool:
    """Insert the row unless one with its primary key is there. Returns whether it was inserted.

    For tables of the kernel, which belong to no tenant.
    """
    statement = _insert_if_new(session.get_bind().dialect.name, table)
    result = session.execute(statement, row, execution_options={"preserve_rowcount": True})
    return bool(result.rowcount)  # type: ignore[attr-defined]  # a CursorResult: the statement is DML


@cache
def _insert_if_new(dialect: str, table: FromClause) -> Any:
    """Made once: every command and every event begins with it."""
    return INSERTS[dialect](table).on_conflict_do_nothing()


def replacing(session: Session, cls: type[TenantRow], **instead: Any) -> Any:
    """An INSERT that replaces the row with the same primary key; `instead` overrides values of the replacement."""
    statement = insert_into(session, cls)
    table = cls.__table__  # type: ignore[attr-defined]  # every mapped class has one
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=new | instead)


def keep_newer(session: Session, cls: type[TenantRow], rows: list[dict[str, Any]]) -> set[Any]:
    """Insert `rows`, replacing existing ones of a lower `revision`. Returns the keys of the rows written.

    The primary key of `cls` is the tenant and one more column. Callers leave the dependants of other keys unchanged.
    """
    if not rows:
        return set()
    table = cls.__table__  # type: ignore[attr-defined]  # every mapped class has one
    (key,) = [column for column in table.primary_key.columns if column.name != cls.__tenant_column__]
    statement = insert_into(session, cls)
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    statement = statement.on_conflict_do_update(
        index_elements=table.primary_key.columns,
        set_=new,
        where=table.c.revision < statement.excluded.revision,
    ).returning(key)
    # sorted, so that concurrent transactions lock rows in the same order and never deadlock
    return set(session.scalars(statement, sorted(rows, key=lambda row: str(row[key.name]))))
