"""A small service of the tests: it rings, hears itself ring, and counts what it heard.

Run as a program it is a process of its own: `python -m tests.kernel.bell` with the settings of a service.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import eventlet
import structlog
from sqlalchemy import Integer, String, Uuid, func, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from kernel import fields
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import PUBLIC, SIGNED_IN, Command, Event, Interface, Rpc, View, only
from kernel.data import inbox, outbox
from kernel.data.columns import UtcDateTime
from kernel.data.database import make_engine
from kernel.data.jobs import Job, JobBase, Kind
from kernel.data.migrations import KERNEL_METADATA
from kernel.data.received import Received
from kernel.data.tenancy import TenantRow
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from kernel.jobs import JobChanged
from kernel.running.entrypoints import every, on_event, rpc
from kernel.running.jobs import carries_out
from kernel.running.providers import Database, Remote

log = structlog.get_logger()


class Words(Command):
    """Something said."""

    words = fields.Str(required=True)
    seconds = fields.Float(load_default=0.0)


class Echo(View):
    """What was said, and who said it."""

    words = fields.Str(required=True)
    account_id = fields.UUID(required=True, allow_none=True)
    deadline_left = fields.Float(required=True)


class RingTimes(Command):
    """Ring so often; each ring is an event."""

    times = fields.Int(required=True)
    #: What the handlers are to do: "", "refuse", "fail", "die", or seconds to take.
    mood = fields.Str(load_default="")


class Rung(View):
    """The ids of the rings."""

    ring_ids = fields.List(fields.UUID(), required=True)


class Heard(View):
    """How many rings had an effect, how many effects, and of which tenant."""

    rings = fields.Int(required=True)
    effects = fields.Int(required=True)


class Nothing(Command):
    """Nothing to say."""


class Bell(Interface, service="bell"):
    """The bell."""

    echo = Rpc(Words, Echo, "Say it again.", PUBLIC)
    whoami = Rpc(Words, Echo, "Say who asks.", SIGNED_IN | only("bell", "gong"))
    refuse = Rpc(Words, Echo, "Refuse, in the way named by the words.", PUBLIC)
    ring = Rpc(RingTimes, Rung, "Ring.", SIGNED_IN | only("bell", "gong"))
    heard = Rpc(Nothing, Heard, "What was heard.", SIGNED_IN | only("bell", "gong"))
    relayed = Rpc(Words, Echo, "Ask the bell itself, in the caller's name.", SIGNED_IN | only("bell", "gong"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang(Event):
    """The bell rang."""

    SERVICE = "bell"
    NAME = "rang"
    AGGREGATE = "bell_id"

    bell_id: UUID
    ring_id: UUID
    number: int
    mood: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FellSilent(Event):
    """Nobody listens to this one."""

    SERVICE = "bell"
    NAME = "fell_silent"
    AGGREGATE = "bell_id"

    bell_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PealMoved(JobChanged):
    """A peal changed."""

    SERVICE = "bell"
    NAME = "peal_moved"


#: Long ringing, stroke by stroke.
PEALS = Kind("peal", PealMoved)
STROKES = 30


class Base(DeclarativeBase):
    """Tables of the bell."""


class Sound(TenantRow, Base):
    """An effect of a ring; one more row for each time it is handled."""

    __tablename__ = "sound"
    __tenant_column__ = "school_id"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    school_id: Mapped[UUID] = mapped_column(Uuid)
    ring_id: Mapped[UUID] = mapped_column(Uuid)
    number: Mapped[int]
    bell_id: Mapped[UUID] = mapped_column(Uuid)
    process: Mapped[int]


class Tick(Base):
    """A run of the timer."""

    __tablename__ = "tick"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    process: Mapped[int]
    note: Mapped[str] = mapped_column(String(40), default="")


class Tock(Base):
    """A run of the timer that runs in each replica."""

    __tablename__ = "tock"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    process: Mapped[int]


REFUSALS = {"invalid": Invalid, "forbidden": Forbidden, "not_found": NotFound, "conflict": Conflict}


class BellService:
    """Rings and listens."""

    name = "bell"
    unit_of_work = Database()
    ask = Remote()

    @rpc(Bell.echo)
    def echo(self, actor: Actor | None, command: dict[str, Any]) -> dict[str, Any]:
        """Say it again, after a while."""
        if command["seconds"]:
            eventlet.sleep(command["seconds"])
        return {"words": command["words"], "account_id": actor.account_id if actor else None, "deadline_left": 0.0}

    @rpc(Bell.whoami)
    def whoami(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Who asks, and how much time is left."""
        from kernel import context

        call = context.current()
        assert call is not None
        return {"words": command["words"], "account_id": actor.account_id, "deadline_left": call.left(-1.0)}

    @rpc(Bell.refuse)
    def refuse(self, actor: Actor | None, command: dict[str, Any]) -> dict[str, Any]:
        """Refuse as told; "crash" is a defect with a secret in it."""
        kind = REFUSALS.get(command["words"])
        if kind is None:
            raise RuntimeError("a secret that must not travel")
        raise kind("Refused: {why}.", rule="as-told", field="words", why=command["words"])

    @rpc(Bell.relayed)
    def relayed(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Ask itself."""
        return self.ask(Bell.whoami, words=command["words"])

    @rpc(Bell.ring)
    def ring(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Ring: one aggregate, numbered."""
        bell_id = uuid7()
        rings = [uuid7() for _ in range(command["times"])]
        with self.unit_of_work(actor) as session:
            events = [
                Rang(bell_id=bell_id, ring_id=ring_id, number=number, mood=command["mood"])
                for number, ring_id in enumerate(rings)
            ]
            outbox.record(session, *events)
            return inbox.answer(session, {"ring_ids": rings})

    @rpc(Bell.heard)
    def heard(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """What was heard in the caller's tenant."""
        with self.unit_of_work(actor) as session:
            return _heard(session)

    @on_event(Rang)
    def on_rang(self, received: Received[Rang]) -> None:
        """Hear a ring: one effect."""
        event = received.event
        if event.mood == "die":
            os._exit(9)
        if event.mood == "refuse":
            raise Invalid("This ring is refused.", rule="refused-ring")
        if event.mood == "fail":
            raise RuntimeError("a fault that may pass")
        if event.mood and received.attempts == 0:
            if event.mood == "fail-once":
                raise RuntimeError("a fault that passes")
            log.info("sounding")
            eventlet.sleep(float(event.mood))
        with self.unit_of_work.once(received) as session:
            assert received.tenant_id is not None
            row = {"school_id": received.tenant_id, "ring_id": event.ring_id, "number": event.number,
                   "bell_id": event.bell_id, "process": os.getpid()}  # fmt: skip
            session.execute(insert(Sound), [row])

    @carries_out(PEALS)
    def peal(self, job: Job) -> None:
        """Ring stroke by stroke, from where it was left. `stage` says what to do first: "", "fail", "away"."""
        tenant = job.tenant_id
        assert tenant is not None
        with self.unit_of_work.of(tenant) as session:
            mood = job.check(session).stage
            struck = session.scalar(select(func.count()).where(Sound.bell_id == job.id)) or 0
        if mood == "fail":
            raise RuntimeError("a fault")
        if mood == "away":
            with self.unit_of_work.everywhere() as session:
                job.check(session).stage = ""
            raise Unavailable("The rope is away.")
        for number in range(struck, STROKES):
            job.step("ringing", number, STROKES)
            eventlet.sleep(float(os.environ.get("BELL_PAUSE", "0")))
            with self.unit_of_work.of(tenant) as session:
                job.check(session)
                row = {"school_id": tenant, "ring_id": uuid7(), "number": number, "bell_id": job.id,
                       "process": os.getpid()}  # fmt: skip
                session.execute(insert(Sound), [row])

    @every(seconds=1)
    def tick(self) -> None:
        """Leave a trace of each run."""
        with self.unit_of_work.everywhere() as session:
            session.add(Tick(at=now(), process=os.getpid()))

    @every(seconds=1, in_each_replica=True)
    def tock(self) -> None:
        """Leave a trace of each run in each replica."""
        with self.unit_of_work.everywhere() as session:
            session.add(Tock(at=now(), process=os.getpid()))


def _heard(session: Session) -> dict[str, Any]:
    effects, rings = session.execute(select(func.count(), func.count(Sound.ring_id.distinct()))).one()
    return {"rings": rings, "effects": effects}


def make_tables(url: str) -> None:
    """The bell's database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        KERNEL_METADATA.create_all(connection)
        JobBase.metadata.create_all(connection)
        Base.metadata.create_all(connection)
    engine.dispose()


def main() -> None:
    """Run the service with the settings of the environment."""
    from kernel import config
    from kernel.running import runner

    runner.run_services([BellService], config.load())


if __name__ == "__main__":
    from kernel.running import runner  # noqa: F401  # patches the process before anything makes a socket
    from tests.kernel import bell

    bell.main()
