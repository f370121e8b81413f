"""Imports of OneRoster bundles."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import fields

from contracts.identity.bundles import Bundles
from gateway.composed import imports as composed_imports
from gateway.door.auth import operation
from gateway.door.http import answered
from gateway.rest.openapi import ApiBlueprint
from gateway.rest.routes import get, post
from kernel.contract import Command

blueprint = ApiBlueprint("imports", __name__, "Imports of OneRoster bundles.")

ROUTES = (
    get("/imports", Bundles.imports),
    get("/imports/{import_id}", Bundles.import_status, answer=composed_imports.import_status),
    post("/imports/{import_id}/stop", Bundles.stop_import, answer=composed_imports.stop_import, status=202),
    post("/imports/{import_id}/confirm", Bundles.confirm_import, answer=composed_imports.confirm_import, status=202),
    post("/imports/{import_id}/resume", Bundles.resume_import, answer=composed_imports.resume_import, status=202),
    post("/imports/{import_id}/undo", Bundles.undo_import, answer=composed_imports.undo_import, status=202),
    post("/imports/{import_id}/undo/confirm", Bundles.confirm_undo, answer=composed_imports.confirm_undo, status=202),
)


ZONE: Final = {"description": "Of schools that the import makes, such as Asia/Kamchatka; no bundle names one."}


class BundleForm(Command):
    """A OneRoster bundle as a form's file."""

    bundle = Upload(required=True, metadata={"description": "Zip file."})
    dry_run = fields.Bool(metadata={"description": "Check only; write nothing."})
    time_zone = fields.Str(metadata=dict(ZONE))


class ImportOptions(Command):
    """How to import."""

    dry_run = fields.Bool(load_default=False, metadata={"description": "Check only; write nothing."})
    time_zone = fields.Str(load_default=None, metadata=dict(ZONE))


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

    A file that cannot be read as a bundle (zip, manifest, encoding, quotes, columns) is refused at once, each fault
    with file, line and field. Faults between rows are reported by the import itself.
    """
    started = composed_imports.start_import(request, **query)
    return answered(started, 202, Location=f"{request.path}/{started['id']}")
