"""Where a process takes connections: at an address that is its own."""

from __future__ import annotations

from typing import Any

import eventlet

from kernel.config import BadSetting


def listen(setting: str, host: str, port: int) -> Any:
    """A socket that takes connections there; 0 is any free port. Raises `BadSetting`, named so, where it cannot.

    eventlet would share a port with another process that shares it too: of two installations with one port each
    would answer every second request.
    """
    try:
        return eventlet.listen((host, port), reuse_port=False)
    except OSError as error:
        raise BadSetting(f"{setting}: cannot listen at {host}:{port}: {error.strerror}.") from error
