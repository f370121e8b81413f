"""People as those see them who keep the records, beyond one page of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from contracts.identity.people import People
from gateway.door.asking import ask
from kernel.contract import in_parts

#: People asked for at once: the most that identity gives.
_AT_ONCE: Final = 200


def everybody(most: int, **search: Any) -> list[dict[str, Any]]:
    """Those whom a search finds, by name; of more than `most` people more than `most`, but not all."""
    found: list[dict[str, Any]] = []
    after: str | None = None
    while True:
        page = ask(People.people, limit=_AT_ONCE, after=after, **search)
        found += page["people"]
        after = page["next"]
        if after is None or len(found) > most:
            return found


def by_ids(person_ids: Iterable[str]) -> list[dict[str, Any]]:
    """The present people with these ids."""
    return [one for ids in in_parts(person_ids) for one in everybody(len(ids), person_ids=ids)]
