"""Decides the outcome of an attempt to deliver (sent, retried later, or given up), and makes deliveries' ids."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

#: The name of the channel, and of the consent that it requires.
EMAIL: Final = "email"

#: Waits after the first failures; the last one applies to all further failures.
WAITS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
#: A notice is not sent later than this after the event.
TOO_OLD: Final = timedelta(days=3)


def delivery_id(message_id: str, student_id: UUID, recipient_id: UUID, channel: str, at: datetime) -> UUID:
    """The id of the delivery that a message causes: the same however often the message is handled.

    It is a UUIDv7 of the message's moment, with a hash in place of chance. A message id that is no UUIDv7 names no
    moment: then `at`, when it is handled, stands for it.
    """
    digest = sha256(f"{message_id} {student_id} {recipient_id} {channel}".encode()).digest()
    rest = int.from_bytes(digest) % (1 << 80)
    rest = rest & ~(0xF << 76) | 0x7 << 76  # the version
    rest = rest & ~(0x3 << 62) | 0x2 << 62  # the variant
    return UUID(int=_milliseconds(message_id, at) << 80 | rest)


def _milliseconds(message_id: str, at: datetime) -> int:
    """The moment of a message, since 1970."""
    try:
        given = UUID(message_id)
    except ValueError:
        given = None
    if given is not None and given.version == 7:
        return given.int >> 80
    return int(at.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new state of a delivery. `reason` says why it was not sent; `due_at` is the time of the next attempt."""

    state: str
    attempts: int
    reason: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None
    #: A digest of what was sent.
    told: str | None = None


def sent(attempts: int, at: datetime, told: str | None = None) -> Outcome:
    """The server accepted the message at `at`, after `attempts` failures; `told` is a digest of what it says."""
    return Outcome("sent", attempts + 1, sent_at=at, told=told)


def given_up(attempts: int, reason: str) -> Outcome:
    """The message will never be sent; `attempts` counts all attempts made."""
    return Outcome("gone", attempts, reason)


def failed(attempts: int, reason: str, *, created_at: datetime, at: datetime) -> Outcome:
    """The attempt at `at` failed, after `attempts` earlier ones: retry later, or give up if that is too late."""
    again = at + WAITS[min(attempts, len(WAITS) - 1)]
    if again > created_at + TOO_OLD:
        return given_up(attempts + 1, reason)
    return Outcome("due", attempts + 1, reason, due_at=again)
