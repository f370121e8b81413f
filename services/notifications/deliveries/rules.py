"""Decides the outcome of an attempt to deliver: sent, retried later, or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """The new state of a delivery. `reason` says why it was not sent; `due_at` is the time of the next attempt."""

    state: str
    attempts: int
    reason: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None


def sent(attempts: int, at: datetime) -> Outcome:
    """The server accepted the message at `at`, after `attempts` failures."""
    return Outcome("sent", attempts + 1, sent_at=at)


def given_up(attempts: int, reason: str) -> Outcome:
    """The message will never be sent; `attempts` counts all attempts made."""
    return Outcome("gone", attempts, reason)


def failed(attempts: int, reason: str, *, created_at: datetime, at: datetime) -> Outcome:
    """The attempt at `at` failed, after `attempts` earlier ones: retry later, or give up if that is too late."""
    again = at + WAITS[min(attempts, len(WAITS) - 1)]
    if again > created_at + TOO_OLD:
        return given_up(attempts + 1, reason)
    return Outcome("due", attempts + 1, reason, due_at=again)
