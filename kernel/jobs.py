"""Long work as people see it: how far it is, and that it can be stopped and resumed. Kept in `kernel.data.jobs`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from marshmallow import validate

from kernel import fields
from kernel.contract import Event, View

WAITING: Final = "waiting"
RUNNING: Final = "running"
#: Somebody asked to stop it, and it will at its next step.
STOPPING: Final = "stopping"
STOPPED: Final = "stopped"
DONE: Final = "done"
FAILED: Final = "failed"
STATES: Final = (WAITING, RUNNING, STOPPING, STOPPED, DONE, FAILED)
#: States in which a job changes by itself.
GOING_ON: Final = frozenset({WAITING, RUNNING, STOPPING})
#: States that a job never leaves.
ENDED: Final = frozenset({DONE, FAILED})


class JobView(View):
    """How far long work is: `done` of `total` things of its `stage`, where `total` is not 0."""

    state = fields.Str(required=True, validate=validate.OneOf(STATES))
    stage = fields.Str(required=True, metadata={"description": "What is being done, as the kind of work names it."})
    done = fields.Int(required=True)
    total = fields.Int(required=True)
    version = fields.Int(required=True, metadata={"description": "Grows with every change."})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    """A job changed. Each kind of job has a subclass, with its service and its name on the wire."""

    AGGREGATE = "job_id"

    job_id: UUID
    version: int
    state: str
    stage: str
    done: int
    total: int
