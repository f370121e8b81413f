"""Views of orders of credentials."""

from __future__ import annotations

from kernel.data import jobs
from kernel.data.jobs import JobRow
from kernel.texts import Text
from services.identity.credentials.tables import CredentialOrder
from services.identity.rows import View


def order(row: CredentialOrder, job: JobRow) -> View:
    """A `CredentialOrderView`."""
    return {
        "id": row.id,
        "job": jobs.view(job),
        "version": job.version,
        "ordered_at": row.ordered_at,
        "people": len(row.person_ids),
        "failure": str(Text.from_wire(row.failure)) if row.failure else None,
        "failure_text": row.failure,
        "shown_at": row.shown_at,
        "ready": row.sealed is not None,
    }
