"""Carries an import out: check the bundle, write all of it or nothing, hand over to the gradebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from contracts.identity.bundles import CHECKING, GRADES, PEOPLE, BundleImported
from contracts.identity.schools import TIME_ZONE
from kernel.clock import local_date, now
from kernel.data import outbox, tenancy
from kernel.data.bulk import RehearsedError
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job
from kernel.data.traces import Tracer
from kernel.errors import Invalid
from kernel.files.store import Key, Store
from kernel.running.threads import off_hub
from kernel.texts import Text
from services.identity.bundles import queries
from services.identity.bundles.recording.imports import ASKING, IMPORTS, content, finish, row_of
from services.identity.bundles.recording.rosters import Values, Writing
from services.identity.bundles.recording.traces import TRACES
from services.identity.bundles.rules.archive import ARCHIVE
from services.identity.bundles.rules.bundle import Row
from services.identity.bundles.rules.changes import grades_of, touches_others
from services.identity.bundles.rules.checker import Checked, check
from services.identity.bundles.rules.faults import Faults
from services.identity.bundles.rules.question import Question, question_of, together
from services.identity.bundles.rules.reader import parsed
from services.identity.bundles.rules.roster import CLASS, USER, Roster
from services.identity.bundles.rules.taking_over import classes_taken_over, people_taken_over, remark_teachers
from services.identity.bundles.tables import ImportedSchool, ImportPage
from services.identity.classes import queries as classes_queries
from services.identity.schools import queries as schools_queries
from services.identity.schools import recording as schools_recording
from services.identity.schools.tables import School

#: Rows of a page for the gradebook: such a message has some hundred kilobytes.
PAGE = 1000
BEING_UNDONE = Text("An earlier import of this school is being undone just now. Hand the bundle in again later.")


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
    #: The bundles that a delta completes; None where there are none.
    earlier: list[Key] | None
    #: The zone of schools that the import makes.
    time_zone: str
    moment: datetime = field(default_factory=now)
    faults: Faults = field(default_factory=Faults)
    outcomes: list[Outcome] = field(default_factory=list)
    #: What somebody has confirmed.
    confirmed: dict[str, Any] | None = None
    questions: list[Question] = field(default_factory=list)
    #: Whether the bundle says only what has changed.
    is_delta: bool = False

    @property
    def is_to_ask(self) -> bool:
        """Whether somebody is to confirm what the import would do."""
        question = together(self.questions)
        asks = question is not None and question.to_wire() != self.confirmed
        return asks and not self.dry_run and not self.faults


def carry_out(unit_of_work: UnitOfWork, store: Store, job: Job) -> None:
    """Check the whole bundle, then write all of it or nothing, in one transaction; then the gradebook goes on.

    Between these steps the import can be stopped.
    """
    job.step(CHECKING)
    work = _begun(unit_of_work, job)
    found = _checked(store, work)
    job.step(PEOPLE)
    if found is not None:
        try:
            with unit_of_work.everywhere() as session:
                job.check(session)
                _write(session, work, found)
                _end_rehearsal(work)
                _record(session, work, job)
                return
        except RehearsedError:
            pass
    with unit_of_work.everywhere() as session:
        row = job.check(session)
        question = together(work.questions)
        stored = row_of(session, work.import_id)
        stored.question = question.to_wire() if question else None
        if work.is_to_ask:
            stored.status = ASKING
            IMPORTS.stop_now(session, row)
        elif work.faults:
            finish(session, row_of(session, work.import_id), row, "rejected", work.faults.as_views())
        else:
            _record(session, work, job)


def _begun(unit_of_work: UnitOfWork, job: Job) -> Work:
    """Mark the import as being checked and return it."""
    with unit_of_work.everywhere() as session:
        job.check(session)
        row = row_of(session, job.id)
        row.status = "checking"
        file = Key.from_path(row.file) if row.file else None
        zone = row.time_zone or TIME_ZONE
        paths = queries.earlier_files(session, row.id, row.school_id)
        earlier = None if paths is None else [Key.from_path(path) for path in paths]
        if queries.is_being_written(session, row.id, row.school_id):
            earlier = None
        return Work(row.id, row.school_id, row.dry_run, file, earlier, zone, confirmed=row.confirmed)


def _checked(store: Store, work: Work) -> Checked | None:
    """The bundle with all its rows checked; None, with faults, if anything is wrong with it."""
    try:
        packed = content(store, work.file) if work.file else b""
    except Invalid as missing:
        work.faults.add(ARCHIVE, missing.rule, missing.text)
        return None
    own = off_hub(parsed, packed, work.faults)
    if own is None:
        return None
    earlier = _earlier(store, work) if own.is_delta else []
    return off_hub(check, own, local_date(work.moment, work.time_zone), work.faults, earlier)


def _earlier(store: Store, work: Work) -> list[bytes]:
    """The bundles that a delta completes; none where one is gone."""
    try:
        return [content(store, key) for key in work.earlier or ()]
    except Invalid:
        return []


def _end_rehearsal(work: Work) -> None:
    """Raise to roll the transaction back after a dry run or a fault, and where somebody is to be asked first."""
    if work.faults or work.dry_run or work.is_to_ask:
        raise RehearsedError


def _write(session: Session, work: Work, found: Checked) -> None:
    bundle, earlier = found.bundle, found.before
    work.is_delta = earlier is not None
    renamed: dict[UUID, str] = {}
    before: dict[UUID, Values] = {}
    for org, school in _schools(session, work, found, renamed, before):
        tenancy.bind(session, school.id)
        tracer = Tracer(TRACES, session, school.id, work.import_id)
        if school.id in before:
            tracer.note(School, (school.id,), before[school.id])
        roster = Roster(bundle, org.id, school.id, trusted=work.school_id is None)
        roster.taken_over = _taken_over(session, roster, work.faults, is_whole=earlier is None)
        was = None if earlier is None else replace(roster, bundle=earlier)
        today = local_date(work.moment, school.time_zone)
        writing = Writing(session, roster, today, work.moment, tracer, was)
        counts = writing.write()
        question = question_of(writing.endings, writing.replaced, renamed.get(school.id))
        work.questions += [question] if question else []
        named = {
            "school_id": school.id,
            "name": school.name,
            "source_id": school.source_id,
            "time_zone": school.time_zone,
        }
        work.outcomes.append(Outcome(named, counts, grades_of(roster, was, today)))


def _taken_over(session: Session, roster: Roster, faults: Faults, *, is_whole: bool) -> dict[tuple[str, str], UUID]:
    """What of the roster was there before it came: kind and sourcedId → id. There is a remark on teachers among it."""
    classes = classes_taken_over(roster.homerooms, classes_queries.known_to_bundles(session))
    known = queries.known_to_bundles(session)
    people = people_taken_over(roster, known, is_whole=is_whole)
    remark_teachers(roster, people.keys() - {one.source_id for one in known}, faults)
    found = {(CLASS, source_id): class_id for source_id, class_id in classes.items()}
    for source_id, person_id in people.items():
        if person_id != roster.person_id(source_id):  # the id of whom a bundle brought first
            found[USER, source_id] = person_id
    return found


def _schools(
    session: Session, work: Work, found: Checked, renamed: dict[UUID, str], before: dict[UUID, Values]
) -> list[tuple[Row, School]]:
    """Pair each school of the bundle with our row, creating it for an operator. Empty if there is a fault.

    `renamed` gets the new names of schools that had a bundle before, and `before` what each known school was.
    """
    orgs = found.bundle.schools
    known = list(
        queries.schools_known_as(
            session, [org.id for org in orgs], [org["identifier"] for org in orgs if org["identifier"]]
        )
    )
    if work.school_id is not None:
        own = schools_queries.school(session, work.school_id)
        if found.before is None:
            own_org = orgs[0] if _is_own(own, known, orgs) else None
        else:
            own_org = next((org for org in orgs if org.id == own.source_id), None)
        if own_org is None or (found.before is not None and touches_others(found, own_org.id)):
            work.faults.add("orgs.csv", "other-school", OTHER_SCHOOL, orgs[0].line, "sourcedId")
        pairs = [(own_org, own)] if own_org and not work.faults else []
    else:
        pairs = [
            (org, _take_match(known, org) or schools_recording.add(session, org["name"], work.time_zone, org.id))
            for org in orgs
        ]
    columns = TRACES.columns(School)
    before.update(
        {
            school.id: {name: getattr(school, name) for name in columns}
            for _, school in pairs
            if school not in session.new
        }
    )
    if queries.schools_being_undone(session, list(before)):
        work.faults.add(ARCHIVE, "being-undone", BEING_UNDONE)
        return []
    for org, school in pairs:
        if found.before is not None and not org.line:  # a delta says nothing of it
            continue
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


def _is_own(school: School, known: list[School], orgs: list[Row]) -> bool:
    """Whether the school is the whole bundle's only one. A school without sourcedId matches an unknown one."""
    if len(orgs) != 1:
        return False
    with_source_id = {other.id for other in known if other.source_id == orgs[0].id}
    return with_source_id == {school.id} or (school.source_id is None and not with_source_id)


OTHER_SCHOOL = Text("The bundle is to hold the school that imports it, and no other.")


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
    stored = row_of(session, work.import_id)
    stored.is_delta = work.is_delta
    stored.status, stored.faults, stored.remarks = "writing", work.faults.as_views(), work.faults.remarks_as_views()
    IMPORTS.hand_over(session, row, GRADES)


def _pages(rows: Mapping[str, Sequence[Values]]) -> Iterator[Values]:
    """Split rows into pages with the columns of `ImportPage`: kind, page, rows."""
    for kind, of_kind in rows.items():
        for page, start in enumerate(range(0, len(of_kind), PAGE)):
            yield {"kind": kind, "page": page, "rows": list(of_kind[start : start + PAGE])}
