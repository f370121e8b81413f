"""The container of a service: Nameko's, with cheaper workers that set the call's context and log no personal data."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
import structlog
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer, WorkerContext, get_service_name

from kernel import config as settings_of
from kernel import context, tracing
from kernel.auth import Verifier
from kernel.bus.client import Client
from kernel.bus.embedded import EmbeddedBus, EmbeddedClient
from kernel.bus.rabbit import RabbitBus
from kernel.config import Settings
from kernel.data.failures import where
from kernel.running import health
from kernel.running.health import Check

log = structlog.get_logger()


class Container(ServiceContainer):
    """Runs the methods of one service. Nameko's runner makes it: the config's `SERVICE_CONTAINER_CLS` names it.

    Nameko's own worker calls five hooks of each provider, and logs exceptions with the method's arguments. Our
    providers need only the hook `get_dependency`, and exceptions and arguments hold personal data.
    """

    def __init__(self, service_cls: type[Any], config: Mapping[str, Any]) -> None:
        """`config` may hold `settings` (by default those of the environment) and the in-process bus's `broker`."""
        super().__init__(service_cls, {**_parts(get_service_name(service_cls), config), **config})
        #: Our own pool, because Nameko's is private: the consumer has to know how many workers are free.
        self.workers = GreenPool(self.max_workers)

    def spawn_worker(
        self,
        entrypoint: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        context_data: dict[str, Any] | None = None,
        handle_result: Callable[[Any, Exception | None], None] | None = None,
    ) -> WorkerContext:
        """Run the entry point's method in a worker; `handle_result` gets what it returned or raised."""
        worker = WorkerContext(self, self.service_cls(), entrypoint, args, kwargs, data=context_data)
        self.workers.spawn(self._work, worker, handle_result)
        return worker

    def stop(self) -> None:
        """Stop consuming, wait for the workers, close. Past `stop_seconds`, kill them: the broker delivers again."""
        seconds = self.config["settings"].stop_seconds
        in_time = False
        with eventlet.Timeout(seconds, False):
            self.entrypoints.all.stop()
            self.workers.waitall()
            super().stop()
            in_time = True
        if not in_time:
            log.error("stopped_with_work_left", service=self.service_name, after_seconds=seconds)
            self.kill()

    def kill(self, exc_info: Any = None) -> None:
        """Stop consuming and kill the workers without waiting for them; `wait` raises what is in `exc_info`."""
        self.entrypoints.all.kill()
        for worker in list(self.workers.coroutines_running):
            worker.kill()
        super().kill(exc_info)

    def checks(self) -> list[Check]:
        """The checks that decide whether the service is ready."""
        bus, unit_of_work, relay = (self.config[part] for part in ("bus", "unit_of_work", "relay"))
        return [bus.problems, health.database_check(unit_of_work.engine), health.outbox_check(lambda: relay.lag)]

    def _work(self, worker: WorkerContext, handle_result: Callable[[Any, Exception | None], None]) -> None:
        call = worker.data["call"]
        try:
            with context.handling(call), tracing.span(f"handle {call.operation}", call.traceparent) as call.traceparent:
                handle_result(*self._result(worker))
        except Exception as raised:  # noqa: BLE001  # the process ends, and its supervisor restarts it
            log.critical("worker_failed", operation=call.operation, where=where(raised))
            eventlet.spawn(self.kill, sys.exc_info())

    def _result(self, worker: WorkerContext) -> tuple[Any, Exception | None]:
        """What the entry point's method returned or raised."""
        for provider in self.dependencies:
            setattr(worker.service, provider.attr_name, provider.get_dependency(worker))
        try:
            return getattr(worker.service, worker.entrypoint.method_name)(*worker.args), None
        except Exception as raised:  # noqa: BLE001  # the consumer or the timer handles any error
            return None, raised


def _parts(service: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The objects that a service's extensions take from their container's config."""
    settings: Settings = config.get("settings") or settings_of.load()
    parts = {
        "settings": settings,
        "max_workers": settings.max_workers,
        "verifier": config.get("verifier") or Verifier(settings.keys_path),
    }
    if settings.embedded:
        broker = config["broker"]  # one for all services of the process, or they would not hear each other
        return {**parts, "bus": EmbeddedBus(broker, service), "client": EmbeddedClient(broker)}
    url = settings.bus_url(service)
    return {**parts, "bus": RabbitBus(url, service), "client": Client(url, service)}
