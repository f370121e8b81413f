"""Carries an import from start to end: accept, check, write, hand over to the gradebook."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import CHECKING, GRADES, PEOPLE, BundleImported, Bundles, ImportMoved
from contracts.identity.schools import TIME_ZONE
from contracts.roles import OPERATOR
from kernel import jobs
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import outbox, tenancy
from kernel.data.bulk import RehearsedError
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job, JobRow, Kind
from kernel.data.received import Received
from kernel.errors import Conflict, Invalid, NotFound
from kernel.files.store import FileMissing, Key, Place, Store, delete_unneeded
from kernel.running.threads import off_hub
from kernel.texts import Text
from services.identity.bundles import permissions, queries
from services.identity.bundles.recording.rosters import Values, Writing
from services.identity.bundles.rules import reader
from services.identity.bundles.rules.archive import ARCHIVE
from services.identity.bundles.rules.bundle import Bundle, Row
from services.identity.bundles.rules.checker import checked
from services.identity.bundles.rules.faults import Fault, Faults
from services.identity.bundles.rules.grades import Grades
from services.identity.bundles.rules.question import Question, question_of, together
from services.identity.bundles.rules.roster import Roster
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportPage
from services.identity.schools import queries as schools_queries
from services.identity.schools import recording as schools_recording
from services.identity.schools.tables import School

#: Faults that the gradebook reports name this file.
RESULTS = "results.csv"
#: Rows of a page for the gradebook: such a message has some hundred kilobytes.
PAGE = 1000
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


@dataclass
class Outcome:
    """The result of an import in one school; `school` holds the columns of `ImportedSchool` that name it."""

    school: dict[str, Any]
    counts: dict[str, list[int]]
    grades: dict[str, list[dict[str, Any]]]


@dataclass
class Work:
    """An import in progress."""

    import_id: UUID
    school_id: UUID | None
    dry_run: bool
    file: Key | None
    #: The zone of schools that the import makes.
    time_zone: str
    moment: datetime = field(default_factory=now)
    faults: Faults = field(default_factory=Faults)
    outcomes: list[Outcome] = field(default_factory=list)
    #: What somebody has confirmed.
    confirmed: dict[str, Any] | None = None
    questions: list[Question] = field(default_factory=list)

    @property
    def is_to_ask(self) -> bool:
        """Whether somebody is to confirm what the import would do."""
        question = together(self.questions)
        asks = question is not None and question.to_wire() != self.confirmed
        return asks and not self.dry_run and not self.faults


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
    if row.reported or _row(session, import_id).status in FINISHED:
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


def carry_out(unit_of_work: UnitOfWork, store: Store, job: Job) -> None:
    """Check the whole bundle, then write all of it or nothing, in one transaction; then the gradebook goes on.

    Between these steps the import can be stopped.
    """
    job.step(CHECKING)
    work = _begun(unit_of_work, job)
    bundle = _checked(store, work)
    job.step(PEOPLE)
    if bundle is not None:
        try:
            with unit_of_work.everywhere() as session:
                job.check(session)
                _write(session, work, bundle)
                _end_rehearsal(work)
                _record(session, work, job)
                return
        except RehearsedError:
            pass
    with unit_of_work.everywhere() as session:
        row = job.check(session)
        question = together(work.questions)
        stored = _row(session, work.import_id)
        stored.question = question.to_wire() if question else None
        if work.is_to_ask:
            stored.status = ASKING
            IMPORTS.stop_now(session, row)
        elif work.faults:
            _finish(session, _row(session, work.import_id), row, "rejected", work.faults.as_views())
        else:
            _record(session, work, job)


def _begun(unit_of_work: UnitOfWork, job: Job) -> Work:
    """Mark the import as being checked and return it."""
    with unit_of_work.everywhere() as session:
        job.check(session)
        row = _row(session, job.id)
        row.status = "checking"
        file = Key.from_path(row.file) if row.file else None
        zone = row.time_zone or TIME_ZONE
        return Work(row.id, row.school_id, row.dry_run, file, zone, confirmed=row.confirmed)


def _checked(store: Store, work: Work) -> Bundle | None:
    """The bundle with all its rows checked; None, with faults, if anything is wrong with it."""
    try:
        packed = content(store, work.file) if work.file else b""
    except Invalid as missing:
        work.faults.add(ARCHIVE, missing.rule, missing.text)
        return None
    return off_hub(checked, packed, local_date(work.moment, work.time_zone), work.faults)


def _end_rehearsal(work: Work) -> None:
    """Raise to roll the transaction back after a dry run or a fault, and where somebody is to be asked first."""
    if work.faults or work.dry_run or work.is_to_ask:
        raise RehearsedError


def _write(session: Session, work: Work, bundle: Bundle) -> None:
    renamed: dict[UUID, str] = {}
    for org, school in _schools(session, work, bundle, renamed):
        tenancy.bind(session, school.id)
        roster = Roster(bundle, org.id, school.id, trusted=work.school_id is None)
        today = local_date(work.moment, school.time_zone)
        writing = Writing(session, roster, today, work.moment)
        counts = writing.write()
        question = question_of(writing.endings, writing.replaced, renamed.get(school.id))
        work.questions += [question] if question else []
        named = {
            "school_id": school.id,
            "name": school.name,
            "source_id": school.source_id,
            "time_zone": school.time_zone,
        }
        work.outcomes.append(Outcome(named, counts, Grades(roster).rows()))


def _schools(session: Session, work: Work, bundle: Bundle, renamed: dict[UUID, str]) -> list[tuple[Row, School]]:
    """Pair each school of the bundle with our row, creating it for an operator. Empty if there is a fault.

    `renamed` gets the new names of schools that had a bundle before.
    """
    orgs = bundle.schools
    known = list(
        queries.schools_known_as(
            session, [org.id for org in orgs], [org["identifier"] for org in orgs if org["identifier"]]
        )
    )
    if work.school_id is not None:
        own = _own_school(schools_queries.school(session, work.school_id), known, orgs, work.faults)
        pairs = [(orgs[0], own)] if own else []
    else:
        pairs = [
            (org, _take_match(known, org) or schools_recording.add(session, org["name"], work.time_zone, org.id))
            for org in orgs
        ]
    for org, school in pairs:
        if school.source_id is not None and school.name != org["name"]:
            renamed[school.id] = org["name"]
        school.name, school.source_id, school.identifier = org["name"], org.id, org["identifier"]
    session.flush()
    return pairs


def _take_match(known: list[School], org: Row) -> School | None:
    """Remove from `known` and return the school with this sourcedId, or one without sourcedId but this identifier."""
    by_source = [school for school in known if school.source_id == org.id]
    by_identifier = [
        school
        for school in known
        if org["identifier"] and school.source_id is None and school.identifier == org["identifier"]
    ]
    for school in by_source + by_identifier:
        known.remove(school)
        return school
    return None


def _own_school(school: School, known: list[School], orgs: list[Row], faults: Faults) -> School | None:
    """The importer's school, if it is the bundle's only school. A school without sourcedId matches an unknown one."""
    if len(orgs) == 1:
        with_source_id = {other.id for other in known if other.source_id == orgs[0].id}
        if with_source_id == {school.id} or (school.source_id is None and not with_source_id):
            return school
    message = Text("The bundle is to hold the school that imports it, and no other.")
    faults.add("orgs.csv", "other-school", message, orgs[0].line, "sourcedId")
    return None


def _record(session: Session, work: Work, job: Job) -> None:
    """Store the results and the gradebook's part, and notify the gradebook, school by school."""
    row = job.check(session)
    for outcome in work.outcomes:
        school_id = outcome.school["school_id"]
        tenancy.bind(session, school_id)
        done = {"import_id": work.import_id, **outcome.school, "counts": outcome.counts}
        session.execute(insert(ImportedSchool), [done])
        kept = [{"school_id": school_id, "import_id": work.import_id, **page} for page in _pages(outcome.grades)]
        if kept:
            session.execute(insert(ImportPage), kept)
        outbox.record(session, BundleImported(import_id=work.import_id, dry_run=work.dry_run))
    tenancy.bind_everywhere(session)
    stored = _row(session, work.import_id)
    stored.status, stored.faults = "writing", work.faults.as_views()
    IMPORTS.hand_over(session, row, GRADES)


