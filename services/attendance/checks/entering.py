"""Carries out entries of single absences: each is decided by itself, and what is to be written is written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.attendance.checks import AbsenceEntry, Checks, LessonChecked
from contracts.entries import CONFLICT, REFUSED, SAVED
from contracts.gradebook.lessons import LessonOfManyView
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import given
from kernel.data import inbox, outbox
from kernel.data.rows import NewRows
from kernel.errors import Conflict, Invalid, NotFound, Refused, Stale
from services.attendance.absences import queries as absences_queries
from services.attendance.absences.recording import add_revisions, renewed
from services.attendance.absences.rules.entries import Entry
from services.attendance.absences.tables import Absence
from services.attendance.checks import permissions, recording, rules
from services.attendance.codes.rules import Dictionary
from services.attendance.copies.queries import classes_of
from services.attendance.copies.recording import keep_lessons

OPERATION: Final = repr(Checks.enter_absences)
Cell = tuple[UUID, UUID]


@dataclass(slots=True)
class Decision:
    """What becomes of an entry."""

    entry: AbsenceEntry
    state: str = SAVED
    refusal: Refused | None = None


class Desk:
    """Carries out the entries of one request in one transaction."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        lessons: Mapping[UUID, LessonOfManyView],
        today: date,
        entries: Sequence[AbsenceEntry],
    ) -> None:
        """`lessons` are those that the actor may read, `today` is the school's date."""
        self._session = session
        self._actor = actor
        self._lessons = lessons
        self._today = today
        self._entries = entries
        self._classes = classes_of(session, {entry.student_id for entry in entries})
        self._absences: dict[Cell, Absence] = {}
        self._changed: dict[Cell, Absence] = {}
        self._done: set[Cell] = set()

    def carried_out(self) -> tuple[list[dict[str, Any]], NewRows]:
        """The answers, in the order of the entries, and the rows that `inbox.answer` saves."""
        self._lock()
        keyed = [inbox.Entry(one.key, given(one)) for one in self._entries]
        kept = inbox.answers_of(self._session, OPERATION, self._actor, keyed)
        decided = {one.key: self._decided(one) for one in self._first_of_each(kept)}
        at = now()
        self._write(at)
        answers = self._answers(decided)
        saved = [(one, answers[one.key]) for one in keyed if one.key in decided and decided[one.key].state == SAVED]
        shown = [self._answer_to(one, kept, decided, answers) for one in self._entries]
        return shown, inbox.answers_to_keep(OPERATION, self._actor, saved)

    def _first_of_each(self, kept: Mapping[UUID, Any]) -> list[AbsenceEntry]:
        first: dict[UUID, AbsenceEntry] = {}
        for entry in self._entries:
            first.setdefault(entry.key, entry)
        return [entry for entry in first.values() if entry.key not in kept]

    def _lock(self) -> None:
        """Copy the lessons in which the actor may enter something, and select the absences that stand there."""
        wanted = {entry.lesson_id for entry in self._entries if self._refusal(entry) is None}
        keep_lessons(self._session, self._actor.tenant, [self._lessons[one] for one in wanted])
        students = {entry.student_id for entry in self._entries}
        self._absences = absences_queries.absences_in_cells(self._session, wanted, students)

    def _refusal(self, entry: AbsenceEntry) -> Refused | None:
        try:
            self._check(entry)
        except Refused as refusal:
            return refusal
        return None

    def _check(self, entry: AbsenceEntry) -> None:
        """Raises what stands against an absence of this student in this lesson, whatever stands there."""
        lesson = self._lessons.get(entry.lesson_id)
        if lesson is None:
            raise NotFound("There is no such lesson.", rule="no-such-lesson", field="lesson_id")
        of = self._classes.get(entry.student_id)
        rules.check_member(entry.student_id, lesson.student_ids)
        permissions.check_enters(self._actor, of, as_teacher=lesson.enters_absences)
        rules.check_not_ahead(lesson.date, self._today)
        rules.check_is_held(lesson.state)
        rules.check_term_open(lesson.closed)
        if of is None:
            raise Invalid(
                "This student is in no class, so nobody checks the student's lessons.",
                rule="student-without-class",
                field="student_id",
            )

    def _decided(self, entry: AbsenceEntry) -> Decision:
        try:
            self._check(entry)
            self._decide(entry)
        except Refused as refusal:
            return Decision(entry, CONFLICT if isinstance(refusal, Stale) else REFUSED, refusal)
        return Decision(entry)

    def _decide(self, entry: AbsenceEntry) -> None:
        cell = (entry.lesson_id, entry.student_id)
        if cell in self._done:
            raise Invalid("This cell stands in the request twice.", rule="cell-twice", field="student_id")
        self._done.add(cell)
        code = None if entry.code is None else Dictionary().read(entry.code, "code").code
        absence = self._absences.get(cell)
        standing, version = (absence.code, absence.version) if absence else (None, None)
        if standing == code:
            return
        rules.check_seen(standing, version, entry.seen, code)
        absence = renewed(absence, cell, self._classes[entry.student_id].class_id, Entry(code))
        self._absences[cell] = self._changed[cell] = absence

    def _write(self, at: datetime) -> None:
        if not self._changed:
            return
        changed, by = list(self._changed.values()), self._actor.person_id
        classes = {(one.lesson_id, one.class_id) for one in changed if one.code is not None}
        first = recording.first_checks(self._session, self._actor.tenant, classes, by=by, at=at)
        add_revisions(self._session, changed, by=by, at=at)
        news = [LessonChecked(lesson_id=lesson_id) for lesson_id in first]
        outbox.record(self._session, *news, *map(recording.recorded, changed))

    def _answers(self, decided: Mapping[UUID, Decision]) -> dict[UUID, dict[str, Any]]:
        """Key → answer; what stands is told only to those who may enter it."""
        self._session.flush()
        shown = {
            key: self._absences.get((one.entry.lesson_id, one.entry.student_id))
            for key, one in decided.items()
            if not isinstance(one.refusal, Refused) or self._refusal(one.entry) is None
        }
        ids = {absence.id for absence in shown.values() if absence is not None}
        revisions = absences_queries.last_revisions(self._session, ids) if ids else {}
        return {
            key: {
                "key": key,
                "state": one.state,
                "refusal": one.refusal and one.refusal.to_wire(),
                "absence": _shown(shown.get(key), revisions),
            }
            for key, one in decided.items()
        }

    def _answer_to(
        self,
        entry: AbsenceEntry,
        kept: Mapping[UUID, Any],
        decided: Mapping[UUID, Decision],
        answers: Mapping[UUID, dict[str, Any]],
    ) -> dict[str, Any]:
        found = kept.get(entry.key)
        if found is inbox.REUSED or (found is None and given(decided[entry.key].entry) != given(entry)):
            refusal = Conflict("This key was used for another entry.", rule="idempotency-key-reused", field="key")
            return {"key": entry.key, "state": REFUSED, "refusal": refusal.to_wire(), "absence": None}
        return found if found is not None else answers[entry.key]


def _shown(absence: Absence | None, revisions: Mapping[UUID, Any]) -> dict[str, Any] | None:
    if absence is None:
        return None
    last = revisions[absence.id]
    return {
        "code": absence.code,
        "minutes": absence.minutes,
        "version": absence.version,
        "by": last.changed_by,
        "at": last.changed_at,
    }
