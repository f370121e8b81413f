"""`lyceum run`: all services and the gateway in one process, with SQLite and the in-process bus."""

from __future__ import annotations

from kernel.running import green  # isort: skip  # it patches the process before anything makes a socket

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from cli.embedded_http import serve
from cli.live import MOST_STREAMS
from contracts import SERVICES
from kernel import logs
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.config import Settings
from kernel.running import health as health_of
from kernel.running.health import Check, Health
from kernel.running.listening import listen
from kernel.running.starting import runner_of, work_until
from kernel.running.stopping import stop_on_signals
from services import service_class

assert green.PATCHED


def run_embedded(
    settings: Settings,
    make_app: Callable[[Any, Settings, Check], Any],
    make_live: Callable[[Any, Settings], Any],
    ready: Callable[[], None] = lambda: None,
) -> None:
    """Run all services and the gateway in this process until SIGTERM or SIGINT. Calls `ready` once it serves.

    `make_app` makes the gateway's WSGI application from a client, the settings and a health check of the services,
    `make_live` that of live streams. These have a port of their own: the gateway's requests wait for none of them.
    """
    logs.install("lyceum", settings.log_level, for_people=True)
    stopping = stop_on_signals()
    broker = EmbeddedBroker()
    client = EmbeddedClient(broker)
    listener = listen("PORT", settings.host, settings.port)
    live_listener = listen("LYCEUM_LIVE_PORT", settings.host, settings.live_port)
    settings = dataclasses.replace(settings, live_port=live_listener.getsockname()[1])
    healths = {name: Health([health_of.starting("not started yet")]) for name in SERVICES}
    app = make_app(client, settings, health_of.together(healths))
    live = make_live(client, settings)
    services = runner_of([service_class(name) for name in healths], settings, broker=broker)
    services.start()
    for container in services.containers:
        healths[container.service_name].checks = container.checks()
    serving = [
        serve(listener, app, most=settings.gateway_threads * 4),
        serve(live_listener, live, most=MOST_STREAMS, streams=True),
    ]
    ready()

    def close_the_door() -> None:
        for server in serving:
            server.kill()
        for one in (listener, live_listener):
            with suppress(OSError):
                one.close()

    work_until(stopping, services, close_the_door)
