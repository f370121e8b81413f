"""How often a browser or an address may ask to sign in: each time costs the hash of a password.

Identity limits the attempts at each login (`services.identity.sessions.rules`). A known browser (`devices`) is counted
by itself, and apart from the unknown ones of its address. These are counted together, second by second, so that who is
refused may try again in a second. A script that asks hundreds of times a second takes most of their places as long as
it runs; its network stands in the log.
"""

from __future__ import annotations

import ipaddress
from functools import wraps
from typing import Any, Final

from flask import Flask, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from gateway.door import devices

#: A whole school may sign in from one address at the first bell, and takes a fifth of a processor then.
SIGN_INS: Final = "10 per second"
#: All known browsers of an address: whoever collects ids costs no more than this.
KNOWN_SIGN_INS: Final = "30 per second"
#: Of an IPv6 address the bits that its owner cannot choose (RFC 4291, section 2.5.1).
IPV6_BITS: Final = 64


class SignInLimit:
    """Counts the requests to sign in, in this process's memory."""

    def __init__(self, app: Flask, *endpoints: str) -> None:
        """Guard the views of these endpoints."""
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._limit, self._known_limit = parse(SIGN_INS), parse(KNOWN_SIGN_INS)
        for endpoint in endpoints:
            app.view_functions[endpoint] = self._guarded(app.view_functions[endpoint])

    def forget(self) -> None:
        """Begin to count anew."""
        self._storage.reset()

    def _guarded(self, view: Any) -> Any:
        @wraps(view)
        def guarded(*arguments: Any, **more: Any) -> Any:
            if request.method == "POST" and not self._is_let_in():
                raise TooManyRequests
            return view(*arguments, **more)

        return guarded

    def _is_let_in(self) -> bool:
        device, address = devices.known(request), asking_address()
        if device is None:
            return self._limiter.hit(self._limit, address)
        return self._limiter.hit(self._limit, device) and self._limiter.hit(self._known_limit, "known", address)


def asking_address() -> str:
    """The address that asks; of one of IPv6 the part that a home or an office has for all its devices."""
    told = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return told
    return told if address.version == 4 else str(ipaddress.ip_network((address, IPV6_BITS), strict=False))
