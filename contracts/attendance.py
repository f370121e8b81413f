"""What attendance accepts, answers and announces: lesson checks and absences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import fields, validate

from kernel.contract import Command, Empty, Event, Interface, Rpc, View

MANY: Final = 500


class CodeView(View):
    """An absence code of the school's dictionary."""

    code = fields.Str(required=True)
    name = fields.Str(required=True)
    counts_as_absent = fields.Bool(required=True)
    excused = fields.Bool(required=True)
    illness = fields.Bool(required=True)
    late = fields.Bool(required=True, metadata={"description": "Takes minutes."})


class CodesView(View):
    """The dictionary."""

    codes = fields.List(fields.Nested(CodeView), required=True)


class NewAbsence(Command):
    """One student who was not there, or came late."""

    student_id = fields.UUID(required=True)
    code = fields.Str(required=True, validate=validate.Length(1, 4))
    minutes = fields.Int(load_default=None, allow_none=True, validate=validate.Range(1, 240))


class CheckLesson(Command):
    """A lesson's check: everyone not named was there. Repeating it replaces the last one; history is kept."""

    lesson_id = fields.UUID(required=True)
    absences = fields.List(fields.Nested(NewAbsence), required=True, validate=validate.Length(max=60))


class LessonIds(Command):
    """Some lessons."""

    lesson_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class AbsenceView(View):
    """An absence from one lesson."""

    id = fields.UUID(required=True)
    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    code = fields.Str(required=True)
    minutes = fields.Int(required=True, allow_none=True)
    counts_as_absent = fields.Bool(required=True)


class LessonCheckView(View):
    """A lesson that was checked: `absences` empty means that nobody was absent."""

    lesson_id = fields.UUID(required=True)
    checked_at = fields.DateTime(required=True)
    checked_by = fields.UUID(required=True, allow_none=True)
    absences = fields.List(fields.Nested(AbsenceView), required=True)


class LessonChecksView(View):
    """Checks of the lessons asked for; a lesson that is not there was not checked."""

    checks = fields.List(fields.Nested(LessonCheckView), required=True)


class StudentDays(Command):
    """A student's days from one date to another, both included."""

    student_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class StudentAbsencesView(View):
    """A student's absences, by date and lesson."""

    student_id = fields.UUID(required=True)
    absences = fields.List(fields.Nested(AbsenceView), required=True)


class AbsenceIds(Command):
    """Absences to be told about."""

    absence_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class AbsenceNoticeView(View):
    """An absence in the words of a notice; `code` is null where it was withdrawn since."""

    absence_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    code = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True)
    minutes = fields.Int(required=True, allow_none=True)


class AbsenceNoticesView(View):
    """What notices of absences say."""

    absences = fields.List(fields.Nested(AbsenceNoticeView), required=True)


class Attendance(Interface, service="attendance"):
    """Who was there."""

    codes = Rpc(Empty, CodesView, "Absence codes of the school.")
    check_lesson = Rpc(
        CheckLesson,
        LessonCheckView,
        "Mark a lesson checked and who is absent; by the homeroom teacher (clause 3.3).",
    )
    lesson_checks = Rpc(LessonIds, LessonChecksView, "Checks of lessons, for staff.")
    absences_of = Rpc(StudentDays, StudentAbsencesView, "A student's absences, for the family and staff.")
    notices = Rpc(AbsenceIds, AbsenceNoticesView, "What notices of absences say; for services only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded(Event):
    """A student was entered as absent or late. The code may tell of an illness: it is asked, not carried."""

    SERVICE = "attendance"
    NAME = "absence_recorded"
    AGGREGATE = "absence_id"

    absence_id: UUID
    lesson_id: UUID
    student_id: UUID
