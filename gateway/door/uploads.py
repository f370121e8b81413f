"""Files that come with requests: streamed into the store, checked by their content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from flask import Request, current_app
from werkzeug.exceptions import ClientDisconnected, UnsupportedMediaType

from gateway.door.auth import actor
from kernel.files.store import Place, Store, Taken, parts_of
from kernel.files.store import take as take_into

#: The media type of forms with files.
FORM: Final = "multipart/form-data"


def check_form(upload: Request) -> None:
    """Refuse a body that is no form with a file: of another media type, or of none."""
    if upload.mimetype != FORM:
        raise UnsupportedMediaType("Send the file as multipart/form-data.")


def take(parts: Iterable[bytes], owner: str, *, largest: int, allowed: Collection[str], field: str) -> Taken:
    """Take a file for a service, in the caller's school. Raises what `kernel.files.store.take` does."""
    store: Store = current_app.extensions["lyceum"].files
    place = Place(owner, actor().tenant_id)
    return take_into(store, place, parts, largest=largest, allowed=allowed, field=field)


def body(upload: Request) -> Iterator[bytes]:
    """A file that is the body of a request, in parts. Raises `ClientDisconnected` where it breaks off.

    Of a body that ends too early gunicorn tells nothing: it just ends.
    """
    left = upload.content_length or 0
    for part in parts_of(upload.stream):
        left -= len(part)
        yield part
    if left > 0:
        raise ClientDisconnected
