"""How long to wait after failed sign-ins. Waits grow up to a limit, so nobody is locked out for good.

Failures are counted under three keys. The pair of login and address soon waits long: this stops guessing without
blocking the login's owner at another address. The login alone waits a minute at most. An address may be a whole
school's, so it is allowed more failures.
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


PAIR = Limit(5, timedelta(minutes=15))
LOGIN = Limit(30, timedelta(minutes=1))
ADDRESS = Limit(100, timedelta(minutes=15))
#: Bits of an address that a log may keep: those of a network, not of a home or a device.
_NETWORK_BITS = {4: 24, 6: 48}


def keys(login: str, address: str) -> dict[bytes, Limit]:
    """The keys of a sign-in with their limits. Hashed, because people sometimes type a password as the login."""
    return {
        _digest("pair", login, address): PAIR,
        _digest("login", login): LOGIN,
        _digest("address", address): ADDRESS,
    }


def network(address: str) -> str | None:
    """The network of an IP address, by which an attack can be followed in a log; None for other texts."""
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
