"""How long to wait after failed sign-ins. Waits grow and end: nobody is locked out for good.

Failures are counted under three keys. Who guesses at one login from one address soon waits long; that key is of no
harm to the login's owner, who is elsewhere. The login alone waits a minute at most, whoever fails at it. An address
may be a whole school's, so it is allowed more.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

#: Failures are forgotten when none followed for this long.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free; the next makes wait a second, each one more twice as long, up to `longest`."""

    free: int
    longest: timedelta


PAIR = Limit(5, timedelta(minutes=15))
LOGIN = Limit(30, timedelta(minutes=1))
ADDRESS = Limit(100, timedelta(minutes=15))


def keys(login: str, address: str) -> dict[bytes, Limit]:
    """The keys that a sign-in counts under. Hashed: what people mistype as a login may be a password."""
    return {
        _digest("pair", login, address): PAIR,
        _digest("login", login): LOGIN,
        _digest("address", address): ADDRESS,
    }


def wait(limit: Limit, failures: int) -> timedelta:
    """How long to wait after that many failures in a row."""
    over = failures - limit.free
    if over <= 0:
        return timedelta(0)
    return min(limit.longest, timedelta(seconds=2 ** min(over - 1, 20)))


def _digest(kind: str, *parts: str) -> bytes:
    return hashlib.sha256("\0".join((kind, *parts)).encode()).digest()
