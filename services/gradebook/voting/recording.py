"""Saves what a voted policy brings beside itself."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from services.gradebook.marks import queries as marks_queries
from services.gradebook.marks import recording as marks_recording
from services.gradebook.policy.rules.policy import Place, Policy, weight_in

#: The code of the kind of work that an answer in a lesson is.
_ANSWER: Final = "answer"


def named_kinds(session: Session, school_id: UUID, policy: Policy) -> None:
    """Let teachers choose every kind of work that a policy names; kinds that are there already stay as they are."""
    known = marks_queries.kinds(session)
    names = {kind.name for kind in known}
    new = {kind.name: weight_in(policy, Place(kind=kind.code)) for kind in policy.kinds if kind.name not in names}
    answer = next((kind.name for kind in policy.kinds if kind.code == _ANSWER), None)
    if new:
        marks_recording.new_kinds(session, school_id, new, None if any(kind.is_answer for kind in known) else answer)
