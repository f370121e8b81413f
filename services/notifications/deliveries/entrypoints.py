"""Entry points that list deliveries, and forget old ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from contracts.notifications.deliveries import Deliveries, FindDeliveries
from kernel.auth import Actor
from kernel.clock import now
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.providers import Config
from services.notifications.deliveries import months, permissions, queries
from services.notifications.deliveries.recording import forget_batch
from services.notifications.deliveries.views import delivery_view

log = structlog.get_logger()

HOUR: Final = 3600
#: Rows that are deleted together.
BATCH: Final = 1000


class DeliveriesEntrypoints(Entrypoints):
    """Deliveries."""

    settings = Config()

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

    @every(seconds=HOUR)
    def forget_old_deliveries(self) -> None:
        """Forget deliveries that are older than the settings say, and make room for the months to come."""
        moment = now()
        before = moment - timedelta(days=self.settings.keep_deliveries_days)
        if self.unit_of_work.engine.dialect.name == "postgresql":
            _turn_months(self, moment, before)
        forgotten = BATCH
        while forgotten == BATCH:
            with self.unit_of_work.everywhere() as session:
                forgotten = forget_batch(session, before, BATCH)


def _turn_months(service: Entrypoints, moment: datetime, before: datetime) -> None:
    """Make the partitions of this month and the next ones, and drop those that ended before `before`."""
    with service.unit_of_work.everywhere() as session:
        there = months.kept_months(session)
    for month in months.months_from(moment.date(), 1 + months.AHEAD):
        if month not in there:
            with service.unit_of_work.everywhere() as session:
                months.make(session, month)
    with service.unit_of_work.everywhere() as session:
        dropped, due = months.drop_before(session, before)
    if dropped:
        log.info("deliveries_forgotten", months=dropped)
    if due:
        log.warning("deliveries_still_due", months=due)
