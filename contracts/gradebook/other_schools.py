"""Marks that students bring along from another school, entered from its document."""

from __future__ import annotations

from typing import Final

from marshmallow import validate

from contracts.gradebook.courses import CourseView
from contracts.gradebook.journal import JournalPageId, TermOfYearView
from contracts.gradebook.marks import KindOfWorkView
from contracts.gradebook.sheets import LONGEST_TEXT
from contracts.roles import JOURNAL, METHODOLOGISTS, TEACHERS
from kernel import fields
from kernel.contract import Command, Interface, Rpc, View

#: The longest name of a school, and the longest words for its document.
LONGEST_SCHOOL, LONGEST_DOCUMENT = 200, 300
#: The most marks of one document in a subject and term.
MARKS_OF_DOCUMENT: Final = 60


class MarkOfOtherSchool(Command):
    """A mark of an ordinary lesson at another school."""

    date = fields.Date(required=True)
    text = fields.Str(required=True, validate=validate.Length(1, LONGEST_TEXT))
    kind_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "Null: the answer in a lesson."})


class TermMarkOfOtherSchool(Command):
    """A term mark that was set at another school."""

    term_id = fields.UUID(required=True)
    text = fields.Str(required=True, validate=validate.Length(1, LONGEST_TEXT))


class EnterOtherSchool(JournalPageId):
    """What a document of another school says of a student in a course: marks of the term, marks of earlier terms."""

    student_id = fields.UUID(required=True)
    school = fields.Str(required=True, validate=validate.Length(2, LONGEST_SCHOOL))
    document = fields.Str(
        required=True,
        validate=validate.Length(2, LONGEST_DOCUMENT),
        metadata={"description": "Such as «справка № 12 от 20.11.2026»."},
    )
    marks = fields.List(
        fields.Nested(MarkOfOtherSchool), load_default=list, validate=validate.Length(max=MARKS_OF_DOCUMENT)
    )
    term_marks = fields.List(fields.Nested(TermMarkOfOtherSchool), load_default=list, validate=validate.Length(max=10))


class WithdrawOtherSchool(Command):
    """A mark of another school that was entered wrongly. It stays in the history."""

    mark_id = fields.UUID(required=True)
    reason = fields.Str(required=True, validate=validate.Length(3, 500))


class OtherSchoolMarkView(View):
    """A mark of another school: of a day and a kind of work, or the mark of a term."""

    id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    date = fields.Date(required=True, allow_none=True)
    term = fields.Str(required=True, metadata={"description": "Title; empty of an ordinary mark."})
    text = fields.Str(required=True)
    kind = fields.Str(required=True, metadata={"description": "The kind of work; empty of a term mark."})
    school = fields.Str(required=True)
    document = fields.Str(required=True)
    entered_by = fields.UUID(required=True)
    entered_at = fields.DateTime(required=True)
    withdrawn_by = fields.UUID(required=True, allow_none=True)
    withdrawn_at = fields.DateTime(required=True, allow_none=True)
    reason = fields.Str(required=True, metadata={"description": "Why it was withdrawn."})


class JoinedView(View):
    """A student who came into the course during the term, and the first day in it."""

    student_id = fields.UUID(required=True)
    since = fields.Date(required=True)


class OtherSchoolsView(View):
    """What was brought along from other schools to a course, and who may have brought something to it in the term."""

    course = fields.Nested(CourseView, required=True)
    term = fields.Nested(TermOfYearView, required=True)
    earlier_terms = fields.List(fields.Nested(TermOfYearView), required=True)
    kinds = fields.List(fields.Nested(KindOfWorkView), required=True)
    students = fields.List(fields.Nested(JoinedView), required=True)
    marks = fields.List(fields.Nested(OtherSchoolMarkView), required=True)
    may_enter = fields.Bool(required=True)


class OtherSchoolMarksView(View):
    """The marks that were entered."""

    marks = fields.List(fields.Nested(OtherSchoolMarkView), required=True)


class OtherSchools(Interface, service="gradebook"):
    """Marks of other schools."""

    other_school_marks = Rpc(
        JournalPageId,
        OtherSchoolsView,
        "Marks that students brought along from other schools, for staff.",
        JOURNAL,
    )
    enter_other_school_marks = Rpc(
        EnterOtherSchool,
        OtherSchoolMarksView,
        "Enter what a document of another school says of a student in a course.",
        TEACHERS | METHODOLOGISTS,
    )
    withdraw_other_school_mark = Rpc(
        WithdrawOtherSchool,
        OtherSchoolMarkView,
        "Withdraw a mark of another school that was entered wrongly; its history stays.",
        TEACHERS | METHODOLOGISTS,
    )
