"""What attendance can be asked, and what it listens to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.attendance.absences import Absences
from contracts.attendance.checks import AbsenceRecorded, Checks
from contracts.attendance.codes import Codes
from contracts.gradebook.lessons import Lessons
from contracts.identity.classes import Classes, ClassesChanged
from contracts.identity.people import People, StudentsChanged
from contracts.identity.schools import Schools
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import in_parts
from kernel.data import inbox, outbox
from kernel.data.received import Received
from kernel.running.entrypoints import on_event, rpc
from kernel.running.providers import Database, Remote
from services.attendance import permissions, queries
from services.attendance.rules import checks, codes
from services.attendance.tables import Absence, LessonCheck, LessonCopy


class AttendanceService:
    """Who was there."""

    name = "attendance"
    unit_of_work = Database()
    ask = Remote()

    @rpc(Codes.codes)
    def codes(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Absence codes of the school: so far every school uses the default dictionary."""
        return {"codes": [asdict(code) for code in codes.DEFAULT]}

    @rpc(Checks.check_lesson)
    def check_lesson(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Mark the own class checked in a lesson, and who is absent. Repeating it replaces the last one."""
        permissions.check_staff(actor)
        lesson = self.ask(Lessons.lesson, lesson_id=command["lesson_id"])
        checks.check_not_ahead(lesson["date"], self._today(actor))
        with self.unit_of_work(actor) as session:
            members = lesson["student_ids"]
            own = permissions.own_students(actor, queries.classes_of(session, members))
            entries = checks.entered(command["absences"], frozenset(members), own)
            queries.keep_lesson(session, actor.tenant, lesson)
            moment = now()
            queries.keep_checks(session, actor.tenant, lesson["id"], set(own.values()), by=actor.person_id, at=moment)
            changed = _enter(session, lesson["id"], own, entries)
            queries.add_revisions(session, changed, by=actor.person_id, at=moment)
            outbox.record(session, *map(_recorded, changed))
            (view,) = _check_views(session, _checks_seen(session, actor, [lesson["id"]]))
            return inbox.answer(session, view)

    @rpc(Checks.lesson_checks)
    def lesson_checks(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """Checks of lessons that the actor teaches and of the own class; of all for the administration."""
        permissions.check_staff(actor)
        with self.unit_of_work(actor) as session:
            seen = _checks_seen(session, actor, command["lesson_ids"])
            return {"checks": _check_views(session, seen)}

    @rpc(Absences.absences_of)
    def absences_of(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """A student's absences, for the family, the homeroom teacher and the administration."""
        permissions.check_has_student_access(actor)
        checks.check_days(command["starts_on"], command["ends_on"])
        student_id = command["student_id"]
        with self.unit_of_work(actor) as session:
            permissions.check_may_see_absences(actor, queries.student(session, student_id))
            rows = queries.absences_between(session, student_id, command["starts_on"], command["ends_on"])
            return {"student_id": student_id, "absences": [_absence_view(*row) for row in rows]}

    @rpc(Absences.notices)
    def notices(self, actor: Actor, command: dict[str, Any]) -> dict[str, Any]:
        """What notices of absences say, for services."""
        permissions.check_service(actor)
        with self.unit_of_work(actor) as session:
            rows = queries.absences_by_id(session, command["absence_ids"])
            return {"absences": [_notice_view(*row) for row in rows]}

    @on_event(StudentsChanged)
    def on_students_changed(self, received: Received[StudentsChanged]) -> None:
        """Renew the copies of these students' class and guardians."""
        facts = [
            fact for ids in in_parts(received.event.student_ids)
            for fact in self.ask(People.student_facts, person_ids=ids)["students"]
        ]  # fmt: skip
        with self.unit_of_work.once(received) as session:
            queries.keep_students(session, received.tenant, facts)

    @on_event(ClassesChanged)
    def on_classes_changed(self, received: Received[ClassesChanged]) -> None:
        """Renew the copies of these classes' homeroom teachers."""
        facts = [
            fact for ids in in_parts(received.event.class_ids)
            for fact in self.ask(Classes.class_facts, class_ids=ids)["classes"]
        ]  # fmt: skip
        with self.unit_of_work.once(received) as session:
            queries.keep_classes(session, received.tenant, facts)

    def _today(self, actor: Actor) -> date:
        """The date at the actor's school."""
        schools = self.ask(Schools.schools)["schools"]
        return local_date(now(), next(school["time_zone"] for school in schools if school["id"] == actor.tenant))


def _enter(
    session: Session, lesson_id: UUID, own: dict[UUID, UUID], entries: dict[UUID, checks.Entry]
) -> list[Absence]:
    """The absences of `own` (student → class) that `entries` make or change, changed."""
    rows = queries.absences_by_student(session, lesson_id, own)
    before = {student_id: checks.Entry(row.code, row.minutes) for student_id, row in rows.items()}
    changed = []
    for student_id, entry in checks.changes(before, entries).items():
        row = rows.get(student_id) or Absence(id=uuid7(), lesson_id=lesson_id, student_id=student_id, version=0)
        row.class_id, row.code, row.minutes = own[student_id], entry.code, entry.minutes
        row.version += 1
        changed.append(row)
    return changed


def _checks_seen(session: Session, actor: Actor, lesson_ids: list[UUID]) -> list[LessonCheck]:
    if permissions.sees_whole_school(actor):
        return queries.checks_of(session, lesson_ids)
    return queries.checks_seen_by(session, lesson_ids, actor.person_id)


def _check_views(session: Session, seen: list[LessonCheck]) -> list[dict[str, Any]]:
    """One view for each lesson: of its classes' checks the latest, and the absences of the classes seen."""
    by_lesson: dict[UUID, list[LessonCheck]] = {}
    for check in seen:
        by_lesson.setdefault(check.lesson_id, []).append(check)
    visible = {(check.lesson_id, check.class_id) for check in seen}
    absences: dict[UUID, list[dict[str, Any]]] = {lesson_id: [] for lesson_id in by_lesson}
    for absence, lesson in queries.absences_in(session, by_lesson):
        if (absence.lesson_id, absence.class_id) in visible:
            absences[absence.lesson_id].append(_absence_view(absence, lesson))
    views = []
    for lesson_id, of_lesson in by_lesson.items():
        latest = max(of_lesson, key=lambda check: check.checked_at)
        views.append(
            {
                "lesson_id": lesson_id, "checked_at": latest.checked_at, "checked_by": latest.checked_by,
                "absences": absences[lesson_id],
            }
        )  # fmt: skip
    return views


def _absence_view(absence: Absence, lesson: LessonCopy) -> dict[str, Any]:
    assert absence.code is not None, "what was withdrawn is not shown"
    return {
        "id": absence.id,
        "lesson_id": absence.lesson_id,
        "student_id": absence.student_id,
        "date": lesson.date,
        "number": lesson.number,
        "code": absence.code,
        "minutes": absence.minutes,
        "counts_as_absent": codes.code_of(absence.code).counts_as_absent,
    }


def _notice_view(absence: Absence, lesson: LessonCopy) -> dict[str, Any]:
    return {
        "absence_id": absence.id,
        "student_id": absence.student_id,
        "title": lesson.title,
        "date": lesson.date,
        "number": lesson.number,
        "code": absence.code,
        "name": codes.code_of(absence.code).name if absence.code else "",
        "minutes": absence.minutes,
    }


def _recorded(absence: Absence) -> AbsenceRecorded:
    return AbsenceRecorded(absence_id=absence.id, lesson_id=absence.lesson_id, student_id=absence.student_id)
