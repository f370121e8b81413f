"""The contract and tables of the toy service (`cli.bench.toy_service`), importable without eventlet."""

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

if TYPE_CHECKING:  # it imports eventlet
    from kernel.bus.embedded import EmbeddedClient


class Words(Command):
    """Words to repeat."""

    words = fields.Str(required=True)


class Echo(View):
    """The repeated words."""

    words = fields.Str(required=True)


class Toy(Interface, service="toy"):
    """The toy's methods."""

    echo = Rpc(Words, Echo, "Say it again.", SIGNED_IN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played(Event):
    """The toy's event."""

    SERVICE = "toy"
    NAME = "played"
    AGGREGATE = "game_id"

    game_id: UUID
    number: int


class Base(DeclarativeBase):
    """Base of the toy's tables."""


class Game(Base):
    """A row that handling an event writes."""

    __tablename__ = "game"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    game_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int]


@dataclass(frozen=True, slots=True)
class Someone:
    """A caller of the toy, with a valid token and a school."""

    token: str
    school_id: UUID

    @classmethod
    def with_new_keys(cls, folder: Path) -> Someone:
        """Make the keys of all issuers in `folder`, and a caller with a token signed by them."""
        make_keys(folder, ("toy", HUMAN_ISSUER))
        school_id = uuid7()
        claims = human_claims(uuid7(), uuid7(), (Membership(school_id, uuid7(), frozenset({"teacher"})),))
        return cls(Signer.load(HUMAN_ISSUER, folder / HUMAN_ISSUER / "private.jwk").sign(claims, 3600), school_id)

    def ask(self, client: Client | EmbeddedClient) -> object:
        """Make one call."""
        return client.call(Toy.echo, {"words": "hi"}, token=self.token, tenant_id=self.school_id, timeout=5)


def make_tables(url: str) -> None:
    """Create the kernel's and the toy's tables."""
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()
