"""What it takes to have a service at work on a bus: its class, its container, the end of its work."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import Any

import eventlet
import structlog

from kernel.auth import Verifier
from kernel.bus.interface import ServiceBus
from kernel.config import Settings
from kernel.running import health as health_of
from kernel.running.container import Container
from kernel.running.health import Health

log = structlog.get_logger()


@dataclass
class Running:
    """A service at work."""

    name: str
    container: Container
    bus: ServiceBus

    def stop(self, seconds: float) -> None:
        """Take no more, wait for what was begun, hang up. What takes longer than `seconds` is left to the broker."""
        in_time = False
        with eventlet.Timeout(seconds, False):
            self.container.stop()
            in_time = True
        if not in_time:
            log.error("stopped_with_work_left", service=self.name, after_seconds=seconds)
        self.bus.close()


def service_names() -> list[str]:
    """The services there are: the packages of `services`."""
    package = importlib.import_module("services")
    return [module.name for module in pkgutil.iter_modules(package.__path__) if module.ispkg]


def service_class(name: str) -> type[Any]:
    """The class of a service, by its name."""
    module = importlib.import_module(f"services.{name}.service")
    found = [value for value in vars(module).values() if isinstance(value, type) and vars(value).get("name") == name]
    (cls,) = found
    return cls


def start_service(
    cls: type[Any], settings: Settings, bus: ServiceBus, client: Any, health: Health | None = None
) -> Running:
    """A service at work on a bus; `client` is what it asks others by."""
    parts = {
        "settings": settings,
        "bus": bus,
        "client": client,
        "verifier": Verifier(settings.keys_path),
        "max_workers": settings.max_workers,
    }
    container = Container(cls, parts)
    container.start()
    if health is not None:
        engine = container.config["unit_of_work"].engine
        relay = container.config["relay"]
        health.checks = [
            bus.problems,
            health_of.database_check(engine),
            health_of.outbox_check(lambda: relay.lag),
        ]
    return Running(cls.name, container, bus)
