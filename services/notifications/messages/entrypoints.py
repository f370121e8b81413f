"""Handles the events that families are told of, and sends due letters by a timer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted, MarksPosted, OwedWorkDue
from contracts.gradebook.term_marks import TermMarkChanged, TermMarksSet
from kernel.clock import now
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, every, on_event
from kernel.running.providers import Config
from services.notifications.channels.outlet import Outlet, open_outlet
from services.notifications.copies.facts import student_facts
from services.notifications.copies.queries import guardians_of, unheard_of
from services.notifications.copies.recording import keep_students
from services.notifications.deliveries.queries import DueLetter, due_letters
from services.notifications.deliveries.recording import add_deliveries, note
from services.notifications.messages import sending
from services.notifications.messages.contents import contents_of
from services.notifications.messages.gathering import gathered
from services.notifications.messages.rules.recipients import told_by_email
from services.notifications.messages.turns import FreeSchools, Turn, side_by_side

log = structlog.get_logger()

#: Most letters of a school's turn. Then it is the next school's turn.
BATCH: Final = 100
#: Outcomes that are recorded together.
NOTED: Final = 25
#: How long a turn takes up letters. Stopping waits for it.
TURN: Final = timedelta(seconds=10)
#: How long homework is waited for to be complete: a page saves text, links and each file one after the other.
SETTLING: Final = timedelta(seconds=10)
#: How long changes of a day are waited for to be complete: what is put right until then is not told.
SETTLING_OF_DAYS: Final = timedelta(minutes=2)


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

    @on_event(TermMarksSet)
    def on_term_marks_set(self, received: Received[TermMarksSet]) -> None:
        """Make letters about the term marks of a course due."""
        _tell(self, received, received.event.marks)

    @on_event(TermMarkChanged)
    def on_term_mark_changed(self, received: Received[TermMarkChanged]) -> None:
        """Make letters about a changed term mark due."""
        _tell(self, received, {received.event.student_id: received.event.term_mark_id})

    @on_event(OwedWorkDue)
    def on_owed_work_due(self, received: Received[OwedWorkDue]) -> None:
        """Make letters due that remind of a work which is owed until the next day."""
        _tell(self, received, {received.event.student_id: received.event.owed_id})

    @on_event(HomeworkSet)
    def on_homework_set(self, received: Received[HomeworkSet]) -> None:
        """Make letters about homework due soon, to the guardians of the students concerned (clause 1.4)."""
        subjects = dict.fromkeys(received.event.student_ids, received.event.lesson_id)
        _tell(self, received, subjects, after=SETTLING)

    @on_event(TimetableChanged)
    def on_timetable_changed(self, received: Received[TimetableChanged]) -> None:
        """Make letters about a lesson that is held otherwise than planned due, to the guardians of everyone in it."""
        subjects = dict.fromkeys(received.event.student_ids, received.event.lesson_id)
        _tell(self, received, subjects, after=SETTLING_OF_DAYS)

    @on_event(AbsenceRecorded)
    def on_absence_recorded(self, received: Received[AbsenceRecorded]) -> None:
        """Make letters about a new, changed or withdrawn absence or lateness due."""
        _tell(self, received, {received.event.student_id: received.event.absence_id})

    @every(seconds=2, in_each_replica=True)
    def send_due(self) -> None:
        """Send due letters, school by school; several connections and several replicas send for different schools."""
        schools = FreeSchools(self.unit_of_work)
        side_by_side(min(len(schools), self.settings.mail_connections), lambda: _send_in_turns(self, schools))


def _tell(
    service: Entrypoints,
    received: Received[Any],
    subjects: Mapping[UUID, UUID],
    kind: str | None = None,
    after: timedelta = timedelta(0),
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
            after=after,
        )


def _send_in_turns(service: MessagesEntrypoints, schools: FreeSchools) -> None:
    """Take turns of schools and send their letters over one connection, until none is left or the run is over."""
    holder = uuid7().hex
    with open_outlet(service.settings) as outlet:
        while (free := schools.next()) is not None:
            school_id, seen_at = free
            _serve(service, Turn(service.unit_of_work, school_id, holder), seen_at, outlet)


def _serve(service: MessagesEntrypoints, turn: Turn, seen_at: datetime, outlet: Outlet) -> None:
    """Take the turn and send a batch of the school's letters, unless another replica was first."""
    with service.unit_of_work.of(turn.school_id) as session:
        if not turn.take(session, seen_at):
            return
        letters = due_letters(session, now(), BATCH)
    with turn.kept():
        _send(service, turn, letters, outlet)


def _send(service: MessagesEntrypoints, turn: Turn, letters: list[DueLetter], outlet: Outlet) -> None:
    """Send letters outside transactions, recording outcomes `NOTED` at a time, also where it breaks off.

    A process that is killed may have sent so many letters unrecorded: they are sent again, with the same Message-ID.
    """
    ends_at = now() + TURN
    contents = contents_of(service.ask, turn.school_id, [due.delivery for due in letters])
    states: Counter[str] = Counter()
    outcomes: sending.Outcomes = []

    def note_all() -> None:
        with service.unit_of_work.of(turn.school_id) as session:
            note(session, outcomes)
        states.update(outcome.state for _, outcome in outcomes)
        outcomes.clear()

    try:
        for group in gathered(letters, contents, now()):
            if now() > ends_at or not turn.lasts():
                break  # the remaining letters are for the school's next turn
            outcomes += sending.outcomes(group, contents, outlet, service.settings, now())
            if len(outcomes) >= NOTED:
                note_all()
    finally:
        if outcomes:
            note_all()
    log.info("deliveries_tried", school_id=str(turn.school_id), **states)
