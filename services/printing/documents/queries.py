"""Every SELECT of jobs and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from kernel.errors import Conflict, NotFound
from services.printing.documents.tables import Document, PrintJob


def missing() -> NotFound:
    """The error for a job that does not exist or belongs to another school."""
    return NotFound("There is no such print job.", rule="no-print-job", field="job_id")


def job(session: Session, job_id: UUID) -> PrintJob:
    """A job. Raises `NotFound`."""
    found = session.scalar(select(PrintJob).where(PrintJob.id == job_id))
    if found is None:
        raise missing()
    return found


def latest_print(session: Session, course_id: UUID, term_id: UUID) -> PrintJob | None:
    """The job of a journal page that waits, else the newest that has not failed; None where there is none."""
    return session.scalar(
        select(PrintJob)
        .where(PrintJob.course_id == course_id, PrintJob.term_id == term_id, PrintJob.state != "failed")
        .order_by((PrintJob.state == "waiting").desc(), PrintJob.id.desc())
        .limit(1),
        execution_options={"populate_existing": True},
    )


def jobs(session: Session, after: UUID | None, limit: int) -> Sequence[PrintJob]:
    """At most `limit` jobs, newest first, after the job `after`."""
    chosen = select(PrintJob).order_by(PrintJob.id.desc()).limit(limit)
    if after is not None:
        chosen = chosen.where(PrintJob.id < after)
    return session.scalars(chosen).all()


def document_part(session: Session, job_id: UUID, offset: int, length: int) -> Row[Any]:
    """A part of a document, its size and its SHA-256. Raises `NotFound`, or `Conflict` if there is no document yet."""
    found = session.execute(
        select(func.substr(Document.data, offset + 1, length).label("data"), PrintJob.size, PrintJob.sha256)
        .join(PrintJob, (PrintJob.school_id == Document.school_id) & (PrintJob.id == Document.job_id))
        .where(Document.job_id == job_id)
    ).one_or_none()
    if found is None:
        if job(session, job_id).state == "failed":
            raise Conflict("There is no document: it could not be made.", rule="not-finished")
        raise Conflict("The document is still being made.", rule="not-finished")
    return found
