"""What stands in the way of something, in numbers and names. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any, Final

#: Names that are told of each kind.
FEW: Final = 10


@dataclass
class Obstacles:
    """Obstacles as they are found: rule → each thing once, with its name."""

    found: dict[str, dict[Hashable, str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, rule: str, thing: Hashable, name: str = "") -> None:
        """Note one thing."""
        self.found.setdefault(rule, {})[thing] = name

    def to_wire(self) -> list[dict[str, Any]]:
        """Each rule with its number and its first names."""
        return [
            {"rule": rule, "number": len(things), "names": sorted({name for name in things.values() if name})[:FEW]}
            for rule, things in self.found.items()
        ]
