"""Answers calls about files of a school's past: what they would add, taking them, undoing that."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.classes_in_years import classes_then
from contracts.gradebook.past_import import (
    PastFile,
    PastImportId,
    PastImports,
    TakePastFile,
)
from contracts.gradebook.term_marks import LOCKED, TERM
from contracts.gradebook.timetable_import import CLASS
from contracts.identity.classes import Classes
from contracts.identity.people import People
from formats.result import Reading
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import MANY, Empty
from kernel.data import inbox
from kernel.data.rows import joined
from kernel.errors import Invalid, Stale
from kernel.running.entrypoints import Entrypoints, rpc
from kernel.running.providers import Files
from kernel.running.threads import off_hub
from services.gradebook import handed_in
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.calendar.rules.year_calendar import Term
from services.gradebook.courses.rules.naming import one_line
from services.gradebook.past_import import comparing, queries, recording, views
from services.gradebook.past_import.comparing import Place
from services.gradebook.past_import.queries import BroughtDayMark, SheetPlace
from services.gradebook.past_import.rules import names as names_rules
from services.gradebook.past_import.rules import plans, undoing
from services.gradebook.past_import.rules.figures import Printed
from services.gradebook.past_import.rules.plans import Plan
from services.gradebook.past_import.rules.terms import term_at, year_of
from services.gradebook.rows import View, missing
from services.gradebook.timetable_import import recording as timetable_import_recording
from services.gradebook.timetable_import.rules.likeness import Likeness, Ours, most_alike


class PastImportEntrypoints(Entrypoints):
    """Answers calls about files of a school's past: what they would add, taking them, undoing that."""

    files = Files()

    @rpc(PastImports.read_past_file)
    def read_past_file(self, actor: Actor, command: PastFile) -> View:
        """What taking a file would add; writes nothing."""
        reading = _read(handed_in.content(self.files, actor.tenant, command.file))
        place = _place(self, actor, command, reading.value)
        shown = views.frame(command.file, reading.value, *place[1:4])
        if reading.value is None or place.year_id is None or place.class_id is None:
            return {**shown, "refused": reading.value is None, "faults": views.faults(reading.faults)}
        with self.unit_of_work(actor) as session:
            students, days = _who_and_when(place, reading.value)
            found = queries.found(session, place.year_id, place.class_id, students, days)
            plan, _, ours = comparing.planned(session, command, place, found, reading.value)
        return {**shown, **_shown(reading, plan, ours)}

    @rpc(PastImports.take_past_file)
    def take_past_file(self, actor: Actor, command: TakePastFile) -> View:
        """Take a file as it was shown: all of it or nothing."""
        reading = _read(handed_in.content(self.files, actor.tenant, command.file))
        place = _place(self, actor, command, reading.value)
        if reading.value is None:
            raise Invalid("The file holds no marks that could be taken.", rule="no-marks", field="file")
        if place.year_id is None or place.class_id is None:
            raise Invalid("Say of which class and which year the file is.", rule="class-unknown", field="class_id")
        students, days = _who_and_when(place, reading.value)
        with self.unit_of_work(actor) as session:
            found = queries.found(session, place.year_id, place.class_id, students, days, lock=True)
            plan, school, ours = comparing.planned(session, command, place, found, reading.value)
            if plans.digest_of(plan) != command.shown:
                raise Stale(
                    "Something was changed since the file was looked at: look at what it would add now.",
                    rule="stale",
                    field="shown",
                    present={**views.frame(command.file, reading.value, *place[1:4]), **_shown(reading, plan, ours)},
                )
            names_rules.check_can_be_taken(plan.means)
            learned = names_rules.to_remember(plan.means, found.remembered, reading.value.told_apart)
            timetable_import_recording.remembered(session, actor.tenant, learned)
            answer = {**views.counts(plan), "import_id": None}
            if not plan.added:
                return inbox.answer(session, answer)
            recording.new_things(session, actor, plan, place.year_id, found.year.starts_on)
            moment = now()
            source = recording.Source(
                place.year_id, place.class_id, place.class_name, command.file, one_line(command.document)
            )
            answer["import_id"], rows = recording.taken(session, actor, source, plan, found, moment)
            complete = plans.complete(plan, school, students)
            rows += recording.handed_in(session, actor, place.class_id, complete, found.sheets, moment)
            return inbox.answer(session, answer, *joined(rows))

    @rpc(PastImports.past_imports)
    def past_imports(self, actor: Actor, command: Empty) -> View:
        """The files that were taken."""
        with self.unit_of_work(actor) as session:
            return {"imports": [views.taken_import(row) for row in queries.imports(session)]}

    @rpc(PastImports.undo_past_import)
    def undo_past_import(self, actor: Actor, command: PastImportId) -> View:
        """Take back what a file brought, all of it or nothing."""
        moment = now()
        with self.unit_of_work(actor) as session:
            row = queries.locked_import(session, command.import_id)
            undoing.check_stands(row.undone_at)
            marks = queries.brought(session, row.id)
            days = queries.brought_of_days(session, row.id)
            sheets = queries.sheets(
                session, row.class_id, {one.course_id for one in marks} | {one.course_id for one in days}
            )
            undoing.check_unchanged((*marks, *days))
            locked = {place for place, sheet in sheets.items() if sheet.state == LOCKED}
            terms = calendar_queries.year_of(session, row.year_id).terms
            undoing.check_not_locked(one for one in marks if (one.course_id, one.term_id, one.kind) in locked)
            undoing.check_not_locked(one for one in days if _is_locked(one, terms, locked))
            undoing.check_nothing_later(queries.later_mark(session, row, marks, days))
            rows = recording.undone(session, actor, row, marks, days, sheets, moment)
            done = {"undone_by": actor.person_id, "undone_at": moment}
            return inbox.answer(session, {**views.taken_import(row), **done}, *joined(rows))


