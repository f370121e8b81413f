"""Downloads: streamed from the store of files part by part, never whole in memory."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import IO, Any, Final
from urllib.parse import quote
from uuid import UUID

from flask import Response, current_app, request

from contracts.printing.documents import OWNER, Documents
from gateway.door.asking import ask
from gateway.door.auth import actor
from kernel.errors import Unavailable
from kernel.files.store import FileMissing, Place, Store, parts_of

#: What some system does not take in the name of a file.
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
#: In characters: a file system takes 255 bytes.
LONGEST_NAME: Final = 100


def document(job_id: UUID) -> Response:
    """The PDF of a finished print job, named by the job's title. Raises what printing and `download` refuse with."""
    found = ask(Documents.document, job_id=job_id)
    named = attachment(found["title"], ".pdf", job_id)
    return download(OWNER, found, found["title"], media_type="application/pdf", disposition=named)


def download(owner: str, found: dict[str, Any], name: str, *, media_type: str, disposition: str) -> Response:
    """A file of the caller's school from the store; `found` says its `sha256`, which is the ETag, and its `size`.

    Raises `Unavailable` where the store is away or has lost it; the refusal calls it by its `name`.
    """
    sha256 = found["sha256"]
    headers = {
        "ETag": f'"{sha256}"',
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
        "Cache-Control": "no-store",  # it would stay on a shared computer
        "Content-Disposition": disposition,
    }
    if request.if_none_match.contains(sha256):
        return Response(status=304, headers=headers)
    store: Store = current_app.extensions["lyceum"].files
    try:
        stream = store.open(Place(owner, actor().tenant_id).key(sha256))
    except FileMissing:
        raise Unavailable("The file “{name}” cannot be read just now.", rule="file-away", name=name) from None
    response = Response(_all_of(stream), content_type=media_type, headers=headers)
    response.content_length = found["size"]
    response.call_on_close(stream.close)  # also where nobody reads it, as with HEAD
    return response


def attachment(title: str, ending: str, fallback: UUID) -> str:
    """The Content-Disposition of a file that is saved, never shown; clients that read no UTF-8 (RFC 8187) get an id."""
    name = _NOT_IN_NAMES.sub(" ", title)
    name = " ".join(name.split())[:LONGEST_NAME].strip(" .") or str(fallback)
    return f"attachment; filename=\"{fallback}{ending}\"; filename*=UTF-8''{quote(name + ending, safe='')}"


def _all_of(stream: IO[bytes]) -> Iterator[bytes]:
    yield from parts_of(stream)
    stream.close()
