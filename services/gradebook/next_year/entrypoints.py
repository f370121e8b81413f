"""Answers calls about preparing a year from an earlier one."""

from __future__ import annotations

from contracts.gradebook.next_year import NextYear, PrepareYear, TwoYears
from kernel.auth import Actor
from kernel.data import inbox
from kernel.errors import Stale
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.courses.queries import making as making_queries
from services.gradebook.next_year import queries, recording, rules, views
from services.gradebook.rows import View


class NextYearEntrypoints(Entrypoints):
    """Answers calls about preparing a year from an earlier one."""

    @rpc(NextYear.next_year)
    def next_year(self, actor: Actor, command: TwoYears) -> View:
        """What a year would get of an earlier one."""
        with self.unit_of_work(actor) as session:
            found = queries.prepared(session, command.from_year_id, command.to_year_id)
        return views.next_year(command.from_year_id, command.to_year_id, found.coming)

    @rpc(NextYear.prepare_next_year)
    def prepare_next_year(self, actor: Actor, command: PrepareYear) -> View:
        """Copy what was shown of the classes that were chosen, and of the rest what is wanted."""
        with self.unit_of_work(actor) as session:
            making_queries.lock_year(session, command.to_year_id)
            found = queries.prepared(session, command.from_year_id, command.to_year_id)
            coming = found.coming
            if rules.fingerprint(coming) != command.fingerprint:
                raise Stale(
                    "Something changed since this was shown: look at the numbers again.",
                    rule="stale",
                    field="fingerprint",
                    present=views.next_year(command.from_year_id, command.to_year_id, coming),
                )
            wanted = {*command.class_ids, *((None,) if command.across_classes else ())}
            chosen = [one for one in coming.classes if one.class_id in wanted]
            year = found.year.calendar
            copied = recording.copied_courses(session, actor, year, chosen, with_teachers=command.teachers)
            hours = coming.hours if command.curriculum else {}
            recording.copied_hours(session, actor, year.id, found.version, hours)
            bells = recording.copied_bells(session, actor, found.year, coming.bells if command.bells else [])
            plans = recording.copied_plans(session, actor, year.id, coming.plans if command.plans else [])
            return inbox.answer(session, {**copied, "hours": len(hours), "bells": bells, "plans": plans})
