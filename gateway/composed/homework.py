"""Files of lessons: taken from a form, and given to whoever may see the lesson."""

from __future__ import annotations

import unicodedata
from contextlib import closing
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from flask import Response
from werkzeug.datastructures import FileStorage

from contracts.gradebook.homework import FILES, LARGEST_FILE, Homework
from gateway.composed import downloads
from gateway.composed.downloads import attachment
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from kernel.errors import Invalid, TooLarge
from kernel.files import kinds
from kernel.files.store import parts_of

#: What the beginning of a file may be. The gradebook looks at all of it, and compares it with the name.
_ALLOWED: Final = {
    kinds.PDF, kinds.ZIP, kinds.COMPOUND, kinds.TEXT, kinds.PNG, kinds.JPEG, kinds.GIF, kinds.MP3, kinds.MP4, kinds.OGG,
    kinds.WAV,
}  # fmt: skip
#: Most characters of a name as it was sent.
_LONGEST_SENT: Final = 500


def add_file(lesson_id: UUID, file: FileStorage | None, reason: str, part: str = "") -> dict[str, Any]:
    """Add a form's file to a lesson, and close it; `reason`: why it comes late. Of several files each has a `part`."""
    if file is None or not file.filename:
        raise Invalid("Choose a file.", rule="file-missing", field="file")
    # what nobody sees, such as the mark that Windows puts before a copied path, is no part of a name
    seen = "".join(one for one in file.filename if unicodedata.category(one) not in ("Cc", "Cf"))
    name = seen[-_LONGEST_SENT:] or "-"
    with closing(file):
        sha256 = _taken(file, name)
    given = {"lesson_id": lesson_id, "file": sha256, "name": name, "reason": reason}
    answer: dict[str, Any] = carry_out(Homework.add_file, timeout=LONG_TIMEOUT, part=part, **given)
    return answer


def _taken(file: FileStorage, name: str) -> str:
    """The SHA-256 of a form's file that the store has taken; refusals say which file it was."""
    try:
        parts = parts_of(file.stream)
        return uploads.take(parts, FILES, largest=LARGEST_FILE, allowed=_ALLOWED, field="file").sha256
    except TooLarge:
        raise TooLarge(
            "“{name}” is larger than {most} MB. Make it smaller, or put it elsewhere and give a link.",
            rule="file-too-large",
            field="file",
            name=name,
            most=LARGEST_FILE // 1024**2,
        ) from None
    except Invalid as refusal:
        if refusal.rule == "file-empty":
            raise Invalid("“{name}” is empty.", rule="file-empty", field="file", name=name) from None
        raise Invalid(
            "“{name}” is of a kind that is not taken. Taken are documents (PDF, DOCX, DOC, XLSX, XLS, PPTX, PPT, ODT, "
            "ODS, ODP, TXT, CSV), pictures (JPG, PNG, GIF) and sound (MP3, M4A, OGG, WAV), no archives and no "
            "programs.",
            rule="file-kind",
            field="file",
            name=name,
        ) from None


def download(file_id: UUID) -> Response:
    """A file of a lesson, to be saved under its name. Raises what the gradebook and `downloads` refuse with."""
    found = ask(Homework.homework_file, file_id=file_id)
    name = PurePath(found["name"])
    named = attachment(name.stem, name.suffix, file_id)
    return downloads.download(FILES, found, found["name"], media_type=found["media_type"], disposition=named)
