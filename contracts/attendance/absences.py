"""Absences of a student, and what notices say about them."""

from __future__ import annotations

from marshmallow import validate

from contracts.attendance.checks import AbsenceView
from contracts.roles import JOURNAL, MEMBERS
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View, only


class StudentDays(Command):
    """A student's days from one date to another, both included."""

    student_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class StudentAbsencesView(View):
    """A student's absences, by date and lesson."""

    student_id = fields.UUID(required=True)
    absences = fields.List(fields.Nested(AbsenceView), required=True)


class ClassDays(Command):
    """A class's days from one date to another, both included."""

    class_id = fields.UUID(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class StudentMissedView(View):
    """How often a student was absent and late, in lessons of whatever course."""

    student_id = fields.UUID(required=True)
    missed = fields.Int(required=True)
    late = fields.Int(required=True)


class ClassAbsencesView(View):
    """How often the students of a class were absent and late. Who is missing never was."""

    class_id = fields.UUID(required=True)
    students = fields.List(fields.Nested(StudentMissedView), required=True)


class AbsenceIds(Command):
    """Ids of the absences that notices are about."""

    absence_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class AbsenceNoticeView(View):
    """An absence as a notice states it; `code` is null if the absence has been withdrawn."""

    absence_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    code = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True)
    minutes = fields.Int(required=True, allow_none=True)
    #: An earlier version of attendance names none.
    lesson_id = fields.UUID(load_default=None, allow_none=True)


class AbsenceNoticesView(View):
    """What notices of absences state."""

    absences = fields.List(fields.Nested(AbsenceNoticeView), required=True)


class Absences(Interface, service="attendance"):
    """Absences of students."""

    absences_of = Rpc(StudentDays, StudentAbsencesView, "A student's absences, for the family and staff.", MEMBERS)
    absences_of_class = Rpc(
        ClassDays, ClassAbsencesView, "How often the students of a class were absent and late, for staff.", JOURNAL
    )
    notices = Rpc(
        AbsenceIds, AbsenceNoticesView, "What notices of absences state; for services only.", only("notifications")
    )
