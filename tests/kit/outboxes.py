"""Events without a bus: what waits in the services' outboxes is brought to whoever handles it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import select

from kernel.clock import now
from kernel.contract import Event
from kernel.data.outbox import OutboxRow
from tests.kit.calls import deliver
from tests.kit.jobs import carry_out_due


def events(of: type[Event] = Event) -> Iterator[type[Event]]:
    """Every kind of event there is, without those that are bases of others."""
    for event in of.__subclasses__():
        if hasattr(event, "NAME"):
            yield event
        yield from events(event)


def waiting(service: Any, *names: str) -> list[OutboxRow]:
    """What a service has announced and nobody has brought anywhere yet, in order; of some events alone if named."""
    waits = select(OutboxRow).where(OutboxRow.published_at.is_(None)).order_by(OutboxRow.position)
    with service.unit_of_work.everywhere() as session:
        return list(session.scalars(waits.where(OutboxRow.event.in_(names)) if names else waits))


def carry(services: Collection[Any], also: Callable[[Event, str], None] = lambda _event, _owner: None) -> int:
    """Bring every event to its handlers, its owner's own among them, until none waits. Returns how many there were.

    Jobs that are due are carried out in between. `also` gets each event, and the name of the service that announced it.
    """
    carried = 0
    while found := [(service, row) for service in services for row in waiting(service)]:
        for owner, row in found:
            announced = hand_over(owner, row, services)
            also(announced, owner.name)
        carried += len(found)
    if sum(map(carry_out_due, services)):
        carried += carry(services, also)
    return carried


def hand_over(owner: Any, row: OutboxRow, services: Collection[Any]) -> Event:
    """Bring one event to those of the services that handle it, and mark it as published."""
    kind = next(one for one in events() if (owner.name, row.event) == (one.SERVICE, one.NAME))
    announced = kind.from_wire(row.body)
    for service in services:
        if hasattr(service, f"on_{row.event}"):
            deliver(service, announced, row.tenant_id, str(row.message_id))
    with owner.unit_of_work.everywhere() as session:
        session.get_one(OutboxRow, row.position).published_at = now()
    return announced
