"""The gateway under gunicorn, with threads and without eventlet. The bus client is made after the fork.

Each process has one worker, because metrics and the limit on sign-ins are kept in its memory: with two workers,
/metrics would show those of one of them. For more capacity start more processes; each is scraped by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gunicorn import glogging
from gunicorn.app.base import BaseApplication

from gateway.door.receiving import HEAD_SECONDS
from gateway.worker import CONNECTIONS, Worker
from kernel.config import Settings

if TYPE_CHECKING:
    from flask import Flask


NAME = "gateway"


class Logger(glogging.Logger):
    """Gunicorn's logger, treated like any library's: warnings and errors only, nothing that a request contained."""

    def setup(self, cfg: Any) -> None:
        """Pass records on to `kernel.logs` instead of writing them."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class GunicornServer(BaseApplication):
    """Gunicorn with the settings of the installation; it serves the gateway's application."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn's options. Each request occupies a thread, which mostly waits for services."""
        settings = self.settings
        own: dict[str, Any] = {
            "bind": f"{settings.host}:{settings.port}",
            "worker_class": Worker,
            "logger_class": Logger,
            "workers": 1,
            "threads": settings.gateway_threads,
            "worker_connections": CONNECTIONS + settings.gateway_threads,
            "graceful_timeout": settings.stop_seconds,
            "timeout": 120,
            "keepalive": int(HEAD_SECONDS),
            "sendfile": False,  # the system would wait for a slow client for ever
            "loglevel": "warning",
            "limit_request_line": 8190,
            "forwarded_allow_ips": "*" if settings.trusted_proxies else "127.0.0.1",
        }
        for name, value in own.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application of the worker, connected to the bus. Only the worker imports it: the master serves nobody."""
        from gateway.app import create_app
        from gateway.door.health import of_bus, register
        from kernel import garbage, logs, metrics, tracing
        from kernel.bus.client import Client

        settings = self.settings
        logs.install(NAME, settings.log_level)
        tracing.install(NAME, settings.otlp_url)
        client = Client(settings.bus_url(NAME), NAME)
        app = create_app(client, settings)
        client.start()
        register(app, ready=lambda: of_bus(client), figures=metrics.figures, observe=metrics.requested)
        garbage.leave_out_what_is_there()
        return app


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    GunicornServer(settings).run()
