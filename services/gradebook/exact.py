"""Exact decimals in tables and answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect, Numeric, String, TypeDecorator
from sqlalchemy.types import TypeEngine


def plain(number: Decimal) -> str:
    """An exact number without trailing zeros: `1.5`, `10`."""
    return f"{number.normalize():f}"


class Exact(TypeDecorator[Decimal]):
    """An exact decimal: stored as text in SQLite, which would convert it to a float."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """NUMERIC where the database has it."""
        stored = String(12) if dialect.name == "sqlite" else Numeric(self.precision, self.scale)
        return dialect.type_descriptor(stored)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Text for SQLite."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The exact value, whatever type the driver returns."""
        return None if value is None else Decimal(value)
