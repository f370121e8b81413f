"""Health and metrics of a service over HTTP: `/health/live`, `/health/ready`, `/metrics`.

Live: any answer proves that the hub runs. Ready: the bus is connected, the database answered recently, and the outbox
is not behind. No check calls another service.
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
import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from kernel import metrics
from kernel.clock import Pause
from kernel.running.listening import listen

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

#: Seconds between two starts of the server, after one that failed.
PAUSE: Final = 0.2
#: The longest lag of the outbox, in seconds, at which a service is ready.
LONGEST_LAG: Final = 60.0
#: Seconds between two checks of the database.
PING_EVERY: Final = 5.0
#: Seconds that a client may take to send its request.
CALLER_TIMEOUT: Final = 10.0

Check = Callable[[], Mapping[str, str]]


@dataclass
class Health:
    """The problems of a process, by part, collected from its `checks`."""

    checks: list[Check] = field(default_factory=list)

    def problems(self) -> dict[str, str]:
        """The problems of all checks; empty where the process is ready."""
        found: dict[str, str] = {}
        for check in self.checks:
            found.update(check())
        return found


def together(healths: Mapping[str, Health]) -> Check:
    """A check of several services in one process; it names the service: `gradebook database: no answer`."""

    def check() -> Mapping[str, str]:
        return {
            f"{service} {part}": wrong
            for service, health in healths.items()
            for part, wrong in health.problems().items()
        }

    return check


def starting(what: str) -> Check:
    """A check that always reports `what`, for a process that is starting or stopping."""
    return lambda: {"start": what}


def database_check(engine: Engine, clock: Callable[[], float] = time.monotonic) -> Check:
    """A check that queries the database every `PING_EVERY` seconds of a monotonic `clock`."""
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
    """Whether the database answers now."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def outbox_check(lag: Callable[[], float]) -> Check:
    """A check that the outbox's lag, in seconds, is at most `LONGEST_LAG`."""
    return lambda: {"outbox": "events are not published in time"} if lag() > LONGEST_LAG else {}


@dataclass(frozen=True)
class Server:
    """Health and figures, served until it is shut down."""

    port: int
    _listener: socket.socket
    _thread: threading.Thread
    _stopped: threading.Event

    def shutdown(self) -> None:
        """Answer no more."""
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for the next caller
        self._thread.join(timeout=1)
        self._listener.close()


def serve(health: Health, host: str, port: int) -> Server:
    """Answer on `host` and `port`, in a thread with a hub of its own where the process is not patched.

    eventlet's server ends where a caller cannot be accepted, as when the process is short of file descriptors. It is
    started again: a passing shortage must not look like a dead process.
    """
    listener = listen("LYCEUM_HEALTH_PORT", host, port)
    stopped = threading.Event()

    def run() -> None:
        while not stopped.is_set():
            try:
                eventlet.wsgi.server(
                    listener.dup(),
                    application(health),
                    log=logging.getLogger(__name__),
                    log_output=False,
                    debug=False,
                    keepalive=False,
                    socket_timeout=CALLER_TIMEOUT,
                )
            except OSError as error:
                if not stopped.is_set():
                    log.warning("health_server_failed", error=type(error).__name__, number=error.errno)
            stopped.wait(PAUSE)

    thread = threading.Thread(target=run, name="health", daemon=True)
    thread.start()
    return Server(listener.getsockname()[1], listener, thread, stopped)


def application(health: Health) -> WSGIApplication:
    """The WSGI application of health and metrics."""

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
