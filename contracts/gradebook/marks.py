"""Kinds of work, marks and their history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from contracts.gradebook.lessons import WHY_LATE, ClosedView, LessonId, WindowView
from contracts.roles import FAMILIES, JOURNAL, MEMBERS, TEACHERS
from kernel import fields
from kernel.contract import Command, Empty, Event, Interface, Rpc, View

#: Most marks in a column: no class has more students.
COLUMN: Final = 60
#: The longest text of a mark, or of several in one cell.
LONGEST: Final = 10
#: The longest text of marks with work owed beside them.
LONGEST_WITH_OWED: Final = 24
HELPS: Final = {"description": "A mark of the column counts only where it does not lower the student's mean."}
VISIBLE: Final = {
    "description": "The moment from which families see the column's marks; null: at once. Before it nothing of them is "
    "told to families, nor counts in what they read; then they are announced."
}
_WRITTEN: Final = {"description": "As it is written in a cell of the journal: `4-`, `зач`, two marks `4/5`."}


class KindOfWorkView(View):
    """A kind of work, such as an oral answer or a control work, and the weight of its marks."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    weight = fields.Str(required=True, metadata={"description": "Decimal."})
    #: An earlier version of the gradebook does not say.
    is_answer = fields.Bool(
        load_default=False, metadata={"description": "The answer in a lesson: the kind of marks that name none."}
    )


class KindsView(View):
    """The school's kinds of work."""

    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)


class NewMark(Command):
    """One mark of a column."""

    student_id = fields.UUID(required=True)
    value = fields.Str(required=True, validate=validate.Length(1, LONGEST), metadata=_WRITTEN)
    comment = fields.Str(load_default="", validate=validate.Length(max=500))


class PostMark(NewMark):
    """One mark for a student in a lesson. Without `kind_id` the kind of work is an answer in the lesson."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class PostMarks(Command):
    """A column of marks: one kind of work in one lesson, each student at most once."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)
    marks = fields.List(fields.Nested(NewMark), required=True, validate=validate.Length(1, COLUMN))
    reason = fields.Str(load_default="", validate=validate.Length(max=500), metadata=WHY_LATE)


class ColumnEntry(Command):
    """What is to stand in a student's place of a column, and the version of what was seen there."""

    student_id = fields.UUID(required=True)
    value = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.Length(1, LONGEST_WITH_OWED),
        metadata={
            "description": f"{_WRITTEN['description'][:-1]}; work owed is a point, with its date or without: `.12.09`, "
            "`2 .12.09`. Null takes all of it back."
        },
    )
    comment = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={"description": "Left out, it stays as it is."},
    )
    version = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of the mark that was seen, also of one taken back; null where there was none."},
    )
    owed_version = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of the owed work that was seen; null where nothing was owed."},
    )


class SetColumn(Command):
    """Marks of one kind of work in one lesson: new ones, changed ones, and marks taken back.

    The marks of students left out stay as they are; an entry that says what stands there already changes nothing. Where
    a mark is changed or taken back, `reason` says why; and where new marks come after their deadline, if the policy
    asks for it.
    """

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)
    marks = fields.List(fields.Nested(ColumnEntry), required=True, validate=validate.Length(1, COLUMN))
    reason = fields.Str(load_default="", validate=validate.Length(max=500))


class ChangeColumn(Command):
    """What is said of all marks of one kind of work in a lesson; without `kind_id` of the answers in it."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(load_default=None, allow_none=True)
    only_if_helps = fields.Bool(required=True, metadata=HELPS)
    visible_from = fields.DateTime(load_default=None, allow_none=True, metadata=VISIBLE)
    seen = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "The version of the setting that was seen; null where the column had none."},
    )


class ChangeMark(Command):
    """A mark's new value; null takes the mark back. The history keeps the old one with who, when and why."""

    mark_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True, validate=validate.Length(1, LONGEST), metadata=_WRITTEN)
    comment = fields.Str(validate=validate.Length(max=500))
    reason = fields.Str(required=True, validate=validate.Length(3, 500))
    version = fields.Int(required=True)


class MarkId(Command):
    """One mark."""

    mark_id = fields.UUID(required=True)


class MarkView(View):
    """The current state of a mark; `value` is null if the mark was taken back."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    kind_id = fields.UUID(required=True)
    value = fields.Str(required=True, allow_none=True)
    comment = fields.Str(required=True)
    date = fields.Date(required=True, metadata={"description": "Date of the lesson."})
    version = fields.Int(required=True)


class MarksView(View):
    """Marks of one column, in the order they were sent."""

    marks = fields.List(fields.Nested(MarkView), required=True)


class OwedWorkView(View):
    """The work of a column that a student owes."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    due = fields.Date(required=True, allow_none=True, metadata={"description": "Null where no date was said."})
    text = fields.Str(required=True, metadata={"description": "As it stands in the cell: `.12.09`."})
    version = fields.Int(required=True)


class ColumnView(View):
    """What stands in the students' places of a column now, in the order they were sent; empty places are left out."""

    marks = fields.List(fields.Nested(MarkView), required=True)
    #: An earlier version of the gradebook keeps no work owed.
    owed = fields.List(fields.Nested(OwedWorkView), load_default=list)


