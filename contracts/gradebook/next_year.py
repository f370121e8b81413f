"""Preparing a year from an earlier one: what is copied is shown first, and taken in one step."""

from __future__ import annotations

from marshmallow import validate

from contracts.roles import METHODOLOGISTS
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View


class TwoYears(Command):
    """The year to copy from, and the later one to prepare."""

    from_year_id = fields.UUID(required=True)
    to_year_id = fields.UUID(required=True)


class ClassToComeView(View):
    """What a class would get; without `class_id`, the groups across classes."""

    class_id = fields.UUID(required=True, allow_none=True)
    name = fields.Str(required=True, metadata={"description": "As it is called today."})
    next_name = fields.Str(required=True, metadata={"description": "As it will be called."})
    next_grade = fields.Int(required=True, allow_none=True)
    leaves = fields.Bool(required=True, metadata={"description": "It leaves the school: nothing is copied."})
    courses = fields.List(fields.Str(), required=True, metadata={"description": "Titles of the courses to come."})
    teachers = fields.Int(required=True)
    members = fields.Int(required=True)
    left_out = fields.List(
        fields.Str(), required=True, metadata={"description": "Courses that the next grade's curriculum has not."}
    )
    there = fields.Int(required=True, metadata={"description": "Courses that the later year has already."})


class NextYearView(View):
    """What would be copied, with its numbers. `fingerprint` says to the step that this was seen."""

    from_year_id = fields.UUID(required=True)
    to_year_id = fields.UUID(required=True)
    fingerprint = fields.Str(required=True)
    classes = fields.List(fields.Nested(ClassToComeView), required=True)
    hours = fields.Int(required=True, metadata={"description": "Entries of the curriculum to copy."})
    bells = fields.Int(required=True, metadata={"description": "Schedules of bells to copy."})
    plans = fields.Int(required=True, metadata={"description": "Thematic plans to copy, as drafts."})


class PrepareYear(TwoYears):
    """What of it is copied. `fingerprint` is that of the preview: where something changed since, nothing is done."""

    fingerprint = fields.Str(required=True, validate=validate.Length(max=64))
    class_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MANY))
    across_classes = fields.Bool(load_default=True)
    teachers = fields.Bool(load_default=True)
    curriculum = fields.Bool(load_default=True)
    bells = fields.Bool(load_default=True)
    plans = fields.Bool(load_default=True)


class PreparedView(View):
    """What was copied."""

    courses = fields.Int(required=True)
    teachers = fields.Int(required=True)
    members = fields.Int(required=True)
    hours = fields.Int(required=True)
    bells = fields.Int(required=True)
    plans = fields.Int(required=True)


class NextYear(Interface, service="gradebook"):
    """The next academic year."""

    next_year = Rpc(
        TwoYears, NextYearView, "What a year would get of an earlier one; for the methodologist.", METHODOLOGISTS
    )
    prepare_next_year = Rpc(
        PrepareYear, PreparedView, "Copy what was shown; by the methodologist. It may be repeated.", METHODOLOGISTS
    )
