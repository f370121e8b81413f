"""The OpenAPI document and its interactive page, which loads local files only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import flask_swagger_ui  # type: ignore[import-untyped]  # it ships no types
import msgspec
from flask import Blueprint, Flask, Response, current_app, render_template, send_from_directory

from gateway.door import policy
from gateway.door.auth import operation
from gateway.door.http import JSON
from gateway.rest.openapi import PREFIX, Api

SWAGGER_UI: Final = Path(flask_swagger_ui.__file__).parent / "dist"
#: The files of the package that the page needs; no others are served.
FILES: Final = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
DAY: Final = 24 * 3600

blueprint = Blueprint("documentation", __name__)


def install(app: Flask, api: Api) -> None:
    """Serve the OpenAPI document of everything registered so far."""
    app.extensions["lyceum-openapi"] = msgspec.json.encode(api.spec.to_dict())
    app.register_blueprint(blueprint)


@blueprint.route(f"{PREFIX}/openapi.json")
@operation(policy.DOCUMENTATION)
def document() -> Response:
    """The OpenAPI document."""
    body: bytes = current_app.extensions["lyceum-openapi"]
    return Response(body, mimetype=JSON, headers={"Cache-Control": "public, max-age=300"})


@blueprint.route("/api/docs")
@operation(policy.DOCUMENTATION)
def page() -> str:
    """The interactive page."""
    return render_template("rest/api-docs.html", document=f"{PREFIX}/openapi.json")


@blueprint.route("/api/docs/<any({}):name>".format(",".join(f'"{name}"' for name in sorted(FILES))))
@operation(policy.ASSETS)
def file(name: str) -> Response:
    """A file of the interactive page."""
    return send_from_directory(SWAGGER_UI, name, max_age=DAY)
