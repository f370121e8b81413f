"""What makes the diary an app of a phone: its manifest, its worker, the page that is shown without a connection."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec
from flask import Blueprint, Response, render_template, url_for
from flask_babel import force_locale, gettext

from contracts.identity.people import LANGUAGES
from gateway.door import modules, policy
from gateway.door.auth import operation
from kernel.errors import NotFound

blueprint = Blueprint("offline", __name__)

MANIFEST: Final = "application/manifest+json"
#: Colours of the frame, as in `lyceum.css`: the masthead and the page.
MASTHEAD, GROUND = "#17335f", "#f6f7f9"
#: File, size, purpose of an icon. A maskable one has its sign within the circle that every system leaves of it.
ICONS: Final = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("icon-maskable-512.png", "512x512", "maskable"),
    ("icon.svg", "any", "any"),
)


@blueprint.route("/manifest/<code>")
@operation(policy.ASSETS)
def manifest(code: str) -> Response:
    """The web app manifest, in a language."""
    if code not in LANGUAGES:
        raise NotFound("There is nothing at this address.", rule="no-such-address")
    with force_locale(code):
        described = _manifest(code)
    return Response(msgspec.json.encode(described), mimetype=MANIFEST)


@blueprint.route("/worker.js")
@operation(policy.ASSETS)
def worker() -> Response:
    """The service worker. It lies at the root, as it serves all pages; it changes with what it keeps of them."""
    page = url_for("offline.no_connection")
    addresses = [
        url_for("bootstrap.static", filename="css/bootstrap.min.css"),
        url_for("static", filename="lyceum.css"),
        url_for("static", filename="icon.svg"),
        modules.address("session.js"),
        modules.address("offline/start.js"),
    ]
    version = hashlib.sha256(" ".join(addresses).encode()).hexdigest()[:12]
    shell = {"version": version, "addresses": addresses, "page": page}
    script = f'import {{ serve }} from "{modules.address("offline/worker.js")}";\nserve(self, {_json(shell)});\n'
    return Response(script, mimetype="text/javascript")


@blueprint.route("/no-connection")
@operation(policy.ASSETS)
def no_connection() -> str:
    """What a device shows without a connection, where it keeps nothing. It names nobody: it is the same for all."""
    return render_template("frame/no-connection.html")


def _manifest(code: str) -> dict[str, Any]:
    start = url_for("family.diary")
    return {
        "id": start,
        "name": gettext("Electronic diary"),
        "short_name": gettext("Diary"),
        "description": gettext("Timetable, homework, marks and absences of a child at school."),
        "lang": code,
        "start_url": start,
        "scope": "/",
        "display": "standalone",
        "theme_color": MASTHEAD,
        "background_color": GROUND,
        "icons": [
            {
                "src": url_for("static", filename=name),
                "sizes": sizes,
                "type": "image/png" if name.endswith(".png") else "image/svg+xml",
                "purpose": purpose,
            }
            for name, sizes, purpose in ICONS
        ],
    }


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
