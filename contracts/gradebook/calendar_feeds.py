"""Calendar feeds: a person's lessons at a secret address, which calendars on phones ask for again and again.

Whoever has the address reads the lessons, without signing in. So a feed says when and where a lesson is, and names
nobody: no teacher, no student, no reason why a lesson is not held.
"""

from __future__ import annotations

import re
from typing import Final

from marshmallow import validate

from contracts.gradebook.lessons import STATES
from contracts.roles import FAMILIES, TEACHERS
from kernel import fields
from kernel.contract import PUBLIC, Command, Done, Interface, Rpc, View

#: What the secret part of an address looks like.
SECRET: Final = re.compile("[A-Za-z0-9_-]{64}")


class FeedOf(Command):
    """The feed of a student's lessons, one's child's or one's own; without one, of those that the actor teaches."""

    student_id = fields.UUID(load_default=None, allow_none=True)


class FeedStateView(View):
    """Whether the actor has such a feed: since when its address is valid, or null."""

    made_at = fields.DateTime(required=True, allow_none=True)


class FeedMadeView(FeedStateView):
    """A new address of a feed: its secret part, which is told once."""

    secret = fields.Str(required=True, validate=validate.Length(equal=64))


class FeedSecret(Command):
    """The secret part of a feed's address."""

    secret = fields.Str(required=True, validate=validate.Length(equal=64))
    known = fields.Str(
        load_default="",
        validate=validate.Length(max=64),
        metadata={"description": "The digest of the feed that the asker has already."},
    )


class FeedLessonView(View):
    """A lesson of a feed."""

    lesson_id = fields.UUID(required=True)
    title = fields.Str(required=True)
    class_name = fields.Str(required=True, allow_none=True)
    group_name = fields.Str(required=True)
    date = fields.Date(required=True)
    number = fields.Int(required=True, allow_none=True)
    starts = fields.Str(required=True, allow_none=True)
    ends = fields.Str(required=True, allow_none=True)
    classroom = fields.Str(required=True, allow_none=True)
    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    moved_to = fields.Date(required=True, allow_none=True)
    moved_number = fields.Int(required=True, allow_none=True)
    substitute = fields.Bool(required=True)


class FeedView(View):
    """The lessons of a feed: from two weeks ago to the end of the school year."""

    of = fields.Str(required=True, validate=validate.OneOf(["teacher", "student"]))
    class_name = fields.Str(required=True, allow_none=True, metadata={"description": "A student's class."})
    time_zone = fields.Str(required=True)
    changed_at = fields.DateTime(
        required=True, metadata={"description": "When the timetable or the calendar was last changed."}
    )
    sequence = fields.Int(required=True, metadata={"description": "How often they were changed."})
    lessons = fields.List(fields.Nested(FeedLessonView), required=True)
    #: These are missing from an older version.
    digest = fields.Str(load_default="", metadata={"description": "The same as long as the feed says the same."})
    unchanged = fields.Bool(
        load_default=False, metadata={"description": "It is the feed that is known: its lessons are left out."}
    )


class CalendarFeeds(Interface, service="gradebook"):
    """Calendar feeds."""

    calendar_feed_state = Rpc(FeedOf, FeedStateView, "Whether one has a calendar feed.", TEACHERS | FAMILIES)
    renew_calendar_feed = Rpc(
        FeedOf,
        FeedMadeView,
        "Make the secret address of a calendar feed anew; the one before is valid no longer.",
        TEACHERS | FAMILIES,
    )
    end_calendar_feed = Rpc(FeedOf, Done, "End a calendar feed: its address is valid no longer.", TEACHERS | FAMILIES)
    calendar_feed = Rpc(FeedSecret, FeedView, "The lessons of a calendar feed, by its secret.", PUBLIC)
