"""Calendar feeds: the page on which people make, renew and end theirs, and the address that calendars read."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.calendar_feeds import SECRET, CalendarFeeds
from gateway.composed import calendar_feed
from gateway.door import auth
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import children, shown
from kernel.errors import NotFound

blueprint = Blueprint("feeds", __name__)

#: Calendars look whether theirs is still the newest, and nobody between keeps it.
CACHED: Final = "private, no-cache"


@blueprint.route("/calendars/<secret>.ics")
@operation(CalendarFeeds.calendar_feed)
def show(secret: str) -> Response:
    """The lessons of a feed. What is no secret is refused here, without asking a service."""
    if not SECRET.fullmatch(secret):
        raise NotFound("There is nothing at this address.", rule="no-such-address")
    tags = request.if_none_match.as_set(include_weak=True)
    feed = ask(CalendarFeeds.calendar_feed, secret=secret, known=calendar_feed.known(sorted(tags)))
    tag = calendar_feed.tag(feed)
    if feed["unchanged"] or request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        answer = Response(calendar_feed.text(feed), mimetype="text/calendar")
        answer.headers["Content-Disposition"] = 'inline; filename="lessons.ics"'
    answer.set_etag(tag, weak=True)  # compressed or not, it says the same
    answer.headers["Cache-Control"] = CACHED
    return answer


@blueprint.route("/week/calendar")
@operation(CalendarFeeds.calendar_feed_state)
def mine() -> Answer | str:
    """A teacher's own feed, or the first child's."""
    if not auth.actor().has("teacher"):
        return children.to_first("feeds.of_student")
    return _page(None, ask(CalendarFeeds.calendar_feed_state))


@blueprint.route("/week/students/<id:student_id>/calendar")
@operation(CalendarFeeds.calendar_feed_state)
def of_student(student_id: UUID) -> Answer | str | tuple[str, int]:
    """The visitor's feed of a student's lessons."""
    try:
        state = ask(CalendarFeeds.calendar_feed_state, student_id=student_id)
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    return _page(student_id, state)


@blueprint.route("/week/calendar", methods=["POST"])
@operation(CalendarFeeds.renew_calendar_feed)
def renew_mine() -> str:
    """Give a teacher's feed a new address, which is shown this once."""
    return _page(None, carry_out(CalendarFeeds.renew_calendar_feed))


@blueprint.route("/week/students/<id:student_id>/calendar", methods=["POST"])
@operation(CalendarFeeds.renew_calendar_feed)
def renew_of_student(student_id: UUID) -> str:
    """Give the visitor's feed of a student's lessons a new address, which is shown this once."""
    return _page(student_id, carry_out(CalendarFeeds.renew_calendar_feed, student_id=student_id))


@blueprint.route("/week/calendar/end", methods=["POST"])
@operation(CalendarFeeds.end_calendar_feed)
def end_mine() -> Answer:
    """End a teacher's feed."""
    return _ended(None)


@blueprint.route("/week/students/<id:student_id>/calendar/end", methods=["POST"])
@operation(CalendarFeeds.end_calendar_feed)
def end_of_student(student_id: UUID) -> Answer:
    """End the visitor's feed of a student's lessons."""
    return _ended(student_id)


def _page(student_id: UUID | None, feed: dict[str, Any]) -> str:
    secret = feed.get("secret")
    path = url_for("feeds.show", secret=secret).removeprefix("/") if secret else ""
    address = f"{shown.address()}{path}" if secret else None
    student = children.shown_student(student_id) if student_id else {}
    return render_template("weeks/calendar.html", feed=feed, address=address, student_id=student_id, **student)


def _ended(student_id: UUID | None) -> Answer:
    carry_out(CalendarFeeds.end_calendar_feed, student_id=student_id)
    flash(gettext("The address is valid no longer."))
    goal = url_for("feeds.of_student", student_id=student_id) if student_id else url_for("feeds.mine")
    return redirect(goal, 303)
