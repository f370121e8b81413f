"""Imports of OneRoster bundles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request

from contracts.identity.bundles import Bundles
from gateway.composed import imports as composed_imports
from gateway.door.auth import operation
from gateway.door.http import answered
from gateway.rest.forms import BundleForm, ImportOptions
from gateway.rest.openapi import PREFIX, ApiBlueprint

blueprint = ApiBlueprint("imports", __name__, "Imports of OneRoster bundles.")


@blueprint.route("/imports", methods=["POST"])
@operation(Bundles.start_import)
@blueprint.arguments(ImportOptions, location="query")
@blueprint.doc(
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {"schema": BundleForm},
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
        },
    }
)
@blueprint.response(202, Bundles.start_import.answer)
def start_import(query: dict[str, Any]) -> Response:
    """Check and import a OneRoster zip in the background: the body itself, or a form's file `bundle`.

    What cannot be read as a bundle (its zip, manifest, encoding, quotes, columns) is refused at once, each fault with
    file, line and field; whether the rows fit together is told by the import.
    """
    started = composed_imports.start_import(request, **query)
    return answered(started, 202, Location=f"{PREFIX}/imports/{started['id']}")


@blueprint.route("/imports/<id:import_id>")
@operation(Bundles.import_status)
@blueprint.response(200, Bundles.import_status.answer)
def import_status(import_id: UUID) -> Response:
    """How an import stands, what it did, and every fault it found."""
    return answered(composed_imports.import_status(import_id))
