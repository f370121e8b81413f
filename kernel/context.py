"""What is known about the call or event being handled, wherever in the stack it is asked for.

A context variable: each green thread and each gateway thread sees its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7


@dataclass(slots=True)
class Call:
    """The circumstances of one call: who may be told, until when, under which ids."""

    call_id: str = field(default_factory=lambda: str(uuid7()))
    #: Seconds since the epoch after which nobody waits for the answer; None where nobody waits.
    deadline: float | None = None
    token: str | None = None
    tenant_id: UUID | None = None
    #: The client's key that makes repeating a command harmless, as the client sent it.
    idempotency_key: str | None = None
    #: Account that the idempotency key belongs to: another account's same key is another key.
    account_id: UUID | None = None
    #: Digest of the command, so that a key used again for another command is noticed.
    fingerprint: str = ""
    #: The operation being carried out, `service.method`.
    operation: str = ""
    #: W3C trace context, as it travels.
    traceparent: str | None = None

    def left(self, default: float) -> float:
        """Seconds left until the deadline, or `default` where there is none."""
        return default if self.deadline is None else self.deadline - time.time()


_current: ContextVar[Call | None] = ContextVar("lyceum_call", default=None)


def current() -> Call | None:
    """The call being handled, if any."""
    return _current.get()


@contextmanager
def handling(call: Call) -> Iterator[Call]:
    """Make `call` the current one within the block."""
    token = _current.set(call)
    try:
        yield call
    finally:
        _current.reset(token)
