"""Timers of a service: one of its replicas takes each run (`kernel.data.leases`), or each of them runs."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import structlog
from eventlet.event import Event
from nameko.extensions import Entrypoint
from uuid_utils.compat import uuid7

from kernel import metrics
from kernel.context import Call
from kernel.data.database import UnitOfWork
from kernel.data.failures import where
from kernel.data.leases import give_back, take_slot

log = structlog.get_logger()


class Timer(Entrypoint):
    """Runs a method once every `seconds` seconds, in one replica or in each. Its runs in one replica do not overlap."""

    def __init__(self, seconds: int, in_each_replica: bool) -> None:
        super().__init__()
        self.seconds = seconds
        self._in_each_replica = in_each_replica
        self._holder = uuid7().hex
        self._stopping: Any = None
        self._loop: Any = None

    def setup(self) -> None:
        """Set the job's name."""
        self._job = f"{self.container.service_name}.{self.method_name}"
        self._stopping = Event()

    def start(self) -> None:
        """Start the loop that waits for the slots."""
        self._loop = self.container.spawn_managed_thread(self._run, identifier=self._job)

    def stop(self) -> None:
        """Start no more runs; the container waits for a running one as for every worker."""
        if not self._stopping.ready():
            self._stopping.send(True)

    def kill(self) -> None:
        """Start no more runs; the container kills a running one."""
        self.stop()

    def _run(self) -> None:
        while not self._stopping.ready():
            slot = int(time.time() // self.seconds)
            try:
                if self._in_each_replica:
                    self._run_once()
                else:
                    self._run_slot(slot)
            except Exception as error:  # noqa: BLE001  # a timer continues after any error of a run
                log.error("timer_failed", job=self._job, where=where(error))
            self._stopping.wait(timeout=max(0.05, (slot + 1) * self.seconds - time.time()))

    def _run_slot(self, slot: int) -> None:
        unit_of_work: UnitOfWork = self.container.config["unit_of_work"]
        if take_slot(unit_of_work, self._job, slot, self._holder, datetime.now(UTC)):
            self._run_once()
            give_back(unit_of_work, self._job, self._holder, datetime.now(UTC))

    def _run_once(self) -> None:
        ended = Event()
        started = time.perf_counter()

        def handle(_result: Any, error: Exception | None) -> None:
            metrics.timed(self._job, "failed" if error else "done", time.perf_counter() - started)
            if error is not None:
                log.error("timer_failed", job=self._job, where=where(error))
            ended.send(True)

        self.container.spawn_worker(
            self, (), {}, context_data={"call": Call(operation=self._job)}, handle_result=handle
        )
        ended.wait()
