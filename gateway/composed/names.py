"""Names of people by id."""

from __future__ import annotations

from typing import Any

from contracts.identity.people import People
from gateway.door.asking import ask
from kernel.contract import MANY


def names_of(person_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Names by id, as far as the caller may see them; of more people than one call takes, by several calls."""
    wanted = sorted(person_ids)
    pages = [wanted[start : start + MANY] for start in range(0, len(wanted), MANY)]
    return {one["id"]: one for page in pages for one in ask(People.names, person_ids=page)["people"]}
