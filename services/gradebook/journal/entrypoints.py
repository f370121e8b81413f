"""Answers calls for the journal page, the diary, a student's marks and the texts of notices."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from contracts.gradebook.journal import DiaryWeek, Journal, JournalPageId, NoticeIds, StudentTerm
from kernel.auth import Actor
from kernel.running.entrypoints import Entrypoints, rpc
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
            page = queries.page(session, command.course_id, command.term_id, actor.person_id)
            ties = courses_queries.course_ties(page)
            if not courses_permissions.may_read_course(actor, ties):
                raise missing("course", page.id)
            if page.term_id is None:
                raise missing("term", command.term_id)
            span = (page.term_starts_on, page.term_ends_on)
            found = queries.marks_between(session, page.id, *span)
            planned = queries.lessons_of(session, [page.id], *span)
        # an import may have added marks of a student who had left
        students = sorted({*(UUID(student_id) for (student_id,) in page.students), *(row.student_id for row in found)})
        kinds = marks_queries.kinds_of(page.kinds)
        return {
            "course": courses_views.course(page, sorted(UUID(teacher_id) for (teacher_id,) in page.teachers)),
            "term": {"id": page.term_id, "title": page.term_title, "starts_on": span[0], "ends_on": span[1]},
            "lessons": [lessons_views.lesson(row) for row in planned],
            "student_ids": students,
            "kinds": marks_views.kinds(kinds.values()),
            "marks": marks_views.marks(found),
            "means": views.journal_means(students, found, kinds, policy_queries.policy_of(page)),
            "may_write": courses_permissions.may_write_course(actor, ties),
        }

    @rpc(Journal.diary_week)
    def diary_week(self, actor: Actor, command: DiaryWeek) -> View:
        """A student's week."""
        student_id = command.student_id
        span = lessons.week_of(command.date)
        with self.unit_of_work(actor) as session:
            student = _student(session, actor, student_id, span)
            found = queries.marks_of(session, student_id, *span)
            courses = queries.courses_of(student)
            course_ids = {row.id for row in courses} | {row.course_id for row in found}
            planned = queries.lessons_of(session, course_ids, *span)
        kinds = marks_queries.kinds_of(student.kinds)
        return {
            "student_id": student_id,
            "starts_on": span[0],
            "days": views.diary_days(span[0], planned, courses, found, kinds),
        }

    @rpc(Journal.marks_of)
    def marks_of(self, actor: Actor, command: StudentTerm) -> View:
        """A student's marks and means by course in a term."""
        student_id = command.student_id
        span = (command.starts_on, command.ends_on)
        with self.unit_of_work(actor) as session:
            student = _student(session, actor, student_id, span)
            found = queries.marks_of(session, student_id, *span)
            titles = {row.id: row.title for row in queries.courses_of(student)}
            # an import may have added marks of courses that the student was in at another time, or never
            titles |= queries.titles(session, {row.course_id for row in found} - titles.keys())
        kinds = marks_queries.kinds_of(student.kinds)
        subjects = views.subjects(titles, found, kinds, policy_queries.policy_of(student))
        return {"student_id": student_id, "subjects": subjects}

    @rpc(Journal.notices)
    def notices(self, actor: Actor, command: NoticeIds) -> View:
        """The facts that notices tell; unknown ids are left out."""
        with self.unit_of_work(actor) as session:
            found = queries.mark_notices(session, command.mark_ids)
            homework = queries.homework_notices(session, command.lesson_ids)
        return {"marks": [dict(row) for row in found], "homework": [dict(row) for row in homework]}


def _student(session: Session, actor: Actor, student_id: UUID, span: tuple[date, date]) -> queries.StudentRow:
    """A student. Raises `NotFound`, also if the actor may not read the student's marks."""
    row = queries.student(session, student_id, actor.person_id, *span)
    if row is not None:
        ties = people_queries.student_ties(row, actor.person_id)
        if people_permissions.may_read_student(actor, student_id, ties):
            return row
    raise missing("student", student_id)
