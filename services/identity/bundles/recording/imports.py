"""The state of imports: accepted, asked about, stopped, resumed, reported by the gradebook, given up."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import GRADES, UNDO_DAYS, BundleImported, Bundles, ImportMoved
from contracts.roles import OPERATOR
from kernel import jobs
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import outbox, tenancy
from kernel.data.database import UnitOfWork
from kernel.data.jobs import JobRow, Kind
from kernel.data.received import Received
from kernel.errors import Conflict, Invalid, NotFound
from kernel.files.store import FileMissing, Key, Place, Store, delete_unneeded
from kernel.running.threads import off_hub
from kernel.texts import Text
from services.identity.bundles import permissions, queries
from services.identity.bundles.rules import reader
from services.identity.bundles.rules.archive import ARCHIVE
from services.identity.bundles.rules.faults import Fault, Faults
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportPage

#: Faults that the gradebook reports name this file.
RESULTS = "results.csv"
FINISHED = frozenset({"done", "rejected", "failed"})
#: It would end or replace much, and waits for somebody to confirm that.
ASKING = "asking"
#: An import takes seconds or minutes. One that is unfinished after this time is given up.
LONGEST = timedelta(days=1)
#: The same for one that somebody stopped.
STOPPED_LONGEST = timedelta(days=7)
GIVEN_UP = Fault(
    ARCHIVE,
    None,
    None,
    "given-up",
    Text("The import was not finished in time. Hand the bundle in again."),
)
NOT_CARRIED_OUT = Fault(
    ARCHIVE,
    None,
    None,
    "not-carried-out",
    Text("The import could not be carried out. It was noted; hand the bundle in again later."),
)

#: Lets one caller at a time unpack a bundle, which may take a quarter of a gigabyte of memory.
_unpacking = threading.Lock()


def key_of(actor: Actor, sha256: str) -> Key:
    """The name of a bundle that the actor handed in: the store kept it for the actor's school."""
    return Place(Bundles.service, actor.tenant_id).key(sha256)


def content(store: Store, key: Key) -> bytes:
    """A bundle. Raises `Invalid` where nobody of this school handed it in, or so long ago that it is gone."""
    try:
        return store.read(key)
    except FileMissing:
        raise Invalid("The bundle is not there: hand it in again.", rule="bundle-missing", field="bundle") from None


def check_form(bundle: bytes) -> None:
    """Check that a bundle can be read. Raises `Invalid` that lists every fault."""
    faults = Faults()
    with _unpacking:
        off_hub(reader.check_form, bundle, faults)
    if faults:
        raise Invalid(
            "This cannot be read as a OneRoster bundle. Nothing was imported.",
            rule="bundle-form",
            field="bundle",
            faults=tuple(fault.as_field() for fault in faults.found),
        )


def start(
    session: Session, actor: Actor, file: Key, file_name: str, *, dry_run: bool, zone: str | None = None
) -> BundleImport:
    """Record an import as a job. An operator's import belongs to no school; `zone` is that of schools it makes."""
    row = BundleImport(
        id=uuid7(),
        school_id=None if actor.has(OPERATOR) else actor.tenant,
        account_id=actor.account_id,
        file_name=file_name,
        dry_run=dry_run,
        time_zone=zone,
        status="waiting",
        started_at=now(),
        file=file.path,
        faults=[],
    )
    session.add(row)
    session.flush()
    IMPORTS.add(session, row.id, row.school_id)
    return row


def confirm(session: Session, row: BundleImport, numbers: Mapping[str, int]) -> None:
    """Confirm what an import would do. Raises `Conflict` where it asks nothing, or names other numbers by now."""
    job = IMPORTS.row(session, row.id, lock=True)
    if row.status != ASKING or job.state != jobs.STOPPED or row.question is None:
        raise Conflict("This import asks for no confirmation.", rule="nothing-to-confirm")
    if any(row.question[name] != number for name, number in numbers.items()):
        raise Conflict("By now it would do something else: look again.", rule="other-numbers")
    row.confirmed, row.status = row.question, "waiting"
    IMPORTS.resume(session, row.id)


def check_not_asking(row: BundleImport) -> None:
    """Raises `Conflict` for an import that waits for a confirmation: it is not just resumed."""
    if row.status == ASKING:
        raise Conflict("Confirm first what this import would do.", rule="confirm-first")


def resume(session: Session, row: BundleImport) -> None:
    """Resume a stopped import: here, or where the gradebook left it. Raises `Conflict` for one that has ended."""
    was_stopped = IMPORTS.row(session, row.id, lock=True).state == jobs.STOPPED
    job = IMPORTS.resume(session, row.id)
    schools = queries.imported_schools(session, row.id)
    if was_stopped and schools:
        IMPORTS.hand_over(session, job, GRADES, job.done, job.total)
        for school in schools:
            if not school.reported:
                tenancy.bind(session, school.school_id)
                outbox.record(session, BundleImported(import_id=row.id, dry_run=row.dry_run))
        tenancy.bind_everywhere(session)


