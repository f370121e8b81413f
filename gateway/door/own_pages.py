"""Whether a request with the session's cookies was sent by a page of this site.

A browser adds cookies to whatever any site makes it send. In Sec-Fetch-Site it says who made it send, and no script can
set or change that header. Over plain HTTP, and in browsers from before 2023, it is missing. Then Origin decides, which
browsers add to everything but GET and HEAD.
"""

from __future__ import annotations

from typing import Final

from flask import Request

from gateway.door.http import check_json
from kernel.errors import Forbidden

#: Methods that change nothing.
SAFE: Final = frozenset({"GET", "HEAD"})
WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def check(incoming: Request, *, uploads: bool) -> None:
    """Refuse what no page of this site sent: with `Forbidden`, or `UnsupportedMediaType` for a body that is not JSON.

    A form on any site can send text, or a file, but no JSON. `uploads` says that the address takes files: who sent
    them is then known by the headers alone.
    """
    if not is_from_here(incoming):
        raise Forbidden("This request was not sent by a page of this site.", rule="other-site")
    if incoming.method in WITH_BODY and not uploads:
        check_json(incoming)


def is_from_here(incoming: Request) -> bool:
    """Whether a page of this site sent the request, as far as the browser tells."""
    safe = incoming.method in SAFE
    sender = incoming.headers.get("Sec-Fetch-Site")
    if sender is not None:
        return sender == "same-origin" or (safe and sender == "none")  # none: a person typed the address
    origin = incoming.headers.get("Origin")
    if origin is None:
        return safe  # what is read this way is closed to other sites' scripts by the browser
    return origin == f"{incoming.scheme}://{incoming.host}"
