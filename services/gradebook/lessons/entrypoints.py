"""Answers calls about lessons: lists a teacher's day, adds lessons, describes them."""

from __future__ import annotations

from uuid import UUID

from contracts.gradebook.lessons import AddLesson, DescribeLesson, LessonId, Lessons, TeacherDay
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.errors import Conflict, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.courses import permissions as courses_permissions
from services.gradebook.courses import queries as courses_queries
from services.gradebook.lessons import permissions, queries, recording, views
from services.gradebook.lessons.rules import lessons
from services.gradebook.policy.rules import first_grade
from services.gradebook.rows import View, missing


class LessonsEntrypoints(Entrypoints):
    """Answers calls about lessons: lists a teacher's day, adds lessons, describes them."""

    @rpc(Lessons.day)
    def day(self, actor: Actor, command: TeacherDay) -> View:
        """A teacher's lessons on a date."""
        teacher_id = command.teacher_id or actor.person_id
        permissions.check_reads_day(actor, teacher_id)
        with self.unit_of_work(actor) as session:
            found = queries.day_of_teacher(session, teacher_id, command.date) if teacher_id else []
        return {"lessons": [views.lesson(row) for row in found]}

    @rpc(Lessons.lesson)
    def lesson(self, actor: Actor, command: LessonId) -> View:
        """A lesson with its students on its date and its teachers."""
        with self.unit_of_work(actor) as session:
            row = queries.lesson(session, command.lesson_id, actor.person_id)
            if not courses_permissions.may_read_course(actor, courses_queries.course_ties(row)):
                raise missing("lesson", row.id)
            members = courses_queries.members_on(session, row.course_id, row.date)
            teachers = courses_queries.teachers_of(session, row.course_id)
        return {**views.lesson(row), "student_ids": list(members), "teacher_ids": list(teachers)}

    @rpc(Lessons.add_lesson)
    def add_lesson(self, actor: Actor, command: AddLesson) -> View:
        """Add a lesson to a course of the actor's, with the first entry of its history."""
        day, number = command.date, command.number
        with self.unit_of_work(actor) as session:
            course = courses_queries.course(session, command.course_id, actor.person_id, lock=True)
            ties = courses_queries.course_ties(course)
            courses_permissions.check_writes_course(actor, ties, missing("course", course.id))
            lessons.check_date_in_year(day, course.starts_on, course.ends_on)
            if queries.lesson_at(session, course.id, day, number) is not None:
                raise Conflict(
                    "The course has a lesson with this number on {date} already.",
                    rule="lesson-exists",
                    field="number",
                    date=day,
                )
            row = recording.new_lesson(session, actor, course.id, day, number, command.topic.strip())
            return inbox.answer(session, {**row, "title": course.title, "class_id": course.class_id})

    @rpc(Lessons.describe_lesson)
    def describe_lesson(self, actor: Actor, command: DescribeLesson) -> View:
        """Set topic and homework of a lesson of a course of the actor's; announces new homework to its students."""
        with self.unit_of_work(actor) as session:
            row = queries.lesson(session, command.lesson_id, actor.person_id, lock=True)
            ties = courses_queries.course_ties(row)
            courses_permissions.check_writes_course(actor, ties, missing("lesson", row.id))
            if row.version != command.version:
                raise Stale(
                    "Someone changed the lesson first.",
                    rule="stale",
                    field="version",
                    present=views.lesson(row),
                )
            before = lessons.Description(row.topic, row.homework, row.homework_due)
            after = lessons.described(before, given(command), row.date)
            if after == before:
                return inbox.answer(session, views.lesson(row))
            students: list[UUID] = []
            if lessons.homework_is_news(before, after):
                members = courses_queries.members_on(session, row.course_id, row.date)
                first_grade.check_grade_takes_homework(members.values() if row.grade is None else [row.grade])
                students = list(members)
            changed = recording.described_lesson(session, actor, row, after, students)
            return inbox.answer(session, views.lesson(row, **changed))
