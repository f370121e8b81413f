"""Publishing with confirms: a message that the broker does not confirm in time counts as not published."""

from __future__ import annotations

import enum
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import amqp

from kernel.bus.link import Link, publish
from kernel.bus.wire import CONTENT_TYPE, HEADER, Envelope
from kernel.errors import Unavailable

#: Seconds within which the broker has to confirm a message.
CONFIRM_TIMEOUT: Final = 5.0


class Fate(enum.Enum):
    """The broker's answer to a published message."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A durable message, with an id by which receivers detect duplicates."""

    exchange: str
    routing_key: str
    message_id: str
    envelope: Envelope
    body: bytes


@dataclass(slots=True, eq=False)
class _Batch:
    """Messages published together, by their delivery tags."""

    fates: dict[int, Fate | None] = field(default_factory=dict)
    tag_of: dict[str, int] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)
    left: int = 0

    def add(self, tag: int, message_id: str) -> None:
        """Add a message before it is written."""
        self.fates[tag] = None
        self.tag_of[message_id] = tag
        self.left += 1

    def settle(self, tag: int, fate: Fate) -> None:
        """Set the fate of a tag. The first one counts: the broker also confirms a message that it returned.

        Ignored after the connection broke: the next connection uses the same tags for other messages.
        """
        if not self.done.is_set() and tag in self.fates and self.fates[tag] is None:
            self.fates[tag] = fate
            self.left -= 1
            if self.left == 0:
                self.done.set()


class Publisher:
    """Publishes over its own connection, so that a broker's alarm, which blocks publishing, does not stop receiving."""

    def __init__(self, url: str, name: str, prepare: Callable[[amqp.Channel], None] = lambda channel: None) -> None:
        self._declare = prepare
        self._tags: Iterator[int] = itertools.count(1)
        self._open: list[_Batch] = []
        #: Whether the last message on the present connection was not confirmed: then the service is not ready.
        self.failing = False
        self.link = Link(url, name, self._prepare, self._lost)

    def start(self) -> None:
        """Connect in the background, and reconnect when needed."""
        self.link.start()

    def close(self) -> None:
        """Close the connection."""
        self.link.close()

    def publish(self, messages: Sequence[Outgoing], timeout: float = CONFIRM_TIMEOUT) -> list[Fate]:
        """Publish, and return the fate of each message after at most `timeout` seconds.

        Raises nothing where the broker cannot be reached: the fates are then unknown.
        """
        if not messages:
            return []
        batch = _Batch()
        self._open.append(batch)
        try:
            # holding the link: the broker's confirms are read after the whole batch is written
            with self.link.writing() as channel:
                for message in messages:
                    batch.add(next(self._tags), message.message_id)
                    publish(channel, _durable(message), message.exchange, message.routing_key)
            batch.done.wait(timeout)
        except Unavailable:
            pass  # the fates of unwritten and unconfirmed messages are unknown
        finally:
            self._open.remove(batch)
        fates = [fate or Fate.UNKNOWN for fate in batch.fates.values()]
        fates += [Fate.UNKNOWN] * (len(messages) - len(fates))
        self.failing = fates[-1] in (Fate.UNKNOWN, Fate.REFUSED)
        return fates

    def _prepare(self, channel: amqp.Channel) -> None:
        self._declare(channel)
        channel.confirm_select()
        self.failing = False
        self._tags = itertools.count(1)
        channel.events["basic_ack"].add(lambda tag, multiple: self._settle(tag, multiple, Fate.CONFIRMED))
        channel.events["basic_nack"].add(lambda tag, multiple: self._settle(tag, multiple, Fate.REFUSED))
        channel.events["basic_return"].add(self._returned)

    def _settle(self, tag: int, multiple: bool, fate: Fate) -> None:
        for batch in list(self._open):
            if multiple:
                for known in [known for known in batch.fates if known <= tag]:
                    batch.settle(known, fate)
            else:
                batch.settle(tag, fate)

    def _returned(self, _error: Exception, _exchange: str, _key: str, message: amqp.Message) -> None:
        message_id = message.properties.get("message_id", "")
        for batch in list(self._open):
            tag = batch.tag_of.get(message_id)
            if tag is not None:
                batch.settle(tag, Fate.UNROUTABLE)

    def _lost(self) -> None:
        """Stop waiting: pending messages will not be confirmed."""
        for batch in list(self._open):
            batch.done.set()


def _durable(message: Outgoing) -> amqp.Message:
    properties: dict[str, Any] = {
        "delivery_mode": 2,
        "content_type": CONTENT_TYPE,
        "message_id": message.message_id,
        "application_headers": {HEADER: message.envelope.encode()},
        "timestamp": int(time.time()),
    }
    return amqp.Message(message.body, **properties)
