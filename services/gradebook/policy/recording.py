"""Saves the school's decisions."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.data.copies import insert_into
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules.policy import Policy
from services.gradebook.policy.rules.schema import dump_policy
from services.gradebook.policy.tables import PolicyVersion, Setting


def renewed_time_zone(session: Session, school_id: UUID | None, zone: str) -> None:
    """Save the school's time zone; a new row gets the default scale."""
    insertion = insert_into(session, Setting)
    known = insertion.on_conflict_do_update(index_elements=[Setting.school_id], set_={"time_zone": zone})
    session.execute(known, [{"school_id": school_id, "time_zone": zone}])


def new_draft(session: Session, actor: Actor, policy: Policy) -> bool:
    """Save a policy as the draft of the version of its number; false if somebody has done so at the same moment."""
    row = {
        "school_id": actor.tenant,
        "id": uuid7(),
        "number": policy.version,
        "valid_from": None,
        "note": "",
        "decision": "",
        "adopted_by": None,
        "adopted_at": None,
        "version": 1,
        **_drafted(actor, policy),
    }
    added = insert_into(session, PolicyVersion).on_conflict_do_nothing().returning(PolicyVersion.id)
    return session.execute(added, [row]).first() is not None


def changed_draft(session: Session, actor: Actor, draft: VersionRow, policy: Policy, note: str) -> None:
    """Save what the draft says now, as a later version of its row."""
    _change(session, draft, {**_drafted(actor, policy), "note": note, "version": draft.version + 1})


def discarded_draft(session: Session, draft: VersionRow) -> None:
    """Remove the draft: it never decided anything."""
    session.execute(delete(PolicyVersion).where(PolicyVersion.id == draft.id, PolicyVersion.valid_from.is_(None)))


def adopted(session: Session, actor: Actor, draft: VersionRow, valid_from: dt.date, decision: str) -> None:
    """Turn the draft into a version that decides from a day on."""
    _change(
        session,
        draft,
        {
            "valid_from": valid_from,
            "decision": decision,
            "adopted_by": actor.person_id,
            "adopted_at": now(),
            "version": draft.version + 1,
        },
    )


def _drafted(actor: Actor, policy: Policy) -> dict[str, Any]:
    return {"document": dump_policy(policy), "drafted_by": actor.person_id, "drafted_at": now()}


def _change(session: Session, draft: VersionRow, values: dict[str, Any]) -> None:
    """Change the draft; an adopted version stays as it is."""
    wanted = update(PolicyVersion).where(PolicyVersion.id == draft.id, PolicyVersion.valid_from.is_(None))
    session.execute(wanted.values(**values), execution_options={"synchronize_session": False})
