"""Forms that only HTTP has: bodies without what the path or a header says, queries, answers put together here."""

from __future__ import annotations

from flask_smorest.fields import Upload
from marshmallow import fields, validate

from contracts.attendance.absences import StudentDays
from contracts.attendance.checks import AbsenceView, CheckLesson
from contracts.gradebook.courses import FindCourses
from contracts.gradebook.journal import DiaryWeek, DiaryWeekView, JournalPageId, StudentTerm
from contracts.gradebook.lessons import DescribeLesson
from contracts.gradebook.marks import ChangeMark, PostMarks
from contracts.identity.people import Appoint, SetContact
from contracts.identity.sessions import OpenSession
from kernel.contract import Command, View


class SignIn(OpenSession):
    """Login and password."""

    class Meta:
        """The address is seen, not told."""

        exclude = ("address",)


class Contact(SetContact):
    """Where a person can be reached. A field left out stays as it is; null removes it."""

    class Meta:
        """The path names the person."""

        exclude = ("person_id",)


class RoleHeld(Appoint):
    """A role to give, or to take with `held` false."""

    class Meta:
        """The path names the person."""

        exclude = ("person_id",)


class BundleForm(Command):
    """A OneRoster bundle as a form's file."""

    bundle = Upload(required=True, metadata={"description": "Zip file."})
    dry_run = fields.Bool(metadata={"description": "Check only; write nothing."})


class ImportOptions(Command):
    """How to import."""

    dry_run = fields.Bool(load_default=False, metadata={"description": "Check only; write nothing."})


class CourseFilter(FindCourses):
    """Which courses."""


class JournalTerm(JournalPageId):
    """Which term of the journal."""

    class Meta:
        """The path names the course."""

        exclude = ("course_id",)


class LessonChange(DescribeLesson):
    """Topic and homework. A field left out stays as it is."""

    class Meta:
        """The path names the lesson, If-Match its version."""

        exclude = ("lesson_id", "version")


class MarkColumn(PostMarks):
    """A column of marks: one kind of work, each student at most once."""

    class Meta:
        """The path names the lesson."""

        exclude = ("lesson_id",)


class MarkChange(ChangeMark):
    """Another value for a mark, or none (null), and why."""

    class Meta:
        """The path names the mark, If-Match its version."""

        exclude = ("mark_id", "version")


class LessonCheck(CheckLesson):
    """Who was absent or late; everyone else was there."""

    class Meta:
        """The path names the lesson."""

        exclude = ("lesson_id",)


class DiaryDate(DiaryWeek):
    """Any date of the week."""

    class Meta:
        """The path names the student."""

        exclude = ("student_id",)


class MarksSpan(StudentTerm):
    """From one date to another, both included."""

    class Meta:
        """The path names the student."""

        exclude = ("student_id",)


class AbsencesSpan(StudentDays):
    """From one date to another, both included."""

    class Meta:
        """The path names the student."""

        exclude = ("student_id",)


class DiaryView(DiaryWeekView):
    """A student's week: lessons, homework, marks and absences.

    `missing` names what could not be had because its service is away: the rest is whole.
    """

    absences = fields.List(fields.Nested(AbsenceView), required=True)
    missing = fields.List(fields.Str(validate=validate.OneOf(["absences"])), required=True)


class FaultView(View):
    """One broken rule."""

    field = fields.Str(required=True, metadata={"description": "Path of the field, with dots."})
    rule = fields.Str(required=True, metadata={"description": "Stable name of the rule."})
    message = fields.Str(required=True, metadata={"description": "In the caller's language."})


class ProblemView(View):
    """A refusal or fault (RFC 9457), told in the caller's language."""

    type = fields.Str(required=True, metadata={"description": "URN of the rule."})
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    detail = fields.Str(required=True)
    rule = fields.Str(required=True, metadata={"description": "Stable name of the rule that was broken."})
    field = fields.Str(metadata={"description": "The field, parameter or header it is about."})
    faults = fields.List(fields.Nested(FaultView), metadata={"description": "Every field that breaks a rule."})
    present = fields.Dict(metadata={"description": "Of status 412: the thing as it stands now."})
    request_id = fields.Str(required=True, metadata={"description": "To find the request in the logs."})
