"""Carries out jobs (`kernel.data.jobs`): each replica of a service one of each kind at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import structlog
from eventlet.event import Event
from eventlet.queue import Empty, Full, LightQueue
from nameko.extensions import Entrypoint

from kernel import metrics
from kernel.clock import now
from kernel.context import Call
from kernel.data import jobs
from kernel.data.database import UnitOfWork
from kernel.data.failures import as_lyceum_error, where
from kernel.data.jobs import CLAIM, ClaimLost, Interrupted, Job, Kind, StopAsked
from kernel.errors import TimedOut, Unavailable

log = structlog.get_logger()

#: Seconds between two looks for jobs of other replicas that died; one's own are noticed at once.
POLL: Final = 5.0

S = TypeVar("S")


class JobEntrypoint(Entrypoint):
    """Runs a method with each job of a kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self._bell: LightQueue = LightQueue(1)
        self._stopping = False

    def setup(self) -> None:
        """Set the operation's name."""
        self._operation = f"{self.container.service_name}.{self.method_name}"

    def start(self) -> None:
        """Start the loop that takes jobs."""
        self._unit_of_work: UnitOfWork = self.container.config["unit_of_work"]
        self._unit_of_work.on_jobs.append(self._wake)
        self._loop = self.container.spawn_managed_thread(self._run, identifier=self._operation)

    def stop(self) -> None:
        """Take no more jobs. One that is being carried out gives itself back at its next step."""
        self._stopping = True
        self._wake()

    def kill(self) -> None:
        """Take no more jobs; the container kills the worker, and the claim lapses."""
        self.stop()

    def _wake(self) -> None:
        try:
            self._bell.put_nowait(None)
        except Full:
            return  # it is woken already

    def _run(self) -> None:
        first = self.container.config["settings"].embedded
        while not self._stopping:
            try:
                if first:
                    jobs.release_all(self._unit_of_work, self.kind)
                    first = False
                job = jobs.claim(self._unit_of_work, self.kind, now(), lambda: self._stopping)
            except Exception as error:  # noqa: BLE001  # tried again, for example when the database is back
                log.warning("jobs_not_reached", kind=self.kind.name, where=where(error))
                job = None
            if job is not None:
                self._carry_out(job)
            else:
                self._wait()

    def _wait(self) -> None:
        try:
            self._bell.get(timeout=POLL)
        except Empty:
            return

    def _carry_out(self, job: Job) -> None:
        ended = Event()
        started = time.perf_counter()

        def handle(_result: Any, error: Exception | None) -> None:
            outcome = self._settled(job, error)
            metrics.timed(self._operation, outcome, time.perf_counter() - started)
            ended.send(True)

        call = Call(operation=self._operation, tenant_id=job.tenant_id)
        self.container.spawn_worker(self, (job,), {}, context_data={"call": call}, handle_result=handle)
        while not ended.ready():
            ended.wait(timeout=CLAIM.total_seconds() / 3)
            if not ended.ready():
                self._renew(job)

    def _renew(self, job: Job) -> None:
        try:
            job.renew()
        except Exception as error:  # noqa: BLE001  # the claim may lapse: the job's own steps notice
            log.warning("job_not_renewed", job_id=str(job.id), where=where(error))

    def _settled(self, job: Job, error: Exception | None) -> str:
        """Give the job back, when the database can be reached; meanwhile the claim lapses."""
        away = False
        if error is not None and not isinstance(error, StopAsked | ClaimLost | Interrupted):
            log.error("job_failed", job_id=str(job.id), kind=self.kind.name, where=where(error))
            away = isinstance(as_lyceum_error(error), Unavailable | TimedOut)
        try:
            return jobs.give_back(job, self._unit_of_work, error, away=away)
        except Exception as failed:  # noqa: BLE001  # whoever claims it next goes on from its last step
            log.warning("job_not_given_back", job_id=str(job.id), where=where(failed))
            return "away"


def carries_out(kind: Kind) -> Callable[[Callable[[S, Job], None]], Callable[[S, Job], None]]:
    """Carry out jobs of this kind: `(self, job) -> None`."""
    decorate: Callable[[Callable[[S, Job], None]], Callable[[S, Job], None]] = JobEntrypoint.decorator(kind)
    return decorate
