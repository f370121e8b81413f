"""The gradebook's part of an import."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.contract import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGradesImported(Event):
    """The gradebook finished its part of an import for one school.

    `counts`: kind → (created, changed, unchanged, removed). `failure` is a message where nothing was written.
    """

    SERVICE = "gradebook"
    NAME = "bundle_grades_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    counts: dict[str, tuple[int, int, int, int]]
    failure: str | None = None
