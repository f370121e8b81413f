"""What becomes of a delivery after an attempt: sent, tried again later, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: The channel of a delivery, and the purpose of the consent that it needs.
EMAIL: Final = "email"

#: Waits after the first failures; later ones wait the last of them.
WAITS: Final = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
)  # fmt: skip
#: A notice older than this is of no use any more.
TOO_OLD: Final = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a delivery. `reason` says why it is not sent; `due_at` is when the next attempt is."""

    state: str
    attempts: int
    reason: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None


def sent(attempts: int, at: datetime) -> Outcome:
    """Taken by the server at `at`, after `attempts` before."""
    return Outcome("sent", attempts + 1, sent_at=at)


def given_up(attempts: int, reason: str) -> Outcome:
    """Never to be sent: `attempts` counts those that were made."""
    return Outcome("gone", attempts, reason)


def failed(attempts: int, reason: str, *, created_at: datetime, at: datetime) -> Outcome:
    """Not sent at `at`, after `attempts` before: due again later, unless it would be too old then."""
    again = at + WAITS[min(attempts, len(WAITS) - 1)]
    if again > created_at + TOO_OLD:
        return given_up(attempts + 1, reason)
    return Outcome("due", attempts + 1, reason, due_at=again)
