"""The condition that an id or a text is among many, in a statement whose text is the same however many they are.

With SQLAlchemy's `in_` every number of ids makes another statement, which the database would prepare anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Dialect, SelectBase, String, TypeDecorator, Uuid, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Ids(TypeDecorator[Collection[UUID]]):
    """Ids as one parameter: an array, or JSON of what SQLite stores in a column of ids."""

    impl = ARRAY(Uuid)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where the database has them."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(Uuid))

    def process_bind_param(self, value: Collection[UUID] | None, dialect: Dialect) -> Any:
        """A list, or its JSON."""
        ids = list(value or ())
        return json.dumps([one.hex for one in ids]) if dialect.name == "sqlite" else ids


class _Texts(TypeDecorator[Collection[str]]):
    """Texts as one parameter: an array, or JSON."""

    impl = ARRAY(String)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """An array where the database has them."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String))

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        """A list, or its JSON."""
        texts = list(value or ())
        return json.dumps(texts) if dialect.name == "sqlite" else texts


class among(FunctionElement[bool]):  # noqa: N801  # used as a function
    """Whether the column's id, or text, is among those of the parameter: `among(Person.id, "person_ids")`."""

    type = Boolean()
    inherit_cache = True
    name = "among"

    def __init__(self, column: Any, parameter: str) -> None:
        of_texts = isinstance(column.type, String)
        super().__init__(column, bindparam(parameter, type_=_Texts() if of_texts else _Ids()))


@compiles(among)
def _any_of_array(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(among, "sqlite")
def _in_json(element: among, compiler: SQLCompiler, **more: Any) -> str:
    column, ids = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608  # compiled parts, no values


class among_selected(FunctionElement[bool]):  # noqa: N801  # used as a function
    """Whether the column's id is among those that a statement selects, which are found first.

    With SQLAlchemy's `in_` PostgreSQL may look at every row of the column's table and search the statement for it: it
    does where the conditions on the tenant let it expect few rows.
    """

    type = Boolean()
    inherit_cache = True
    name = "among_selected"

    def __init__(self, column: Any, selected: SelectBase) -> None:
        super().__init__(column, selected.scalar_subquery())


@compiles(among_selected)
def _any_of_selected(element: among_selected, compiler: SQLCompiler, **more: Any) -> str:
    column, selected = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} = ANY (ARRAY{selected})"


@compiles(among_selected, "sqlite")
def _in_selected(element: among_selected, compiler: SQLCompiler, **more: Any) -> str:
    column, selected = (compiler.process(one, **more) for one in element.clauses)
    return f"{column} IN {selected}"