class ColumnSettingView(View):
    """What was said of all marks of one kind of work in a lesson."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(required=True)
    only_if_helps = fields.Bool(required=True, metadata=HELPS)
    visible_from = fields.DateTime(required=True, allow_none=True, metadata=VISIBLE)
    version = fields.Int(required=True)


class MarksWindowView(WindowView):
    """Until when a lesson's marks for a kind of work may be changed."""

    kind_id = fields.UUID(required=True)


class LessonMarksView(View):
    """The marks of a lesson, of every kind of work, also those that were taken back.

    A student may have several of one kind, where an import brought them: `set_column` changes the first.
    """

    marks = fields.List(fields.Nested(MarkView), required=True)
    may_write = fields.Bool(required=True, metadata={"description": "Whether the caller teaches the course today."})
    #: An earlier version of the gradebook does not say.
    windows = fields.List(
        fields.Nested(MarksWindowView),
        load_default=list,
        metadata={"description": "Of each kind of work, until when its marks may be changed."},
    )
    #: An earlier version of the gradebook does not say.
    settings = fields.List(
        fields.Nested(ColumnSettingView),
        load_default=list,
        metadata={"description": "What was said of the lesson's columns; of those of which nothing was said, nothing."},
    )
    #: An earlier version of the gradebook keeps no work owed.
    owed = fields.List(fields.Nested(OwedWorkView), load_default=list)
    #: An earlier version of the gradebook does not say.
    enters_absences = fields.Bool(
        load_default=False,
        metadata={"description": "The caller teaches it, and the policy lets its teachers enter absences."},
    )


class MarkRevisionView(View):
    """One state of a mark."""

    version = fields.Int(required=True)
    value = fields.Str(required=True, allow_none=True)
    comment = fields.Str(required=True)
    reason = fields.Str(required=True, metadata={"description": "Written for staff; empty for families."})
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)
    due_on = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Of a first state that came late: the last day on which it was in time. Null for families."
        },
    )


class MarkHistoryView(View):
    """Every state of a mark, first to last."""

    mark_id = fields.UUID(required=True)
    #: An earlier version of the gradebook says neither of these.
    title = fields.Str(load_default="", metadata={"description": "Title of the course."})
    kind = fields.Str(load_default="", metadata={"description": "Name of the kind of work."})
    date = fields.Date(load_default=None, allow_none=True, metadata={"description": "Date of the lesson."})
    revisions = fields.List(fields.Nested(MarkRevisionView), required=True)
    closed = fields.Nested(
        ClosedView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Why the mark is closed; null while it may be changed."},
    )
    opened_until = fields.DateTime(
        load_default=None,
        allow_none=True,
        metadata={"description": "Until when the methodologist keeps it open; null if it is open or closed by itself."},
    )


class Marks(Interface, service="gradebook"):
    """Marks and their history."""

    kinds = Rpc(Empty, KindsView, "Kinds of work and their weights.", MEMBERS)
    post_mark = Rpc(PostMark, MarkView, "Set a mark in a lesson of one's course.", TEACHERS)
    post_marks = Rpc(PostMarks, MarksView, "Set a column of marks at once: all of them, or none.", TEACHERS)
    lesson_marks = Rpc(LessonId, LessonMarksView, "The marks of a lesson, for staff.", JOURNAL)
    set_column = Rpc(
        SetColumn,
        ColumnView,
        "Set, change and take back marks of a column at once: all of it, or nothing.",
        TEACHERS,
    )
    change_column = Rpc(
        ChangeColumn, ColumnSettingView, "Say how a column's marks count, and from when families see them.", TEACHERS
    )
    change_mark = Rpc(ChangeMark, MarkView, "Change a mark or take it back; the history keeps the old value.", TEACHERS)
    mark_history = Rpc(
        MarkId,
        MarkHistoryView,
        "Every state of a mark; why it was changed or came late, for staff alone.",
        JOURNAL | FAMILIES,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPosted(Event):
    """A teacher gave a student a mark. Listeners have to ask for its value."""

    SERVICE = "gradebook"
    NAME = "mark_posted"
    AGGREGATE = "mark_id"

    mark_id: UUID
    lesson_id: UUID
    student_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksPosted(Event):
    """A teacher gave marks in a column. Listeners have to ask for their values."""

    SERVICE = "gradebook"
    NAME = "marks_posted"
    AGGREGATE = "lesson_id"

    lesson_id: UUID
    #: Student → the student's mark.
    marks: dict[UUID, UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkChanged(Event):
    """A mark got another value, or was taken back."""

    SERVICE = "gradebook"
    NAME = "mark_changed"
    AGGREGATE = "mark_id"

    mark_id: UUID
    lesson_id: UUID
    student_id: UUID
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedWorkDue(Event):
    """A work that a student owes is due on the next day, or sooner. Told once for each date."""

    SERVICE = "gradebook"
    NAME = "owed_work_due"
    AGGREGATE = "owed_id"

    owed_id: UUID
    student_id: UUID
