"""`lyceum live`: the streams of live state for open pages, in a process of their own."""

from __future__ import annotations

from kernel.running import green  # isort: skip  # it patches the process before anything makes a socket

from contextlib import suppress
from typing import Any, Final

from cli.embedded_http import serve
from gateway.door.health import of_bus, register
from gateway.live.app import create_live
from gateway.live.streams import IN_ALL
from kernel import logs, metrics, tracing
from kernel.bus.client import Client
from kernel.bus.topology import GATEWAY
from kernel.config import Settings
from kernel.running.listening import listen
from kernel.running.stopping import stop_on_signals

assert green.PATCHED

NAME: Final = "live"
#: Requests at one time: streams, and some that are refused one.
MOST_STREAMS: Final = IN_ALL + 100


def live_app(client: Any, settings: Settings) -> Any:
    """The WSGI application, with health and metrics."""
    app = create_live(client, settings)
    register(app, ready=lambda: of_bus(client), figures=metrics.figures, observe=metrics.requested)
    return app


def run_live(settings: Settings) -> None:
    """Serve streams until SIGTERM or SIGINT. It is a user of the broker as the gateway is, and keeps no data."""
    logs.install(NAME, settings.log_level)
    tracing.install(NAME, settings.otlp_url)
    stopping = stop_on_signals()
    client = Client(settings.bus_url(GATEWAY), GATEWAY)
    app = live_app(client, settings)
    client.start()
    listener = listen("LYCEUM_LIVE_PORT", settings.host, settings.live_port)
    server = serve(listener, app, most=MOST_STREAMS, streams=True)
    stopping.wait()
    app.extensions["lyceum-streams"].end_all()
    server.kill()
    with suppress(OSError):
        listener.close()
    client.close()
