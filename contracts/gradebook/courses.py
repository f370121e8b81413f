"""Courses: a subject taught to a class or group by teachers in a year."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.calendar import DIVISION, GRADES
from contracts.roles import JOURNAL, METHODOLOGISTS
from kernel import fields
from kernel.contract import Command, Done, Interface, Rpc, View

#: Grades of Russian schools.
HOURS = "Hours a week, such as `2` or `1.5`."
_HOURS_LENGTH = validate.Length(max=5)
_GROUP = "The group that is taught; empty where the whole class is."


class FindCourses(Command):
    """The actor's own courses (`mine`), those of a class or of a year, or all that the actor may see."""

    class_id = fields.UUID(load_default=None, allow_none=True)
    year_id = fields.UUID(load_default=None, allow_none=True)
    mine = fields.Bool(load_default=False)


class TeachingView(View):
    """A teacher's time in a course, both days included; null is unlimited."""

    teacher_id = fields.UUID(required=True)
    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)


class CourseView(View):
    """A course: a subject taught to a class or group by teachers in a year; one journal page a term."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    subject = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    year_id = fields.UUID(required=True)
    division = fields.Str(load_default="", metadata={"description": DIVISION})
    teacher_ids = fields.List(
        fields.UUID(), required=True, metadata={"description": "Who teaches it now, or will; see `teachers`."}
    )
    #: An earlier version of the gradebook does not say what follows.
    subject_id = fields.UUID(load_default=None, allow_none=True)
    grade = fields.Int(load_default=None, allow_none=True)
    group_name = fields.Str(load_default="", metadata={"description": _GROUP})
    hours_a_week = fields.Str(
        load_default=None, allow_none=True, metadata={"description": f"{HOURS} Null where the curriculum's hold."}
    )
    version = fields.Int(load_default=1)
    teachers = fields.List(
        fields.Nested(TeachingView),
        load_default=list,
        metadata={"description": "Who teaches it or has, and when. Who was replaced still reads what was."},
    )


class CoursesView(View):
    """Courses, by title."""

    courses = fields.List(fields.Nested(CourseView), required=True)


class CourseId(Command):
    """One course."""

    course_id = fields.UUID(required=True)


class CourseTimeView(View):
    """A student's time in a course, both days included; it lasts where `until` is null."""

    student_id = fields.UUID(required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True, allow_none=True)


class CourseDetailView(CourseView):
    """A course with its students of all times."""

    members = fields.List(fields.Nested(CourseTimeView), required=True)


class Teaching(Command):
    """A teacher's time in a course, both days included; null is unlimited."""

    teacher_id = fields.UUID(required=True)
    since = fields.Date(load_default=None, allow_none=True)
    until = fields.Date(load_default=None, allow_none=True)


class MakeCourse(Command):
    """A new course. One of a whole class takes the students of the class, now and as they come and go."""

    year_id = fields.UUID(required=True)
    subject_id = fields.UUID(required=True)
    class_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Null for a group across classes."}
    )
    grade = fields.Int(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(GRADES),
        metadata={"description": "If it is not said: that of the class's other courses of the year, or of the class."},
    )
    group_name = fields.Str(load_default="", validate=validate.Length(max=60), metadata={"description": _GROUP})
    title = fields.Str(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "If it is empty, one is made of subject, class and group."},
    )
    hours_a_week = fields.Str(
        load_default=None, allow_none=True, validate=_HOURS_LENGTH, metadata={"description": HOURS}
    )
    teachers = fields.List(fields.Nested(Teaching), load_default=list, validate=validate.Length(max=20))


class ChangeCourse(Command):
    """What changes of a course; a field left out stays as it is. `teachers` are all of them, those of the past too."""

    course_id = fields.UUID(required=True)
    version = fields.Int(required=True)
    grade = fields.Int(allow_none=True, validate=validate.OneOf(GRADES))
    group_name = fields.Str(validate=validate.Length(max=60), metadata={"description": _GROUP})
    title = fields.Str(
        validate=validate.Length(max=200),
        metadata={"description": "If it is empty, one is made of subject, class and group."},
    )
    hours_a_week = fields.Str(allow_none=True, validate=_HOURS_LENGTH, metadata={"description": HOURS})
    teachers = fields.List(fields.Nested(Teaching), validate=validate.Length(max=20))


class RemoveCourse(Command):
    """A course that goes, as nothing was entered in it."""

    course_id = fields.UUID(required=True)
    version = fields.Int(required=True)


class Courses(Interface, service="gradebook"):
    """Courses of the school."""

    courses = Rpc(FindCourses, CoursesView, "Courses that the caller may see, for staff.", JOURNAL)
    course = Rpc(CourseId, CourseDetailView, "A course with its teachers and students, for staff.", JOURNAL)
    make_course = Rpc(MakeCourse, CourseDetailView, "Make a course; by the methodologist.", METHODOLOGISTS)
    change_course = Rpc(
        ChangeCourse, CourseDetailView, "Change a course or its teachers; by the methodologist.", METHODOLOGISTS
    )
    remove_course = Rpc(
        RemoveCourse, Done, "Remove a course in which nothing was entered; by the methodologist.", METHODOLOGISTS
    )
