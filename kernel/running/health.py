"""Health and figures of a service over HTTP: `/health/live`, `/health/ready`, `/metrics`.

Live: the hub ticks, else nothing is answered at all. Ready: the bus is there, the database answered lately, the
outbox keeps up. Nothing here asks another service.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kernel import metrics
from kernel.clock import Pause

#: Seconds of an outbox's lag beyond which a service is not ready.
LONGEST_LAG: Final = 60.0
#: Seconds for which an answer of the database is taken to hold.
PING_EVERY: Final = 5.0

Check = Callable[[], Mapping[str, str]]


@dataclass
class Health:
    """What is wrong with a process, by part: asked of each of its `checks`."""

    checks: list[Check] = field(default_factory=list)

    def problems(self) -> dict[str, str]:
        """Empty where the process can do its work."""
        found: dict[str, str] = {}
        for check in self.checks:
            found.update(check())
        return found


def together(healths: Mapping[str, Health]) -> Check:
    """What is wrong with any of several services in one process: `gradebook database: no answer`."""

    def check() -> Mapping[str, str]:
        return {
            f"{service} {part}": wrong
            for service, health in healths.items()
            for part, wrong in health.problems().items()
        }

    return check


def starting(what: str) -> Check:
    """A process that still waits for something."""
    return lambda: {"start": what}


def database_check(engine: Engine, clock: Callable[[], float] = time.monotonic) -> Check:
    """Whether the database answered within the last seconds, by a clock of seconds that only ever grow."""
    until_ping = Pause(PING_EVERY, clock)
    problems: dict[str, str] = {}

    def check() -> Mapping[str, str]:
        nonlocal problems
        if until_ping.over():
            problems = {} if answers(engine) else {"database": "no answer"}
            until_ping.begin()
        return problems

    return check


def answers(engine: Engine) -> bool:
    """Whether the database can be asked now."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def outbox_check(lag: Callable[[], float]) -> Check:
    """Whether events leave in time."""
    return lambda: {"outbox": "events are not published in time"} if lag() > LONGEST_LAG else {}


class _Server(ThreadingHTTPServer):
    """Waits in `accept`: socketserver's own selector is not green, and would hold up eventlet's hub."""

    _stopped = False

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Answer until shut down."""
        while not self._stopped:
            self._handle_request_noblock()  # type: ignore[attr-defined]  # not in the stubs: accept and hand over

    def shutdown(self) -> None:
        """Answer no more."""
        self._stopped = True
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes who waits in `accept`


def serve(health: Health, host: str, port: int) -> ThreadingHTTPServer:
    """Answer on `host` and `port` in threads of their own, until the returned server is shut down."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name that http.server calls
            status, body, media_type = _answer(health, self.path)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            """Requests for health are not worth a line."""

    server = _Server((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _answer(health: Health, path: str) -> tuple[int, bytes, str]:
    if path == "/health/live":
        return 200, b'{"status":"live"}', "application/json"
    if path == "/health/ready":
        wrong = health.problems()
        told = {"status": "not ready" if wrong else "ready", "wrong": wrong}
        return 503 if wrong else 200, json.dumps(told).encode(), "application/json"
    if path == "/metrics":
        return 200, *metrics.figures()
    return 404, b'{"status":"no such address"}', "application/json"
