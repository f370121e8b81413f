"""Takes over a school's part of a bundle: all but the marks at once, then the marks, a chunk in each transaction.

It is a job (`kernel.data.jobs`). Identity keeps the import that people see: it is told how far this is, and answers
whether somebody asked to stop. What was written stays then, and the import goes on behind the last column written.
Everything is checked before anything is written. Imported marks are not announced.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import GRADES, BundleImported, Bundles
from kernel.clock import now
from kernel.contract import MANY
from kernel.data import outbox, tenancy
from kernel.data.bulk import Count, RehearsedError
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job, JobRow, Kind, StopAsked
from kernel.data.received import Received
from kernel.errors import Refused
from kernel.texts import Text
from services.gradebook.bundles import queries
from services.gradebook.bundles.parts import Ask, Bundle, fetched
from services.gradebook.bundles.recording import marks
from services.gradebook.bundles.recording.structure import Structure
from services.gradebook.bundles.rules.bundle import LeftOut
from services.gradebook.bundles.tables import BundlePart
from services.gradebook.laying import ask_for_lessons
from services.gradebook.timetable import queries as timetable_queries

NOT_WRITTEN: Final = Text("The results could not be written. It was noted; hand the bundle in again later.")


def fail(session: Session, row: JobRow) -> None:
    """Tell identity that the part was not written, after all attempts."""
    assert row.tenant_id is not None, "a bundle's part is one school's"
    tenancy.bind(session, row.tenant_id)
    part = queries.part_of_job(session, row.id)
    _report(session, part, {}, ("not-written", NOT_WRITTEN))


BUNDLES: Final = Kind("bundle", on_failed=fail)


def begin(session: Session, received: Received[BundleImported]) -> None:
    """Have the part taken over; where it was stopped, from where it was."""
    import_id = received.event.import_id
    part = queries.part(session, import_id)
    if part is not None:
        BUNDLES.resume(session, part.job_id)
        return
    job_id = uuid7()
    session.add(
        BundlePart(
            school_id=received.tenant, import_id=import_id, job_id=job_id, dry_run=received.event.dry_run,
            begun=False, after=None, done=0, total=0, counts={},
        )
    )  # fmt: skip
    BUNDLES.add(session, job_id, received.tenant)


def carry_out(unit_of_work: UnitOfWork, ask: Ask, job: Job) -> None:
    """Write the part, or rehearse it in a dry run; announce the counts or the failure.

    What the gradebook cannot keep is announced as a failure, and nothing is written. Other errors are raised, and the
    job is tried again.
    """
    assert job.tenant_id is not None, "a bundle's part is one school's"
    taking = Taking(unit_of_work, ask, job, job.tenant_id)
    failure: Refused | None = None
    counts: Mapping[str, Count] = {}
    try:
        taking.tell()
        counts = taking.take(fetched(ask, taking.import_id))
    except Refused as refused:
        if refused.rule in ("import-finished", "no-import"):
            structlog.get_logger().info("import_ended_before", import_id=str(taking.import_id))
            return
        failure = refused
    with unit_of_work.of(job.tenant_id) as session:
        row = job.check(session)
        told = (failure.rule, failure.text) if failure else None
        _report(session, queries.part_of_job(session, job.id), counts, told)
        BUNDLES.end(session, row)


@dataclass
class Taking:
    """A part that is being taken over."""

    unit_of_work: UnitOfWork
    ask: Ask
    job: Job
    school_id: UUID

    def __post_init__(self) -> None:
        with self.unit_of_work.of(self.school_id) as session:
            self.job.check(session)
            part = queries.part_of_job(session, self.job.id)
            self.import_id, self.dry_run, self.begun, self.after = part.import_id, part.dry_run, part.begun, part.after
            self.done, self.total = part.done, part.total
            self.counts = {kind: Count(*figures) for kind, figures in part.counts.items()}

    def take(self, bundle: Bundle) -> Mapping[str, Count]:
        """Write the bundle, or what is left to write of it. Returns the counts of all."""
        structure = Structure(self.school_id, self.import_id, bundle, now(), self.counts)
        if self.dry_run:
            self._rehearse(structure)
            self._tell_left_out(structure)
        else:
            if not self.begun:
                self._begin(structure)
            self._write_marks(structure)
        return self.counts

    def tell(self) -> None:
        """Note how far it is, here and at identity. Raises `StopAsked` where somebody asked to stop."""
        self.job.step(GRADES, self.done, self.total)
        answer = self.ask(Bundles.import_progress, import_id=self.import_id, done=self.done, total=self.total)
        if not answer["goes_on"]:
            raise StopAsked

    def _tell_left_out(self, structure: Structure) -> None:
        """Tell identity which rows are left out, as many as a person reads."""
        faults = [one.to_wire() for one in structure.left_out[:MANY]]
        if len(structure.left_out) > MANY:
            rest = Text("More than {most} faults: the rest is not listed.", {"most": MANY})
            faults.append(LeftOut("results.csv", None, "score", "too-many-faults", rest).to_wire())
        if faults:
            self.ask(Bundles.import_left_out, import_id=self.import_id, faults=faults)

    def _rehearse(self, structure: Structure) -> None:
        """Write everything in one transaction, and roll it back."""
        try:
            with self.unit_of_work.of(self.school_id) as session:
                self.job.check(session)
                writing = structure.write(session)
                works = queries.imported_works(session, structure.course_ids)
                writing.write(session, works, self.counts["marks"])
                _roll_back()
        except RehearsedError:
            return

    def _begin(self, structure: Structure) -> None:
        """Write all but the marks."""
        with self.unit_of_work.of(self.school_id) as session:
            self.job.check(session)
            structure.write(session)
            if timetable_queries.is_kept(session):  # terms decide on which days courses are taught
                ask_for_lessons(session, self.school_id)
            self._note(session, after=None)

    def _write_marks(self, structure: Structure) -> None:
        with self.unit_of_work.of(self.school_id) as session:
            writing = structure.marks(session)
            work_ids = queries.imported_works(session, structure.course_ids).keys()
        self._tell_left_out(structure)
        wanted = writing.wanted
        self.total = sum(map(len, wanted.values()))
        for chunk in marks.chunks(work_ids, wanted, self.after):
            self.tell()
            with self.unit_of_work.of(self.school_id) as session:
                self.job.check(session)
                works = queries.imported_works(session, structure.course_ids, chunk)
                writing.write(session, works, self.counts["marks"])
                self.done += sum(len(wanted.get(work_id, ())) for work_id in chunk)
                self._note(session, after=chunk[-1])
        self.tell()

    def _note(self, session: Session, after: UUID | None) -> None:
        """Keep how far it is, in the transaction that came so far."""
        part = queries.part_of_job(session, self.job.id)
        part.begun, part.after, part.done, part.total = True, after, self.done, self.total
        part.counts = {kind: list(count.figures()) for kind, count in self.counts.items()}


def _roll_back() -> None:
    raise RehearsedError


def _report(session: Session, part: BundlePart, counts: Mapping[str, Count], failure: tuple[str, Text] | None) -> None:
    """Tell identity the result: the part is no longer needed."""
    figures = {kind: count.figures() for kind, count in counts.items()} if failure is None else {}
    sentence, text = (str(failure[1]), {"rule": failure[0], **failure[1].to_wire()}) if failure else (None, None)
    outbox.record(
        session,
        BundleGradesImported(import_id=part.import_id, counts=figures, failure=sentence, failure_text=text),
    )
    session.delete(part)
