"""Health and figures of a service over HTTP: `/health/live`, `/health/ready`, `/metrics`.

Live: the hub ticks, else nothing is answered at all. Ready: the bus is there, the database answered lately, the
outbox keeps up. Nothing here asks another service.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import eventlet
import eventlet.wsgi
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kernel import metrics
from kernel.clock import Pause

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: Seconds of an outbox's lag beyond which a service is not ready.
LONGEST_LAG: Final = 60.0
#: Seconds for which an answer of the database is taken to hold.
PING_EVERY: Final = 5.0
#: Seconds that a caller may take to say what he asks.
CALLER_TIMEOUT: Final = 10.0

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


@dataclass(frozen=True)
class Server:
    """Health and figures, served until it is shut down."""

    port: int
    _listener: socket.socket
    _thread: threading.Thread

    def shutdown(self) -> None:
        """Answer no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next caller
        self._thread.join(timeout=1)


def serve(health: Health, host: str, port: int) -> Server:
    """Answer on `host` and `port`, in a thread with a hub of its own where the process is not patched."""
    listener = eventlet.listen((host, port))

    def run() -> None:
        with suppress(OSError):  # shut down
            eventlet.wsgi.server(
                listener, application(health), log=logging.getLogger(__name__), log_output=False, debug=False,
                keepalive=False, socket_timeout=CALLER_TIMEOUT,
            )  # fmt: skip

    thread = threading.Thread(target=run, name="health", daemon=True)
    thread.start()
    return Server(listener.getsockname()[1], listener, thread)


def application(health: Health) -> WSGIApplication:
    """Health and figures as a WSGI application."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        status, body, media_type = _answer(health, environ["PATH_INFO"])
        start_response(status, [("Content-Type", media_type), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def _answer(health: Health, path: str) -> tuple[str, bytes, str]:
    if path == "/health/live":
        return "200 OK", b'{"status":"live"}', "application/json"
    if path == "/health/ready":
        wrong = health.problems()
        told = {"status": "not ready" if wrong else "ready", "wrong": wrong}
        return "503 Service Unavailable" if wrong else "200 OK", json.dumps(told).encode(), "application/json"
    if path == "/metrics":
        return "200 OK", *metrics.figures()
    return "404 Not Found", b'{"status":"no such address"}', "application/json"
