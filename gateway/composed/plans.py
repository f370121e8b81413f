"""Files of thematic plans: handed in, and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Request

from contracts.gradebook.plans import LARGEST_PLAN, Plans
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds
from kernel.files.store import parts_of

#: Old office files are taken, too: the reader says how to save them anew.
_ALLOWED: Final = {kinds.ZIP, kinds.TEXT, kinds.COMPOUND}


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    file = upload.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    try:
        parts = parts_of(file.stream)
        return uploads.take(parts, Plans.service, largest=LARGEST_PLAN, allowed=_ALLOWED, field="file").sha256
    except Invalid as refusal:
        if refusal.rule != "file-kind":
            raise
        raise Invalid(
            "This is no thematic plan: hand in an XLSX, CSV or DOCX file.", rule="file-kind", field="file"
        ) from None


def read(file: str, named: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a file that was handed in would become, with columns `named` by their letters."""
    columns = [{"letters": letters, "meaning": meaning} for letters, meaning in (named or {}).items()]
    found: dict[str, Any] = ask(Plans.read_plan_file, timeout=LONG_TIMEOUT, file=file, columns=columns)
    return found