def _read(content: bytes) -> Reading[Printed]:
    # its parser is loaded when a file comes
    from services.gradebook.past_import.readers.printed import read_printed

    return off_hub(read_printed, content)


def _who_and_when(place: Place, printed: Printed) -> tuple[set[UUID], set[date]]:
    """Who may be in a file, and the days of its marks."""
    return {one.id for one in place.students}, {one.on for one in printed.days}


def _is_locked(one: BroughtDayMark, terms: Sequence[Term], locked: Collection[SheetPlace]) -> bool:
    """Whether the marks of the term in which a day lies are locked."""
    term = term_at(terms, one.division, one.date)
    return term is not None and (one.course_id, term.id, TERM) in locked


def _place(service: Entrypoints, actor: Actor, command: PastFile, found_in_file: Printed | None) -> Place:
    """Of which class and year a file is: as was said, else as it says. Raises `NotFound` for what there is not."""
    printed = (found_in_file.class_name, found_in_file.year) if found_in_file else ("", "")
    classes = service.ask(Classes.classes).classes
    # the command's own transaction comes later: people are asked for in between
    with service.unit_of_work.of(actor.tenant) as session:
        years = queries.years(session)
        known = {one.id: one for one in years.every}
        year = known.get(command.year_id) if command.year_id else year_of(printed[1], years.every)
        if year is None and command.year_id:
            raise missing("year", command.year_id)
        if year is None:
            return Place(printed, None, command.class_id)
        courses = queries.grades_of_courses(session, year.id)
        then = classes_then([(one.id, one.name, one.grade) for one in classes], courses, years.on[year.id])
        class_id = command.class_id
        if class_id is None:
            names = [Ours(key, one.name) for key, one in then.items() if one.is_there]
            found = most_alike(CLASS, printed[0], names)
            class_id = found.ids[0] if found.likeness is Likeness.SAME and len(found.ids) == 1 else None
        if class_id is None:
            return Place(printed, year.id, None)
        if class_id not in then:
            raise missing("class", class_id)
        student_ids = queries.students(session, year.id, class_id)
    several = next(one.several_grades for one in classes if one.id == class_id)
    about = then[class_id]
    return Place(printed, year.id, class_id, about.name, about.grade, several, _people(service, student_ids))


def _people(service: Entrypoints, student_ids: Sequence[UUID]) -> list[Ours]:
    parts = [student_ids[start : start + MANY] for start in range(0, len(student_ids), MANY)]
    people = [one for part in parts for one in service.ask(People.names, person_ids=part).people]
    return [Ours(one.id, one.family_name, one.given_name, one.patronymic) for one in people]


def _shown(reading: Reading[Printed], plan: Plan, ours: Mapping[str, Sequence[Ours]]) -> View:
    figures = reading.value.everything if reading.value else ()
    shown = views.planned(plan, figures, ours, plans.digest_of(plan))
    return {**shown, "faults": views.faults(reading.faults, plan.faults)}