def _pages(rows: Mapping[str, Sequence[Values]]) -> Iterator[Values]:
    """Split rows into pages with the columns of `ImportPage`: kind, page, rows."""
    for kind, of_kind in rows.items():
        for page, start in enumerate(range(0, len(of_kind), PAGE)):
            yield {"kind": kind, "page": page, "rows": list(of_kind[start : start + PAGE])}


def take_report(session: Session, received: Received[BundleGradesImported]) -> None:
    """Record the gradebook's report for one school. The last school's report finishes the import."""
    event = received.event
    job = IMPORTS.row(session, event.import_id, lock=True)
    row = _row(session, event.import_id)
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
        _finish(session, row, job, bad if failures else "done", [*failures, *row.faults])


def give_up_old(session: Session, moment: datetime) -> None:
    """Fail the imports that took too long, and those that nobody resumes, and delete their pages."""
    for row in queries.unfinished_imports(session, moment - LONGEST, moment - STOPPED_LONGEST):
        job = IMPORTS.row(session, row.id, lock=True)
        session.execute(delete(ImportPage).where(ImportPage.import_id == row.id))
        _finish(session, row, job, "failed", [GIVEN_UP.as_view()])


def fail(session: Session, job: JobRow) -> None:
    """An import could not be carried out, after all attempts."""
    row = _row(session, job.id)
    row.status, row.faults, row.finished_at = "failed", [NOT_CARRIED_OUT.as_view()], now()


IMPORTS: Final = Kind("bundle_import", ImportMoved, on_failed=fail)


def delete_unneeded_bundles(unit_of_work: UnitOfWork, store: Store, moment: datetime) -> None:
    """Delete from the store the bundles that no unfinished import needs."""
    with unit_of_work.everywhere() as session:
        needed = [Key.from_path(path) for path in queries.needed_files(session)]
    delete_unneeded(store, Bundles.service, needed, moment)


def _failure(imported: ImportedSchool) -> dict[str, Any]:
    failure = Text.from_wire(imported.failure_text) if imported.failure_text else Text(str(imported.failure))
    text = Text("{school}: {failure}", {"school": imported.name, "failure": failure})
    return Fault(RESULTS, None, None, "gradebook", text).as_view()


def _finish(session: Session, row: BundleImport, job: JobRow, status: str, faults: list[dict[str, Any]]) -> None:
    row.status, row.faults, row.finished_at = status, faults, now()
    IMPORTS.end(session, job, jobs.FAILED if status == "failed" else jobs.DONE)


def _row(session: Session, import_id: UUID) -> BundleImport:
    row = queries.bundle_import(session, import_id)
    assert row is not None, "an import is not deleted"
    return row
