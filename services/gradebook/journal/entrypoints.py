"""Answers calls for the journal page, the diary, a student's marks and the texts of notices."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.journal import DiaryWeek, Journal, JournalPageId, NoticeIds, StudentTerm
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar import views as calendar_views
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.courses import views as courses_views
from services.gradebook.journal import queries, views
from services.gradebook.lessons import views as lessons_views
from services.gradebook.lessons.rules import lessons
from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks import views as marks_views
from services.gradebook.people import permissions as people_permissions
from services.gradebook.people import queries as people_queries
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View, missing


class JournalEntrypoints(Entrypoints):
    """Answers calls for the journal page, the diary, a student's marks and the texts of notices."""

    @rpc(Journal.journal_page)
    def journal_page(self, actor: Actor, command: JournalPageId) -> View:
        """A course's page for a term, for staff."""
        with self.unit_of_work(actor) as session:
            course = courses_queries.course(session, command.course_id, actor.person_id)
            ties = courses_queries.course_ties(course)
            if not courses_permissions.may_read_course(actor, ties):
                raise missing("course", course.id)
            term = calendar_queries.term(session, command.term_id)
            if term.year_id != course.year_id:
                raise missing("term", term.id)
            span = (term.starts_on, term.ends_on)
            found = queries.marks_between(session, course.id, *span)
            students = queries.members_between(session, course.id, *span)
            # an import may have added marks of a student who had left
            students = sorted({*students, *(row.student_id for row in found)})
            return {
                "course": courses_views.course(course, courses_queries.teachers_of(session, course.id)),
                "term": calendar_views.term(term),
                "lessons": [lessons_views.lesson(row) for row in queries.lessons_of(session, [course.id], *span)],
                "student_ids": students,
                "kinds": marks_views.kinds(marks_queries.kinds(session)),
                "marks": [marks_views.mark(row) for row in found],
                "means": views.journal_means(students, found, policy_queries.policy(session)),
                "may_write": courses_permissions.may_write_course(actor, ties),
            }

    @rpc(Journal.diary_week)
    def diary_week(self, actor: Actor, command: DiaryWeek) -> View:
        """A student's week."""
        student_id = command.student_id
        span = lessons.week_of(command.date)
        with self.unit_of_work(actor) as session:
            _check_reads_student(session, actor, student_id)
            found = queries.marks_of(session, student_id, *span)
            courses = queries.courses_of(session, student_id, *span)
            course_ids = {row.id for row in courses} | {row.course_id for row in found}
            planned = queries.lessons_of(session, course_ids, *span)
        return {
            "student_id": student_id,
            "starts_on": span[0],
            "days": views.diary_days(span[0], planned, courses, found),
        }

    @rpc(Journal.marks_of)
    def marks_of(self, actor: Actor, command: StudentTerm) -> View:
        """A student's marks and means by course in a term."""
        student_id = command.student_id
        span = (command.starts_on, command.ends_on)
        with self.unit_of_work(actor) as session:
            _check_reads_student(session, actor, student_id)
            found = queries.marks_of(session, student_id, *span)
            courses = queries.courses_of(session, student_id, *span)
            policy = policy_queries.policy(session)
        return {"student_id": student_id, "subjects": views.subjects(courses, found, policy)}

    @rpc(Journal.notices)
    def notices(self, actor: Actor, command: NoticeIds) -> View:
        """The facts that notices tell; unknown ids are left out."""
        with self.unit_of_work(actor) as session:
            found = queries.mark_notices(session, command.mark_ids)
            homework = queries.homework_notices(session, command.lesson_ids)
        return {"marks": [dict(row) for row in found], "homework": [dict(row) for row in homework]}


def _check_reads_student(session: Session, actor: Actor, student_id: UUID) -> None:
    """Raise `NotFound`, as if the student did not exist, if the actor may not read the student's marks."""
    ties = people_queries.student_ties(session, student_id, actor.person_id)
    if ties is None or not people_permissions.may_read_student(actor, student_id, ties):
        raise missing("student", student_id)
