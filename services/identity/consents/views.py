"""Views of consents."""

from __future__ import annotations

from services.identity.people.tables import Consent
from services.identity.rows import View


def consent(row: Consent) -> View:
    """A `ConsentView`."""
    return {
        "guardian_id": row.guardian_id,
        "student_id": row.student_id,
        "purpose": row.purpose,
        "granted": row.granted,
        "since": row.since,
    }
