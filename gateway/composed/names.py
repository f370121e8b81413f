"""Names of people by id."""

from __future__ import annotations

from typing import Any

from contracts.identity.people import People
from gateway.door.asking import ask
from kernel.contract import in_parts


def names_of(person_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Id → name, for the people whose names the caller may see. Many ids are split over several calls."""
    return {one["id"]: one for ids in in_parts(person_ids) for one in ask(People.names, person_ids=ids)["people"]}
