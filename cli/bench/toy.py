"""What the toy service says, and its tables, free of eventlet for those who ask it (`cli.bench.toy_service`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Integer, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from uuid_utils.compat import uuid7

from kernel import fields
from kernel.auth import HUMAN_ISSUER, Membership, Signer, human_claims, make_keys
from kernel.bus.client import Client
from kernel.contract import SIGNED_IN, Command, Event, Interface, Rpc, View
from kernel.data.database import make_engine
from kernel.data.migrations import KERNEL_METADATA

if TYPE_CHECKING:  # it takes eventlet with it
    from kernel.bus.embedded import EmbeddedClient


class Words(Command):
    """Something said."""

    words = fields.Str(required=True)


class Echo(View):
    """What was said."""

    words = fields.Str(required=True)


class Toy(Interface, service="toy"):
    """The toy."""

    echo = Rpc(Words, Echo, "Say it again.", SIGNED_IN)


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


@dataclass(frozen=True, slots=True)
class Someone:
    """Who asks the toy: a token that its service verifies, and the school that it names."""

    token: str
    school_id: UUID

    @classmethod
    def with_new_keys(cls, folder: Path) -> Someone:
        """Keys of all who sign, made in `folder`, and a token of somebody in a school."""
        make_keys(folder, ("toy", HUMAN_ISSUER))
        school_id = uuid7()
        claims = human_claims(uuid7(), uuid7(), (Membership(school_id, uuid7(), frozenset({"teacher"})),))
        return cls(Signer.load(HUMAN_ISSUER, folder / HUMAN_ISSUER / "private.jwk").sign(claims, 3600), school_id)

    def ask(self, client: Client | EmbeddedClient) -> object:
        """One call."""
        return client.call(Toy.echo, {"words": "hi"}, token=self.token, tenant_id=self.school_id, timeout=5)


def make_tables(url: str) -> None:
    """The toy's database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()
