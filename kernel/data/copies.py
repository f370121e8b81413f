"""Copies of what another service owns: kept fresh by its events, however often and in whatever order.

The owner counts a `revision` up with every change. A row is replaced only by one of a higher revision, in one
statement that locks it, so that two handlers at once end with the newer of the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from kernel.data.tenancy import TenantRow

_INSERTS: dict[str, Any] = {"postgresql": postgresql_insert, "sqlite": sqlite_insert}


def insert_into(session: Session, cls: type[Any]) -> Any:
    """An INSERT that can say what happens `on_conflict`, on either database."""
    return _INSERTS[session.get_bind().dialect.name](cls)


def replacing(session: Session, cls: type[TenantRow], **instead: Any) -> Any:
    """An INSERT that replaces the row of the same primary key; `instead` sets columns to something else."""
    statement = insert_into(session, cls)
    table = cls.__table__  # type: ignore[attr-defined]  # every mapped class has one
    new = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=table.primary_key.columns, set_=new | instead)


def keep_newer(session: Session, cls: type[TenantRow], rows: list[dict[str, Any]]) -> set[Any]:
    """Insert `rows`, or replace those of a lower `revision`. Returns the keys that were written.

    The rows' primary key is the tenant and one column more. What hangs on a row that is not returned stays.
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
    # in one order everywhere: two transactions that lock the same rows wait for each other, never in a circle
    return set(session.scalars(statement, sorted(rows, key=lambda row: str(row[key.name]))))
