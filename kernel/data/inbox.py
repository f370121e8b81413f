"""The inbox records handled messages, so that a duplicate event or a repeated command has no second effect.

The row is inserted in the transaction of the effects, so that both commit or neither does.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Index, LargeBinary, String, Uuid, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import context
from kernel.auth import Actor
from kernel.data.among import among
from kernel.data.base import Base
from kernel.data.columns import UtcDateTime
from kernel.data.copies import insert_if_new
from kernel.data.rows import NewRows, Then, insert_all
from kernel.errors import Conflict

T = TypeVar("T")

#: The answer of an entry whose key was used for another one.
REUSED: Final = object()


class InboxRow(Base):
    """A message that `consumer` has handled, with the answer where it was a command."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_received_at", "received_at"),)

    consumer: Mapped[str] = mapped_column(String(200), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    tenant_id: Mapped[UUID | None] = mapped_column(Uuid)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)


class AlreadyHandled(Exception):
    """Raised to leave a unit of work: the message was handled before, with `answer`. It is no failure."""

    def __init__(self, answer: Any = None) -> None:
        super().__init__("already handled")
        self.answer = answer


def claim(session: Session, consumer: str, message_id: str, tenant_id: UUID | None = None) -> None:
    """Record in this transaction that `consumer` handles the message. Raises `AlreadyHandled` for a duplicate."""
    if not _insert(session, consumer, message_id, tenant_id, ""):
        raise AlreadyHandled


def claim_command(session: Session, call: context.Call) -> None:
    """Record a command that has an idempotency key.

    Raises `AlreadyHandled` with the first answer when the command was executed before, and `Conflict` when the key
    was used for another command, or in another school.
    """
    message_id = f"{call.account_id}:{call.idempotency_key}"
    if _insert(session, call.operation, message_id, call.tenant_id, call.fingerprint):
        session.info["command"] = (call.operation, message_id)
        return
    before = session.execute(
        select(InboxRow.fingerprint, InboxRow.answer, InboxRow.tenant_id).where(
            InboxRow.consumer == call.operation, InboxRow.message_id == message_id
        )
    ).one()
    if before.fingerprint != call.fingerprint or before.tenant_id != call.tenant_id:
        raise Conflict(
            "This Idempotency-Key was used for another request.",
            rule="idempotency-key-reused",
            field="Idempotency-Key",
        )
    raise AlreadyHandled(msgspec.json.decode(before.answer) if before.answer is not None else {})


_INBOX: Any = InboxRow.__table__
#: Made once, since every command ends with it, and of the table: of the class it would be an update of many objects.
_ANSWER: Final = (
    update(_INBOX)
    .where(_INBOX.c.consumer == bindparam("of_consumer"), _INBOX.c.message_id == bindparam("of_message"))
    .values(answer=bindparam("answer"))
)


def answer(session: Session, value: T, *rows: NewRows) -> T:
    """Store `value` as the answer of the current command, for repetitions of it; returns `value`.

    Every command that changes data calls it at the end of its unit of work, which does not commit without it. `rows`
    are inserted as by `insert_all`, which saves a statement.
    """
    command, then = session.info.pop("command", None), None
    if command is not None:
        consumer, message_id = command
        encoded = msgspec.json.encode(value)
        then = Then(_ANSWER, {"of_consumer": consumer, "of_message": message_id, "answer": encoded})
    insert_all(session, *rows, then=then)
    return value


class Entry(NamedTuple):
    """An entry of a request of many, which has a key of its own: `content` is all that it says."""

    key: UUID
    content: Any

    @property
    def fingerprint(self) -> str:
        """What another entry under the same key differs in."""
        return blake2b(msgspec.json.encode(self.content, order="deterministic"), digest_size=32).hexdigest()


def answers_of(session: Session, operation: str, actor: Actor, entries: Sequence[Entry]) -> dict[UUID, Any]:
    """Key → the answer that was kept of an entry that was carried out before; `REUSED` where it said something else.

    A request locks what it changes before it asks: two requests with one entry take turns then.
    """
    wanted = {"consumer": _of_entries(operation), "message_ids": [_message_id(actor, one.key) for one in entries]}
    before = {row.message_id: row for row in session.execute(_ANSWERS, wanted)}
    found = {}
    for one in entries:
        row = before.get(_message_id(actor, one.key))
        if row is not None:
            same = (row.fingerprint, row.tenant_id) == (one.fingerprint, actor.tenant)
            found[one.key] = msgspec.json.decode(row.answer) if same else REUSED
    return found


def answers_to_keep(operation: str, actor: Actor, answers: Sequence[tuple[Entry, Any]]) -> NewRows:
    """Rows that keep the answers of entries, for repetitions of them; inserted in the transaction of the effects."""
    rows = [
        {
            "message_id": _message_id(actor, entry.key),
            "fingerprint": entry.fingerprint,
            "answer": msgspec.json.encode(answer),
        }
        for entry, answer in answers
    ]
    shared = {"consumer": _of_entries(operation), "tenant_id": actor.tenant, "received_at": datetime.now(UTC)}
    return NewRows(InboxRow, rows, shared, new_only=True)


def _of_entries(operation: str) -> str:
    return f"{operation} entry"


def _message_id(actor: Actor, key: UUID) -> str:
    return f"{actor.account_id}:{key}"


def check_answered(session: Session) -> None:
    """Check before the commit that a claimed command has stored its answer. Raises RuntimeError otherwise."""
    command = session.info.pop("command", None)
    if command is not None:
        raise RuntimeError(f"{command[0]} was carried out with an idempotency key without inbox.answer")


#: Made once, since every request of entries begins with it.
_ANSWERS: Final = select(_INBOX.c.message_id, _INBOX.c.fingerprint, _INBOX.c.answer, _INBOX.c.tenant_id).where(
    _INBOX.c.consumer == bindparam("consumer"), among(_INBOX.c.message_id, "message_ids")
)


def _insert(session: Session, consumer: str, message_id: str, tenant_id: UUID | None, fingerprint: str) -> bool:
    row = {
        "consumer": consumer,
        "message_id": message_id,
        "tenant_id": tenant_id,
        "received_at": datetime.now(UTC),
        "fingerprint": fingerprint,
    }
    return insert_if_new(session, InboxRow.__table__, row)
