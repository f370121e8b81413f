"""Handles identity's events about schools."""

from __future__ import annotations

from contracts.identity.schools import SchoolChanged, Schools
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from services.gradebook.policy import recording


class PolicyEntrypoints(Entrypoints):
    """Handles identity's events about schools."""

    @on_event(SchoolChanged)
    def on_school_changed(self, received: Received[SchoolChanged]) -> None:
        """Update the school's time zone."""
        (school,) = self.ask(Schools.schools).schools
        with self.unit_of_work.once(received) as session:
            recording.renewed_time_zone(session, received.tenant_id, school.time_zone)
