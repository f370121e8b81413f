"""Where pages find the live state of long work: at a process of its own, whose streams take none of the door's threads.

With a proxy in front, `LYCEUM_LIVE_URL` is an address of the same site. Without one, the process is reached at the same
host on another port, which is the same site to cookies but another origin to scripts.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, request

from gateway.door.http import HOST
from kernel.config import Settings


def base(settings: Settings) -> str:
    """The address of the live process as the browser of this request reaches it; empty where there is none."""
    if settings.live_url:
        return settings.live_url.rstrip("/")
    host = HOST.fullmatch(request.host)
    if not settings.live_port or request.scheme != "http" or host is None:
        return ""
    return f"http://{host[1]}:{settings.live_port}"


def address(kind: str, thing_id: UUID | str) -> str:
    """The address of the live state of a thing, such as `("imports", id)`; empty where there is none."""
    found = base(current_app.extensions["lyceum"].settings)
    return f"{found}/live/{kind}/{thing_id}" if found else ""


def other_origin(settings: Settings) -> str:
    """The origin of the live process if it is another than the page's, for the page's policy; else empty."""
    parts = urlsplit(base(settings))
    origin = f"{parts.scheme}://{parts.netloc}"
    return "" if not parts.netloc or origin == f"{request.scheme}://{request.host}" else origin
