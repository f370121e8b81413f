"""Lessons, their topics and homework."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import validate

from contracts.roles import JOURNAL, TEACHERS
from kernel import fields
from kernel.contract import Command, Event, Interface, Rpc, View


class TeacherDay(Command):
    """A teacher's lessons on a date: the actor's own, or for the administration those of `teacher_id`."""

    date = fields.Date(required=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class LessonView(View):
    """A lesson. A change sends `version` back, so that two people do not overwrite each other."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    class_id = fields.UUID(required=True, allow_none=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True, metadata={"description": "Which lesson of the day."})
    topic = fields.Str(required=True)
    homework = fields.Str(required=True)
    homework_due = fields.Date(required=True, allow_none=True)
    version = fields.Int(required=True)


class LessonsView(View):
    """Lessons in order of date and number."""

    lessons = fields.List(fields.Nested(LessonView), required=True)


class LessonId(Command):
    """One lesson."""

    lesson_id = fields.UUID(required=True)


class LessonDetailView(LessonView):
    """A lesson with its students and teachers."""

    student_ids = fields.List(fields.UUID(), required=True, metadata={"description": "Members at the lesson's date."})
    teacher_ids = fields.List(fields.UUID(), required=True)


class AddLesson(Command):
    """A lesson held or planned."""

    course_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    number = fields.Int(load_default=None, allow_none=True, validate=validate.Range(0, 20))
    topic = fields.Str(load_default="", validate=validate.Length(max=500))


class DescribeLesson(Command):
    """Topic and homework of a lesson (clause 3.2). A field left out stays as it is."""

    lesson_id = fields.UUID(required=True)
    topic = fields.Str(validate=validate.Length(max=500))
    homework = fields.Str(validate=validate.Length(max=2000))
    homework_due = fields.Date(allow_none=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class Lessons(Interface, service="gradebook"):
    """Lessons and homework."""

    day = Rpc(TeacherDay, LessonsView, "A teacher's lessons on a date.", JOURNAL)
    lesson = Rpc(LessonId, LessonDetailView, "A lesson with its students and teachers, for staff.", JOURNAL)
    add_lesson = Rpc(AddLesson, LessonView, "Enter a lesson of one's course.", TEACHERS)
    describe_lesson = Rpc(DescribeLesson, LessonView, "Change topic and homework of a lesson.", TEACHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeworkSet(Event):
    """Homework was set or changed for the students of a lesson."""

    SERVICE = "gradebook"
    NAME = "homework_set"
    AGGREGATE = "lesson_id"

    lesson_id: UUID
    version: int
    student_ids: tuple[UUID, ...]