def note_progress(session: Session, import_id: UUID, school_id: UUID, done: int, total: int) -> bool:
    """Note how far the gradebook is with a school's part. Returns whether it is to go on."""
    job = IMPORTS.row(session, import_id, lock=True)
    check_unfinished(session, import_id, school_id)
    school = queries.imported_school(session, import_id, school_id)
    assert school is not None, "it was just checked"
    school.done, school.total = done, total
    session.flush()
    schools = queries.imported_schools(session, import_id)
    return IMPORTS.note(session, job, GRADES, sum(one.done for one in schools), sum(one.total for one in schools))


def seen(session: Session, actor: Actor, import_id: UUID) -> BundleImport:
    """An import. Raises `NotFound` if there is none that the actor may see."""
    row = queries.bundle_import(session, import_id)
    if row is None or not permissions.may_see_import(actor, row.school_id):
        raise NotFound("There is no such import.", rule="no-import", field="import_id")
    return row


def check_unfinished(session: Session, import_id: UUID, school_id: UUID) -> None:
    """Raises `NotFound` if the import does not exist, `Conflict` if it is finished for the school."""
    row = queries.imported_school(session, import_id, school_id)
    if row is None:
        raise NotFound("There is no such import.", rule="no-import", field="import_id")
    if row.reported or row_of(session, import_id).status in FINISHED:
        raise Conflict("This import is finished.", rule="import-finished")


def note_left_out(session: Session, import_id: UUID, school_id: UUID, faults: Sequence[Mapping[str, Any]]) -> None:
    """Note the rows that the gradebook cannot keep of a school's part, in place of those noted before."""
    IMPORTS.row(session, import_id, lock=True)
    check_unfinished(session, import_id, school_id)
    school = queries.imported_school(session, import_id, school_id)
    assert school is not None, "it was just checked"
    school.faults = [_left_out(**one).as_view() for one in faults]


def _left_out(file: str, line: int | None, field: str, rule: str, text: Mapping[str, Any]) -> Fault:
    return Fault(file, line, field, rule, Text.from_wire(text), left_out=True)


def take_report(session: Session, received: Received[BundleGradesImported]) -> None:
    """Record the gradebook's report for one school. The last school's report finishes the import."""
    event = received.event
    job = IMPORTS.row(session, event.import_id, lock=True)
    row = row_of(session, event.import_id)
    school = queries.imported_school(session, event.import_id, received.tenant)
    if school is None or school.reported:
        return
    school.reported, school.failure, school.failure_text = True, event.failure, event.failure_text
    school.counts = {**school.counts, **{kind: list(figures) for kind, figures in event.counts.items()}}
    session.execute(delete(ImportPage).where(ImportPage.import_id == event.import_id))
    session.flush()
    schools = queries.imported_schools(session, event.import_id)
    if all(imported.reported for imported in schools):
        failures = [_failure(imported) for imported in schools if imported.failure]
        bad = "rejected" if row.dry_run else "failed"
        finish(session, row, job, bad if failures else "done", [*failures, *row.faults])


def give_up_old(session: Session, moment: datetime) -> None:
    """Fail the imports that took too long, and those that nobody resumes, and delete their pages."""
    for row in queries.unfinished_imports(session, moment - LONGEST, moment - STOPPED_LONGEST):
        job = IMPORTS.row(session, row.id, lock=True)
        session.execute(delete(ImportPage).where(ImportPage.import_id == row.id))
        finish(session, row, job, "failed", [GIVEN_UP.as_view()])


def fail(session: Session, job: JobRow) -> None:
    """An import could not be carried out, after all attempts."""
    row = row_of(session, job.id)
    row.status, row.faults, row.finished_at = "failed", [NOT_CARRIED_OUT.as_view()], now()


IMPORTS: Final = Kind("bundle_import", ImportMoved, on_failed=fail)


def delete_unneeded_bundles(unit_of_work: UnitOfWork, store: Store, moment: datetime) -> None:
    """Delete from the store the bundles that neither an unfinished import nor the next delta needs."""
    with unit_of_work.everywhere() as session:
        needed = [Key.from_path(path) for path in queries.needed_files(session, moment)]
    delete_unneeded(store, Bundles.service, needed, moment)


def _failure(imported: ImportedSchool) -> dict[str, Any]:
    failure = Text.from_wire(imported.failure_text) if imported.failure_text else Text(str(imported.failure))
    text = Text("{school}: {failure}", {"school": imported.name, "failure": failure})
    return Fault(RESULTS, None, None, "gradebook", text).as_view()


def finish(session: Session, row: BundleImport, job: JobRow, status: str, faults: list[dict[str, Any]]) -> None:
    """The import has ended: `done`, `rejected` or `failed`. One that wrote something can be undone for a while."""
    row.status, row.faults, row.finished_at = status, faults, now()
    if status != "rejected" and not row.dry_run and queries.imported_schools(session, row.id):
        row.undo_until = row.finished_at + timedelta(days=UNDO_DAYS)
    IMPORTS.end(session, job, jobs.FAILED if status == "failed" else jobs.DONE)


def row_of(session: Session, import_id: UUID) -> BundleImport:
    """An import that is there."""
    row = queries.bundle_import(session, import_id)
    assert row is not None, "an import is not deleted"
    return row
