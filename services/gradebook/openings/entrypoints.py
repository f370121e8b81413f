"""Answers calls about openings of closed lessons."""

from __future__ import annotations

from datetime import date

from contracts.gradebook.openings import OpeningId, Openings, OpenLessons
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Empty
from kernel.data import inbox
from kernel.errors import Conflict, Invalid
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.openings import queries, views
from services.gradebook.policy import queries as policy_queries
from services.gradebook.rows import View
from services.gradebook.windows import recording
from services.gradebook.windows.rules import edit_windows


class OpeningsEntrypoints(Entrypoints):
    """Answers calls about openings of closed lessons."""

    @rpc(Openings.openings)
    def openings(self, actor: Actor, command: Empty) -> View:
        """The last openings; the administration and the methodologist may read them."""
        moment = now()
        with self.unit_of_work(actor) as session:
            return {"openings": [views.opening(row, moment) for row in queries.last(session, moment)]}

    @rpc(Openings.open_lessons)
    def open_lessons(self, actor: Actor, command: OpenLessons) -> View:
        """Open lessons until a moment."""
        moment, span = now(), _span(command)
        with self.unit_of_work(actor) as session:
            of = queries.columns_of(session, command.of, command.of_id)
            zone = policy_queries.zone_of(policy_queries.setting(session))
            until = edit_windows.end_of_opening(command.until, zone)
            reason = edit_windows.check_opening(command.reason, until, moment, span)
            row = recording.opened(session, actor, of, span, until, reason, moment)
            return inbox.answer(session, views.opening(queries.opening(session, row["id"]), moment))

    @rpc(Openings.end_opening)
    def end_opening(self, actor: Actor, command: OpeningId) -> View:
        """End an opening that holds."""
        moment = now()
        with self.unit_of_work(actor) as session:
            row = queries.opening(session, command.opening_id, lock=True)
            if row.ended_at is not None or row.until <= moment:
                raise Conflict("This is over already.", rule="opening-over", field="opening_id")
            recording.ended(session, actor, row.id, moment)
            return inbox.answer(session, views.opening(queries.opening(session, row.id), moment))


def _span(command: OpenLessons) -> tuple[date, date] | None:
    """The days of the lessons; None for one lesson. Raises `Invalid`."""
    if command.of == "lesson":
        return None
    if command.first is None or command.last is None:
        raise Invalid(
            "Say from which day to which the lessons are opened.",
            rule="days-required",
            field="last" if command.first else "first",
        )
    return command.first, command.last
