"""Orders of credentials from start to end: ordered, carried out as a job, shown for a while, erased.

All passwords of an order are replaced in the transaction that seals them. So whatever happens to the job, the answer or
the browser: either the old passwords are good, or the new ones can be fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.identity.credentials import CredentialsMoved
from contracts.roles import OPERATOR
from kernel.auth import Actor, Signer
from kernel.clock import now
from kernel.data.jobs import JobRow, Kind
from kernel.errors import Conflict, Refused
from kernel.texts import Text
from services.identity.credentials import queries, sealing
from services.identity.credentials.recording import issuing
from services.identity.credentials.recording.issuing import Fresh
from services.identity.credentials.tables import CredentialOrder

#: For how long after they were first fetched the passwords can be fetched again: an answer may be lost, a printer jam.
SHOWN_FOR: Final = timedelta(minutes=15)
#: Passwords that nobody fetches are erased after this.
KEPT_FOR: Final = timedelta(days=1)
#: Orders themselves are forgotten after this.
REMEMBERED_FOR: Final = timedelta(days=30)
NOT_ISSUED: Final = Text("No passwords were issued. It was noted; order them again later.")


def fail(session: Session, row: JobRow) -> None:
    """An order could not be carried out, after all attempts."""
    queries.order(session, row.id).failure = {"rule": "not-issued", **NOT_ISSUED.to_wire()}


ORDERS: Final = Kind("credentials", CredentialsMoved, on_failed=fail)


def add(
    session: Session, actor: Actor, account_id: UUID, person_ids: list[UUID], moment: datetime, *, replace: bool
) -> CredentialOrder:
    """Order credentials, to be issued at once."""
    order = CredentialOrder(
        id=uuid7(), school_id=None if actor.has(OPERATOR) else actor.tenant, account_id=account_id,
        roles=sorted(actor.roles), person_ids=[str(one) for one in dict.fromkeys(person_ids)], ordered_at=moment,
        replace=replace, sealed=None, sealed_at=None, shown_at=None, failure=None,
    )  # fmt: skip
    session.add(order)
    ORDERS.add(session, order.id, order.school_id)
    return order


def ids_of(order: CredentialOrder) -> list[UUID]:
    """The people of an order."""
    return [UUID(one) for one in order.person_ids]


def actor_of(order: CredentialOrder) -> Actor:
    """Who ordered, with the roles of that moment."""
    return Actor(order.school_id, account_id=order.account_id, roles=frozenset(order.roles))


def carry_out(session: Session, order: CredentialOrder, signer: Signer, fresh: Mapping[UUID, Fresh]) -> None:
    """Issue the credentials and seal them. Raises what `issuing.issue` raises.

    Another order may have given some of these people a password meanwhile; raises `Conflict` then, if this one is not
    to replace any.
    """
    actor = actor_of(order)
    if not order.replace:
        issuing.check_replaces_nothing(session, issuing.check_may_issue(session, actor, ids_of(order)))
    order.sealed_at = now()
    order.sealed = sealing.seal(signer, issuing.issue(session, actor, ids_of(order), fresh))


def refuse(session: Session, job: JobRow, error: Refused) -> None:
    """End an order that was right when it was given and is not any more, such as for somebody who left meanwhile."""
    queries.order(session, job.id).failure = {"rule": error.rule, **error.text.to_wire()}
    ORDERS.end(session, job, "failed")


def take(order: CredentialOrder, signer: Signer, moment: datetime) -> list[dict[str, Any]]:
    """The credentials of an order, which are erased `SHOWN_FOR` after they were first taken.

    Raises `Conflict` if they are not there yet, or not any more.
    """
    if order.sealed is None and order.shown_at is None:
        raise Conflict("The passwords are not there.", rule="slips-not-there")
    if order.sealed is None or (order.shown_at is not None and order.shown_at + SHOWN_FOR <= moment):
        raise Conflict(
            "These passwords have been shown already and are kept nowhere. Issue new ones where they were lost.",
            rule="slips-shown",
        )
    order.shown_at = order.shown_at or moment
    return sealing.unseal(signer, order.sealed)


def forget(session: Session, moment: datetime) -> None:
    """Erase passwords that were shown, or that nobody fetched; forget old orders."""
    shown = CredentialOrder.shown_at <= moment - SHOWN_FOR
    left = CredentialOrder.sealed_at <= moment - KEPT_FOR
    erased = update(CredentialOrder).where(CredentialOrder.sealed.is_not(None), or_(shown, left)).values(sealed=None)
    session.execute(erased, execution_options={"synchronize_session": False})
    session.execute(delete(CredentialOrder).where(CredentialOrder.ordered_at <= moment - REMEMBERED_FOR))
