"""Inserts and updates many rows by one statement whose text is the same however many they are.

SQLAlchemy and psycopg would send a row at a time. PostgreSQL takes the rows as arrays, one for each column, and keeps
the plan; SQLite, which has no arrays, takes a row at a time within the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, String, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import Session

from kernel.data import tenancy
from kernel.data.copies import insert_into


class NewRows(NamedTuple):
    """Rows of a mapped class that are to be inserted, all with the same columns."""

    cls: type[Any]
    rows: Sequence[dict[str, Any]]
    #: Columns that are the same in every row: they are sent once.
    shared: Mapping[str, Any] = MappingProxyType({})
    #: Whether those are left out that break a unique constraint.
    new_only: bool = False


def insert_rows(session: Session, cls: type[Any], rows: Sequence[dict[str, Any]], *, new_only: bool = False) -> None:
    """Insert rows of a mapped class; `new_only` leaves out those that break a unique constraint.

    All rows have the same columns, and all that have no default in the database. Raises `WrongTenant` for a row of
    another tenant than the session's.
    """
    _insert(session, [NewRows(cls, rows, new_only=new_only)])


class Then(NamedTuple):
    """An UPDATE of a table, made once, that is executed after rows were inserted. It does not see them."""

    statement: Any
    values: Mapping[str, Any]


def insert_all(session: Session, *parts: NewRows, then: Then | None = None) -> None:
    """Insert rows of several classes, each named once; rows may refer to rows of parts before them.

    All of it, `then` included, is one statement where the database has arrays. For the rest it is like `insert_rows`.
    """
    _insert(session, parts, then=then)


def joined(parts: Iterable[NewRows]) -> list[NewRows]:
    """Parts of one class, alike in `new_only`, as one, which `insert_all` needs; in the order of each class's first."""
    by_class: dict[type[Any], list[NewRows]] = {}
    for part in parts:
        if part.rows:
            by_class.setdefault(part.cls, []).append(part)
    return [_joined(cls, of_class) for cls, of_class in by_class.items()]


def _joined(cls: type[Any], parts: list[NewRows]) -> NewRows:
    """Columns that all parts share with the same value stay shared."""
    first = parts[0].shared
    shared = {name: value for name, value in first.items() if all(one.shared.get(name) == value for one in parts)}
    return NewRows(
        cls,
        [
            {**row, **{name: value for name, value in part.shared.items() if name not in shared}}
            for part in parts
            for row in part.rows
        ],
        shared,
        parts[0].new_only,
    )


def _insert(session: Session, parts: Sequence[NewRows], then: Then | None = None) -> None:
    parts = [part for part in parts if part.rows]
    for part in parts:
        owned = getattr(part.cls, "__tenant_column__", None) in part.shared
        tenancy.check_rows(session, part.cls, [part.shared] if owned else part.rows)
    if not parts:
        if then:
            session.execute(then.statement, then.values)
        return
    shapes = tuple(_shape(part) for part in parts)
    if session.get_bind().dialect.name == "postgresql":
        values = {name: value for part in parts for name, value in _values(part)}
        statement = _inserts(shapes, then and then.statement)
        session.execute(statement, {**values, **then.values} if then else values)
        return
    for part in parts:
        statement = insert_into(session, part.cls.__table__)
        rows = [{**row, **part.shared} for row in part.rows]
        session.execute(statement.on_conflict_do_nothing() if part.new_only else statement, rows)
    if then:
        session.execute(then.statement, then.values)


