"""Traces of bulk writes: what each touched row was before and after, so that all of it can be taken back.

A service derives a table from `TraceRow`. Whoever writes for a cause, such as an import, says beforehand which rows it
is about to write (`Tracer.about_to`) and saves the trace in the same transaction. Later the touched rows are compared
with what is there: a row that is no longer as the cause left it was changed by somebody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, String, TypeDecorator, Uuid, bindparam, delete, func, insert, select, tuple_, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from kernel.data.columns import UtcDateTime
from kernel.data.tenancy import SchoolRow, TenantRow

#: Rows of a page of a trace, and keys of one SELECT.
PAGE: Final = 500

#: The values of a row's primary key, without the tenant.
Key = tuple[Any, ...]
Values = dict[str, Any]


class TraceRow(SchoolRow):
    """A page of what a cause did to rows of one table. The pages of a cause are in the order of its writing."""

    cause_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    of_table: Mapped[str] = mapped_column(String(40))
    #: Each the key, and the values before and after; null where there was no row.
    rows: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Touched(NamedTuple):
    """What a cause did to a row: it made one whose `before` is None, and deleted one whose `after` is None."""

    cls: type[Any]
    key: Key
    before: Values | None
    after: Values | None


@dataclass(frozen=True)
class Traces:
    """The traces of one service."""

    table: type[Any]
    #: Table → the columns that are followed; of a table that is not here, all but the primary key. A column that
    #: others keep up to date by themselves is not followed.
    followed: Mapping[type[Any], Sequence[str]]
    #: The base of the service's tables.
    base: type[DeclarativeBase]

    @property
    def classes(self) -> dict[str, type[Any]]:
        """Every mapped class, by the name of its table."""
        return {mapper.class_.__tablename__: mapper.class_ for mapper in self.base.registry.mappers}

    def columns(self, cls: type[Any]) -> Sequence[str]:
        """The columns of a table that are followed."""
        primary = cls.__table__.primary_key.columns
        return self.followed.get(cls) or [one.name for one in cls.__table__.columns if one.name not in primary]

    def touched(self, session: Session, cause_id: UUID) -> list[Touched]:
        """What a cause did to the rows of the session's tenant, in the order of its writing."""
        pages = select(self.table.of_table, self.table.rows).where(self.table.cause_id == cause_id)
        classes = self.classes
        return [
            Touched(cls, _typed_key(cls, key), before and _typed(cls, before), after and _typed(cls, after))
            for name, rows in session.execute(pages.order_by(self.table.page))
            if (cls := classes.get(name)) is not None
            for key, before, after in rows
        ]

    def later(self, session: Session, cause_id: UUID) -> dict[tuple[type[Any], Key], UUID]:
        """Row → the cause after `cause_id` that touched it last. Ids of causes grow with time."""
        pages = select(self.table.cause_id, self.table.of_table, self.table.rows).where(self.table.cause_id > cause_id)
        classes = self.classes
        return {
            (cls, _typed_key(cls, key)): later_id
            for later_id, name, rows in session.execute(pages.order_by(self.table.cause_id, self.table.page))
            if (cls := classes.get(name)) is not None
            for key, _, _ in rows
        }

    def changed(self, session: Session, touched: Iterable[Touched], *, back: bool = True) -> list[Touched]:
        """The rows that are no longer as the cause left them; with `back` false, not as they were before it."""
        changed = []
        by_table = sorted(touched, key=lambda one: one.cls.__tablename__)
        for cls, group in groupby(by_table, key=lambda one: one.cls):
            rows = list(group)
            present = self.present(session, cls, [one.key for one in rows])
            for one in rows:
                expected, there = one.after if back else one.before, present.get(one.key)
                if (expected is None) != (there is None) or any(
                    (there or {}).get(name) != value for name, value in (expected or {}).items()
                ):
                    changed.append(one)
        return changed

    def present(self, session: Session, cls: type[Any], keys: Collection[Key]) -> dict[Key, Values]:
        """Key → the followed values of the rows that are there."""
        names, key_columns = self.columns(cls), _key_columns(cls)
        chosen = select(*key_columns, *(getattr(cls, name) for name in names))
        found = {}
        for where in _among(key_columns, keys):
            for row in session.execute(chosen.where(*where)):
                values = dict(zip(names, row[len(key_columns) :], strict=True))
                found[tuple(row[: len(key_columns)])] = values
        return found

    def standing_on(
        self, session: Session, cls: type[Any], keys: Collection[Key]
    ) -> Iterator[tuple[type[Any], Key, Key]]:
        """(table, key, the key that it refers to) of each row that refers to one of these."""
        for other in self.classes.values():
            for constraint in other.__table__.foreign_key_constraints:
                if constraint.referred_table is not cls.__table__:
                    continue
                refers = {one.column.name: getattr(other, one.parent.name) for one in constraint.elements}
                to = [refers[name] for name in key_names(cls)]
                own = _key_columns(other)
                for where in _among(to, keys):
                    for row in session.execute(select(*own, *to).where(*where)):
                        yield other, tuple(row[: len(own)]), tuple(row[len(own) :])

    def append(self, session: Session, school_id: UUID, cause_id: UUID, rows: Iterable[Touched], at: datetime) -> None:
        """Add to the trace of a cause, behind what it holds."""
        last = session.scalar(select(func.max(self.table.page)).where(self.table.cause_id == cause_id))
        number = -1 if last is None else last
        pages = []
        for cls, group in groupby(rows, key=lambda one: one.cls):
            plain = [[_plain_key(one.key), _plain(one.before), _plain(one.after)] for one in group]
            for start in range(0, len(plain), PAGE):
                number += 1
                of_page = {"of_table": cls.__tablename__, "rows": plain[start : start + PAGE]}
                pages.append({"school_id": school_id, "cause_id": cause_id, "page": number, "at": at, **of_page})
        if pages:
            session.execute(insert(self.table), pages)

    def forget(self, session: Session, *where: Any) -> None:
        """Delete traces."""
        session.execute(delete(self.table).where(*where), execution_options={"synchronize_session": False})


