"""`lyceum run`: all services and the gateway in one process, with SQLite and the in-process bus."""

from __future__ import annotations

from kernel.running import runner  # isort: skip  # it patches the process before anything makes a socket

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import eventlet
import eventlet.wsgi

from cli.embedded_http import Protocol
from contracts import SERVICES
from kernel import logs
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.config import Settings
from kernel.running import health as health_of
from kernel.running.health import Check, Health
from kernel.running.starting import runner_of, work_until
from services import service_class


def run_embedded(
    settings: Settings, make_app: Callable[[Any, Settings, Check], Any], ready: Callable[[], None] = lambda: None
) -> None:
    """Run all services and the gateway in this process until SIGTERM or SIGINT. Calls `ready` once it serves.

    `make_app` makes the gateway's WSGI application from a client, the settings and a health check of the services.
    """
    logs.install("lyceum", settings.log_level, for_people=True)
    stopping = runner.stop_on_signals()
    broker = EmbeddedBroker()
    client = EmbeddedClient(broker)
    listener = eventlet.listen((settings.host, settings.port))
    healths = {name: Health([health_of.starting("not started yet")]) for name in SERVICES}
    app = make_app(client, settings, health_of.together(healths))
    services = runner_of([service_class(name) for name in healths], settings, broker=broker)
    services.start()
    for container in services.containers:
        healths[container.service_name].checks = container.checks()
    serving = eventlet.spawn(
        eventlet.wsgi.server,
        listener,
        app,
        protocol=Protocol,
        log_output=False,
        debug=False,
        max_size=settings.gateway_threads * 4,
    )
    ready()

    def close_the_door() -> None:
        serving.kill()
        with suppress(OSError):
            listener.close()

    work_until(stopping, services, close_the_door)
