"""Starting the import of a bundle, and its state."""

from __future__ import annotations

import base64
from typing import Any, Final
from uuid import UUID

from flask import Request
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from contracts.identity.bundles import Bundles
from gateway.door import language
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from kernel.errors import Invalid

#: Characters kept of the name of an uploaded file: the last ones.
LONGEST_NAME: Final = 200


def start_import(upload: Request, *, dry_run: bool = False) -> dict[str, Any]:
    """Start the import of the bundle in a request: a form's file, or the body itself."""
    name, data, asked_in_form = _bundle(upload)
    if not data:
        raise Invalid("No bundle came with the request.", rule="bundle-missing", field="bundle")
    started: dict[str, Any] = carry_out(
        Bundles.start_import,
        timeout=LONG_TIMEOUT,
        file_name=name[-LONGEST_NAME:] or "bundle.zip",
        bundle=base64.b64encode(data).decode(),
        dry_run=dry_run or asked_in_form,
    )
    return _in_callers_language(started)


def import_status(import_id: UUID) -> dict[str, Any]:
    """The state of an import, what it did, and every fault it found, in the caller's language."""
    return _in_callers_language(ask(Bundles.import_status, import_id=import_id))


def _in_callers_language(view: dict[str, Any]) -> dict[str, Any]:
    faults = [{**fault, "message": language.told(fault["message"], fault.get("text"))} for fault in view["faults"]]
    return {**view, "faults": faults}


def _bundle(upload: Request) -> tuple[str, bytes, bool]:
    """The file's name, its bytes, and whether the form asks for a check only."""
    if upload.mimetype == "multipart/form-data":
        asked = upload.form.get("dry_run", "")
        if asked not in fields.Boolean.truthy | fields.Boolean.falsy | {""}:
            raise Invalid("Not a valid boolean.", rule="schema", field="dry_run")
        file = upload.files.get("bundle")
        name = (file.filename or "").replace("\0", "") if file else ""
        return name, file.read() if file else b"", asked in fields.Boolean.truthy
    if upload.mimetype in ("application/zip", "application/octet-stream"):
        return "", upload.get_data(), False
    raise UnsupportedMediaType("Send the bundle as application/zip or multipart/form-data.")
