"""Every reading and writing of printing's tables, named for what it returns or does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.orm import Session

from kernel.errors import Conflict, NotFound
from services.printing.tables import Document, PrintJob


def missing() -> NotFound:
    """What is said of a job that is not there, or not this school's."""
    return NotFound("There is no such print job.", rule="no-print-job", field="job_id")


def job(session: Session, job_id: UUID) -> PrintJob:
    """A job. Raises `NotFound`."""
    found = session.scalar(select(PrintJob).where(PrintJob.id == job_id))
    if found is None:
        raise missing()
    return found


def jobs(session: Session, after: UUID | None, limit: int) -> Sequence[PrintJob]:
    """Jobs, newest first."""
    chosen = select(PrintJob).order_by(PrintJob.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(PrintJob.id < after)
    return session.scalars(chosen).all()


def note(session: Session, job_id: UUID, **values: Any) -> None:
    """How a job stands now. A finished one stays as it is: its event may come twice at the same time."""
    session.execute(
        update(PrintJob).where(PrintJob.id == job_id, PrintJob.finished_at.is_(None)).values(**values),
        execution_options={"synchronize_session": False},
    )


def keep_document(session: Session, school_id: UUID, job_id: UUID, data: bytes) -> None:
    """Store what came of a job."""
    session.execute(insert(Document), [{"school_id": school_id, "job_id": job_id, "data": data}])


def document_part(session: Session, job_id: UUID, offset: int, length: int) -> Row[Any]:
    """Some bytes of a document, its size and its hash. Raises `NotFound`, and `Conflict` before it is finished."""
    found = session.execute(
        select(func.substr(Document.data, offset + 1, length).label("data"), PrintJob.size, PrintJob.sha256)
        .join(PrintJob, (PrintJob.school_id == Document.school_id) & (PrintJob.id == Document.job_id))
        .where(Document.job_id == job_id)
    ).one_or_none()
    if found is None:
        state = job(session, job_id).state
        raise Conflict("The document is not finished: the job is {state}.", rule="not-finished", state=state)
    return found
