"""Courses: a subject taught to a class or group by teachers in a year."""

from __future__ import annotations

from contracts.roles import JOURNAL
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View


class FindCourses(Command):
    """The actor's own courses (`mine`), those of a class, or all that the actor may see."""

    class_id = fields.UUID(load_default=None, allow_none=True)
    mine = fields.Bool(load_default=False)


class CourseView(View):
    """A course: a subject taught to a class or group by teachers in a year; one journal page a term."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    subject = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    year_id = fields.UUID(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)


class CoursesView(View):
    """Courses, by title."""

    courses = fields.List(fields.Nested(CourseView), required=True)


class Courses(Interface, service="gradebook"):
    """Courses of the school."""

    courses = Rpc(FindCourses, CoursesView, "Courses that the caller may see, for staff.", JOURNAL)
