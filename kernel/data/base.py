"""The declarative base of the kernel's own tables, which every service's database has."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of the kernel's tables: each service's database has its own outbox, inbox, timers and parked messages."""
