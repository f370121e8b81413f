"""Handles identity's events to keep the copies up to date."""

from __future__ import annotations

from contracts.identity.people import StudentsChanged
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from services.notifications.copies.facts import student_facts
from services.notifications.copies.recording import keep_students


class CopiesEntrypoints(Entrypoints):
    """Changed students."""

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Update the copies of these students' names and guardians."""
        facts = student_facts(self.ask, received.event.student_ids)
        with self.unit_of_work.once(received) as session:
            keep_students(session, received.tenant, facts)
