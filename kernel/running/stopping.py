"""What asks a process to stop."""

from __future__ import annotations

import signal
from typing import Any

import eventlet.hubs
from eventlet.event import Event


def stop_on_signals() -> Event:
    """An event that SIGTERM and SIGINT set. Signal handlers can interrupt any code, so they only schedule it."""
    stopping = Event()

    def note(_number: int, _frame: Any) -> None:
        eventlet.hubs.get_hub().schedule_call_global(0, set_once)

    def set_once() -> None:
        if not stopping.ready():
            stopping.send(True)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, note)
    return stopping
