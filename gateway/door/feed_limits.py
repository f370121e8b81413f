"""How often a network may ask for calendar feeds, and how often a feed may be asked for.

Whoever asks is not signed in, and each time costs the lessons of a school year. A calendar comes back every hour or
every few minutes; services on the net read the feeds of many families from a few addresses. Secrets that are none count
like others. A network that is refused is not counted at the feed, so that it shuts nobody else out.
"""

from __future__ import annotations

import hashlib
import math
import time
from functools import wraps
from typing import Any, Final

from flask import Flask
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from gateway.door.sign_ins import asking_address
from kernel.errors import Throttled

#: A whole school behind one address, or a service on the net that reads the feeds of many families.
OF_NETWORK: Final = "600 per minute"
#: All devices of a family, each of which was told to look now.
OF_FEED: Final = "30 per minute"


class FeedLimit:
    """Counts the requests for calendar feeds, in this process's memory."""

    def __init__(self, app: Flask, endpoint: str) -> None:
        """Guard the view of this endpoint, which takes a `secret`."""
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)
        self._of_network, self._of_feed = parse(OF_NETWORK), parse(OF_FEED)
        app.view_functions[endpoint] = self._guarded(app.view_functions[endpoint])

    def forget(self) -> None:
        """Begin to count anew."""
        self._storage.reset()

    def _guarded(self, view: Any) -> Any:
        @wraps(view)
        def guarded(secret: str) -> Any:
            self._hit(self._of_network, "network", asking_address())
            self._hit(self._of_feed, "feed", hashlib.sha256(secret.encode()).hexdigest())
            return view(secret)

        return guarded

    def _hit(self, limit: RateLimitItem, *counted: str) -> None:
        if self._limiter.hit(limit, *counted):
            return
        until = self._limiter.get_window_stats(limit, *counted).reset_time
        raise Throttled(
            "Calendars are asked for too often from here. Try again in {retry_after} seconds.",
            rule="feed-throttled",
            retry_after=max(1, math.ceil(until - time.time())),
        )
