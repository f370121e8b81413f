"""Takes the gradebook's steps of undoing an import, each a job: look, undo, put back, forget.

Identity leads (`services/identity/bundles/recording/undoing.py`). What is undone is kept until identity has undone its
own part, and put back where it could not.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.attendance.checks import Checks
from contracts.gradebook.bundles import BundleUndoTold
from contracts.identity.bundles import FORGET, LOOK, PUT_BACK, UNDO, UNDO_DAYS, ImportUndoCalled
from kernel.clock import now
from kernel.contract import in_parts
from kernel.data import outbox
from kernel.data.database import UnitOfWork
from kernel.data.jobs import Job, Kind
from kernel.data.received import Received
from kernel.jobs import STOPPED
from services.gradebook.bundles import queries
from services.gradebook.bundles.parts import Ask
from services.gradebook.bundles.recording.takeover import BUNDLES
from services.gradebook.bundles.recording.traces import TRACES, Undoing
from services.gradebook.bundles.tables import BundleTrace, BundleUndo

UNDOS: Final = Kind("bundle_undo")
#: Traces are kept longer than identity lets an import be undone: by then nobody asks for them.
KEPT: Final = timedelta(days=UNDO_DAYS + 30)


def begin(session: Session, received: Received[ImportUndoCalled]) -> None:
    """Have a step taken, in place of the one before."""
    event = received.event
    undo = queries.undo_of(session, event.import_id)
    if undo is None:
        undo = BundleUndo(school_id=received.tenant, import_id=event.import_id, undone=False)
        session.add(undo)
    undo.job_id, undo.undo_id, undo.step = uuid7(), event.undo_id, event.step
    session.flush()
    UNDOS.add(session, undo.job_id, received.tenant)


def carry_out(unit_of_work: UnitOfWork, ask: Ask, job: Job) -> None:
    """Take the step, in one transaction, and tell identity."""
    assert job.tenant_id is not None, "a bundle's part is one school's"
    with unit_of_work.of(job.tenant_id) as session:
        undo = queries.undo_of_job(session, job.id)
        lessons = Undoing(session, job.tenant_id, undo.import_id).lessons if undo and undo.step in (LOOK, UNDO) else []
    if undo is None:
        return
    job.step(undo.step)
    checked = _checked(ask, lessons)
    with unit_of_work.of(job.tenant_id) as session:
        row = job.check(session)
        undo = queries.undo_of_job(session, job.id)
        if undo is not None:
            _take(session, undo, job.tenant_id, checked)
        UNDOS.end(session, row)


def _checked(ask: Ask, lesson_ids: Collection[UUID]) -> list[UUID]:
    """Those of the lessons in which attendance has checks."""
    return [
        check["lesson_id"]
        for ids in in_parts(lesson_ids)
        for check in ask(Checks.lesson_checks, lesson_ids=ids)["checks"]
    ]


def _take(session: Session, undo: BundleUndo, school_id: UUID, checked: Collection[UUID]) -> None:
    if undo.step == FORGET:
        TRACES.forget(session, BundleTrace.cause_id == undo.import_id)
        session.delete(undo)
        return
    undoing = Undoing(session, school_id, undo.import_id)
    if undo.step == PUT_BACK:
        if undo.undone:
            undoing.put_back(now())
            undo.undone = False
        return
    counts, traced = undoing.counts(), undoing.traced
    obstacles = undoing.look(checked)
    if _is_being_written(session, undo.import_id):
        obstacles.add("writing", undo.import_id)
    if undo.step == UNDO and not obstacles:
        undoing.undo(now())
        undo.undone = True
        _end_part(session, undo.import_id)
    outbox.record(
        session,
        BundleUndoTold(
            import_id=undo.import_id, undo_id=undo.undo_id, step=undo.step, counts=counts,
            obstacles=obstacles.to_wire(), traced=traced,
        ),
    )  # fmt: skip


def _is_being_written(session: Session, import_id: UUID) -> bool:
    """Whether the part is still being taken over. One that was stopped and given up is not."""
    part = queries.part(session, import_id)
    return part is not None and BUNDLES.row(session, part.job_id, lock=True).state != STOPPED


def _end_part(session: Session, import_id: UUID) -> None:
    """A part that was stopped is not gone on with."""
    part = queries.part(session, import_id)
    if part is not None:
        BUNDLES.end(session, BUNDLES.row(session, part.job_id))
        session.delete(part)


def forget_old(session: Session) -> None:
    """Delete the traces of imports that can no longer be undone."""
    TRACES.forget(session, BundleTrace.at < now() - KEPT)
