"""How long to wait after failed sign-ins. Waits grow up to a limit, so nobody is locked out for good.

Failures are counted where they come from, so that guessing at a login does not shut its owner out:

- In a browser in which somebody has signed in with this login before, only the failures of this browser at it count.
- In a network (`network`) from which somebody has signed in with it before, those of this network at it do.
- From anywhere else those of the network at it count, and those of all such places together: many networks guess no
  faster than one.

There is no count of a network's failures at all logins: it would shut out a whole school, and a few guesses at each of
many logins find none of the passwords that `credentials.rules` lets through. The door limits how often a network asks.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import timedelta

#: Failures are forgotten when no other follows for this long.
FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cause no wait; the next one a second, each further one twice as long, up to `longest`."""

    free: int
    longest: timedelta


PLACE = Limit(5, timedelta(minutes=15))
ELSEWHERE = Limit(30, timedelta(minutes=1))
#: Bits of an address that are kept: those of a network, not of a home or a device.
_NETWORK_BITS = {4: 24, 6: 48}


def keys(login: str, address: str, device: bytes | None = None, *, at_home: bool = False) -> dict[bytes, Limit]:
    """The keys under which a sign-in is counted, with their limits.

    `device` is given where the login is known in that browser, `at_home` says that it is known in the network. The
    keys are hashed, because people sometimes type a password as the login.
    """
    if device is not None:
        return {_digest("device", login, device.hex()): PLACE}
    here = {_digest("place", login, place(address)): PLACE}
    return here if at_home else here | {_digest("elsewhere", login): ELSEWHERE}


def place(address: str) -> str:
    """The network of an address; another text as it is."""
    return network(address) or address


def digest_of_device(device: str) -> bytes | None:
    """The SHA-256 of a browser's id, as it is stored; None without one."""
    return hashlib.sha256(device.encode()).digest() if device else None


def network(address: str) -> str | None:
    """The network of an IP address, as logs and sessions keep it; None for other texts."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return str(ipaddress.ip_network((found, _NETWORK_BITS[found.version]), strict=False))


def wait(limit: Limit, failures: int) -> timedelta:
    """How long to wait after that many failures in a row."""
    over = failures - limit.free
    if over <= 0:
        return timedelta(0)
    return min(limit.longest, timedelta(seconds=2 ** min(over - 1, 20)))


def _digest(kind: str, *parts: str) -> bytes:
    return hashlib.sha256("\0".join((kind, *parts)).encode()).digest()
