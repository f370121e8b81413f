"""The timetable of a year: which course has a lesson when in the week, where, and who holds it."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.bells import HIGHEST_NUMBER
from contracts.roles import JOURNAL, MEMBERS, METHODOLOGISTS, TEACHERS
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View

#: Every week, the odd weeks of the academic year, the even ones.
WEEKS = ("", "1", "2")
#: In what two entries collide: a teacher, students, a classroom.
CLASHES = ("teacher", "students", "classroom")
#: What is wrong with a course's week.
MISFITS = ("day-off", "outside-shift", "shifts-differ", "hours-over", "hours-under")
#: What was done to the timetable.
EDITS = ("edit", "undo")
#: Kinds of things that a file of a timetable makes.
MADE = ("course", "subject", "classroom")
#: Why one of them stays where the file's edit is taken back: something was entered in its lessons, it has lessons in
#: the timetable, somebody changed it since, other things belong to it.
ENTERED, IN_TIMETABLE, CHANGED_SINCE, IN_USE = "entered", "in-timetable", "changed-since", "in-use"
STAYING = ("", ENTERED, IN_TIMETABLE, CHANGED_SINCE, IN_USE)


class TimetableOf(Command):
    """The timetable as it holds on a day: of a class, a teacher or a classroom; without one of them, of the school."""

    year_id = fields.UUID(required=True)
    date = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "Today, or the day of the year next to it."}
    )
    class_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)
    classroom_id = fields.UUID(load_default=None, allow_none=True)
    check = fields.Bool(
        load_default=False, metadata={"description": "Say what collides and does not fit; for staff only."}
    )


class EntryView(View):
    """A course's lesson in the week."""

    id = fields.UUID(required=True)
    course_id = fields.UUID(required=True)
    weekday = fields.Int(required=True, metadata={"description": "1 is Monday, 7 Sunday."})
    number = fields.Int(required=True, metadata={"description": "Which lesson of the day."})
    week = fields.Str(
        required=True,
        validate=validate.OneOf(WEEKS),
        metadata={"description": "Empty: every week; 1: odd weeks of the academic year; 2: even ones."},
    )
    valid_from = fields.Date(required=True)
    valid_until = fields.Date(
        required=True, allow_none=True, metadata={"description": "The last day; null: to the year's end."}
    )
    classroom_id = fields.UUID(required=True, allow_none=True)
    teacher_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Who holds it; null: the course's teachers."}
    )


class TimetableCourseView(View):
    """A course that has lessons in the timetable, or could have."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    subject = fields.Str(required=True)
    class_id = fields.UUID(required=True, allow_none=True)
    group_name = fields.Str(required=True)
    teacher_ids = fields.List(fields.UUID(), required=True, metadata={"description": "On the day."})
    hours = fields.Str(
        required=True, allow_none=True, metadata={"description": "A week, by the curriculum; null: it does not say."}
    )
    placed = fields.Str(required=True, metadata={"description": "Hours a week in the timetable on the day."})
    may_edit = fields.Bool(required=True)


class CourseTitleView(View):
    """A course by its title."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)


class CourseFaultView(View):
    """A course whose week does not fit."""

    misfit = fields.Str(required=True, validate=validate.OneOf(MISFITS))
    course_id = fields.UUID(required=True)
    entry_id = fields.UUID(required=True, allow_none=True)
    #: These are missing from an older version.
    placed = fields.Str(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Hours a week in the timetable, of an edit after it; null where it is not about hours."
        },
    )
    hours = fields.Str(
        load_default=None, allow_none=True, metadata={"description": "A week, by the curriculum; null likewise."}
    )


class CollisionView(View):
    """Two entries that fall together."""

    clash = fields.Str(required=True, validate=validate.OneOf(CLASHES))
    one = fields.Nested(EntryView, required=True)
    other = fields.Nested(EntryView, required=True)
    shared = fields.List(
        fields.UUID(), required=True, metadata={"description": "The teachers, students or classroom in common."}
    )


class TimetableView(View):
    """The timetable on a day. `version` counts the edits of the year's timetable."""

    year_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    version = fields.Int(required=True)
    entries = fields.List(fields.Nested(EntryView), required=True)
    courses = fields.List(fields.Nested(TimetableCourseView), required=True)
    faults = fields.List(fields.Nested(CourseFaultView), required=True)
    collisions = fields.List(fields.Nested(CollisionView), required=True)
    numbers = fields.List(
        fields.Int(), required=True, metadata={"description": "Numbers of lessons for which bells ring."}
    )
    #: Missing from an older version.
    others = fields.List(
        fields.Nested(CourseTitleView),
        load_default=list,
        metadata={"description": "Further courses that `collisions` name."},
    )
    parity = fields.Str(
        load_default="",
        validate=validate.OneOf(WEEKS),
        metadata={"description": "Of the week of the date: 1 odd, 2 even."},
    )


class NewEntry(Command):
    """A lesson in the week to be added."""

    course_id = fields.UUID(required=True)
    weekday = fields.Int(required=True, validate=validate.Range(1, 7))
    number = fields.Int(required=True, validate=validate.Range(0, HIGHEST_NUMBER))
    week = fields.Str(load_default="", validate=validate.OneOf(WEEKS))
    classroom_id = fields.UUID(load_default=None, allow_none=True)
    teacher_id = fields.UUID(load_default=None, allow_none=True)


