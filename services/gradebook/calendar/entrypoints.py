"""Years and terms of the school."""

from __future__ import annotations

from contracts.gradebook.calendar import Calendar
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.calendar import queries, views
from services.gradebook.rows import View


class CalendarEntrypoints(Entrypoints):
    """Years and terms of the school."""

    @rpc(Calendar.calendar)
    def calendar(self, actor: Actor, command: Empty) -> View:
        """Years and terms, for every member of the school."""
        with self.unit_of_work(actor) as session:
            return views.calendar(queries.years(session), queries.terms(session))
