"""Each wait between two tries lasts as long as its name says, and leads back to the queue that it came from."""

from __future__ import annotations

from uuid import uuid4

import amqp
import pytest
from amqp.exceptions import PreconditionFailed

from kernel.bus import wire
from kernel.bus.broker import open_connection
from tests.kernel.bell import Rang
from tests.kernel.stage import QUEUE, Stage

pytestmark = pytest.mark.broker


@pytest.mark.parametrize("seconds", wire.DELAYS)
def test_what_has_waited_comes_back_to_its_queue_and_is_handled(on_rabbit: Stage, bus_url: str, seconds: int) -> None:
    told = wire.Envelope(name="rang", tenant=str(on_rabbit.caller.tenant), attempts=1)
    message = amqp.Message(
        Rang(bell_id=uuid4(), ring_id=uuid4(), number=0).to_wire(), delivery_mode=2, message_id=str(uuid4()),
        application_headers={wire.HEADER: told.encode()},
        expiration="1",  # so that the test need not wait as long
    )  # fmt: skip
    with open_connection(bus_url, "tests", confirm_publish=True) as connection:
        connection.channel().basic_publish(message, exchange=wire.wait_name("bell", seconds), routing_key=QUEUE)
    assert on_rabbit.hears(1) == {"rings": 1, "effects": 1}


@pytest.mark.parametrize("seconds", wire.DELAYS)
def test_the_wait_lasts_what_its_name_says(on_rabbit: Stage, bus_url: str, seconds: int) -> None:
    """A queue is declared again only with what it was declared with."""
    arguments = {
        "x-queue-type": "quorum", "x-message-ttl": seconds * 1000, "x-overflow": "reject-publish",
        "x-dead-letter-exchange": wire.retry_exchange("bell"), "x-dead-letter-strategy": "at-least-once",
    }  # fmt: skip
    name = wire.wait_name("bell", seconds)
    with open_connection(bus_url, "tests") as connection:
        connection.channel().queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
        with pytest.raises(PreconditionFailed):
            connection.channel().queue_declare(
                name, durable=True, auto_delete=False, arguments={**arguments, "x-message-ttl": seconds * 1000 + 1}
            )
