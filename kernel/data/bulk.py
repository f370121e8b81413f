"""Writing in bulk: what became of each kind of thing, and rehearsals that keep nothing."""

from __future__ import annotations

from dataclasses import dataclass


class RehearsedError(Exception):
    """A dry run came to its end: leaves the transaction so that nothing of it is kept."""


@dataclass
class Count:
    """What happened to one kind of thing."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def note(self, before: object, after: object) -> bool:
        """Count a thing that was `before` (None: not there) and is `after`; whether it has to be written."""
        if before == after:
            self.unchanged += 1
        elif before is None:
            self.created += 1
        else:
            self.changed += 1
        return before != after

    def figures(self) -> tuple[int, int, int, int]:
        """Created, changed, unchanged, removed: as events and rows keep them."""
        return self.created, self.changed, self.unchanged, self.removed
