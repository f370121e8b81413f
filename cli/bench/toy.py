"""What the toy service says, and its tables, free of eventlet for those who ask it (`cli.bench.toy_service`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields
from sqlalchemy import Integer, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.contract import Command, Event, Interface, Rpc, View
from kernel.database import make_engine
from kernel.migrations import KERNEL_METADATA


class Words(Command):
    """Something said."""

    words = fields.Str(required=True)


class Echo(View):
    """What was said."""

    words = fields.Str(required=True)


class Toy(Interface, service="toy"):
    """The toy."""

    echo = Rpc(Words, Echo, "Say it again.", public=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played(Event):
    """Something to be handled."""

    SERVICE = "toy"
    NAME = "played"
    AGGREGATE = "game_id"

    game_id: UUID
    number: int


class Base(DeclarativeBase):
    """Tables of the toy."""


class Game(Base):
    """The effect of an event."""

    __tablename__ = "game"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    game_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int]


def make_tables(url: str) -> None:
    """The toy's database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()
