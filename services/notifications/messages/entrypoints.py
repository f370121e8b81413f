"""Handles the events that families are told of, and sends due letters by a timer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted, MarksPosted
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
from services.notifications.deliveries.rules import Outcome
from services.notifications.deliveries.tables import Delivery
from services.notifications.messages import sending
from services.notifications.messages.contents import contents_of
from services.notifications.messages.rules.recipients import told_by_email

log = structlog.get_logger()

#: Most schools of one run of the timer, and most letters of each school. The next run takes the rest.
SCHOOLS: Final = 100
BATCH: Final = 100
#: Outcomes that are recorded together.
NOTED: Final = 25
#: How long a claim lasts. If a run dies, others may send its letters after that.
CLAIM: Final = timedelta(minutes=10)
#: A run stops sending this long before its claims end, so that no other run sends the same letter.
MARGIN: Final = timedelta(minutes=2)


class MessagesEntrypoints(Entrypoints):
    """Events that make letters due, and the timer that sends them."""

    settings = Config()

    @on_event(MarkPosted)
    def on_mark_posted(self, received: Received[MarkPosted]) -> None:
        """Make letters about a new mark due."""
        _tell(self, received, {received.event.student_id: received.event.mark_id})

    @on_event(MarksPosted)
    def on_marks_posted(self, received: Received[MarksPosted]) -> None:
        """Make letters about a column of new marks due, for each student as about a single mark."""
        _tell(self, received, received.event.marks, kind=MarkPosted.NAME)

    @on_event(MarkChanged)
    def on_mark_changed(self, received: Received[MarkChanged]) -> None:
        """Make letters about a changed or withdrawn mark due."""
        _tell(self, received, {received.event.student_id: received.event.mark_id})

    @on_event(HomeworkSet)
    def on_homework_set(self, received: Received[HomeworkSet]) -> None:
        """Make letters about homework due, to the guardians of everyone in the lesson (clause 1.4)."""
        _tell(self, received, dict.fromkeys(received.event.student_ids, received.event.lesson_id))

    @on_event(AbsenceRecorded)
    def on_absence_recorded(self, received: Received[AbsenceRecorded]) -> None:
        """Make letters about a new, changed or withdrawn absence or lateness due."""
        _tell(self, received, {received.event.student_id: received.event.absence_id})

    @every(seconds=2)
    def send_due(self) -> None:
        """Send due letters, school by school, over one connection."""
        with self.unit_of_work.everywhere() as session:
            schools = schools_with_due(session, now(), SCHOOLS)
        if not schools:
            return
        with open_outlet(self.settings) as outlet:
            for school_id in schools:
                _send_of(self, school_id, outlet)


def _tell(
    service: Entrypoints, received: Received[Any], subjects: Mapping[UUID, UUID], kind: str | None = None
) -> None:
    """Make e-mails due to the students' guardians: student → the subject of the letter.

    First fetches students who have no copy yet. Without `kind` the letters are about what the event is about.
    """
    school_id, students = received.tenant, sorted(subjects)
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
            kind=kind or received.event.NAME,
            subjects=subjects,
            at=now(),
        )


def _send_of(service: MessagesEntrypoints, school_id: UUID, outlet: Outlet) -> None:
    """Send a batch of one school outside transactions, recording outcomes `NOTED` at a time, also where it breaks off.

    A process that is killed may have sent so many letters unrecorded: they are sent again, with the same Message-ID.
    """
    until = now() + CLAIM
    with service.unit_of_work.of(school_id) as session:
        batch = claim_due(session, now(), until, BATCH)
    contents = contents_of(service.ask, school_id, [claimed.delivery for claimed in batch])
    states: Counter[str] = Counter()
    outcomes: list[tuple[Delivery, Outcome]] = []

    def note_all() -> None:
        with service.unit_of_work.of(school_id) as session:
            note(session, outcomes)
        states.update(outcome.state for _, outcome in outcomes)
        outcomes.clear()

    try:
        for claimed in batch:
            if now() > until - MARGIN:
                break  # other runs may claim the remaining letters when this claim ends
            outcomes.append((claimed.delivery, sending.outcome(claimed, contents, outlet, service.settings, now())))
            if len(outcomes) == NOTED:
                note_all()
    finally:
        if outcomes:
            note_all()
    log.info("deliveries_tried", school_id=str(school_id), **states)
