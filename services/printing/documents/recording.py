"""Writes jobs and their documents."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel.clock import now
from kernel.data import tenancy
from kernel.data.copies import insert_into
from kernel.data.jobs import JobRow, Kind
from kernel.errors import Refused
from kernel.texts import Text
from services.printing.documents import queries
from services.printing.documents.tables import Document, PrintJob

NOT_RENDERED: Final = Text("The page could not be laid out. It was noted; order it again later.")


def job_for(session: Session, order: dict[str, Any]) -> tuple[PrintJob, bool]:
    """The job that prints what `order`, a row of `PrintJob`, would; and whether it was there before.

    That is one of the same page and contents, or one that waits: it will print the contents of its time.
    """
    while True:
        found = queries.latest_print(session, order["course_id"], order["term_id"])
        if found is not None and (found.state == "waiting" or found.fingerprint == order["fingerprint"]):
            return found, True
        if _added(session, order):
            PRINTS.add(session, order["id"], order["school_id"])
            return queries.job(session, order["id"]), False


def _added(session: Session, order: dict[str, Any]) -> bool:
    """Store an order. Returns whether it was stored: another of the same page may have been at the same moment."""
    added = insert_into(session, PrintJob).on_conflict_do_nothing().returning(PrintJob.id)
    return session.scalars(added, [order]).first() is not None


def note(session: Session, job_id: UUID, **values: Any) -> None:
    """Update a job's columns. Finished jobs do not change: two replicas may handle the same event concurrently."""
    session.execute(
        update(PrintJob).where(PrintJob.id == job_id, PrintJob.finished_at.is_(None)).values(**values),
        execution_options={"synchronize_session": False},
    )


def leave_table(session: Session, job_id: UUID) -> None:
    """Delete a document from the database: the store of files has it now."""
    session.execute(delete(Document).where(Document.job_id == job_id))


def failure(error: Refused | Exception) -> dict[str, Any]:
    """The columns of a job that failed: with the reason of a refusal, or that the page could not be laid out."""
    rule, text = (error.rule, error.text) if isinstance(error, Refused) else ("not-rendered", NOT_RENDERED)
    told = {"failure": str(text), "failure_text": {"rule": rule, **text.to_wire()}}
    return {"state": "failed", **told, "finished_at": now()}


def fail(session: Session, row: JobRow) -> None:
    """A job could not be carried out, after all attempts."""
    assert row.tenant_id is not None, "a print job belongs to a school"
    tenancy.bind(session, row.tenant_id)
    note(session, row.id, **failure(RuntimeError()))


#: Documents that are printed one by one; a job has the id of its `PrintJob`.
PRINTS: Final = Kind("print", on_failed=fail)
