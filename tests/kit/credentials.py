"""Credentials as they are issued: ordered, made by a job, fetched."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.identity.credentials import Credentials
from kernel.auth import Actor
from tests.kit.calls import call
from tests.kit.jobs import carry_out_due


def issue(service: Any, actor: Actor, *person_ids: UUID | None) -> list[dict[str, Any]]:
    """New credentials of people, in their order; whoever had a password loses it."""
    ordered = call(service, Credentials.order_credentials, actor, person_ids=list(person_ids), replace=True)
    carry_out_due(service)
    taken: list[dict[str, Any]] = call(service, Credentials.take_credentials, actor, order_id=ordered["id"])[
        "credentials"
    ]
    return taken
