"""Weeks of lessons as people look at them: of a class, a teacher, a classroom, a student; and free classrooms.

A week says which lesson is when, where and by whom, and no more: no topics, homework, marks, and no students.
"""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.bells import HIGHEST_NUMBER
from contracts.gradebook.lessons import StandingView
from contracts.gradebook.timetable import WEEKS
from contracts.roles import MEMBERS
from kernel import fields
from kernel.contract import Command, Empty, Interface, Rpc, View


class WeekOf(Command):
    """The week of a date: of one class, teacher, classroom or student."""

    date = fields.Date(required=True)
    class_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)
    classroom_id = fields.UUID(load_default=None, allow_none=True)
    student_id = fields.UUID(load_default=None, allow_none=True)


class WeekLessonView(StandingView):
    """A lesson of a week. `teacher_id` holds it; null: the course's teachers do."""

    lesson_id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    subject = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    class_name = fields.Str(required=True, allow_none=True)
    group_name = fields.Str(required=True, metadata={"description": "Empty where the whole class is taught."})
    number = fields.Int(required=True, allow_none=True)
    starts = fields.Str(required=True, allow_none=True, metadata={"description": "By the bells, such as 08:30."})
    ends = fields.Str(required=True, allow_none=True)
    classroom_id = fields.UUID(required=True, allow_none=True)
    teacher_ids = fields.List(
        fields.UUID(), required=True, metadata={"description": "The course's teachers on the day."}
    )
    substitute = fields.Bool(
        required=True, metadata={"description": "Whether who holds it is none of the course's teachers."}
    )
    #: These are missing from an older version.
    moved_from = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "On which day it is by the timetable, if moved."}
    )
    moved_from_number = fields.Int(load_default=None, allow_none=True)
    shifts_differ = fields.Bool(
        load_default=False,
        metadata={"description": "Students of the group are of both shifts: the bells do not say when it is."},
    )


class WeekDayView(View):
    """A day with its lessons in order."""

    date = fields.Date(required=True)
    lessons = fields.List(fields.Nested(WeekLessonView), required=True)


class WeekView(View):
    """Seven days from Monday on."""

    starts_on = fields.Date(required=True)
    name = fields.Str(required=True, metadata={"description": "Of the class or classroom; empty for people."})
    days = fields.List(fields.Nested(WeekDayView), required=True)
    #: Missing from an older version.
    parity = fields.Str(
        load_default="",
        validate=validate.OneOf(WEEKS),
        metadata={"description": "1 for an odd week of its academic year, 2 for an even one; empty outside of years."},
    )


class ClassChoiceView(View):
    """A class whose week can be looked at."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    grade = fields.Int(required=True, allow_none=True)


class ClassroomChoiceView(View):
    """A classroom whose week can be looked at."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)


class WeekChoicesView(View):
    """Whose weeks can be looked at, those of present years: classes by grade, classrooms by name, teachers."""

    classes = fields.List(fields.Nested(ClassChoiceView), required=True)
    classrooms = fields.List(fields.Nested(ClassroomChoiceView), required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)


class FreeClassroomsAt(Command):
    """A lesson's time on a date: its number, and by the bells of which shift."""

    date = fields.Date(required=True)
    number = fields.Int(required=True, validate=validate.Range(0, HIGHEST_NUMBER))
    shift = fields.Int(load_default=1, validate=validate.OneOf([1, 2]))


class FreeClassroomView(View):
    """A classroom without a lesson at the time, or a shared one with `lessons` there, which may take one more."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    shared = fields.Bool(required=True)
    lessons = fields.Int(required=True)


class FreeClassroomsView(View):
    """The classrooms that are free at a lesson's time, which is null where no bell rings for it."""

    starts = fields.Str(required=True, allow_none=True)
    ends = fields.Str(required=True, allow_none=True)
    classrooms = fields.List(fields.Nested(FreeClassroomView), required=True)
    #: None from an older version of the gradebook, which does not send it.
    of_school = fields.Int(
        load_default=None, allow_none=True, metadata={"description": "How many classrooms the school has."}
    )


class Weeks(Interface, service="gradebook"):
    """Weeks of lessons."""

    week = Rpc(
        WeekOf,
        WeekView,
        "The lessons of a class's, a teacher's or a classroom's week; a student's for those who read the diary.",
        MEMBERS,
    )
    week_choices = Rpc(Empty, WeekChoicesView, "Whose weeks can be looked at.", MEMBERS)
    free_classrooms = Rpc(FreeClassroomsAt, FreeClassroomsView, "Classrooms that are free at a lesson's time.", MEMBERS)
