"""What the school decided."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.gradebook.policy.rules.marking import Marking
from services.gradebook.policy.tables import Setting


def marking(session: Session) -> Marking:
    """What the school decided about marks, or the defaults."""
    row = session.execute(select(Setting.lowest, Setting.highest, Setting.tokens, Setting.time_zone)).one_or_none()
    return Marking() if row is None else Marking(row.lowest, row.highest, tuple(row.tokens), row.time_zone)
