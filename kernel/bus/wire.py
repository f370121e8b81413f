"""What stands on the wire: names of exchanges and queues, and the envelope around a body. Frozen: only add to it.

lyceum.calls (direct)  --service-->        <service>.calls        calls, transient
lyceum.replies (direct) --queue-->         a client's own queue   answers, transient
<service>.events (direct) --event-->       <service>.on_<event>   one queue a handler, quorum
<service>.retry (direct) --queue-->        <service>.on_<event>   what comes back from waiting, or is replayed
<service>.wait.<seconds> (fanout) -->      <service>.wait.<seconds>, which dead-letters to <service>.retry
<service>.park (fanout) -->                <service>.parked       what nobody could handle
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kernel.errors import Invalid

CALLS: Final = "lyceum.calls"
REPLIES: Final = "lyceum.replies"
#: Seconds before a failed event is tried again; after the last of them it is parked.
DELAYS: Final = (1, 5, 30, 120, 600)
#: The one header that carries the envelope as JSON: RabbitMQ's own tables cost four times as much to write and read.
HEADER: Final = "lyceum"
CONTENT_TYPE: Final = "application/json"


def calls_queue(service: str) -> str:
    """Where a service takes its calls from."""
    return f"{service}.calls"


def events_exchange(service: str) -> str:
    """Where a service announces what happened."""
    return f"{service}.events"


def handler_queue(service: str, method: str) -> str:
    """Where a handler's events wait for it."""
    return f"{service}.{method}"


def retry_exchange(service: str) -> str:
    """What is to be handled again, by the name of its handler's queue."""
    return f"{service}.retry"


def wait_name(service: str, seconds: int) -> str:
    """Exchange and queue in which an event waits so long before it is tried again."""
    return f"{service}.wait.{seconds}"


def park_exchange(service: str) -> str:
    """Where messages go that nobody could handle."""
    return f"{service}.park"


def parked_queue(service: str) -> str:
    """Where parked messages are kept until the service has written them to its database."""
    return f"{service}.parked"


class Envelope(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What travels with a body: ids and circumstances, never a person's data."""

    #: A call's method, or an event's name.
    name: str = ""
    tenant: str | None = None
    call_id: str = ""
    traceparent: str | None = None
    #: Seconds since the epoch after which the caller does not wait any more.
    deadline: float | None = None
    token: str | None = None
    idempotency_key: str | None = None
    #: An event's: how often its handling failed before.
    attempts: int = 0
    #: A parked message's: where it was to be handled, and why it could not be.
    queue: str = ""
    reason: str = ""
    error: str = ""

    def encode(self) -> str:
        """The envelope as the header's text."""
        return msgspec.json.encode(self).decode()


def envelope_of(headers: dict[str, Any] | None) -> Envelope:
    """The envelope in a message's headers. Raises `Invalid` where there is none that can be read."""
    text = (headers or {}).get(HEADER)
    if not isinstance(text, str):
        raise Invalid("The message has no envelope.", rule="no-envelope")
    try:
        return msgspec.json.decode(text, type=Envelope)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise Invalid("The message's envelope cannot be read.", rule="bad-envelope") from None


def retry_delay(attempts: int) -> int | None:
    """Seconds to wait before the next try after `attempts` failed ones; None when it is not tried again."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None
