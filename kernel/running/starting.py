"""Runs services with Nameko's runner."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, Final

import eventlet
import structlog
from eventlet.event import Event
from nameko.runners import ServiceRunner

from kernel import garbage
from kernel.config import Settings
from kernel.data.failures import where
from kernel.running.container import Container

log = structlog.get_logger()

#: The import path by which Nameko's runner finds our container class.
CONTAINER: Final = f"{Container.__module__}.{Container.__qualname__}"


def runner_of(classes: Iterable[type[Any]], settings: Settings, **parts: Any) -> ServiceRunner:
    """An unstarted Nameko runner of the services; `parts` are added to their containers' config."""
    runner = ServiceRunner({"SERVICE_CONTAINER_CLS": CONTAINER, "settings": settings, **parts})
    for cls in classes:
        runner.add_service(cls)
    return runner


def work_until(stopping: Event, services: ServiceRunner, before: Callable[[], None]) -> None:
    """Run services until `stopping` is set, call `before`, then stop them. Raises `SystemExit` where one died."""

    def stop() -> None:
        stopping.wait()
        try:
            before()
            services.stop()
        except Exception:  # noqa: BLE001  # nobody reads this green thread: the containers' end tells
            for container in services.containers:
                container.kill(sys.exc_info())

    stopper = eventlet.spawn(stop)
    garbage.leave_out_what_is_there()
    try:
        services.wait()
    except Exception as error:  # noqa: BLE001  # any error of a container ends the process
        log.critical("service_died", where=where(error))
        raise SystemExit(1) from None
    stopper.wait()  # Nameko's `wait` returns while a container is still closing its connections
