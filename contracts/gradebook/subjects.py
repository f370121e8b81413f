"""Subjects, and the curriculum: how many hours a week each grade has of them."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.calendar import GRADES
from contracts.gradebook.courses import HOURS
from contracts.roles import METHODOLOGISTS, STAFF
from kernel import fields
from kernel.contract import MANY, Command, Done, Empty, Interface, Rpc, View

_NAME = validate.Length(max=120)


class SubjectView(View):
    """A subject."""

    id = fields.UUID(required=True)
    name = fields.Str(required=True)
    version = fields.Int(required=True)
    courses = fields.Int(required=True, metadata={"description": "Courses of all years."})


class SubjectsView(View):
    """The school's subjects, by name."""

    subjects = fields.List(fields.Nested(SubjectView), required=True)


class AddSubject(Command):
    """A new subject."""

    name = fields.Str(required=True, validate=_NAME)


class RenameSubject(Command):
    """Another name for a subject. Titles of courses that were made of the name follow."""

    subject_id = fields.UUID(required=True)
    name = fields.Str(required=True, validate=_NAME)
    version = fields.Int(required=True)


class RemoveSubject(Command):
    """A subject that goes, as it has neither courses nor hours: so two that are one are merged."""

    subject_id = fields.UUID(required=True)
    version = fields.Int(required=True)


class YearId(Command):
    """One academic year."""

    year_id = fields.UUID(required=True)


class HoursView(View):
    """Hours a week that a grade has of a subject."""

    subject_id = fields.UUID(required=True)
    grade = fields.Int(required=True)
    hours = fields.Str(required=True, metadata={"description": HOURS})


class TotalView(View):
    """Hours a week of a grade in all subjects."""

    grade = fields.Int(required=True)
    hours = fields.Str(required=True)


class CurriculumView(View):
    """The curriculum of a year. A change sends `version` back."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True)
    hours = fields.List(fields.Nested(HoursView), required=True)
    totals = fields.List(fields.Nested(TotalView), required=True)


class Hours(Command):
    """Hours a week for a grade in a subject; empty, null or 0 where it has none."""

    subject_id = fields.UUID(required=True)
    grade = fields.Int(required=True, validate=validate.OneOf(GRADES))
    hours = fields.Str(required=True, allow_none=True, validate=validate.Length(max=5), metadata={"description": HOURS})


class SetCurriculum(Command):
    """Hours that change; others stay as they are."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True)
    hours = fields.List(fields.Nested(Hours), required=True, validate=validate.Length(max=MANY * 2))


class Subjects(Interface, service="gradebook"):
    """Subjects and the curriculum."""

    subjects = Rpc(Empty, SubjectsView, "The subjects of the school, for staff.", STAFF)
    add_subject = Rpc(AddSubject, SubjectView, "Add a subject; by the methodologist.", METHODOLOGISTS)
    rename_subject = Rpc(RenameSubject, SubjectView, "Rename a subject; by the methodologist.", METHODOLOGISTS)
    remove_subject = Rpc(
        RemoveSubject, Done, "Remove a subject without courses and hours; by the methodologist.", METHODOLOGISTS
    )
    curriculum = Rpc(YearId, CurriculumView, "Hours a week by grade and subject, for staff.", STAFF)
    set_curriculum = Rpc(SetCurriculum, CurriculumView, "Set hours a week; by the methodologist.", METHODOLOGISTS)
