"""Writes jobs, and the documents that came of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from services.printing.documents.tables import Document, PrintJob


def add_job(session: Session, row: dict[str, Any]) -> None:
    """Keep a job that was ordered."""
    session.execute(insert(PrintJob), [row])


def note(session: Session, job_id: UUID, **values: Any) -> None:
    """How a job stands now. A finished one stays as it is: its event may come twice at the same time."""
    session.execute(
        update(PrintJob).where(PrintJob.id == job_id, PrintJob.finished_at.is_(None)).values(**values),
        execution_options={"synchronize_session": False},
    )


def keep_document(session: Session, school_id: UUID, job_id: UUID, data: bytes) -> None:
    """Store what came of a job."""
    session.execute(insert(Document), [{"school_id": school_id, "job_id": job_id, "data": data}])
