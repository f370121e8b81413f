"""What people are told of, and the timer that sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted
from kernel.clock import now
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, every, on_event
from kernel.running.providers import Config
from services.notifications.channels.outlet import Outlet, open_outlet
from services.notifications.copies.facts import student_facts
from services.notifications.copies.queries import guardians_of, unheard_of
from services.notifications.copies.recording import keep_students
from services.notifications.deliveries.queries import schools_with_due
from services.notifications.deliveries.recording import add_deliveries, claim_due, note
from services.notifications.messages import sending
from services.notifications.messages.contents import contents_of
from services.notifications.messages.rules.recipients import told_by_email

log = structlog.get_logger()

#: How many schools one run of the timer serves, and how many letters of each. The next run takes the rest.
SCHOOLS: Final = 100
BATCH: Final = 100
#: How long a claim holds. A run that dies leaves its letters to others after that.
CLAIM: Final = timedelta(minutes=10)
#: A run stops sending this long before its claims end, so that nobody else sends the same letter meanwhile.
MARGIN: Final = timedelta(minutes=2)


class MessagesEntrypoints(Entrypoints):
    """Events that people are told of, and the letters that are due."""

    settings = Config()

    @on_event(MarkPosted)
    def on_mark_posted(self, received: Received[MarkPosted]) -> None:
        """Tell the guardians of a new mark."""
        _tell(self, received, received.event.mark_id, [received.event.student_id])

    @on_event(MarkChanged)
    def on_mark_changed(self, received: Received[MarkChanged]) -> None:
        """Tell the guardians that a mark changed, or was taken back."""
        _tell(self, received, received.event.mark_id, [received.event.student_id])

    @on_event(HomeworkSet)
    def on_homework_set(self, received: Received[HomeworkSet]) -> None:
        """Tell the guardians of everyone in the lesson of its homework (clause 1.4)."""
        _tell(self, received, received.event.lesson_id, received.event.student_ids)

    @on_event(AbsenceRecorded)
    def on_absence_recorded(self, received: Received[AbsenceRecorded]) -> None:
        """Tell the guardians of an absence or lateness, changed and withdrawn ones included."""
        _tell(self, received, received.event.absence_id, [received.event.student_id])

    @every(seconds=2)
    def send_due(self) -> None:
        """Send what is due, school by school, over one connection."""
        with self.unit_of_work.everywhere() as session:
            schools = schools_with_due(session, now(), SCHOOLS)
        if not schools:
            return
        with open_outlet(self.settings) as outlet:
            for school_id in schools:
                _send_of(self, school_id, outlet)


def _tell(service: Entrypoints, received: Received[Any], subject_id: UUID, student_ids: Iterable[UUID]) -> None:
    """Make e-mails due to the students' guardians. Students not heard of yet are asked for first."""
    school_id, students = received.tenant, sorted(set(student_ids))
    with service.unit_of_work.of(school_id) as session:
        unheard = unheard_of(session, students)
    facts = student_facts(service.ask, unheard)
    with service.unit_of_work.once(received) as session:
        keep_students(session, school_id, facts)
        add_deliveries(
            session,
            school_id,
            told_by_email(guardians_of(session, students)),
            message_id=received.message_id,
            kind=received.event.NAME,
            subject_id=subject_id,
            at=now(),
        )


def _send_of(service: MessagesEntrypoints, school_id: UUID, outlet: Outlet) -> None:
    """Send a school's batch, outside of transactions. Each letter is noted as soon as it went."""
    until = now() + CLAIM
    with service.unit_of_work.of(school_id) as session:
        batch = claim_due(session, now(), until, BATCH)
    contents = contents_of(service.ask, school_id, [claimed.delivery for claimed in batch])
    states: Counter[str] = Counter()
    for claimed in batch:
        if now() > until - MARGIN:
            break  # what is left is free again when the claim ends
        outcome = sending.outcome(claimed, contents, outlet, service.settings, now())
        with service.unit_of_work.of(school_id) as session:
            note(session, claimed.delivery, outcome)
        states[outcome.state] += 1
    log.info("deliveries_tried", school_id=str(school_id), **states)
