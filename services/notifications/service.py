"""What notifications listens to, what it can be asked, and the timer that sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from contracts.attendance.absences import Absences
from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted
from contracts.identity.people import People, StudentsChanged
from contracts.notifications.deliveries import Deliveries
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import in_parts
from kernel.data.received import Received
from kernel.errors import LyceumError
from kernel.running.entrypoints import every, on_event, rpc
from kernel.running.providers import Config, Database, Remote
from services.notifications import mail, permissions, queries, sending
from services.notifications.rules.recipients import told_by_email
from services.notifications.tables import Delivery

log = structlog.get_logger()

#: How many schools one run of the timer serves, and how many letters of each. The next run takes the rest.
SCHOOLS: Final = 100
BATCH: Final = 100
#: How long a claim holds. A run that dies leaves its letters to others after that.
CLAIM: Final = timedelta(minutes=10)
#: A run stops sending this long before its claims end, so that nobody else sends the same letter meanwhile.
MARGIN: Final = timedelta(minutes=2)


class NotificationsService:
    """Telling people what matters."""

    name = "notifications"
    unit_of_work = Database()
    ask = Remote()
    settings = Config()

    @on_event(MarkPosted)
    def on_mark_posted(self, received: Received[MarkPosted]) -> None:
        """Tell the guardians of a new mark."""
        self._tell(received, received.event.mark_id, [received.event.student_id])

    @on_event(MarkChanged)
    def on_mark_changed(self, received: Received[MarkChanged]) -> None:
        """Tell the guardians that a mark changed, or was taken back."""
        self._tell(received, received.event.mark_id, [received.event.student_id])

    @on_event(HomeworkSet)
    def on_homework_set(self, received: Received[HomeworkSet]) -> None:
        """Tell the guardians of everyone in the lesson of its homework (clause 1.4)."""
        self._tell(received, received.event.lesson_id, received.event.student_ids)

    @on_event(AbsenceRecorded)
    def on_absence_recorded(self, received: Received[AbsenceRecorded]) -> None:
        """Tell the guardians of an absence or lateness, changed and withdrawn ones included."""
        self._tell(received, received.event.absence_id, [received.event.student_id])

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Renew the copies of these students' names and guardians."""
        facts = self._facts(received.event.student_ids)
        with self.unit_of_work.once(received) as session:
            queries.keep_students(session, received.tenant, facts)

    @every(seconds=2)
    def send_due(self) -> None:
        """Send what is due, school by school, over one connection."""
        with self.unit_of_work.everywhere() as session:
            schools = queries.schools_with_due(session, now(), SCHOOLS)
        if not schools:
            return
        with mail.open_outlet(self.settings) as outlet:
            for school_id in schools:
                self._send_of(school_id, outlet)

    @rpc(Deliveries.deliveries)
    def deliveries(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """What was sent, or could not be, and why: the administration's whole school, a parent's own."""
        recipient_id = permissions.deliveries_of(actor)
        limit = command["limit"]
        with self.unit_of_work(actor) as session:
            rows = queries.deliveries(
                session, recipient_id=recipient_id, student_id=command["student_id"], state=command["state"],
                after=command["after"], limit=limit + 1,
            )  # fmt: skip
        page = rows[:limit]
        return {
            "deliveries": [_view(row) for row in page],
            "next": page[-1].id if len(rows) > limit else None,
        }

    def _tell(self, received: Received[Any], subject_id: UUID, student_ids: Iterable[UUID]) -> None:
        """Make e-mails due to the students' guardians. Students not heard of yet are asked for first."""
        school_id, students = received.tenant, sorted(set(student_ids))
        with self.unit_of_work.of(school_id) as session:
            unheard = queries.unheard_of(session, students)
        facts = self._facts(unheard)
        with self.unit_of_work.once(received) as session:
            queries.keep_students(session, school_id, facts)
            queries.add_deliveries(
                session, school_id, told_by_email(queries.guardians_of(session, students)),
                message_id=received.message_id, kind=received.event.NAME, subject_id=subject_id, at=now(),
            )  # fmt: skip

    def _facts(self, student_ids: Iterable[UUID]) -> list[dict[str, Any]]:
        """Identity's facts of students, asked for in pages as large as it takes."""
        return [
            fact
            for page in in_parts(student_ids)
            for fact in self.ask(People.student_facts, person_ids=page)["students"]
        ]

    def _send_of(self, school_id: UUID, outlet: mail.Outlet) -> None:
        """Send a school's batch, outside of transactions. Each letter is noted as soon as it went."""
        until = now() + CLAIM
        with self.unit_of_work.of(school_id) as session:
            batch = queries.claim_due(session, now(), until, BATCH)
        contents = self._contents(school_id, [claimed.delivery for claimed in batch])
        states: Counter[str] = Counter()
        for claimed in batch:
            if now() > until - MARGIN:
                break  # what is left is free again when the claim ends
            outcome = sending.outcome(claimed, contents, outlet, self.settings, now())
            with self.unit_of_work.of(school_id) as session:
                queries.note(session, claimed.delivery, outcome)
            states[outcome.state] += 1
        log.info("deliveries_tried", school_id=str(school_id), **states)

    def _contents(self, school_id: UUID, deliveries: list[Delivery]) -> sending.Contents:
        """What to say of the deliveries' subjects: one call to each owner that has something to say."""
        wanted: dict[str, set[UUID]] = {}
        for delivery in deliveries:
            wanted.setdefault(sending.SUBJECTS[delivery.kind], set()).add(delivery.subject_id)
        ids = {field: sorted(subjects) for field, subjects in wanted.items()}
        absences = ids.pop("absence_ids", None)
        contents: sending.Contents = {}
        if ids:
            contents |= self._asked(lambda: self._gradebook_notices(school_id, ids))
        if absences:
            contents |= self._asked(lambda: self._attendance_notices(school_id, absences))
        return contents

    def _asked(self, ask: Callable[[], sending.Contents]) -> sending.Contents:
        """What an owner says; nothing where it cannot be asked: its letters wait, and hold up no others."""
        try:
            return ask()
        except LyceumError as error:
            log.warning("contents_unavailable", error=type(error).__name__, rule=error.rule)
            return {}

    def _gradebook_notices(self, school_id: UUID, ids: dict[str, list[UUID]]) -> sending.Contents:
        notices = self.ask(
            Journal.notices,
            tenant=school_id,
            mark_ids=ids.get("mark_ids", []),
            lesson_ids=ids.get("lesson_ids", []),
        )
        return {
            "mark_ids": {notice["mark_id"]: notice for notice in notices["marks"]},
            "lesson_ids": {notice["lesson_id"]: notice for notice in notices["homework"]},
        }

    def _attendance_notices(self, school_id: UUID, absence_ids: list[UUID]) -> sending.Contents:
        notices = self.ask(Absences.notices, tenant=school_id, absence_ids=absence_ids)
        return {"absence_ids": {notice["absence_id"]: notice for notice in notices["absences"]}}


def _view(row: Delivery) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "student_id": row.student_id,
        "recipient_id": row.recipient_id,
        "channel": row.channel,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
    }
