"""Runs services until the process is told to stop. Importing this module patches the process for eventlet.

Import it before anything that makes threads, locks or sockets.
"""

from __future__ import annotations

from kernel.running import green  # isort: skip  # patches the process, so it comes before all other imports

from collections.abc import Sequence
from typing import Any, Final

import structlog
from eventlet.event import Event

from kernel import logs, tracing
from kernel.config import Settings
from kernel.data.database import make_engine
from kernel.running import health as health_of
from kernel.running.health import Health
from kernel.running.starting import runner_of, work_until
from kernel.running.stopping import stop_on_signals

assert green.PATCHED

log = structlog.get_logger()

#: Seconds between two attempts to reach the database at the start.
DATABASE_PAUSE: Final = 1.0


def run_services(classes: Sequence[type[Any]], settings: Settings) -> None:
    """Run services on RabbitMQ in this process until SIGTERM or SIGINT. Waits for their databases and the broker."""
    names = [cls.name for cls in classes]
    process = "+".join(names)
    logs.install(process, settings.log_level)
    tracing.install(process, settings.otlp_url)
    stopping = stop_on_signals()
    healths = {name: Health([health_of.starting("waiting for the database")]) for name in names}
    whole = next(iter(healths.values())) if len(healths) == 1 else Health([health_of.together(healths)])
    server = health_of.serve(whole, settings.host, settings.health_port) if settings.health_port else None
    if not all(_wait_for_database(name, settings, stopping) for name in names):
        return
    services = runner_of(classes, settings)
    services.start()
    for container in services.containers:
        healths[container.service_name].checks = container.checks()
    log.info("services_started", services=names)

    def before_the_stop() -> None:
        log.info("services_stopping", services=names)
        for health in healths.values():
            health.checks.insert(0, health_of.starting("stopping"))

    work_until(stopping, services, before_the_stop)
    if server is not None:
        server.shutdown()
    log.info("services_stopped", services=names)


def _wait_for_database(name: str, settings: Settings, stopping: Event) -> bool:
    """Wait until the database answers. Returns False where `stopping` is set first."""
    engine = make_engine(settings.database_url(name))
    told = False
    while not health_of.answers(engine):
        if not told:
            log.warning("waiting_for_database", database=name)
            told = True
        if stopping.wait(timeout=DATABASE_PAUSE):
            return False
    engine.dispose()
    return True
