"""An event as a handler receives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from kernel.contract import Event

E = TypeVar("E", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Received(Generic[E]):
    """An event and its envelope's data: `message_id` identifies duplicates, `consumer` is the handler's queue."""

    event: E
    message_id: str
    consumer: str
    tenant_id: UUID | None = None
    #: How many times handling has failed.
    attempts: int = 0

    @property
    def tenant(self) -> UUID:
        """The tenant's id, for events that always belong to a tenant."""
        assert self.tenant_id is not None, f"{type(self.event).__name__} belongs to a tenant"
        return self.tenant_id
