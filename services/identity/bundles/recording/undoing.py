"""Undoes an import: look, ask, have the gradebook undo its part, undo the own part, all or nothing.

It is a job. The gradebook is told each step by an event and answers by one. It undoes its part first and keeps what it
undid: where something has come in the way of identity's part meanwhile, the gradebook puts its part back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleUndoTold
from contracts.identity.bundles import (
    FORGET,
    LOOK,
    LOOKING,
    PUT_BACK,
    UNDO,
    UNDO_DAYS,
    UNDOING_GRADES,
    UNDOING_PEOPLE,
    ImportUndoCalled,
)
from kernel import jobs
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.data import outbox, tenancy
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job, JobRow, Kind
from kernel.data.received import Received
from kernel.errors import Conflict
from services.identity.bundles import queries
from services.identity.bundles.recording.imports import LONGEST, STOPPED_LONGEST, row_of
from services.identity.bundles.recording.traces import TRACES, Undoing
from services.identity.bundles.rules.undoing import counted, together
from services.identity.bundles.tables import BundleImport, ImportedSchool, ImportTrace, ImportUndo
from services.identity.schools import queries as schools_queries

#: What the gradebook is asked in each stage.
STEPS: Final = {LOOKING: LOOK, UNDOING_GRADES: UNDO}
GOING_ON: Final = frozenset({"looking", "undoing"})
#: Traces are kept so long: an import may be stopped for a week before it ends.
KEPT: Final = timedelta(days=UNDO_DAYS) + STOPPED_LONGEST + LONGEST
#: Kinds of things that the gradebook counts in an import.
OF_GRADEBOOK: Final = ("sessions", "subjects", "courses", "members", "kinds", "works", "marks")


def start(session: Session, actor: Actor, row: BundleImport, moment: datetime) -> None:
    """Begin to look what undoing an import would do. Raises `Conflict` for one that cannot be undone."""
    undo = queries.undo_of(session, row.id)
    if undo is not None and undo.status == "done":
        raise Conflict("This import has been undone already.", rule="undone-already")
    _check_in_time(row, moment)
    if undo is not None and undo.status in GOING_ON:
        return
    if undo is None:
        undo = ImportUndo(import_id=row.id)
        session.add(undo)
    elif undo.status == "asking":
        UNDOS.end(session, UNDOS.row(session, undo.job_id, lock=True))
    undo.job_id, undo.account_id, undo.status = uuid7(), actor.account_id, "looking"
    undo.asked_at, undo.finished_at, undo.counts, undo.obstacles, undo.told = moment, None, {}, [], {}
    session.flush()
    UNDOS.add(session, undo.job_id, row.school_id)


def _check_in_time(row: BundleImport, moment: datetime) -> None:
    """Raises `Conflict` where nothing can be undone, or not any more: what an import did is not remembered for ever."""
    if row.undo_until is None:
        raise Conflict("There is nothing of this import that can be undone.", rule="nothing-to-undo")
    if moment > row.undo_until:
        raise Conflict("An import can be undone for {days} days.", rule="too-late-to-undo", days=UNDO_DAYS)


def confirm(session: Session, actor: Actor, row: BundleImport) -> None:
    """Confirm what was shown; it is undone then. Raises `Conflict` where it asks nothing."""
    undo = queries.undo_of(session, row.id)
    if undo is None or undo.status != "asking":
        raise Conflict("Nothing is to be confirmed: look first what undoing would do.", rule="nothing-to-confirm")
    _check_in_time(row, now())
    UNDOS.row(session, undo.job_id, lock=True)
    # From here on no import of these schools is written.
    queries.lock_schools(session, [one.school_id for one in queries.imported_schools(session, row.id)])
    undo.status, undo.account_id, undo.told, undo.asked_at = "undoing", actor.account_id, {}, now()
    UNDOS.resume(session, undo.job_id)


def carry_out(unit_of_work: UnitOfWork, job: Job) -> None:
    """Take the next step: have the gradebook take its own, or go on with what it told."""
    with unit_of_work.everywhere(keyed=False) as session:
        undo = queries.undo_of_job(session, job.id)
        if undo is None or undo.status not in GOING_ON:
            return
        stage = LOOKING if undo.status == "looking" else UNDOING_GRADES
        if undo.status == "undoing" and _all_told(session, undo):
            stage = UNDOING_PEOPLE
    job.step(stage)
    with unit_of_work.everywhere(keyed=False) as session:
        row = job.check(session)
        undo = _undo_of(session, job.id)
        if not _all_told(session, undo):
            _call(session, undo, STEPS[stage])
            UNDOS.hand_over(session, row, stage)
        elif stage == LOOKING:
            _looked(session, undo, row)
        else:
            _undo_people(session, undo, row)


def _undo_of(session: Session, job_id: UUID) -> ImportUndo:
    undo = queries.undo_of_job(session, job_id)
    assert undo is not None, "it was just read, and its job is locked"
    return undo


def _all_told(session: Session, undo: ImportUndo) -> bool:
    schools = queries.imported_schools(session, undo.import_id)
    return all(str(one.school_id) in undo.told for one in schools)


def _call(session: Session, undo: ImportUndo, step: str) -> None:
    """Tell the gradebook of each school to take a step."""
    for school in queries.imported_schools(session, undo.import_id):
        tenancy.bind(session, school.school_id)
        outbox.record(session, ImportUndoCalled(import_id=undo.import_id, undo_id=undo.job_id, step=step))
    tenancy.bind_everywhere(session)


def take_told(session: Session, received: Received[BundleUndoTold]) -> None:
    """Note what the gradebook of a school told. After the last one's answer the job goes on."""
    event = received.event
    undo = queries.undo_of_job(session, event.undo_id)
    if undo is None or event.step != STEPS[LOOKING if undo.status == "looking" else UNDOING_GRADES]:
        return
    job = UNDOS.row(session, undo.job_id, lock=True)
    session.refresh(undo)
    school = queries.imported_school(session, undo.import_id, received.tenant)
    if school is None or undo.status not in GOING_ON or str(received.tenant) in undo.told:
        return
    obstacles = [*event.obstacles, *_unknown(school, traced=event.traced)]
    counts = {kind: list(figures) for kind, figures in event.counts.items()}
    undo.told = {**undo.told, str(received.tenant): {"counts": counts, "obstacles": _named(session, obstacles)}}
    session.flush()
    if _all_told(session, undo):
        UNDOS.take_back(session, job)