class EditTimetable(Command):
    """Entries that hold from a day on, and those that hold no longer from that day on. All of it or nothing."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True, metadata={"description": "The version that the person saw."})
    from_date = fields.Date(required=True)
    valid_until = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The last day of what is added; null: to the year's end."},
    )
    add = fields.List(fields.Nested(NewEntry), load_default=list, validate=validate.Length(max=MANY))
    remove = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MANY))
    despite_collisions = fields.Bool(load_default=False)
    dry_run = fields.Bool(load_default=False, metadata={"description": "Say what would collide; save nothing."})


class LaidView(View):
    """What became of lessons because of an edit."""

    added = fields.Int(required=True, metadata={"description": "New ones, and dropped ones that come back."})
    changed = fields.Int(required=True)
    dropped = fields.Int(required=True, metadata={"description": "Empty lessons that are no longer held."})
    outside = fields.Int(
        required=True, metadata={"description": "Lessons that stay outside the timetable: something was entered."}
    )


class MadeThingView(View):
    """A thing that a file made, and why it stays; empty: it was removed."""

    kind = fields.Str(required=True, validate=validate.OneOf(MADE))
    name = fields.Str(required=True)
    stays = fields.Str(required=True, validate=validate.OneOf(STAYING))


class EditedView(View):
    """An edit: whether it was saved, what collides, and what would not fit. Both are saved only despite it."""

    saved = fields.Bool(required=True)
    version = fields.Int(required=True)
    collisions = fields.List(fields.Nested(CollisionView), required=True)
    faults = fields.List(
        fields.Nested(CourseFaultView),
        required=True,
        metadata={"description": "What the edit makes not fit, or fit less than before."},
    )
    courses = fields.List(fields.Nested(TimetableCourseView), required=True, metadata={"description": "Of all of it."})
    lessons = fields.Nested(
        LaidView, required=True, allow_none=True, metadata={"description": "Null while they are made in background."}
    )
    #: Missing from an older version.
    made = fields.List(
        fields.Nested(MadeThingView),
        load_default=list,
        metadata={"description": "What became of the things that a file made, where its edit is taken back."},
    )


class TimetableEdits(Command):
    """The edits of a year's timetable, newest first."""

    year_id = fields.UUID(required=True)


class TimetableEditView(View):
    """An edit, by whom and when."""

    version = fields.Int(required=True)
    what = fields.Str(required=True, validate=validate.OneOf(EDITS))
    undoes = fields.Int(required=True, allow_none=True, metadata={"description": "The version that was taken back."})
    undone = fields.Bool(required=True)
    #: Missing from an older version.
    made = fields.Int(
        load_default=0, metadata={"description": "Courses, subjects and classrooms that it made: it came from a file."}
    )
    #: Missing from an older version.
    from_date = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "The first day that it changes; null: it changes nothing."},
    )
    edited_by = fields.UUID(required=True, allow_none=True)
    edited_at = fields.DateTime(required=True)
    before = fields.List(fields.Nested(EntryView), required=True)
    after = fields.List(fields.Nested(EntryView), required=True)


class TimetableEditsView(View):
    """The last edits of a year's timetable, newest first, and the courses that they name."""

    edits = fields.List(fields.Nested(TimetableEditView), required=True)
    courses = fields.List(fields.Nested(TimetableCourseView), required=True)


class UndoEdit(Command):
    """Take an edit back, whose entries nobody has changed since."""

    year_id = fields.UUID(required=True)
    edit = fields.Int(required=True, metadata={"description": "The version of the edit."})
    despite_collisions = fields.Bool(
        load_default=False, metadata={"description": "Also where something would collide or not fit again."}
    )
    with_made = fields.Bool(
        load_default=False,
        metadata={"description": "Also remove what a file made, if nothing stands on it; for the methodologist alone."},
    )


class SettleLesson(Command):
    """What became of a lesson that the timetable has no more: held all the same, or not held."""

    lesson_id = fields.UUID(required=True)
    held = fields.Bool(required=True)


class SettledView(View):
    """A lesson that was asked about."""

    lesson_id = fields.UUID(required=True)
    held = fields.Bool(required=True)


class Timetable(Interface, service="gradebook"):
    """The timetable."""

    timetable = Rpc(TimetableOf, TimetableView, "The timetable of a class, a teacher or a classroom.", MEMBERS)
    edit_timetable = Rpc(
        EditTimetable,
        EditedView,
        "Change the timetable from a day on: teachers for their courses, the methodologist for all (clause 3.2).",
        TEACHERS | METHODOLOGISTS,
    )
    timetable_edits = Rpc(TimetableEdits, TimetableEditsView, "Who changed the timetable, and how.", JOURNAL)
    settle_lesson = Rpc(
        SettleLesson,
        SettledView,
        "Say of a lesson outside the timetable whether it was held; by its teacher.",
        TEACHERS,
    )
    undo_timetable_edit = Rpc(UndoEdit, EditedView, "Take an edit of the timetable back.", TEACHERS | METHODOLOGISTS)
