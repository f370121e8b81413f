"""Publishing with confirms: what the broker has not confirmed in time counts as not published."""

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

#: Seconds within which the broker has to confirm.
CONFIRM_TIMEOUT: Final = 5.0


class Fate(enum.Enum):
    """What became of a message that was published."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be kept: durable, with an id by which receivers tell duplicates."""

    exchange: str
    routing_key: str
    message_id: str
    envelope: Envelope
    body: bytes


@dataclass(slots=True, eq=False)
class _Batch:
    """Messages whose fates are awaited together, by the tag under which the broker confirms them."""

    fates: dict[int, Fate | None] = field(default_factory=dict)
    tag_of: dict[str, int] = field(default_factory=dict)
    done: threading.Event = field(default_factory=threading.Event)
    left: int = 0

    def add(self, tag: int, message_id: str) -> None:
        """A message that is about to be written."""
        self.fates[tag] = None
        self.tag_of[message_id] = tag
        self.left += 1

    def settle(self, tag: int, fate: Fate) -> None:
        """The first word on a tag counts: a returned message is confirmed afterwards as well.

        Nothing counts after the connection broke: the next one gives the same tags to other messages.
        """
        if not self.done.is_set() and tag in self.fates and self.fates[tag] is None:
            self.fates[tag] = fate
            self.left -= 1
            if self.left == 0:
                self.done.set()


class Publisher:
    """Publishes over a connection of its own, so that an alarm of the broker does not stop what is received."""

    def __init__(self, url: str, name: str, prepare: Callable[[amqp.Channel], None] = lambda channel: None) -> None:
        self._declare = prepare
        self._tags: Iterator[int] = itertools.count(1)
        self._open: list[_Batch] = []
        #: Whether the last message was not confirmed, on the connection there is now: the service is not ready then.
        self.failing = False
        self.link = Link(url, name, self._prepare, self._lost)

    def start(self) -> None:
        """Connect, and stay so."""
        self.link.start()

    def close(self) -> None:
        """Hang up."""
        self.link.close()

    def publish(self, messages: Sequence[Outgoing], timeout: float = CONFIRM_TIMEOUT) -> list[Fate]:
        """The fate of each message, after `timeout` s at most. Never raises for a broker that is away."""
        if not messages:
            return []
        batch = _Batch()
        self._open.append(batch)
        try:
            # what the broker answers meanwhile is read after the whole batch was written: the link is ours
            with self.link.writing() as channel:
                for message in messages:
                    batch.add(next(self._tags), message.message_id)
                    publish(channel, _durable(message), message.exchange, message.routing_key)
            batch.done.wait(timeout)
        except Unavailable:
            pass  # what was not written has no fate yet: it is unknown, as what was under way
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
        """Nothing more is heard of what was under way."""
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
