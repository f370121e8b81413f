"""Files of lessons: taken from a form, and given to whoever may see the lesson."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePath
from typing import IO, Any, Final
from uuid import UUID

from flask import Response, current_app, request
from werkzeug.datastructures import FileStorage

from contracts.gradebook.homework import FILES, LARGEST_FILE, Homework
from gateway.composed.downloads import attachment
from gateway.door import uploads
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import actor
from kernel.errors import Invalid, TooLarge, Unavailable
from kernel.files import kinds
from kernel.files.store import FileMissing, Place, Store, parts_of

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
    """A file of a lesson, streamed from the store, to be saved under its name. Its SHA-256 is the ETag.

    Raises what the gradebook refuses with, and `Unavailable` where the store has lost it.
    """
    found = ask(Homework.homework_file, file_id=file_id)
    sha256, name = found["sha256"], PurePath(found["name"])
    headers = {
        "ETag": f'"{sha256}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
        "Cache-Control": "no-store",  # it would stay on a shared computer
        "Content-Disposition": attachment(name.stem, name.suffix, file_id),
    }
    if request.if_none_match.contains(sha256):
        return Response(status=304, headers=headers)
    store: Store = current_app.extensions["lyceum"].files
    try:
        stream = store.open(Place(FILES, actor().tenant_id).key(sha256))
    except FileMissing:
        raise Unavailable("The file “{name}” cannot be read just now.", rule="file-away", name=found["name"]) from None
    response = Response(_all_of(stream), content_type=found["media_type"], headers=headers)
    response.content_length = found["size"]
    response.call_on_close(stream.close)  # also where nobody reads it, as with HEAD
    return response


def _all_of(stream: IO[bytes]) -> Iterator[bytes]:
    yield from parts_of(stream)
    stream.close()
