"""Entry points that check lessons and show checks."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.attendance.checks import (
    CheckLesson,
    Checks,
    CourseInTerm,
    EnterAbsences,
    LessonChecked,
    LessonIds,
    StudentInLesson,
)
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.sheets import Sheets
from contracts.identity.schools import Schools
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import in_parts
from kernel.data import inbox, outbox
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.providers import Ask
from services.attendance.absences import queries as absences_queries
from services.attendance.absences.queries import absences_in_cells
from services.attendance.absences.recording import enter
from services.attendance.absences.tables import Absence
from services.attendance.checks import entering, permissions, queries, recording, rules
from services.attendance.checks.views import check_views, history_view, missed_view
from services.attendance.copies.permissions import no_such_student, sees_whole_school
from services.attendance.copies.queries import classes_of
from services.attendance.copies.recording import keep_lessons


class ChecksEntrypoints(Entrypoints):
    """Checks of lessons."""

    @rpc(Checks.check_lesson)
    def check_lesson(self, actor: Actor, command: CheckLesson) -> dict[str, Any]:
        """Record the check of the caller's class in a lesson and who is absent. A repeated check replaces the last."""
        lesson = self.ask(Lessons.lesson, lesson_id=command.lesson_id)
        rules.check_not_ahead(lesson.date, _today(self.ask, actor))
        with self.unit_of_work(actor) as session:
            members = lesson.student_ids
            own = permissions.own_students(actor, classes_of(session, members))
            rules.check_term_open(lesson.closed)
            rules.check_is_held(lesson.state)
            entries = rules.entered(command.absences, frozenset(members), own)
            keep_lessons(session, actor.tenant, [lesson])
            moment = now()
            classes = set(own.values())
            first = recording.keep_checks(session, actor.tenant, lesson.id, classes, by=actor.person_id, at=moment)
            changed = enter(session, lesson.id, own, entries, by=actor.person_id, at=moment)
            news = [LessonChecked(lesson_id=lesson.id)] if first else []
            outbox.record(session, *news, *map(recording.recorded, changed))
            (view,) = check_views(_visible_checks(session, actor, [lesson.id]))
            return inbox.answer(session, view)

    @rpc(Checks.enter_absences)
    def enter_absences(self, actor: Actor, command: EnterAbsences) -> dict[str, Any]:
        """Enter, change and withdraw absences of single students, each by itself.

        The first one of a class in a lesson checks the class, as on paper: who has no letter was there.
        """
        wanted = in_parts(entry.lesson_id for entry in command.entries)
        found = [self.ask(Lessons.many_lessons, lesson_ids=ids) for ids in wanted]
        lessons = {lesson.id: lesson for part in found for lesson in part.lessons}
        with self.unit_of_work(actor) as session:
            desk = entering.Desk(session, actor, lessons, found[0].today, command.entries)
            answers, rows = desk.carried_out()
            return inbox.answer(session, {"answers": answers}, rows)

    @rpc(Checks.lesson_checks)
    def lesson_checks(self, actor: Actor, command: LessonIds) -> dict[str, Any]:
        """Checks of the caller's lessons and class; the administration sees all."""
        with self.unit_of_work(actor) as session:
            return {"checks": check_views(_visible_checks(session, actor, command.lesson_ids))}

    @rpc(Checks.absences_before)
    def absences_before(self, actor: Actor, command: CourseInTerm) -> dict[str, Any]:
        """How often students were absent in the courses which they left for this one, whose page the caller reads."""
        before = self.ask(Sheets.lessons_before, course_id=command.course_id, term_id=command.term_id).students
        lesson_ids = {lesson_id for one in before for lesson_id in one.lesson_ids}
        with self.unit_of_work(actor) as session:
            found = absences_in_cells(session, lesson_ids, {one.student_id for one in before}) if lesson_ids else {}
        return {"students": [missed_view(one.student_id, _own(found, one)) for one in before]}

    @rpc(Checks.absence_history)
    def absence_history(self, actor: Actor, command: StudentInLesson) -> dict[str, Any]:
        """What was noted of a student in a lesson, for those who see the check of the student's class there."""
        lesson_id, student_id = command.lesson_id, command.student_id
        with self.unit_of_work(actor) as session:
            lessons = {row.check.class_id: row.lesson for row in _visible_checks(session, actor, [lesson_id])}
            absence = absences_in_cells(session, [lesson_id], [student_id]).get((lesson_id, student_id))
            of = absence or classes_of(session, [student_id]).get(student_id)
            if of is None or of.class_id not in lessons:
                raise no_such_student()
            states = absences_queries.revisions(session, absence.id) if absence else []
            checks = queries.revisions(session, lesson_id, of.class_id)
            return history_view(student_id, lessons[of.class_id], states, checks)


def _own(found: dict[tuple[UUID, UUID], Absence], before: Any) -> list[Absence]:
    """The absences of a student in the student's own lessons, as two students' lessons may be of one course."""
    places = [(lesson_id, before.student_id) for lesson_id in before.lesson_ids]
    return [found[place] for place in places if place in found]


def _today(ask: Ask, actor: Actor) -> date:
    """The date at the actor's school."""
    schools = ask(Schools.schools).schools
    return local_date(now(), next(school.time_zone for school in schools if school.id == actor.tenant))


def _visible_checks(session: Session, actor: Actor, lesson_ids: list[UUID]) -> list[queries.CheckRow]:
    if sees_whole_school(actor):
        return queries.checks_of(session, lesson_ids)
    return queries.checks_seen_by(session, lesson_ids, actor.person_id)
