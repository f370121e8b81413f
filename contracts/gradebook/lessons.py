"""Lessons, their topics and homework."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.roles import JOURNAL, TEACHERS
from kernel import fields
from kernel.contract import MANY, Command, Event, Interface, Rpc, View

#: What a lesson is to the timetable; a dropped one is shown to nobody.
CANCELLED = "cancelled"
STATES = ("", CANCELLED, "outside", "dropped")
#: What closes a record: the days that the policy gives, or its term.
CLOSED_BY = ("days", "term")
#: About the reason of what is entered late.
WHY_LATE = {"description": "Why it comes after its deadline; needed where the policy asks for it."}
#: The longest topic of a lesson.
LONGEST_TOPIC: Final = 500


class TeacherDay(Command):
    """A teacher's lessons on a date: the actor's own, or for the administration those of `teacher_id`."""

    date = fields.Date(required=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class ClosedView(View):
    """Why something may no longer be changed by hand: its term is closed, or the days that the policy gives are over.

    The methodologist can open it again.
    """

    #: An earlier version of the gradebook does not say.
    by = fields.Str(load_default="term", validate=validate.OneOf(CLOSED_BY))
    term = fields.Str(required=True, metadata={"description": "Title of the lesson's term; empty if it is in none."})
    ended_on = fields.Date(required=True, metadata={"description": "The last day of the term."})
    last_day = fields.Date(required=True, metadata={"description": "The last day on which it could be changed."})


class LateView(View):
    """What is entered for the first time now comes after its deadline."""

    due_on = fields.Date(required=True, metadata={"description": "The last day on which it was in time."})
    asks_reason = fields.Bool(required=True, metadata={"description": "The school's policy asks why it is late."})


class WindowView(View):
    """Until when something may be changed. An earlier version of the gradebook says `closed` alone."""

    closed = fields.Nested(
        ClosedView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Why it is closed; null while it may be changed."},
    )
    opened_until = fields.DateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "Until when the methodologist keeps it open; null if it is open or closed by itself."},
    )
    late = fields.Nested(
        LateView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null while what is entered first is in time."},
    )


class LessonView(WindowView):
    """A lesson. A change sends `version` back, so that two people do not overwrite each other.

    Whether it is closed or late is about its topic and homework; about its marks, the list of its marks says it.
    """

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
    #: An earlier version of the gradebook does not say.
    takes_marks = fields.Bool(
        load_default=True,
        metadata={
            "description": "False in grade 1, where the school's policy gives no marks, and while the grade is unknown."
        },
    )
    takes_homework = fields.Bool(
        load_default=True,
        metadata={"description": "False in grade 1, where the policy gives no homework, and while a grade is unknown."},
    )
    grade_unknown_of = fields.Str(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The class whose grade nobody has said, so that homework waits, and marks of its students; "
            "empty where students without a class wait; null where nothing waits for a grade."
        },
    )


class StandingView(View):
    """How a lesson stands to the timetable. An earlier version of the gradebook does not say."""

    state = fields.Str(
        load_default="",
        validate=validate.OneOf(STATES),
        metadata={"description": "Empty: held. `outside`: no longer in the timetable, but something was entered."},
    )
    classroom = fields.Str(load_default=None, allow_none=True)
    teacher_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Who holds it; null: the course's teachers."}
    )
    moved_to = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "When a cancelled lesson is held instead."}
    )
    moved_number = fields.Int(load_default=None, allow_none=True)
    reason = fields.Str(load_default="", metadata={"description": "Why it is not as the timetable says."})


class MovedHereView(View):
    """From where a lesson was moved to its place, if it was. An earlier version of the gradebook does not say."""

    moved_from = fields.Date(load_default=None, allow_none=True)
    moved_from_number = fields.Int(load_default=None, allow_none=True)


class TimedLessonView(LessonView, StandingView, MovedHereView):
    """A lesson in the timetable, with the times of its bells, such as 08:30; null where no bell rings for it."""

    starts = fields.Str(load_default=None, allow_none=True)
    ends = fields.Str(load_default=None, allow_none=True)
    #: False from an older version of the gradebook, which does not send it.
    shifts_differ = fields.Bool(
        load_default=False,
        metadata={"description": "Students of the group are of both shifts: the bells do not say when it is."},
    )


class TeacherDayView(View):
    """The lessons of a day in order of their numbers; where there are none, what lies around it."""

    lessons = fields.List(fields.Nested(TimedLessonView), required=True)
    next = fields.Nested(
        LessonView,
        load_default=None,
        allow_none=True,
        metadata={"description": "The first lesson after a day without lessons."},
    )
    without_topic = fields.List(
        fields.Nested(LessonView),
        load_default=list,
        metadata={"description": "Of a day without lessons: those of the two weeks before that still need a topic."},
    )


class LessonId(Command):
    """One lesson."""

    lesson_id = fields.UUID(required=True)


class LessonDetailView(LessonView, StandingView):
    """A lesson with its students and teachers."""

    student_ids = fields.List(fields.UUID(), required=True, metadata={"description": "Members at the lesson's date."})
    teacher_ids = fields.List(fields.UUID(), required=True)


class SoughtLessons(Command):
    """Ids of lessons."""

    lesson_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class LessonOfManyView(View):
    """A lesson as attendance needs it: whom it is about, who holds it, and who enters its absences."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    closed = fields.Nested(ClosedView, required=True, allow_none=True)
    student_ids = fields.List(fields.UUID(), required=True, metadata={"description": "Members at the lesson's date."})
    teacher_ids = fields.List(fields.UUID(), required=True)
    enters_absences = fields.Bool(
        required=True,
        metadata={"description": "The caller teaches it, and the policy lets its teachers enter absences."},
    )


class ManyLessonsView(View):
    """Those of the lessons asked for that the caller may read, and today at the school."""

    today = fields.Date(required=True)
    lessons = fields.List(fields.Nested(LessonOfManyView), required=True)


class AddLesson(Command):
    """A lesson held or planned."""

    course_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    number = fields.Int(load_default=None, allow_none=True, validate=validate.Range(0, 20))
    topic = fields.Str(load_default="", validate=validate.Length(max=LONGEST_TOPIC))
    works_anyway = fields.Bool(
        load_default=False,
        metadata={"description": "The school works on this Sunday, public holiday or day of other courses' holidays."},
    )
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class DescribeLesson(Command):
    """Topic and homework of a lesson (clause 3.2). A field left out stays as it is."""

    lesson_id = fields.UUID(required=True)
    topic = fields.Str(validate=validate.Length(max=LONGEST_TOPIC))
    homework = fields.Str(validate=validate.Length(max=2000))
    homework_due = fields.Date(allow_none=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class Lessons(Interface, service="gradebook"):
    """Lessons and homework."""

    day = Rpc(TeacherDay, TeacherDayView, "A teacher's lessons on a date.", JOURNAL)
    lesson = Rpc(LessonId, LessonDetailView, "A lesson with its students and teachers, for staff.", JOURNAL)
    many_lessons = Rpc(SoughtLessons, ManyLessonsView, "Many lessons with students and teachers, for staff.", JOURNAL)
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
