"""Handles identity's events to keep the copies up to date."""

from __future__ import annotations

from contracts.identity.classes import Classes, ClassesChanged
from contracts.identity.people import People, StudentsChanged
from kernel.contract import in_parts
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event
from services.attendance.copies import recording


class CopiesEntrypoints(Entrypoints):
    """Changed students and classes."""

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Update the copies of these students' classes and guardians."""
        facts = [
            fact
            for ids in in_parts(received.event.student_ids)
            for fact in self.ask(People.student_facts, person_ids=ids).students
        ]
        with self.unit_of_work.once(received) as session:
            recording.keep_students(session, received.tenant, facts)

    @on_event(ClassesChanged)
    def on_classes_changed(self, received: Received[ClassesChanged]) -> None:
        """Update the copies of these classes' homeroom teachers."""
        facts = [
            fact
            for ids in in_parts(received.event.class_ids)
            for fact in self.ask(Classes.class_facts, class_ids=ids).classes
        ]
        with self.unit_of_work.once(received) as session:
            recording.keep_classes(session, received.tenant, facts)
