"""Views of consents."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from services.identity.consents.queries import Entered
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


def guardianships(rows: Iterable[Entered]) -> View:
    """A `GuardianshipsView`, of rows in the order of their guardianships."""
    return {
        "guardianships": [
            {"guardian_id": guardian_id, "student_id": student_id, "consents": _entered(of_both)}
            for (guardian_id, student_id), of_both in groupby(rows, lambda row: (row.guardian_id, row.student_id))
        ]
    }


def _entered(rows: Iterable[Entered]) -> list[View]:
    return [
        {
            "purpose": row.Consent.purpose,
            "granted": row.Consent.granted,
            "since": row.Consent.since,
            "entered_by": row.entered_by,
        }
        for row in rows
        if row.Consent is not None
    ]
