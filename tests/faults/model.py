"""The events and tables of the service that the faults are aimed at, free of eventlet for those who watch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.contract import Event
from kernel.data.database import make_engine
from kernel.data.migrations import KERNEL_METADATA

#: Settings of the process, apart from a service's own: what it does without, and the file that shuts the gate.
WITHOUT: Final = "LYCEUM_FAULTS_WITHOUT"
GATE: Final = "LYCEUM_FAULTS_GATE"
SLOW_SECONDS: Final = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck(Event):
    """Something to be handled."""

    SERVICE = "target"
    NAME = "struck"
    AGGREGATE = "aim_id"

    aim_id: UUID
    number: int
    #: What its handler is to do: "", "die", "slow", or the stage at which it stays while the gate is shut.
    mood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheard(Event):
    """Nobody has a queue for this one."""

    SERVICE = "target"
    NAME = "unheard"
    AGGREGATE = "aim_id"

    aim_id: UUID
    number: int
    mood: str = ""


class Base(DeclarativeBase):
    """Tables of the target."""


class Arrival(Base):
    """A run of the handler."""

    __tablename__ = "arrival"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(40), index=True)
    process: Mapped[int]


class Effect(Base):
    """What a handled event leaves: one row, if all is well."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    message_id: Mapped[str] = mapped_column(String(40), index=True)


def make_tables(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()
