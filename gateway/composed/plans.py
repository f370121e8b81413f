"""Files of thematic plans: handed in, and read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Request

from contracts.gradebook.plans import LARGEST_PLAN, Plans
from gateway.composed import handed_in
from gateway.door.asking import LONG_TIMEOUT, ask
from kernel.errors import Invalid
from kernel.files import kinds

#: Old office files are taken, too: the reader says how to save them anew.
_ALLOWED: Final = {kinds.ZIP, kinds.TEXT, kinds.COMPOUND}


def hand_in(upload: Request) -> str:
    """Take the form's `file` into the store. Returns the SHA-256 of its content."""
    other_kind = Invalid("This is no thematic plan: hand in an XLSX, CSV or DOCX file.", rule="file-kind", field="file")
    return handed_in.hand_in(upload, Plans.service, largest=LARGEST_PLAN, allowed=_ALLOWED, other_kind=other_kind)


def read(file: str, named: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a file that was handed in would become, with columns `named` by their letters."""
    columns = [{"letters": letters, "meaning": meaning} for letters, meaning in (named or {}).items()]
    found: dict[str, Any] = ask(Plans.read_plan_file, timeout=LONG_TIMEOUT, file=file, columns=columns)
    return found
