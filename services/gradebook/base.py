"""The base of all tables of the service."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The base class of the gradebook's tables."""
