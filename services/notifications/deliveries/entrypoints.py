"""Entry point that lists deliveries."""

from __future__ import annotations

from typing import Any

from contracts.notifications.deliveries import Deliveries, FindDeliveries
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.notifications.deliveries import permissions, queries
from services.notifications.deliveries.views import delivery_view


class DeliveriesEntrypoints(Entrypoints):
    """Deliveries."""

    @rpc(Deliveries.deliveries)
    def deliveries(self, actor: Actor, command: FindDeliveries) -> dict[str, Any]:
        """A page of deliveries and their outcomes: the administration sees the whole school, parents their own."""
        recipient_id = permissions.deliveries_of(actor)
        limit = command.limit
        with self.unit_of_work(actor) as session:
            rows = queries.deliveries(
                session,
                recipient_id=recipient_id,
                student_id=command.student_id,
                state=command.state,
                after=command.after,
                limit=limit + 1,
            )
        page = rows[:limit]
        return {
            "deliveries": [delivery_view(row) for row in page],
            "next": page[-1].id if len(rows) > limit else None,
        }
