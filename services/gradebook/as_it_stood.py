"""Rows as they stood at a moment, made of their history: the same columns as those of today, so the same answers.

A statement that is written for a table and for `as_it_stood(…)` of it reads both. What has no history is today's:
callers name it (`contracts.gradebook.journal.AsOfView`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from kernel.data.columns import UtcDateTime

#: The moment, in statements that read what was then; `at` gives it.
AS_OF: Final = bindparam("as_of", type_=UtcDateTime())


def at(as_of: datetime | None) -> dict[str, datetime]:
    """The parameter of statements that read what was at a moment; none for those that read the present."""
    return {} if as_of is None else {"as_of": as_of}


def as_it_stood(
    table: Any,
    history: Any,
    of: str,
    said: Collection[str],
    *,
    when: str = "changed_at",
    unsaid: Mapping[str, Any] | None = None,
) -> Any:
    """An alias of a table whose columns `said` are those of each row's last version by the moment `AS_OF`.

    `history` has the versions, with the row's id in its column `of` and their moment in `when`. A row that had no
    version yet was not there, unless `unsaid` gives the values that it had without one.
    """
    earlier = aliased(history)
    last = (
        select(func.max(earlier.version))
        .where(getattr(earlier, of) == table.id, getattr(earlier, when) <= AS_OF)
        .correlate(table)
        .scalar_subquery()
    )
    columns = [
        (_said(history, name, unsaid) if name in said else getattr(table, name)).label(name)
        for name in (column.key for column in table.__table__.columns)
    ]
    version = and_(getattr(history, of) == table.id, history.version == last)
    rows = select(*columns).select_from(table).join(history, version, isouter=unsaid is not None)
    name = f"{table.__tablename__}_then"
    return aliased(table, rows.subquery(name), name=name, adapt_on_names=True)


def _said(history: Any, name: str, unsaid: Mapping[str, Any] | None) -> Any:
    column = getattr(history, name)
    return column if not unsaid or name not in unsaid else func.coalesce(column, unsaid[name])
