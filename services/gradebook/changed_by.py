"""Says who was first, where somebody's change is refused because the thing was changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from contracts.identity.people import People
from kernel.errors import LyceumError, Stale
from kernel.running.providers import Ask

log = structlog.get_logger()


def changed_by(person_id: UUID | None, at: datetime | None) -> dict[str, Any]:
    """Who changed a thing last and when, as a part of its `present` state; `told_by_name` adds the name."""
    return {"changed_by": person_id, "changed_at": at}


@contextmanager
def told_by_name(ask: Ask) -> Iterator[None]:
    """Let a `Stale` that says who changed the thing say the name too; it is asked for after the transaction.

    For methods of staff alone. Where identity does not answer, the name is missing.
    """
    try:
        yield
    except Stale as stale:
        present = stale.params.get("present") or {}
        if present.get("changed_by") is not None:
            present["changed_by_name"] = _name(ask, present["changed_by"])
        raise


def _name(ask: Ask, person_id: UUID) -> str:
    try:
        return next((one.name for one in ask(People.names, person_ids=[person_id]).people), "")
    except LyceumError as error:
        log.warning("name_unavailable", error=type(error).__name__, rule=error.rule)
        return ""
