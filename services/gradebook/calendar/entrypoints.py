"""Answers calls about the school's years and terms."""

from __future__ import annotations

from contracts.gradebook.calendar import Calendar
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.calendar import queries, views
from services.gradebook.rows import View


class CalendarEntrypoints(Entrypoints):
    """Answers calls about the school's years and terms."""

    @rpc(Calendar.calendar)
    def calendar(self, actor: Actor, command: Empty) -> View:
        """Years and terms; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            return views.calendar(queries.years(session), queries.terms(session))
