"""Names of classrooms: each once, and in the order in which people look for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from kernel.errors import FieldFault, Invalid
from kernel.texts import Text

_PARTS: Final = re.compile(r"(\d+)")


def order(name: str) -> tuple[tuple[int, int, str], ...]:
    """The key by which classrooms stand in order: by numbers, 9 before 10, then those with names (practice)."""
    parts = [part for part in _PARTS.split(name.casefold()) if part]
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)


def check_names(names: Sequence[tuple[str, int | None]]) -> None:
    """Refuse classrooms of the same name, in whatever letters (practice).

    `names` are all names with their places in what was sent; None for those that were there and stay.
    """
    seen: dict[str, str] = {}
    faults: list[FieldFault] = []
    for name, place in _kept_first(names):
        same = seen.setdefault(name.casefold(), name)
        if same is not name and place is not None:
            text = Text("There is a classroom “{name}” already.", {"name": same})
            faults.append(FieldFault.of(f"classrooms.{place}.name", "classroom-twice", text))
    if faults:
        raise Invalid.of(faults[0].text, rule=faults[0].rule, field=faults[0].field, faults=tuple(faults))


def _kept_first(names: Iterable[tuple[str, int | None]]) -> list[tuple[str, int | None]]:
    return sorted(names, key=lambda one: one[1] is not None)