class Tracer:
    """Collects what a cause does within one transaction."""

    def __init__(self, traces: Traces, session: Session, school_id: UUID, cause_id: UUID) -> None:
        """The session is bound to the school."""
        self._traces, self._session, self._school_id, self._cause_id = traces, session, school_id, cause_id
        self._before: dict[type[Any], dict[Key, Values | None]] = {}

    def about_to(self, cls: type[Any], keys: Iterable[Key]) -> None:
        """Note what these rows are before they are written, changed or deleted."""
        known = self._before.setdefault(cls, {})
        new = [key for key in dict.fromkeys(keys) if key not in known]
        present = self._traces.present(self._session, cls, new)
        known.update({key: present.get(key) for key in new})

    def note(self, cls: type[Any], key: Key, before: Values) -> None:
        """Note what a row was that has been changed already."""
        self._before.setdefault(cls, {}).setdefault(key, before)

    def save(self, at: datetime) -> None:
        """Keep the trace of what became of all these rows."""
        self._session.flush()
        rows = []
        for cls, before in self._before.items():
            after = self._traces.present(self._session, cls, before.keys())
            rows += [Touched(cls, key, was, after.get(key)) for key, was in before.items() if was != after.get(key)]
        self._traces.append(self._session, self._school_id, self._cause_id, rows, at)


def put(session: Session, school_id: UUID, touched: Sequence[Touched], *, back: bool = True) -> None:
    """Give rows the state from before, the last written first; with `back` false, the state from after again."""
    ordered = list(reversed(touched)) if back else touched
    for cls, group in groupby(ordered, key=lambda one: one.cls):
        states = [(one.key, one.after, one.before) if back else (one.key, one.before, one.after) for one in group]
        gone = [key for key, _, wanted in states if wanted is None]
        for where in _among(_key_columns(cls), gone):
            session.execute(delete(cls).where(*where), execution_options={"synchronize_session": False})
        new = [(key, wanted) for key, now, wanted in states if now is None and wanted is not None]
        if new:
            session.execute(insert(cls), [{**_named(cls, school_id, key), **wanted} for key, wanted in new])
        _update(session, cls, school_id, [(key, wanted) for key, now, wanted in states if now and wanted])
    session.expire_all()


def _update(session: Session, cls: type[Any], school_id: UUID, rows: Iterable[tuple[Key, Values]]) -> None:
    """Set the values of rows by their keys. The tenant is in each condition: this statement bypasses the ORM."""
    table = cls.__table__
    for names, group in groupby(rows, key=lambda row: tuple(row[1])):
        if not names:
            continue
        primary = [column.name for column in table.primary_key.columns]
        statement = (
            update(table)
            .where(*(table.c[name] == bindparam(f"key_{name}") for name in primary))
            .values({name: bindparam(f"to_{name}", type_=table.c[name].type) for name in names})
        )
        session.connection().execute(
            statement,
            [
                {f"key_{name}": value for name, value in _named(cls, school_id, key).items()}
                | {f"to_{name}": values[name] for name in names}
                for key, values in group
            ],
        )


def key_names(cls: type[Any]) -> list[str]:
    """The columns of the primary key without the tenant's, by name."""
    tenant = cls.__tenant_column__ if issubclass(cls, TenantRow) else None
    return [one.name for one in cls.__table__.primary_key.columns if one.name != tenant]


def _key_columns(cls: type[Any]) -> list[Any]:
    return [getattr(cls, name) for name in key_names(cls)]


def _named(cls: type[Any], school_id: UUID, key: Key) -> Values:
    """The primary key of a row by its columns."""
    tenant = {cls.__tenant_column__: school_id} if issubclass(cls, TenantRow) else {}
    return {**tenant, **dict(zip(key_names(cls), key, strict=True))}


def _among(columns: Sequence[Any], keys: Collection[Key]) -> Iterator[tuple[Any, ...]]:
    """Conditions that choose the rows with these keys, some keys at a time."""
    ordered = list(keys)
    if not columns:  # one row of a tenant
        yield from [()] if ordered else []
        return
    for start in range(0, len(ordered), PAGE):
        chunk = ordered[start : start + PAGE]
        yield (tuple_(*columns).in_(chunk) if len(columns) > 1 else columns[0].in_([key[0] for key in chunk]),)


_FROM_PLAIN: Final[dict[Any, Any]] = {
    UUID: UUID,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def _typed(cls: type[Any], values: Values) -> Values:
    return {name: _value(cls.__table__.c[name], one) for name, one in values.items() if name in cls.__table__.c}


def _typed_key(cls: type[Any], key: Sequence[Any]) -> Key:
    return tuple(_value(column, one) for column, one in zip(_key_columns(cls), key, strict=True))


def _value(column: Any, plain: Any) -> Any:
    kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
    made = _FROM_PLAIN.get(kind.python_type)
    return plain if plain is None or made is None else made(plain)


def _plain_key(key: Key) -> list[Any]:
    return [_plain_value(one) for one in key]


def _plain(values: Values | None) -> Values | None:
    return None if values is None else {name: _plain_value(one) for name, one in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return str(value) if isinstance(value, UUID | Decimal) else value
