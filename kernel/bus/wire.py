"""The wire format: names of exchanges and queues, and the envelope of a message. Frozen: only add to it.

lyceum.calls (direct)  --service-->        <service>.calls        calls, transient
lyceum.replies (direct) --queue-->         a client's own queue   answers, transient
<service>.events (direct) --event-->       <service>.on_<event>   one queue a handler, quorum
<service>.retry (direct) --queue-->        <service>.on_<event>   events to retry or replay
<service>.wait.<seconds> (fanout) -->      <service>.wait.<seconds>, which dead-letters to <service>.retry
<service>.park (fanout) -->                <service>.parked       messages that could not be handled
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kernel.errors import Invalid

CALLS: Final = "lyceum.calls"
REPLIES: Final = "lyceum.replies"
#: Seconds before each retry of a failed event; after the last retry it is parked.
DELAYS: Final = (1, 5, 30, 120, 600)
#: The header that holds the whole envelope as JSON: AMQP tables cost four times as much to write and read.
HEADER: Final = "lyceum"
CONTENT_TYPE: Final = "application/json"


def calls_queue(service: str) -> str:
    """The queue of calls to a service."""
    return f"{service}.calls"


def events_exchange(service: str) -> str:
    """The exchange on which a service publishes its events."""
    return f"{service}.events"


def handler_queue(service: str, method: str) -> str:
    """The queue of one event handler, named after its method."""
    return f"{service}.{method}"


def retry_exchange(service: str) -> str:
    """The exchange for events to handle again; the routing key is the handler's queue."""
    return f"{service}.retry"


def wait_name(service: str, seconds: int) -> str:
    """The exchange and queue in which an event waits `seconds` before its retry."""
    return f"{service}.wait.{seconds}"


def park_exchange(service: str) -> str:
    """The exchange for messages that could not be handled."""
    return f"{service}.park"


def parked_queue(service: str) -> str:
    """The queue of parked messages, from which the service writes them to its database."""
    return f"{service}.parked"


class Envelope(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The metadata of a message: ids, deadline, token, retries. It holds no personal data."""

    #: A call's method, or an event's name.
    name: str = ""
    tenant: str | None = None
    call_id: str = ""
    traceparent: str | None = None
    #: Seconds since the epoch after which the caller stops waiting.
    deadline: float | None = None
    token: str | None = None
    idempotency_key: str | None = None
    #: For events: how many times handling has failed.
    attempts: int = 0
    #: For parked messages: the handler's queue, and why the message was parked.
    queue: str = ""
    reason: str = ""
    error: str = ""

    def encode(self) -> str:
        """The envelope as JSON text for the header."""
        return msgspec.json.encode(self).decode()


def envelope_of(headers: dict[str, Any] | None) -> Envelope:
    """The envelope in a message's headers. Raises `Invalid` where it is missing or malformed."""
    text = (headers or {}).get(HEADER)
    if not isinstance(text, str):
        raise Invalid("The message has no envelope.", rule="no-envelope")
    try:
        return msgspec.json.decode(text, type=Envelope)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Invalid("The message's envelope cannot be read.", rule="bad-envelope") from None


def retry_delay(attempts: int) -> int | None:
    """Seconds to wait after `attempts` failed attempts before the next; None after the last."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None
