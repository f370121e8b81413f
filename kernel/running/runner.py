"""Runs a service until the process is told to stop. Importing this module patches the process for eventlet.

Import it before anything that makes threads, locks or sockets.
"""

from __future__ import annotations

from kernel.running import green  # isort: skip  # patches the process, so it comes before all other imports

import signal
from typing import Any, Final

import eventlet
import eventlet.hubs
import structlog
from eventlet.event import Event

from kernel import logs, tracing
from kernel.config import Settings
from kernel.data.database import make_engine
from kernel.running import health as health_of
from kernel.running.health import Health
from kernel.running.starting import runner_of, work_until

assert green.PATCHED

log = structlog.get_logger()

#: Seconds between two attempts to reach the database at the start.
DATABASE_PAUSE: Final = 1.0


def run_service(cls: type[Any], settings: Settings) -> None:
    """Run the service of this class on RabbitMQ until SIGTERM or SIGINT. Waits for its database and broker."""
    name = cls.name
    logs.install(name, settings.log_level)
    tracing.install(name, settings.otlp_url)
    stopping = stop_on_signals()
    health = Health([health_of.starting("waiting for the database")])
    server = health_of.serve(health, settings.host, settings.health_port) if settings.health_port else None
    if not _wait_for_database(name, settings, stopping):
        return
    services = runner_of([cls], settings)
    services.start()
    (container,) = services.containers
    health.checks = container.checks()
    log.info("service_started")

    def before_the_stop() -> None:
        log.info("service_stopping")
        health.checks.insert(0, health_of.starting("stopping"))

    work_until(stopping, services, before_the_stop)
    if server is not None:
        server.shutdown()
    log.info("service_stopped")


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


def _wait_for_database(name: str, settings: Settings, stopping: Event) -> bool:
    """Wait until the database answers. Returns False where `stopping` is set first."""
    engine = make_engine(settings.database_url(name))
    told = False
    while not health_of.answers(engine):
        if not told:
            log.warning("waiting_for_database")
            told = True
        if stopping.wait(timeout=DATABASE_PAUSE):
            return False
    engine.dispose()
    return True
