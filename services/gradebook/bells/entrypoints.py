"""Answers calls about bells and shifts."""

from __future__ import annotations

from datetime import time
from uuid import UUID

from uuid_utils.compat import uuid7

from contracts.gradebook.bells import Bells, RemoveBells, SetBells, SetSecondShift
from contracts.gradebook.calendar import YearId
from kernel.auth import Actor
from kernel.contract import given
from kernel.data import inbox
from kernel.errors import NotFound
from kernel.running.entrypoints import Entrypoints, rpc
from services.gradebook.bells import queries, recording, views
from services.gradebook.bells.rules.bells import Bell, BellSchedule, YearBells, check_bells
from services.gradebook.rows import View


class BellsEntrypoints(Entrypoints):
    """Answers calls about bells and shifts."""

    @rpc(Bells.bells)
    def bells(self, actor: Actor, command: YearId) -> View:
        """The bells of a year; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            return views.bells(queries.year_of(session, command.year_id))

    @rpc(Bells.set_bells)
    def set_bells(self, actor: Actor, command: SetBells) -> View:
        """Add or change a schedule of bells."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.calendar.version != command.version:
                raise views.changed_first(year)
            schedule = BellSchedule(
                _known(year, command.id).id if command.id else uuid7(),
                command.title.strip(),
                command.shift,
                tuple(sorted(set(command.weekdays))),
                command.short,
                command.valid_from,
                tuple(
                    Bell(one["number"], time.fromisoformat(one["starts"]), time.fromisoformat(one["ends"]))
                    for one in given(command)["bells"]
                ),
            )
            check_bells(year.calendar, schedule, year.schedules)
            return inbox.answer(session, views.bells(recording.set_bells(session, actor, year, schedule)))

    @rpc(Bells.remove_bells)
    def remove_bells(self, actor: Actor, command: RemoveBells) -> View:
        """Remove a schedule of bells."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.calendar.version != command.version:
                raise views.changed_first(year)
            schedule = _known(year, command.schedule_id)
            return inbox.answer(session, views.bells(recording.removed_bells(session, actor, year, schedule)))

    @rpc(Bells.set_second_shift)
    def set_second_shift(self, actor: Actor, command: SetSecondShift) -> View:
        """Say which classes are of the second shift; all others are of the first."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.calendar.version != command.version:
                raise views.changed_first(year)
            saved = recording.set_second_shift(session, actor, year, command.class_ids)
            return inbox.answer(session, views.bells(saved))


def _known(year: YearBells, schedule_id: UUID) -> BellSchedule:
    found = next((one for one in year.schedules if one.id == schedule_id), None)
    if found is None:
        raise NotFound("Somebody has removed these bells meanwhile.", rule="no-such-bells")
    return found
