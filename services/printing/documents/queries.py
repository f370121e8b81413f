"""Every SELECT of jobs and documents."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
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


def finished(session: Session, job_id: UUID) -> PrintJob:
    """A job that has its document. Raises `NotFound`, or `Conflict` if there is no document yet."""
    found = job(session, job_id)
    if found.state == "failed":
        raise Conflict("There is no document: it could not be made.", rule="not-finished")
    if found.state != "done":
        raise Conflict("The document is still being made.", rule="not-finished")
    return found


def document_in_table(session: Session, job_id: UUID) -> bytes | None:
    """The document of a job that an earlier version kept in the database; None where the store of files has it."""
    return session.scalar(select(Document.data).where(Document.job_id == job_id))


def stored(session: Session) -> list[tuple[UUID, str]]:
    """School and SHA-256 of every document there is; of all schools the session is open to."""
    chosen = select(PrintJob.school_id, PrintJob.sha256).distinct()
    return [(school_id, sha256) for school_id, sha256 in session.execute(chosen) if sha256 is not None]
