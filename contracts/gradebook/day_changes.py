"""Changes of single lessons: cancelled, moved, swapped, in another classroom, by somebody who stands in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import validate

from contracts.gradebook.bells import HIGHEST_NUMBER
from contracts.gradebook.lessons import StandingView
from contracts.roles import KEEPERS
from kernel import fields
from kernel.contract import Command, Event, Interface, Rpc, View

#: The most lessons that are changed at once.
MOST_CHANGES = 100
#: The most days whose changes are looked at together: a half-year.
MOST_DAYS = 190
#: The most lessons that an answer shows of them.
MOST_SHOWN = 1000
#: What may stand in the way of a changed lesson.
HINDRANCES = ("teacher", "classroom", "students")


class DayOf(Command):
    """The lessons of a day: of a class, of a teacher, or of the whole school."""

    date = fields.Date(required=True)
    class_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class LessonOfDayView(StandingView):
    """A lesson of a day, and what was changed of it. A change sends `version` back."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    class_id = fields.UUID(required=True, allow_none=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    teacher_ids = fields.List(fields.UUID(), required=True, metadata={"description": "The course's teachers."})
    classroom_id = fields.UUID(required=True, allow_none=True)
    moved_from = fields.Date(
        required=True, allow_none=True, metadata={"description": "The day from which the lesson was moved here."}
    )
    version = fields.Int(required=True, metadata={"description": "Of the lesson's change; 0 before the first."})


class BusyView(View):
    """Who and what is taken at a lesson of the day."""

    number = fields.Int(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True)
    classroom_ids = fields.List(fields.UUID(), required=True)


class DayOfSchoolView(View):
    """The lessons of a day, and who and what is taken at each number in the whole school."""

    date = fields.Date(required=True)
    lessons = fields.List(fields.Nested(LessonOfDayView), required=True)
    busy = fields.List(fields.Nested(BusyView), required=True)
    #: These are missing from an older version.
    school_day_before = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The last day before it on which any grade has lessons."},
    )
    school_day_after = fields.Date(load_default=None, allow_none=True)


class ChangesOf(Command):
    """The changes from a day to a day: of a class, of a teacher, or of the whole school."""

    first = fields.Date(required=True)
    last = fields.Date(required=True, metadata={"description": f"At most {MOST_DAYS - 1} days later."})
    class_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "Whose lesson it is, or who stands in."}
    )


class ChangesOfDaysView(View):
    """The lessons of some days that are not held as the timetable says, in the order of days and lessons."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)
    lessons = fields.List(
        fields.Nested(LessonOfDayView), required=True, metadata={"description": f"The first {MOST_SHOWN}."}
    )
    count = fields.Int(required=True, metadata={"description": "How many there are."})


class LessonChange(Command):
    """What is to be different in a lesson from the timetable. All of it empty: it is held as planned."""

    lesson_id = fields.UUID(required=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})
    cancelled = fields.Bool(load_default=False)
    moved_to = fields.Date(load_default=None, allow_none=True)
    moved_number = fields.Int(load_default=None, allow_none=True, validate=validate.Range(0, HIGHEST_NUMBER))
    classroom_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Who stands in."})
    reason = fields.Str(load_default="", validate=validate.Length(max=200))


class ChangeLessons(Command):
    """Changes of lessons, all of them or none. Two lessons are swapped by moving each to the other's time."""

    changes = fields.List(fields.Nested(LessonChange), required=True, validate=validate.Length(1, MOST_CHANGES))
    despite_collisions = fields.Bool(load_default=False)


class HindranceView(View):
    """A changed lesson, and another one at its time that needs the same teacher, classroom or students."""

    what = fields.Str(required=True, validate=validate.OneOf(HINDRANCES))
    date = fields.Date(required=True)
    number = fields.Int(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course of the changed lesson."})
    other = fields.Str(required=True, metadata={"description": "Title of the course of the other lesson."})


class ChangedLessonsView(View):
    """Whether the changes were saved, and what stands in their way: then they are saved only despite it."""

    saved = fields.Bool(required=True)
    hindrances = fields.List(fields.Nested(HindranceView), required=True)


class DayChanges(Interface, service="gradebook"):
    """Changes of single lessons."""

    lessons_of_day = Rpc(DayOf, DayOfSchoolView, "The lessons of a day, to change them.", KEEPERS)
    changes_of_days = Rpc(
        ChangesOf, ChangesOfDaysView, "The lessons of some days that are not held as the timetable says.", KEEPERS
    )
    change_lessons = Rpc(
        ChangeLessons,
        ChangedLessonsView,
        "Cancel and move lessons, give them another classroom or somebody who stands in (clause 3.2).",
        KEEPERS,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableChanged(Event):
    """A lesson is held otherwise than the timetable says, or as it says again."""

    SERVICE = "gradebook"
    NAME = "timetable_changed"
    AGGREGATE = "lesson_id"

    lesson_id: UUID
    version: int
    student_ids: tuple[UUID, ...]
