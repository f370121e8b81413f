"""A bell at work on either bus, and a way to put any message before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

import amqp
import eventlet

from kernel.bus import wire
from kernel.bus.broker import open_connection
from kernel.data import parking
from kernel.data.parking import ParkedMessage
from tests.kernel.bell import Bell, Rang
from tests.kernel.processes import Caller, Home

T = TypeVar("T")

QUEUE = "bell.on_rang"


@dataclass
class Stage:
    """A bell at work, somebody who calls it, and a way to put any message before it."""

    home: Home
    caller: Caller
    #: Queue, body, properties of the message.
    send: Callable[[str, bytes, dict[str, Any]], None]
    eventually: Callable[..., Any]

    def ring(self, mood: str = "", *, message_id: str = "", **envelope: Any) -> str:
        """Have a ring arrive; the id of its message."""
        message_id = message_id or str(uuid4())
        body = Rang(bell_id=uuid4(), ring_id=uuid4(), number=0, mood=mood).to_wire()
        told = wire.Envelope(name="rang", tenant=str(self.caller.tenant), call_id="call-7", **envelope)
        self.send(QUEUE, body, {"message_id": message_id, "headers": {wire.HEADER: told.encode()}})
        return message_id

    def parked(self, chosen: Callable[[ParkedMessage], bool]) -> ParkedMessage:
        """The one parked message that is so, once it is there."""

        def found() -> list[ParkedMessage]:
            with self.home.unit_of_work() as unit_of_work:
                return [row for row in parking.listed(unit_of_work) if chosen(row)]

        (row,) = self.eventually(found, "a message is parked")
        return row

    def parked_of(self, message_id: str) -> ParkedMessage:
        """The parked message of this id."""
        return self.parked(lambda row: row.message_id == message_id)

    def hears(self, rings: int) -> dict[str, int]:
        """What was heard in the caller's tenant, once it is so much."""

        def heard() -> Any:
            answer = self.caller(Bell.heard)
            return answer if answer["rings"] >= rings else None

        found: dict[str, int] = self.eventually(heard, f"{rings} rings are heard")
        return found


def in_the_hub(condition: Callable[[], T], what: str) -> T:
    """As `kernel.waiting.eventually`, with the hub of this process running meanwhile."""
    with eventlet.Timeout(10, AssertionError(f"{what}: not within 10 s")):
        while not (value := condition()):
            eventlet.sleep(0.01)
    return value


def publish_to(bus_url: str, queue: str, body: bytes, properties: dict[str, Any]) -> None:
    """Put a message into a queue, as it is."""
    given = {"application_headers" if name == "headers" else name: value for name, value in properties.items()}
    with open_connection(bus_url, "tests", confirm_publish=True) as connection:
        message = amqp.Message(body, delivery_mode=2, **given)
        connection.channel().basic_publish(message, exchange="", routing_key=queue, mandatory=True)
