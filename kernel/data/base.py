"""The base of the kernel's own tables, which every service's database has."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Tables of the kernel: each database of a service has its own outbox, inbox, timers and parked messages."""
