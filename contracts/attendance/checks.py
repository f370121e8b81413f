"""Checks of lessons: who was absent or late."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from marshmallow import validate

from contracts.entries import ENTRIES, Entry, OutcomeView
from contracts.roles import JOURNAL, STAFF
from kernel import fields
from kernel.contract import MANY, Command, Event, Interface, Rpc, View, only


class NewAbsence(Command):
    """One student who was absent or late."""

    student_id = fields.UUID(required=True)
    code = fields.Str(required=True, validate=validate.Length(1, 40))
    minutes = fields.Int(load_default=None, allow_none=True, validate=validate.Range(1, 240))


class CheckLesson(Command):
    """A lesson's check. Students not named were present. A repeated check replaces the last; history is kept."""

    lesson_id = fields.UUID(required=True)
    absences = fields.List(fields.Nested(NewAbsence), required=True, validate=validate.Length(max=60))


class AbsenceEntry(Entry):
    """The absence that a student is to have in a lesson, and the state of it that the person saw."""

    code = fields.Str(
        required=True,
        allow_none=True,
        validate=validate.Length(1, 40),
        metadata={"description": "Null: no absence. Lateness takes no minutes here."},
    )
    seen = fields.Int(
        load_default=None,
        allow_none=True,
        metadata={"description": "The version of the absence that was seen; null where there was none."},
    )


class EnterAbsences(Command):
    """Absences of single students, each of which is saved, or not, by itself."""

    entries = fields.List(fields.Nested(AbsenceEntry), required=True, validate=validate.Length(1, ENTRIES))


class AbsenceInCellView(View):
    """An absence as it stands; `code` is null if it was withdrawn."""

    code = fields.Str(required=True, allow_none=True)
    minutes = fields.Int(required=True, allow_none=True)
    version = fields.Int(required=True)
    by = fields.UUID(required=True, allow_none=True, metadata={"description": "Who left it so."})
    at = fields.DateTime(required=True)


class AbsenceAnswerView(OutcomeView):
    """What became of an entry."""

    absence = fields.Nested(
        AbsenceInCellView,
        load_default=None,
        allow_none=True,
        metadata={"description": "What stands there now; null where there never was an absence."},
    )


class AbsenceAnswersView(View):
    """An answer for each entry, in order."""

    answers = fields.List(fields.Nested(AbsenceAnswerView), required=True)


class LessonIds(Command):
    """Ids of lessons."""

    lesson_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MANY))


class CourseInTerm(Command):
    """A course and a term."""

    course_id = fields.UUID(required=True)
    term_id = fields.UUID(required=True)


class MissedBeforeView(View):
    """How often a student was absent or late in a term, in the courses that were left for another one."""

    student_id = fields.UUID(required=True)
    missed = fields.Int(required=True)
    late = fields.Int(required=True)


class AbsencesBeforeView(View):
    """Of everybody who joined the course in the term, the absences from before."""

    students = fields.List(fields.Nested(MissedBeforeView), required=True)


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
    #: An earlier version of attendance does not say what follows.
    late = fields.Bool(load_default=False, metadata={"description": "The student came, but late."})
    version = fields.Int(load_default=1)


class LessonCheckView(View):
    """A lesson's check. Empty `absences` mean that nobody was absent."""

    lesson_id = fields.UUID(required=True)
    checked_at = fields.DateTime(required=True)
    checked_by = fields.UUID(required=True, allow_none=True)
    absences = fields.List(fields.Nested(AbsenceView), required=True)


class LessonChecksView(View):
    """Checks of the lessons asked for. A lesson that is missing was not checked."""

    checks = fields.List(fields.Nested(LessonCheckView), required=True)


class StudentInLesson(Command):
    """A student in a lesson."""

    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)


class AbsenceRevisionView(View):
    """One state of an absence; `code` is null if it was withdrawn then."""

    version = fields.Int(required=True)
    code = fields.Str(required=True, allow_none=True)
    name = fields.Str(required=True, metadata={"description": "What the code means; empty without one."})
    minutes = fields.Int(required=True, allow_none=True)
    changed_by = fields.UUID(required=True, allow_none=True)
    changed_at = fields.DateTime(required=True)


class CheckRevisionView(View):
    """One check of a class in a lesson: who has no absence by then was there."""

    checked_at = fields.DateTime(required=True)
    checked_by = fields.UUID(required=True, allow_none=True)


class AbsenceHistoryView(View):
    """What was noted of a student in a lesson, first to last, and the checks of the student's class there."""

    lesson_id = fields.UUID(required=True)
    student_id = fields.UUID(required=True)
    title = fields.Str(required=True, metadata={"description": "Title of the course."})
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    revisions = fields.List(fields.Nested(AbsenceRevisionView), required=True)
    checks = fields.List(fields.Nested(CheckRevisionView), required=True)


class Checks(Interface, service="attendance"):
    """Checks of lessons."""

    check_lesson = Rpc(
        CheckLesson,
        LessonCheckView,
        "Check a lesson: who was absent or late; by the homeroom teacher (clause 3.3).",
        JOURNAL,
    )
    enter_absences = Rpc(
        EnterAbsences,
        AbsenceAnswersView,
        "Enter, change and withdraw absences of single students, each by itself (clause 3.3).",
        JOURNAL,
    )
    absences_before = Rpc(
        CourseInTerm,
        AbsencesBeforeView,
        "How often students were absent in the courses which they left for this one, for staff.",
        STAFF,
    )
    lesson_checks = Rpc(
        LessonIds, LessonChecksView, "Checks of lessons, for staff.", STAFF | only("printing", "gradebook")
    )
    absence_history = Rpc(
        StudentInLesson, AbsenceHistoryView, "What was noted of a student in a lesson, and by whom.", JOURNAL
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonChecked(Event):
    """A lesson was checked: attendance keeps something of it from now on."""

    SERVICE = "attendance"
    NAME = "lesson_checked"
    AGGREGATE = "lesson_id"

    lesson_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRecorded(Event):
    """An absence was recorded, changed or withdrawn. The code may reveal an illness, so listeners ask for it."""

    SERVICE = "attendance"
    NAME = "absence_recorded"
    AGGREGATE = "absence_id"

    absence_id: UUID
    lesson_id: UUID
    student_id: UUID
