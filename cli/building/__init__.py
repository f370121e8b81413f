"""Rows of a school in the databases of services, a module for each capability: for measurements, the demo and tests.

They are written in bulk and announce nothing: whoever listens to events has to be told otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kernel.data.database import UnitOfWork
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
        if rows:
            session.execute(insert(table), list(_owned(table, rows, school_id)))


def _owned(table: type[Any], rows: Iterable[Row], school_id: UUID) -> Iterable[Row]:
    owner = {"school_id": school_id} if issubclass(table, TenantRow) else {}
    return ({**owner, **row} for row in rows)
