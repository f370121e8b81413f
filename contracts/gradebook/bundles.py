"""The gradebook's part of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kernel.contract import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleGradesImported(Event):
    """The gradebook finished its part of an import for one school.

    `counts`: kind → (created, changed, unchanged, removed). `failure` is a message where nothing was written, and
    `failure_text` what it was made of (`contracts.texts.FailureView`).
    """

    SERVICE = "gradebook"
    NAME = "bundle_grades_imported"
    AGGREGATE = "import_id"

    import_id: UUID
    counts: dict[str, tuple[int, int, int, int]]
    failure: str | None = None
    failure_text: dict[str, Any] | None = None
