"""Files that are handed in to be read, each in a form of its own: calendars, timetables, thematic plans."""

from __future__ import annotations

from collections.abc import Collection

from flask import Request

from gateway.door import uploads
from kernel.errors import Invalid
from kernel.files.store import parts_of


def hand_in(upload: Request, owner: str, *, largest: int, allowed: Collection[str], other_kind: Invalid) -> str:
    """Take the form's `file` into the store for a service. Returns the SHA-256 of its content.

    Raises `other_kind` for a file that is of no kind of `allowed`, which it says in the words of what is wanted.
    """
    uploads.check_form(upload)
    file = upload.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    try:
        return uploads.take(parts_of(file.stream), owner, largest=largest, allowed=allowed, field="file").sha256
    except Invalid as refusal:
        if refusal.rule != "file-kind":
            raise
        raise other_kind from None
