"""An event as it reached a handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from kernel.contract import Event

E = TypeVar("E", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """An event with what its envelope says: `message_id` tells duplicates, `consumer` is the handler's queue."""

    event: E
    message_id: str
    consumer: str
    tenant_id: UUID | None = None
    #: How many times the handling failed before.
    attempts: int = 0

    @property
    def tenant(self) -> UUID:
        """The tenant of an event that always belongs to one."""
        assert self.tenant_id is not None, f"{type(self.event).__name__} belongs to a tenant"
        return self.tenant_id
