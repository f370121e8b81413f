"""The limit on sign-ins from one address. Identity itself limits the attempts on one login."""

from __future__ import annotations

from functools import wraps
from typing import Any, Final

from flask import Flask, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

#: A whole school may sign in from one address at the first bell.
SIGN_INS: Final = "120 per minute"


class SignInLimit:
    """Counts the sign-ins of each address in this process's memory."""

    def __init__(self, app: Flask, *endpoints: str) -> None:
        """Guard the views of these endpoints."""
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._limit = parse(SIGN_INS)
        for endpoint in endpoints:
            app.view_functions[endpoint] = self._guarded(app.view_functions[endpoint])

    def forget(self) -> None:
        """Begin to count anew."""
        self._storage.reset()

    def _guarded(self, view: Any) -> Any:
        @wraps(view)
        def guarded(*arguments: Any, **more: Any) -> Any:
            if request.method == "POST" and not self._limiter.hit(self._limit, request.remote_addr or ""):
                raise TooManyRequests
            return view(*arguments, **more)

        return guarded
