"""Every SELECT of jobs and documents, named for what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from kernel.errors import Conflict, NotFound
from services.printing.documents.tables import Document, PrintJob


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
