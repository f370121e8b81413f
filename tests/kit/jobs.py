"""Services' jobs without their loops: what is due is carried out here and now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nameko.extensions import ENTRYPOINT_EXTENSIONS_ATTR
from sqlalchemy import update

from kernel import context
from kernel.clock import now
from kernel.data import jobs
from kernel.data.jobs import Interrupted, JobRow, Kind, StopAsked
from kernel.running.jobs import JobEntrypoint


def kinds_of(service: Any) -> Iterator[tuple[str, Kind]]:
    """The kinds of jobs that a service carries out, with its methods."""
    for name in dir(type(service)):
        for entry in getattr(getattr(type(service), name), ENTRYPOINT_EXTENSIONS_ATTR, ()):
            if isinstance(entry, JobEntrypoint):
                yield name, entry.kind


def carry_out_due(service: Any) -> int:
    """Carry out every job of a service that is due; returns how many there were.

    Whatever but a wish to stop ends one early is raised, after the job was given back.
    """
    carried = 0
    for name, kind in kinds_of(service):
        while job := jobs.claim(service.unit_of_work, kind, now()):
            carried += 1
            error: Exception | None = None
            try:
                with context.handling(context.Call(tenant_id=job.tenant_id, operation=f"{service.name}.{name}")):
                    getattr(service, name)(job)
            except Exception as raised:
                error = raised
                if not isinstance(raised, StopAsked | Interrupted):
                    raise
            finally:
                jobs.give_back(job, service.unit_of_work, error)
    return carried


def make_due(service: Any) -> None:
    """The pause after a failure is over."""
    with service.unit_of_work.everywhere() as session:
        session.execute(update(JobRow).where(JobRow.due_at.is_not(None)).values(due_at=now()))
