"""Handles identity's events about classes."""

from __future__ import annotations

from contracts.identity.classes import Classes, ClassesChanged, ClassFactView
from kernel.contract import in_parts
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from services.gradebook.people import recording
from services.gradebook.policy import recording as policy_recording


class PeopleEntrypoints(Entrypoints):
    """Handles identity's events about classes."""

    @on_event(ClassesChanged)
    def on_classes_changed(self, received: Received[ClassesChanged]) -> None:
        """Update the copies of classes, and the school's time zone."""
        facts: list[ClassFactView] = []
        zone = None
        for ids in in_parts(received.event.class_ids):
            answer = self.ask(Classes.class_facts, class_ids=ids)
            facts += answer.classes
            zone = answer.time_zone
        with self.unit_of_work.once(received) as session:
            recording.renewed_classes(session, received.tenant_id, facts)
            if zone is not None:
                policy_recording.renewed_time_zone(session, received.tenant_id, zone)
