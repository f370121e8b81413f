"""Notifications' part of the demo school: the recipients of mail. Nothing about past records is sent."""

from __future__ import annotations

from typing import Final

from cli.building import Rows
from cli.demo.load.facts import FIRST_REVISION, LANGUAGE, Facts
from services.notifications.copies import tables

#: A table that has rows of the school when this part is written.
MARKER: Final = tables.StudentCopy


def rows(facts: Facts) -> Rows:
    """The rows of notifications' tables."""
    return [
        (
            tables.StudentCopy,
            [{"student_id": one.id, "revision": FIRST_REVISION, "name": one.name} for one in facts.students],
        ),
        (
            tables.GuardianCopy,
            [
                {
                    "student_id": tie.student_id,
                    "guardian_id": tie.guardian_id,
                    "language": LANGUAGE,
                    "email": facts.people[tie.guardian_id].email,
                    "purposes": facts.purposes(tie),
                }
                for tie in facts.school.guardianships
            ],
        ),
    ]
