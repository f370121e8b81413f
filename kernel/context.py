"""The context of the call or event being handled, available anywhere in the call stack.

It is a context variable: each green thread and each gateway thread has its own value.
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
    """The context of one call or event: its ids, deadline, token and tenant."""

    call_id: str = field(default_factory=lambda: str(uuid7()))
    #: Seconds since the epoch after which the caller stops waiting; None where nobody waits for an answer.
    deadline: float | None = None
    token: str | None = None
    tenant_id: UUID | None = None
    #: The client's idempotency key, as sent: it makes repeating a command harmless.
    idempotency_key: str | None = None
    #: The account that the idempotency key belongs to: keys of different accounts are independent.
    account_id: UUID | None = None
    #: Digest of the command, which reveals an idempotency key reused for another command.
    fingerprint: str = ""
    #: The operation being executed, `service.method`.
    operation: str = ""
    #: W3C trace context, in the form of its header.
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
