"""The journal's grid: the page of a term as compact as it can be, and changes of many cells of it at once."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from marshmallow import validate

from contracts.entries import ENTRIES, REFUSAL, Entry, OutcomeView
from contracts.gradebook.calendar import TermView
from contracts.gradebook.courses import CourseView
from contracts.gradebook.journal import AsOfView, BroughtView, JournalPageAsOf, JournalPageId
from contracts.gradebook.lessons import STATES, LateView
from contracts.gradebook.marks import HELPS, VISIBLE, KindOfWorkView
from contracts.roles import STAFF, TEACHERS
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

#: The longest text of a cell as it is typed.
LONGEST_TEXT: Final = 40
#: Whose absences the actor may enter: of nobody, of the students of the own class, of all.
NOBODY, OWN, EVERYBODY = "none", "own", "all"
#: Why a cell is not the student's: the student joined the course later, or had left it.
NOT_YET, LEFT = "not-yet", "left"
_SEEN: Final = re.compile(r"(?:m([1-9][0-9]{0,8}))?(?:a([1-9][0-9]{0,8}))?(?:o([1-9][0-9]{0,8}))?")


class Seen(NamedTuple):
    """The states of a cell's marks, absence and owed work that a person saw; None of a part that was empty."""

    marks: int | None = None
    absence: int | None = None
    owed: int | None = None

    @property
    def text(self) -> str | None:
        """The seen state as callers get it and send it back; None where all of the cell was empty."""
        parts = (("m", self.marks), ("a", self.absence), ("o", self.owed))
        return "".join(f"{sign}{version}" for sign, version in parts if version) or None


def seen_of(text: str | None) -> Seen | None:
    """What `Seen.text` says; None where it says nothing that was ever sent."""
    found = _SEEN.fullmatch(text or "")
    return found and Seen(*(int(part) if part else None for part in found.groups()))


class CellEntry(Entry):
    """The whole text that a cell is to have, and the state of the cell that the person saw."""

    kind_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Null: the answer in a lesson."})
    text = fields.Str(
        required=True,
        validate=validate.Length(max=LONGEST_TEXT),
        metadata={
            "description": "As it is typed: `5`, `4+`, `5/4`, `н`, `о 5`, `зач`, work owed with its date `.12.09`. "
            "Empty: all is taken away."
        },
    )
    seen = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={"description": "As it came with the cell; null where the cell was empty."},
    )
    reason = fields.Str(
        load_default="",
        validate=validate.Length(max=500),
        metadata={
            "description": "Needed where a mark is changed or taken back, and for a late one if the policy asks."
        },
    )
    comment = fields.Str(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={"description": "For the family; null: it stays as it is."},
    )


class EnterCells(Command):
    """Cells of a course, each of which is saved, or not, by itself."""

    course_id = fields.UUID(required=True)
    entries = fields.List(fields.Nested(CellEntry), required=True, validate=validate.Length(1, ENTRIES))
    check = fields.Bool(
        load_default=False,
        metadata={"description": "Nothing is written: the answers say what would become of the entries' marks."},
    )


class MarksInCellView(View):
    """The marks that stand in a cell, or stood there: `text` is empty if they were taken back."""

    mark_id = fields.UUID(required=True)
    text = fields.Str(required=True)
    version = fields.Int(required=True)
    comment = fields.Str(required=True)
    by = fields.UUID(required=True, allow_none=True, metadata={"description": "Who left it so."})
    at = fields.DateTime(required=True, allow_none=True)


class OwedInCellView(View):
    """The work that is owed in a cell, as it stands in its text."""

    text = fields.Str(required=True)
    due = fields.Date(required=True, allow_none=True)
    version = fields.Int(required=True)


class AbsencePartView(View):
    """The part of an entry that is attendance's: the code that is to stand, and the state that was seen."""

    code = fields.Str(required=True, allow_none=True)
    seen = fields.Int(required=True, allow_none=True)


class MarksAnswerView(OutcomeView):
    """What became of the marks of an entry."""

    marks = fields.Nested(
        MarksInCellView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null where there never was a mark."},
    )
    #: An earlier version of the gradebook keeps no work owed.
    owed = fields.Nested(
        OwedInCellView,
        load_default=None,
        allow_none=True,
        metadata={"description": "Null where no work is owed."},
    )
    absence = fields.Nested(
        AbsencePartView,
        load_default=None,
        allow_none=True,
        metadata={"description": "What attendance has to do; null where the entry says nothing of an absence."},
    )


class MarksAnswersView(View):
    """An answer for each entry, in order."""

    answers = fields.List(fields.Nested(MarksAnswerView), required=True)