def update_rows(
    session: Session, cls: type[Any], rows: Sequence[dict[str, Any]], where: ColumnElement[bool] | None = None
) -> None:
    """Set columns of a tenant's rows, each named by its `id`, where `where` holds; other rows stay as they are.

    All rows have the same columns. `where` is made once: the statement is kept by it.
    """
    if not rows:
        return
    columns, tenant = _columns_of(rows), tenancy.bound(session)
    if not isinstance(tenant, UUID):
        raise tenancy.WrongTenant(f"{cls.__name__} needs a session that is bound to a tenant")
    if session.get_bind().dialect.name == "postgresql":
        arrays = {f"given_{name}": [row[name] for row in rows] for name in columns}
        session.execute(
            _set_from_arrays(cls.__table__, cls.__tenant_column__, columns, where), {**arrays, "tenant": tenant}
        )
        return
    statement = _set_one(cls.__table__, cls.__tenant_column__, columns, where)
    session.connection().execute(
        statement, [{"tenant": tenant, **{f"given_{name}": row[name] for name in columns}} for row in rows]
    )


def _columns_of(rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """The columns of the rows, the same in each. Raises ValueError: one that differs would lose values."""
    columns = tuple(rows[0])
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError("rows that are written together have the same columns")
    return columns


def _array_of(column: Any) -> ARRAY[Any]:
    """The array type of a column. PostgreSQL would cut texts that are cast to an array of limited ones."""
    return ARRAY(String() if isinstance(column.type, String) else column.type)


@cache
def _set_from_arrays(table: Any, tenant: str, columns: tuple[str, ...], where: ColumnElement[bool] | None) -> Any:
    arrays = [bindparam(f"given_{name}", type_=_array_of(table.c[name])) for name in columns]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    values = {name: given.c[name] for name in columns if name != "id"}
    return update(table).values(values).where(*_named(table, tenant, given.c["id"], where))


@cache
def _set_one(table: Any, tenant: str, columns: tuple[str, ...], where: ColumnElement[bool] | None) -> Any:
    values = {name: bindparam(f"given_{name}", type_=table.c[name].type) for name in columns if name != "id"}
    return (
        update(table)
        .values(values)
        .where(*_named(table, tenant, bindparam("given_id", type_=table.c["id"].type), where))
    )


def _named(table: Any, tenant: str, row_id: Any, where: ColumnElement[bool] | None) -> list[ColumnElement[bool]]:
    own = table.c[tenant] == bindparam("tenant")
    return [own, table.c["id"] == row_id, *(() if where is None else (where,))]


class _Shape(NamedTuple):
    """What an INSERT of arrays is made for: a table, the columns of its rows, and those that all rows share."""

    table: Any
    columns: tuple[str, ...]
    shared: tuple[str, ...]
    new_only: bool


def _shape(part: NewRows) -> _Shape:
    return _Shape(part.cls.__table__, _columns_of(part.rows), tuple(part.shared), part.new_only)


def _values(part: NewRows) -> Iterator[tuple[str, Any]]:
    """The parameters of a part, by the names that `_insert_arrays` gives them."""
    table = part.cls.__table__
    for name in part.rows[0]:
        yield _parameter(table, name), [row[name] for row in part.rows]
    for name, value in part.shared.items():
        yield _parameter(table, name), value


def _parameter(table: Any, column: str) -> str:
    return f"{table.name}__{column}"


@cache
def _inserts(shapes: tuple[_Shape, ...], then: Any) -> Any:
    """One statement that inserts into every table. Made once. PostgreSQL checks what rows refer to at its end."""
    *before, last = [_insert_arrays(shape) for shape in shapes]
    if then is not None:
        before, last = [*before, last], then
    return last.add_cte(*(one.cte(f"new_{one.table.name}") for one in before))


def _insert_arrays(shape: _Shape) -> Any:
    """INSERT … SELECT of arrays."""
    table, columns, shared, new_only = shape
    arrays = [bindparam(_parameter(table, name), type_=_array_of(table.c[name])) for name in columns]
    same = [bindparam(_parameter(table, name), type_=table.c[name].type) for name in shared]
    given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
    rows = select(*(given.c[name] for name in columns), *same)
    statement = postgresql_insert(table).from_select([*columns, *shared], rows, include_defaults=False)
    return statement.on_conflict_do_nothing() if new_only else statement
