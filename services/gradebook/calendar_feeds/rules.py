"""The secrets of calendar feeds, and which days a feed holds (practice)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from contracts.gradebook.calendar_feeds import SECRET

#: Bytes of a secret that nobody can guess; with those of the school's id they make 64 letters.
RANDOM_BYTES: Final = 32
#: Days before today that a feed still holds, so that the present and the last week stand in the calendar.
BACK: Final = timedelta(days=14)
#: Days ahead that a feed holds where no school year is known.
AHEAD: Final = timedelta(days=100)


class Span(NamedTuple):
    """A school year's first and last day."""

    starts_on: date
    ends_on: date


def secret_of(school_id: UUID, random: bytes) -> str:
    """The secret part of a feed's address: the school, then what nobody can guess (practice).

    The school's id is no secret. It lets the feed be looked for among those of one school alone.
    """
    return base64.urlsafe_b64encode(school_id.bytes + random).decode()


def school_of(secret: str) -> UUID | None:
    """The school that a secret names; None for what is no secret (practice)."""
    return UUID(bytes=base64.urlsafe_b64decode(secret)[:16]) if SECRET.fullmatch(secret) else None


def digest(secret: str) -> str:
    """What is kept of a secret (practice). It is random enough to need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def days(today: date, years: Iterable[Span]) -> tuple[date, date]:
    """The first and last day of a feed: from two weeks ago to the end of the first year that is not over (practice)."""
    ends = min((year.ends_on for year in years if year.ends_on >= today), default=today + AHEAD)
    return today - BACK, ends