def _unknown(school: ImportedSchool, *, traced: bool) -> Iterator[dict[str, object]]:
    """An obstacle where the gradebook did something in an import, and kept no record of it."""
    did = any(sum(school.counts[kind]) > school.counts[kind][2] for kind in OF_GRADEBOOK if kind in school.counts)
    if did and not traced:
        yield {"rule": "no-record", "number": 1, "names": []}


def _named(session: Session, obstacles: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """The obstacles with the names of later imports, of which the gradebook knows the ids alone."""
    return [
        {**one, "names": [_file_name(session, str(name)) for name in _listed(one["names"])]}
        if one["rule"] == "later-import"
        else one
        for one in obstacles
    ]


def _listed(names: object) -> list[object]:
    return list(names) if isinstance(names, list) else []


def _file_name(session: Session, import_id: str) -> str:
    row = queries.bundle_import(session, UUID(import_id))
    return row.file_name if row else import_id


def _looked(session: Session, undo: ImportUndo, job: JobRow) -> None:
    """Both services have looked: ask, or refuse."""
    own = list(_own(session, undo))
    undo.counts = counted([*(one.counts() for one in own), *(told["counts"] for told in undo.told.values())])
    looked = [one.look().to_wire() for one in own]
    tenancy.bind_everywhere(session)
    obstacles = together([*looked, *(told["obstacles"] for told in undo.told.values())])
    if obstacles:
        _refuse(session, undo, job, obstacles)
    else:
        undo.status = "asking"
        UNDOS.stop_now(session, job)


def _own(session: Session, undo: ImportUndo) -> Iterator[Undoing]:
    """Identity's part in each school."""
    row = row_of(session, undo.import_id)
    for school in queries.imported_schools(session, undo.import_id):
        yield Undoing(session, undo.import_id, school.school_id, row.started_at)


def _undo_people(session: Session, undo: ImportUndo, job: JobRow) -> None:
    """Undo identity's part; the gradebook has undone its own. Where something came in the way, that is put back."""
    queries.lock_schools(session, [one.school_id for one in queries.imported_schools(session, undo.import_id)])
    moment = now()
    own = list(_own(session, undo))
    told = [of_school["obstacles"] for of_school in undo.told.values()]
    obstacles = together(told if any(told) else [one.look().to_wire() for one in own])
    tenancy.bind_everywhere(session)
    if obstacles:
        _refuse(session, undo, job, obstacles)
        return
    for one in own:
        zone = schools_queries.school(session, one.school_id).time_zone
        one.undo(local_date(moment, zone), moment)
    tenancy.bind_everywhere(session)
    _call(session, undo, FORGET)
    undo.status, undo.finished_at = "done", moment
    UNDOS.end(session, job)


def _refuse(session: Session, undo: ImportUndo, job: JobRow, obstacles: list[dict[str, object]]) -> None:
    """Something stands in the way: everything is as it was, also in the gradebooks that had begun."""
    if undo.status == "undoing":
        _call(session, undo, PUT_BACK)
    undo.status, undo.obstacles, undo.finished_at = "refused", obstacles, now()
    UNDOS.end(session, job)


def fail(session: Session, job: JobRow) -> None:
    """Undoing could not be carried out, after all attempts: the gradebook puts its part back."""
    undo = queries.undo_of_job(session, job.id)
    if undo is not None:
        _call(session, undo, PUT_BACK)
        undo.status, undo.finished_at = "failed", now()


UNDOS: Final = Kind("import_undo", on_failed=fail)


def forget_old(session: Session, moment: datetime) -> None:
    """Delete the traces of imports that can no longer be undone."""
    TRACES.forget(session, ImportTrace.at < moment - KEPT)


def give_up_old(session: Session, moment: datetime) -> None:
    """Fail what the gradebook does not answer for a day, so that the schools' imports can go on."""
    for undo in queries.undos_going_on(session, moment - LONGEST):
        job = UNDOS.row(session, undo.job_id, lock=True)
        session.refresh(undo)  # it may have ended while we waited for the job
        if undo.status not in GOING_ON:
            continue
        fail(session, job)
        UNDOS.end(session, job, jobs.FAILED)
