"""The gradebook's part of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel.contract import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGradesImported(Event):
    """The gradebook finished its part of an import for one school.

    `counts`: kind → (created, changed, unchanged, removed). If nothing was written, `failure` says why, and
    `failure_text` holds its template and parameters (`contracts.texts.FailureView`).
    """

    SERVICE = "gradebook"
    NAME = "bundle_grades_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    counts: dict[str, tuple[int, int, int, int]]
    failure: str | None = None
    failure_text: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleUndoTold(Event):
    """The gradebook has taken a step of undoing an import for one school: it has looked, or undone its part.

    `counts`: kind → (gone, restored). `obstacles`: what stands in the way, each with `rule`, `number` and `names`; then
    nothing was undone. `traced`: whether the gradebook knows what the import did.
    """

    SERVICE = "gradebook"
    NAME = "bundle_undo_told"
    AGGREGATE = "import_id"

    import_id: UUID
    undo_id: UUID
    step: str
    counts: dict[str, tuple[int, int]]
    obstacles: list[dict[str, Any]]
    traced: bool = True