class SheetColumnView(View):
    """A column of the grid: a lesson, and one kind of work in it."""

    lesson_id = fields.UUID(required=True)
    kind_id = fields.UUID(required=True, allow_none=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    kind = fields.Str(required=True)
    weight = fields.Str(required=True)
    topic = fields.Str(required=True)
    homework = fields.Str(required=True)
    first = fields.Bool(required=True, metadata={"description": "The first of its lesson, which shows absences."})
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    substitute_id = fields.UUID(
        required=True, allow_none=True, metadata={"description": "Who holds it in place of the course's teachers."}
    )
    moved_to = fields.Date(required=True, allow_none=True)
    moved_number = fields.Int(required=True, allow_none=True)
    reason = fields.Str(required=True, metadata={"description": "Why it is not as the timetable says."})
    held = fields.Bool(required=True, metadata={"description": "Its day has come, and it is not cancelled."})
    writable = fields.Bool(required=True, metadata={"description": "Whether the caller may set marks in it now."})
    refusal = fields.Dict(load_default=None, allow_none=True, metadata=REFUSAL)
    absences = fields.Bool(required=True, metadata={"description": "Whether absences can be entered in it now."})
    opened_until = fields.DateTime(required=True, allow_none=True)
    late = fields.Nested(
        LateView,
        required=True,
        allow_none=True,
        metadata={"description": "First marks come late now, and the policy asks why; null where it does not ask."},
    )
    #: An earlier version of the gradebook says none of these.
    only_if_helps = fields.Bool(load_default=False, metadata=HELPS)
    visible_from = fields.DateTime(load_default=None, allow_none=True, metadata=VISIBLE)
    setting_version = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "Of what was said of the column, for `change_column`; null where nothing was."},
    )


class SheetRowView(View):
    """A student of the grid."""

    student_id = fields.UUID(required=True)
    own = fields.Bool(required=True, metadata={"description": "Of the class whose homeroom teacher the caller is."})
    takes_marks = fields.Bool(required=True)
    refusal = fields.Dict(load_default=None, allow_none=True, metadata=REFUSAL)
    mean = fields.Str(required=True, allow_none=True)
    counted = fields.Int(required=True, metadata={"description": "The marks that the mean is made of."})
    #: An earlier version of the gradebook does not say.
    term_mark = fields.Str(
        load_default=None, allow_none=True, metadata={"description": "The term mark that is set; null without one."}
    )


class SheetKindView(KindOfWorkView):
    """A kind of work with the marks of its scale."""

    #: An earlier version of the gradebook does not say.
    marks = fields.List(
        fields.Str(),
        load_default=list,
        metadata={"description": "The marks of its scale in this course, the best first; signs and words beside them."},
    )


class HolidayView(View):
    """Days without lessons."""

    title = fields.Str(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class SheetFrameView(View):
    """What the grid of a term has beside its cells."""

    course = fields.Nested(CourseView, required=True)
    term = fields.Nested(TermView, required=True)
    today = fields.Date(required=True)
    may_write = fields.Bool(required=True, metadata={"description": "Whether the caller teaches the course today."})
    absences = fields.Str(
        required=True,
        validate=validate.OneOf((NOBODY, OWN, EVERYBODY)),
        metadata={"description": "Whose absences the caller may enter: of the `own` rows, of all, of none."},
    )
    kinds = fields.List(fields.Nested(SheetKindView), required=True)
    shades = fields.List(
        fields.List(fields.Raw()),
        required=True,
        metadata={
            "description": "Cells that are not the student's: row, first and last column, and why: `not-yet` or `left`."
        },
    )
    holidays = fields.List(fields.Nested(HolidayView), required=True)
    #: An earlier version of the gradebook does not say.
    brought = fields.List(
        fields.Nested(BroughtView),
        load_default=list,
        metadata={"description": "Marks that students brought along from another course of the subject."},
    )
    as_of = fields.Nested(AsOfView, load_default=None, allow_none=True)


class MarksSheetView(SheetFrameView):
    """The grid of a term, without names and absences."""

    columns = fields.List(fields.Nested(SheetColumnView), required=True)
    rows = fields.List(fields.Nested(SheetRowView), required=True)
    marks = fields.List(
        fields.List(fields.Raw()),
        required=True,
        metadata={
            "description": "The cells with marks: row, column, text, version, mark id, comment, and what an import "
            "brought beside it."
        },
    )
    #: An earlier version of the gradebook keeps no work owed.
    owed = fields.List(
        fields.List(fields.Raw(allow_none=True)),
        load_default=list,
        metadata={
            "description": "Works that are owed: row, column, text, version, and the date, null where none was said."
        },
    )


class LessonsOfStudentView(View):
    """Lessons that a student had."""

    student_id = fields.UUID(required=True)
    lesson_ids = fields.List(fields.UUID(), required=True)


class LessonsBeforeView(View):
    """The lessons of a term that students had in courses which they left for this one."""

    students = fields.List(fields.Nested(LessonsOfStudentView), required=True)


class Sheets(Interface, service="gradebook"):
    """The journal's grid."""

    sheet = Rpc(JournalPageAsOf, MarksSheetView, "The grid of a course for a term, for staff.", STAFF)
    lessons_before = Rpc(
        JournalPageId,
        LessonsBeforeView,
        "The lessons that students had in the courses which they left for this one, for staff.",
        STAFF,
    )
    enter_cells = Rpc(
        EnterCells, MarksAnswersView, "Set, change and take back the marks of many cells, each by itself.", TEACHERS
    )
