"""Answers calls about the school's years: their terms and days."""

from __future__ import annotations

from uuid_utils.compat import uuid7

from contracts.gradebook.calendar import Calendar, ChangeDays, ChangeYear, DaysFile, MakeYear, TakeDaysFile, YearId
from formats.result import Reading
from kernel.auth import Actor
from kernel.contract import Empty, given
from kernel.data import inbox
from kernel.errors import Invalid
from kernel.running.entrypoints import Entrypoints, every, rpc
from kernel.running.providers import Files
from kernel.running.threads import off_hub
from services.gradebook import handed_in
from services.gradebook.calendar import queries, recording, views
from services.gradebook.calendar.rules import changes, checking, days_found
from services.gradebook.calendar.rules.days_found import DaysFound
from services.gradebook.calendar.rules.grades import normal
from services.gradebook.calendar.rules.year_calendar import YearCalendar
from services.gradebook.rows import View


class CalendarEntrypoints(Entrypoints):
    """Answers calls about the school's years: their terms and days."""

    files = Files()

    @rpc(Calendar.calendar)
    def calendar(self, actor: Actor, command: Empty) -> View:
        """Years and terms; any member of the school may read them."""
        with self.unit_of_work(actor) as session:
            return views.calendar(queries.years(session), queries.terms(session))

    @rpc(Calendar.schedule)
    def schedule(self, actor: Actor, command: YearId) -> View:
        """The calendar schedule of a year; any member of the school may read it."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id)
        return views.schedule(year)

    @rpc(Calendar.calendar_changes)
    def calendar_changes(self, actor: Actor, command: YearId) -> View:
        """Who changed a year's calendar, and how."""
        with self.unit_of_work(actor) as session:
            queries.year_of(session, command.year_id)
            return views.changes(queries.changes(session, command.year_id))

    @rpc(Calendar.make_year)
    def make_year(self, actor: Actor, command: MakeYear) -> View:
        """Make a year, which shares no days with another one."""
        year = YearCalendar(uuid7(), command.title.strip(), command.starts_on, command.ends_on)
        checking.check_change(None, year, {})
        with self.unit_of_work(actor) as session:
            checking.check_years_apart(year, queries.years(session))
            return inbox.answer(session, views.schedule(recording.new_year(session, actor, year)))

    @rpc(Calendar.change_year)
    def change_year(self, actor: Actor, command: ChangeYear) -> View:
        """Change title, first and last day of a year."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.version != command.version:
                raise views.changed_first(year)
            after = changes.with_span(year, command.title, command.starts_on, command.ends_on)
            checking.check_change(year, after, {})
            others = [other for other in queries.years(session) if other.id != year.id]
            checking.check_years_apart(after, others)
            return inbox.answer(session, views.schedule(recording.changed_year(session, actor, year, after, "year")))

    @rpc(Calendar.change_days)
    def change_days(self, actor: Actor, command: ChangeDays) -> View:
        """Add, change and remove days off, moved and short days."""
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.version != command.version:
                raise views.changed_first(year)
            change = changes.with_days(year, given(command), command.removed, uuid7)
            checking.check_change(year, change.after, change.places)
            saved = recording.changed_year(session, actor, year, change.after, "days")
            return inbox.answer(session, views.schedule(saved))

    @rpc(Calendar.read_days_file)
    def read_days_file(self, actor: Actor, command: DaysFile) -> View:
        """What a file of days would change of a year, and its faults; writes nothing."""
        content = handed_in.content(self.files, actor.tenant, command.file)
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id)
        reading = _reading(content, year, command)
        changed = days_found.changed_by(year, reading.value, uuid7)[1] if reading.value else []
        return views.days_file(year, command.file, reading, changed)

    @rpc(Calendar.take_days_file)
    def take_days_file(self, actor: Actor, command: TakeDaysFile) -> View:
        """Take a file of days as it was shown: all of it or nothing."""
        content = handed_in.content(self.files, actor.tenant, command.file)
        with self.unit_of_work(actor) as session:
            year = queries.year_of(session, command.year_id, lock=True)
            if year.version != command.version:
                raise views.changed_first(year)
            reading = _reading(content, year, command)
            if reading.value is None:
                raise Invalid("The file holds no days that could be taken.", rule="no-days", field="file")
            after, _ = days_found.changed_by(year, reading.value, uuid7)
            checking.check_change(year, after, {})
            return inbox.answer(session, views.schedule(recording.changed_year(session, actor, year, after, "days")))

    @every(seconds=handed_in.DAY)
    def delete_unneeded_files(self) -> None:
        """Delete files that people handed in to the gradebook, of plans too, when they are a day old."""
        handed_in.delete_old(self.files)


def _reading(content: bytes, year: YearCalendar, command: DaysFile) -> Reading[DaysFound]:
    from services.gradebook.calendar.readers.days_files import read_days  # its parsers are loaded when a file comes

    return off_hub(read_days, content, year.starts_on, year.ends_on, command.kind, normal(command.grades))
