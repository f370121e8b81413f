"""Starting the import of a bundle, and its state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from flask import Request
from marshmallow import fields
from werkzeug.exceptions import UnsupportedMediaType

from contracts.identity.bundles import LARGEST_BUNDLE, Bundles
from gateway.door import language, uploads
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from kernel.errors import Invalid
from kernel.files import kinds
from kernel.files.store import parts_of

#: Characters kept of the name of an uploaded file: the last ones.
LONGEST_NAME: Final = 200


def start_import(upload: Request, *, dry_run: bool = False, time_zone: str | None = None) -> dict[str, Any]:
    """Start the import of the bundle in a request: a form's file, or the body itself.

    `time_zone` is that of schools which the import makes, unless the form says another.
    """
    name, parts, asked_in_form = _bundle(upload)
    if parts is None:
        raise Invalid("No bundle came with the request.", rule="bundle-missing", field="bundle")
    taken = uploads.take(parts, Bundles.service, largest=LARGEST_BUNDLE, allowed={kinds.ZIP}, field="bundle")
    started: dict[str, Any] = carry_out(
        Bundles.start_import,
        timeout=LONG_TIMEOUT,
        file_name=name[-LONGEST_NAME:] or "bundle.zip",
        bundle=taken.sha256,
        dry_run=dry_run or asked_in_form,
        time_zone=_zone_in_form(upload) or time_zone,
    )
    return _in_callers_language(started)


def import_status(import_id: UUID) -> dict[str, Any]:
    """The state of an import, what it did, and every fault it found, in the caller's language."""
    return _in_callers_language(ask(Bundles.import_status, import_id=import_id))


def stop_import(import_id: UUID) -> dict[str, Any]:
    """Stop an import at its next step."""
    return _in_callers_language(carry_out(Bundles.stop_import, import_id=import_id))


def confirm_import(import_id: UUID, **numbers: Any) -> dict[str, Any]:
    """Confirm what an import would end or replace."""
    return _in_callers_language(carry_out(Bundles.confirm_import, import_id=import_id, **numbers))


def resume_import(import_id: UUID) -> dict[str, Any]:
    """Resume a stopped import where it was."""
    return _in_callers_language(carry_out(Bundles.resume_import, import_id=import_id))


def undo_import(import_id: UUID) -> dict[str, Any]:
    """Look what undoing an import would do."""
    return _in_callers_language(carry_out(Bundles.undo_import, import_id=import_id))


def confirm_undo(import_id: UUID) -> dict[str, Any]:
    """Undo an import as it was shown."""
    return _in_callers_language(carry_out(Bundles.confirm_undo, import_id=import_id))


def _in_callers_language(view: dict[str, Any]) -> dict[str, Any]:
    undo = view.get("undo")
    if undo is not None:
        undo = {**undo, "obstacles": _told(undo["obstacles"])}
    return {**view, "faults": _told(view["faults"]), "remarks": _told(view.get("remarks", [])), "undo": undo}


def _told(faults: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**fault, "message": language.told(fault["message"], fault.get("text"))} for fault in faults]


def _zone_in_form(upload: Request) -> str:
    return upload.form.get("time_zone", "").strip() if upload.mimetype == "multipart/form-data" else ""


def _bundle(upload: Request) -> tuple[str, Iterator[bytes] | None, bool]:
    """The file's name, its parts if there is one, and whether the form asks for a check only."""
    if upload.mimetype == "multipart/form-data":
        asked = upload.form.get("dry_run", "")
        if asked not in fields.Boolean.truthy | fields.Boolean.falsy | {""}:
            raise Invalid("Not a valid boolean.", rule="schema", field="dry_run")
        file = upload.files.get("bundle")
        name = (file.filename or "").replace("\0", "") if file else ""
        return name, parts_of(file.stream) if file else None, asked in fields.Boolean.truthy
    if upload.mimetype in ("application/zip", "application/octet-stream"):
        return "", uploads.body(upload) if upload.content_length else None, False
    raise UnsupportedMediaType("Send the bundle as application/zip or multipart/form-data.")
