"""Waiting until a condition is true, instead of for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.1


class NeverHappened(AssertionError):
    """A condition did not become true in time; the message names the condition and its last value."""


def eventually(
    condition: Callable[[], T],
    timeout: float = 10,
    what: str = "",
    ignoring: tuple[type[Exception], ...] = (),
) -> T:
    """Call `condition` until its value is true, and return that value.

    `timeout` is in seconds. Exceptions of the classes in `ignoring` count as "not yet"; any other is raised at
    once. Raises `NeverHappened` with `what` and the last value or exception.
    """
    deadline = time.monotonic() + timeout
    pause = FIRST_PAUSE
    while True:
        last: object
        try:
            value = condition()
            if value:
                return value
            last = value
        except ignoring as error:
            last = error
        if time.monotonic() >= deadline:
            raise NeverHappened(f"{what or 'the condition'}: not within {timeout:g} s; last seen: {last!r}")
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
