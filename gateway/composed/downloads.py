"""Downloads of documents: streamed from printing part by part, never whole in memory."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from flask import Response, request

from contracts.printing.documents import Documents
from gateway.door.asking import ask, asking_later
from kernel.errors import Unavailable

#: What some system does not take in the name of a file.
_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f\\/:*?"<>|]')
#: In characters: a file system takes 255 bytes.
LONGEST_NAME: Final = 100


def download(job_id: UUID) -> Response:
    """The PDF of a finished job, named by the job's title. Its SHA-256 is the ETag and the Repr-Digest.

    Raises what printing refuses with before anything is sent. If a later part fails, the response ends before its
    Content-Length is reached.
    """
    title = ask(Documents.job, job_id=job_id)["title"]
    first = ask(Documents.document_part, job_id=job_id, offset=0)
    sha256, size = first["sha256"], first["size"]
    etag = f'"{sha256}"'
    headers = {
        "ETag": etag,
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(sha256)).decode()}:",
        "Cache-Control": "no-store",  # it would stay on a shared computer
        "Content-Disposition": attachment(title, ".pdf", job_id),
    }
    if request.if_none_match.contains(sha256):
        return Response(status=304, headers=headers)
    fetch = asking_later(Documents.document_part)
    response = Response(_parts(job_id, first, fetch), mimetype="application/pdf", headers=headers)
    response.content_length = size
    return response


def attachment(title: str, ending: str, fallback: UUID) -> str:
    """The Content-Disposition of a file that is saved, never shown; clients that read no UTF-8 (RFC 8187) get an id."""
    name = _NOT_IN_NAMES.sub(" ", title)
    name = " ".join(name.split())[:LONGEST_NAME].strip(" .") or str(fallback)
    return f"attachment; filename=\"{fallback}{ending}\"; filename*=UTF-8''{quote(name + ending, safe='')}"


def _parts(job_id: UUID, first: dict[str, Any], fetch: Callable[..., Any]) -> Iterator[bytes]:
    part, sent = first, 0
    while True:
        data = base64.b64decode(part["data"])
        sent += len(data)
        yield data
        if sent >= first["size"]:
            return
        part = fetch(job_id=job_id, offset=sent)
        if part["sha256"] != first["sha256"] or not part["data"]:
            raise Unavailable("The document changed while it was sent.", rule="document-changed")
