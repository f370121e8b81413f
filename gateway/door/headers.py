"""Headers of every response: what a browser may do with it, and that it is not to be cached."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from gateway.door import live_place
from gateway.door.problems import request_id
from kernel.config import Settings

#: Pages load files of this server only, and no inline script or style.
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'{live}; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
#: For responses that are no pages: nothing in them may run or be shown in a frame.
DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'"
#: A service worker is bound by the policy of its own script: it loads modules and asks this server, and nothing else.
WORKER_POLICY: Final = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
WORKER_ENDPOINT: Final = "offline.worker"
PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
YEAR: Final = 365 * 24 * 3600


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to every response."""

    def add(response: Response) -> Response:
        headers = response.headers
        headers["X-Request-Id"] = request_id()
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        # the CSRF protection compares the referrer under HTTPS, so pages of the same origin must send it
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        page = response.mimetype == "text/html"
        if request.endpoint == WORKER_ENDPOINT:
            headers["Content-Security-Policy"] = WORKER_POLICY
        else:
            headers["Content-Security-Policy"] = _page_policy(settings) if page else DATA_POLICY
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        if page or request.path.startswith("/api/"):
            headers.add("Vary", "Accept-Language, Cookie" if page else "Accept-Language, Authorization, Cookie")
        if settings.cookie_secure:  # people reach the gateway by HTTPS only
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        return response

    app.after_request(add)


def _page_policy(settings: Settings) -> str:
    live = live_place.other_origin(settings)
    return PAGE_POLICY.format(live=f" {live}" if live else "")
