"""Openings: the methodologist lets teachers write in closed lessons again, until a moment and with a reason."""

from __future__ import annotations

from marshmallow import validate

from contracts.roles import KEEPERS, METHODOLOGISTS
from kernel import fields
from kernel.contract import Command, Empty, Interface, Rpc, View

#: What lessons are opened of.
OPENED_OF = ("course", "teacher", "class", "lesson")
#: The most openings of a list.
LISTED = 100


class OpenLessons(Command):
    """Lessons to be opened: of a course, of the courses of a teacher, of a class, or one lesson.

    Those from the `first` day to the `last`, which one lesson does not need. Topic, homework and marks of them may be
    changed until the moment `until`, whatever their days and their term say.
    """

    of = fields.Str(required=True, validate=validate.OneOf(OPENED_OF))
    of_id = fields.UUID(required=True)
    first = fields.Date(load_default=None, allow_none=True)
    last = fields.Date(load_default=None, allow_none=True)
    until = fields.DateTime(
        required=True, metadata={"description": "Without an offset from UTC it is the time at the school."}
    )
    reason = fields.Str(required=True, validate=validate.Length(3, 500))


class OpeningView(View):
    """An opening of lessons; nobody removes one, so that the list is its history."""

    id = fields.UUID(required=True)
    of = fields.Str(required=True, validate=validate.OneOf(OPENED_OF))
    of_id = fields.UUID(required=True)
    title = fields.Str(
        required=True, allow_none=True, metadata={"description": "Of the course or the lesson's course; else null."}
    )
    lesson_date = fields.Date(required=True, allow_none=True)
    first = fields.Date(required=True, allow_none=True)
    last = fields.Date(required=True, allow_none=True)
    until = fields.DateTime(required=True)
    reason = fields.Str(required=True)
    open = fields.Bool(required=True, metadata={"description": "Whether it holds now."})
    opened_by = fields.UUID(required=True)
    opened_at = fields.DateTime(required=True)
    ended_by = fields.UUID(required=True, allow_none=True, metadata={"description": "Who ended it before its time."})
    ended_at = fields.DateTime(required=True, allow_none=True)


class OpeningsView(View):
    """The last openings, newest first; those that hold now are all among them, before the others."""

    openings = fields.List(fields.Nested(OpeningView), required=True)


class OpeningId(Command):
    """One opening."""

    opening_id = fields.UUID(required=True)


class Openings(Interface, service="gradebook"):
    """Openings of closed lessons."""

    openings = Rpc(Empty, OpeningsView, "Which closed lessons are open again, and which were.", KEEPERS)
    open_lessons = Rpc(OpenLessons, OpeningView, "Let teachers write in closed lessons again.", METHODOLOGISTS)
    end_opening = Rpc(OpeningId, OpeningView, "End an opening of closed lessons before its time.", METHODOLOGISTS)
