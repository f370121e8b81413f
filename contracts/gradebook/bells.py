"""Bells: which lesson of the day begins and ends when, by kind of day and shift."""

from __future__ import annotations

from marshmallow import validate

from contracts.gradebook.calendar import YearId
from contracts.roles import MEMBERS, METHODOLOGISTS
from kernel import fields
from kernel.contract import MANY, Command, Interface, Rpc, View

#: Most bells of a day, and the highest number of a lesson.
MOST_BELLS = 21
HIGHEST_NUMBER = 20

_TIME = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z", error="Not a time of the day.")


class BellView(View):
    """Begin and end of a lesson of the day, such as 08:30, in local time."""

    number = fields.Int(required=True)
    starts = fields.Str(required=True)
    ends = fields.Str(required=True)


class BellScheduleView(View):
    """The bells of a kind of day from a date on: of a shift, of short days or usual ones, on all weekdays or some."""

    id = fields.UUID(required=True)
    title = fields.Str(required=True)
    shift = fields.Int(required=True, metadata={"description": "1 or 2."})
    weekdays = fields.List(fields.Int(), required=True, metadata={"description": "ISO weekdays; empty for all."})
    short = fields.Bool(required=True)
    valid_from = fields.Date(required=True)
    bells = fields.List(fields.Nested(BellView), required=True)


class BellsView(View):
    """The bells of a year, and its classes of the second shift. The version is that of the year's calendar."""

    year_id = fields.UUID(required=True)
    version = fields.Int(required=True)
    schedules = fields.List(fields.Nested(BellScheduleView), required=True)
    second_shift = fields.List(fields.UUID(), required=True, metadata={"description": "Ids of classes."})


class GivenBell(Command):
    """Begin and end of a lesson of the day, in local time."""

    number = fields.Int(required=True, validate=validate.Range(0, HIGHEST_NUMBER))
    starts = fields.Str(required=True, validate=_TIME)
    ends = fields.Str(required=True, validate=_TIME)


class SetBells(Command):
    """A schedule of bells; with the `id` of one that is there, that one changed."""

    year_id = fields.UUID(required=True)
    id = fields.UUID(load_default=None, allow_none=True)
    title = fields.Str(required=True, validate=validate.Length(1, 100))
    shift = fields.Int(load_default=1, validate=validate.OneOf((1, 2)))
    weekdays = fields.List(
        fields.Int(validate=validate.Range(1, 7)),
        load_default=list,
        metadata={"description": "ISO weekdays by whose timetable a day is taught; empty for all."},
    )
    short = fields.Bool(load_default=False, metadata={"description": "The bells of short days."})
    valid_from = fields.Date(required=True)
    bells = fields.List(fields.Nested(GivenBell), required=True, validate=validate.Length(1, MOST_BELLS))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class RemoveBells(Command):
    """A schedule of bells that goes."""

    year_id = fields.UUID(required=True)
    schedule_id = fields.UUID(required=True)
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class SetSecondShift(Command):
    """The classes of the second shift; all others are of the first."""

    year_id = fields.UUID(required=True)
    class_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MANY))
    version = fields.Int(required=True, metadata={"description": "The version this change starts from."})


class Bells(Interface, service="gradebook"):
    """Bells and shifts."""

    bells = Rpc(YearId, BellsView, "The bells of a year, and its classes of the second shift.", MEMBERS)
    set_bells = Rpc(SetBells, BellsView, "Add or change a schedule of bells.", METHODOLOGISTS)
    remove_bells = Rpc(RemoveBells, BellsView, "Remove a schedule of bells.", METHODOLOGISTS)
    set_second_shift = Rpc(SetSecondShift, BellsView, "Say which classes are of the second shift.", METHODOLOGISTS)
