"""Runs work that would block the hub, long C calls such as password hashing, in native threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher, tpool

P = ParamSpec("P")
T = TypeVar("T")


def off_hub(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function(*args, **kwargs)` in a native thread; in an unpatched process call it directly."""
    if not patcher.is_monkey_patched("socket"):
        return function(*args, **kwargs)
    result: T = tpool.execute(function, *args, **kwargs)
    return result
