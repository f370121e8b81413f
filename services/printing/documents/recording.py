"""Writes jobs and their documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from services.printing.documents.tables import Document, PrintJob


def add_job(session: Session, row: dict[str, Any]) -> None:
    """Store an ordered job."""
    session.execute(insert(PrintJob), [row])


def note(session: Session, job_id: UUID, **values: Any) -> None:
    """Update a job's columns. Finished jobs do not change: two replicas may handle the same event concurrently."""
    session.execute(
        update(PrintJob).where(PrintJob.id == job_id, PrintJob.finished_at.is_(None)).values(**values),
        execution_options={"synchronize_session": False},
    )


def keep_document(session: Session, school_id: UUID, job_id: UUID, data: bytes) -> None:
    """Store the document of a job."""
    session.execute(insert(Document), [{"school_id": school_id, "job_id": job_id, "data": data}])
