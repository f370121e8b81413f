"""Work that would hold up the hub: long C calls such as password hashing."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from eventlet import patcher, tpool

P = ParamSpec("P")
T = TypeVar("T")


def off_hub(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`function(*args, **kwargs)` in a native thread while the hub goes on; directly where there is no hub."""
    if not patcher.is_monkey_patched("socket"):
        return function(*args, **kwargs)
    result: T = tpool.execute(function, *args, **kwargs)
    return result
