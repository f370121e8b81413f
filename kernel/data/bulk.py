"""Bulk writes: counts of what changed, and dry runs that are rolled back."""

from __future__ import annotations

from dataclasses import dataclass


class RehearsedError(Exception):
    """Raised at the end of a dry run to roll its transaction back."""


@dataclass
class Count:
    """Counts of created, changed, unchanged and removed things of one kind."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def note(self, before: object, after: object) -> bool:
        """Count a thing by its old and new state (`before` None: it is new). Returns whether to write it."""
        if before == after:
            self.unchanged += 1
        elif before is None:
            self.created += 1
        else:
            self.changed += 1
        return before != after

    def figures(self) -> tuple[int, int, int, int]:
        """Created, changed, unchanged, removed: the order in events and rows."""
        return self.created, self.changed, self.unchanged, self.removed
