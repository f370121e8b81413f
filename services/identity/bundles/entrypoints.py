"""Entry points of imports of OneRoster bundles: start, carry out, report."""

from __future__ import annotations

from sqlalchemy.orm import Session

from contracts.gradebook.bundles import BundleGradesImported, BundleUndoTold
from contracts.identity.bundles import (
    Bundles,
    ConfirmImport,
    FindImports,
    ImportId,
    ImportLeftOut,
    ImportPart,
    ImportProgress,
    StartImport,
)
from contracts.roles import OPERATOR
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import given
from kernel.data import inbox
from kernel.data.jobs import Job
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, every, on_event, rpc
from kernel.running.jobs import carries_out
from kernel.running.providers import Files
from services.identity.base import HOUR, within_reach
from services.identity.bundles import queries, views
from services.identity.bundles.recording import carrying_out, undoing
from services.identity.bundles.recording import imports as recording
from services.identity.bundles.tables import BundleImport
from services.identity.rows import View
from services.identity.schools import rules as schools_rules


class BundlesEntrypoints(Entrypoints):
    """Imports of bundles."""

    files = Files()

    @rpc(Bundles.start_import)
    def start_import(self, actor: Actor, command: StartImport) -> View:
        """Accept a readable bundle; its contents are checked and written later."""
        zone = command.time_zone and schools_rules.zone_named(command.time_zone)
        file = recording.key_of(actor, command.bundle)
        recording.check_form(recording.content(self.files, file))
        with within_reach(self.unit_of_work, actor) as session:
            row = recording.start(session, actor, file, command.file_name, dry_run=command.dry_run, zone=zone)
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.imports)
    def imports(self, actor: Actor, command: FindImports) -> View:
        """Imports that the actor may see, newest first."""
        limit, school_id = command.limit, None if actor.has(OPERATOR) else actor.tenant
        with self.unit_of_work.everywhere(keyed=False) as session:
            rows = queries.imports(session, school_id, command.after, limit + 1)
            page = rows[:limit]
            left_out = queries.left_out(session, [one.row.id for one in page])
            listed = [_listed(session, one, left_out.get(one.row.id, 0)) for one in page]
        return {"imports": listed, "next": page[-1].row.id if len(rows) > limit else None}

    @rpc(Bundles.import_status)
    def import_status(self, actor: Actor, command: ImportId) -> View:
        """The state of an import."""
        with self.unit_of_work.everywhere(keyed=False) as session:
            return _state(session, actor, recording.seen(session, actor, command.import_id))

    @rpc(Bundles.stop_import)
    def stop_import(self, actor: Actor, command: ImportId) -> View:
        """Stop an import at its next step."""
        with self.unit_of_work.everywhere() as session:
            row = recording.seen(session, actor, command.import_id)
            recording.IMPORTS.ask_to_stop(session, row.id)
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.resume_import)
    def resume_import(self, actor: Actor, command: ImportId) -> View:
        """Resume a stopped import."""
        with self.unit_of_work.everywhere() as session:
            row = recording.seen(session, actor, command.import_id)
            recording.check_not_asking(row)
            recording.resume(session, row)
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.confirm_import)
    def confirm_import(self, actor: Actor, command: ConfirmImport) -> View:
        """Confirm what an import would do; it goes on then."""
        numbers = {name: number for name, number in given(command).items() if name != "import_id"}
        with self.unit_of_work.everywhere() as session:
            row = recording.seen(session, actor, command.import_id)
            recording.confirm(session, row, numbers)
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.undo_import)
    def undo_import(self, actor: Actor, command: ImportId) -> View:
        """Begin to look what undoing an import would do."""
        with self.unit_of_work.everywhere() as session:
            row = recording.seen(session, actor, command.import_id)
            undoing.start(session, actor, row, now())
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.confirm_undo)
    def confirm_undo(self, actor: Actor, command: ImportId) -> View:
        """Undo an import as it was shown."""
        with self.unit_of_work.everywhere() as session:
            row = recording.seen(session, actor, command.import_id)
            undoing.confirm(session, actor, row)
            return inbox.answer(session, _state(session, actor, row))

    @rpc(Bundles.import_progress)
    def import_progress(self, actor: Actor, command: ImportProgress) -> View:
        """Note how far the gradebook is, and tell it whether to go on."""
        with self.unit_of_work(actor) as session:
            goes_on = recording.note_progress(session, command.import_id, actor.tenant, command.done, command.total)
            return inbox.answer(session, {"goes_on": goes_on})

    @rpc(Bundles.import_left_out)
    def import_left_out(self, actor: Actor, command: ImportLeftOut) -> View:
        """Note what the gradebook leaves out."""
        with self.unit_of_work(actor) as session:
            recording.note_left_out(session, command.import_id, actor.tenant, [given(one) for one in command.faults])
            return inbox.answer(session, {})

    @rpc(Bundles.import_part)
    def import_part(self, actor: Actor, command: ImportPart) -> View:
        """One page of the gradebook's part of an import."""
        with self.unit_of_work(actor) as session:
            recording.check_unfinished(session, command.import_id, actor.tenant)
            pages = queries.import_pages(session, command.import_id, command.kind, command.page)
            return {"rows": pages[0].rows if pages else [], "more": len(pages) > 1}

    @carries_out(recording.IMPORTS)
    def carry_out_import(self, job: Job) -> None:
        """Check the bundle, then write it or record its faults."""
        carrying_out.carry_out(self.unit_of_work, self.files, job)

    @carries_out(undoing.UNDOS)
    def carry_out_undo(self, job: Job) -> None:
        """Look what stands in the way of undoing an import, or undo it."""
        undoing.carry_out(self.unit_of_work, job)

    @on_event(BundleUndoTold)
    def on_bundle_undo_told(self, received: Received[BundleUndoTold]) -> None:
        """Note what the gradebook of a school told of undoing an import."""
        with self.unit_of_work.once(received) as session:
            undoing.take_told(session, received)

    @on_event(BundleGradesImported)
    def on_bundle_grades_imported(self, received: Received[BundleGradesImported]) -> None:
        """Record that the gradebook finished its part for one school."""
        with self.unit_of_work.once(received) as session:
            recording.take_report(session, received)

    @every(seconds=HOUR)
    def give_up_old_imports(self) -> None:
        """Fail imports, and undoings, that were not finished in time; forget what can no longer be undone."""
        with self.unit_of_work.everywhere() as session:
            recording.give_up_old(session, now())
            undoing.give_up_old(session, now())
            undoing.forget_old(session, now())

    @every(seconds=HOUR)
    def delete_unneeded_bundles(self) -> None:
        """Delete bundles that no import needs any more from the store of files."""
        recording.delete_unneeded_bundles(self.unit_of_work, self.files, now())


def _state(session: Session, actor: Actor, row: BundleImport) -> View:
    job = recording.IMPORTS.row(session, row.id)
    undo = queries.undo_of(session, row.id)
    undone = None
    if undo is not None:
        by = queries.person_of_account(session, row.school_id, undo.account_id)
        of_undo = undoing.UNDOS.row(session, undo.job_id)
        undone = views.undo(undo, of_undo, by, names=not actor.has(OPERATOR))
    return views.bundle_import(row, job, queries.imported_schools(session, row.id), undone)


def _listed(session: Session, one: queries.ListedImport, left_out: int) -> View:
    undone = one.undo if one.undo is not None and one.undo.status == "done" else None
    by = queries.person_of_account(session, one.row.school_id, undone.account_id) if undone else None
    return views.summary(one.row, one.state, left_out, undone, by)
