"""Lessons that were checked: who was absent or late."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import validate

from contracts.roles import JOURNAL, STAFF
from kernel import fields
from kernel.contract import MANY, Command, Event, Interface, Rpc, View, only


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


class Checks(Interface, service="attendance"):
    """Who was there."""

    check_lesson = Rpc(
        CheckLesson,
        LessonCheckView,
        "Mark a lesson checked and who is absent; by the homeroom teacher (clause 3.3).",
        JOURNAL,
    )
    lesson_checks = Rpc(LessonIds, LessonChecksView, "Checks of lessons, for staff.", STAFF | only("printing"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded(Event):
    """A student was entered as absent or late. The code may tell of an illness: it is asked, not carried."""

    SERVICE = "attendance"
    NAME = "absence_recorded"
    AGGREGATE = "absence_id"

    absence_id: UUID
    lesson_id: UUID
    student_id: UUID
