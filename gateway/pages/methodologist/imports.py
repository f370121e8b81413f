"""Import of a bundle: upload it, follow its progress, read its faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.bundles import Bundles
from contracts.roles import OPERATOR
from gateway.composed import imports as composed_imports
from gateway.composed.names import names_of, texts
from gateway.door import auth, problems
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.director.school import zones
from gateway.pages.frame import forms
from kernel.clock import now
from kernel.errors import Conflict, Refused
from kernel.jobs import GOING_ON

blueprint = Blueprint("imports_pages", __name__)


@blueprint.route("/import", methods=["GET"])
@operation(Bundles.start_import)
def start() -> str:
    """A form for the bundle."""
    return _form()


@blueprint.route("/import", methods=["POST"])
@operation(Bundles.start_import)
def hand_in() -> Answer | tuple[str, int]:
    """Start the import, then show its progress."""
    try:
        started = composed_imports.start_import(request)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _form(problem), problem.status
    return redirect(url_for("imports_pages.status", import_id=started["id"]), 303)


@blueprint.route("/import/<id:import_id>")
@operation(Bundles.import_status)
def status(import_id: UUID) -> str:
    """The state of the import, what it did, and every fault it found."""
    return _shown(composed_imports.import_status(import_id))


@blueprint.route("/import/<id:import_id>/stop", methods=["POST"])
@operation(Bundles.stop_import)
def stop(import_id: UUID) -> Answer | tuple[str, int]:
    """Stop the import at its next step."""
    return _changed(import_id, composed_imports.stop_import)


@blueprint.route("/import/<id:import_id>/resume", methods=["POST"])
@operation(Bundles.resume_import)
def resume(import_id: UUID) -> Answer | tuple[str, int]:
    """Resume the import where it was stopped."""
    return _changed(import_id, composed_imports.resume_import)


@blueprint.route("/import/<id:import_id>/confirm", methods=["POST"])
@operation(Bundles.confirm_import)
def confirm(import_id: UUID) -> Answer | tuple[str, int]:
    """Confirm what the import would end or replace, by the numbers that the form showed."""
    numbers = {name: forms.number(name) for name in ("people", "classes", "enrolments", "replaced")}
    return _changed(import_id, lambda asked: composed_imports.confirm_import(asked, **numbers))


@blueprint.route("/import/<id:import_id>/undo")
@operation(Bundles.import_status)
def undo(import_id: UUID) -> str:
    """What undoing the import would do, what stands in its way, and how far it is."""
    return _undo_shown(composed_imports.import_status(import_id))


@blueprint.route("/import/<id:import_id>/undo", methods=["POST"])
@operation(Bundles.undo_import)
def look_at_undo(import_id: UUID) -> Answer | tuple[str, int]:
    """Look what undoing the import would do."""
    return _undo_changed(import_id, composed_imports.undo_import)


@blueprint.route("/import/<id:import_id>/undo/confirm", methods=["POST"])
@operation(Bundles.confirm_undo)
def confirm_undo(import_id: UUID) -> Answer | tuple[str, int]:
    """Undo the import as it was shown."""
    return _undo_changed(import_id, composed_imports.confirm_undo)


def _form(problem: problems.Problem | None = None) -> str:
    """The form, above the imports so far."""
    past = ask(Bundles.imports)["imports"]
    names = _names({one["undone_by"] for one in past if one.get("undone_by")})
    return render_template(
        "methodologist/import.html", zones=zones(), past=past, names=names, moment=now(), problem=problem
    )


def _changed(import_id: UUID, change: Callable[[UUID], Any]) -> Answer | tuple[str, int]:
    """Show the import after a change; one that has ended meanwhile is shown with the refusal."""
    try:
        change(import_id)
    except Conflict as refusal:
        problem = problems.of_refusal(refusal)
        return _shown(composed_imports.import_status(import_id), problem), problem.status
    return redirect(url_for("imports_pages.status", import_id=import_id), 303)


def _shown(found: dict[str, Any], problem: problems.Problem | None = None) -> str:
    going_on = found["job"]["state"] in GOING_ON
    return render_template(
        "methodologist/import-status.html",
        found=found,
        going_on=going_on,
        undone_by=_undone_by(found),
        moment=now(),
        problem=problem,
    )


def _undo_changed(import_id: UUID, change: Callable[[UUID], Any]) -> Answer | tuple[str, int]:
    """Show how undoing goes on; where it cannot, that with the refusal."""
    try:
        change(import_id)
    except Conflict as refusal:
        problem = problems.of_refusal(refusal)
        return _undo_shown(composed_imports.import_status(import_id), problem), problem.status
    return redirect(url_for("imports_pages.undo", import_id=import_id), 303)


def _undo_shown(found: dict[str, Any], problem: problems.Problem | None = None) -> str:
    going_on = found["undo"] is not None and found["undo"]["job"]["state"] in GOING_ON
    return render_template(
        "methodologist/import-undo.html",
        found=found,
        undo=found["undo"],
        going_on=going_on,
        undone_by=_undone_by(found),
        problem=problem,
    )


def _undone_by(found: dict[str, Any]) -> str | None:
    """The name of the person who undid an import, or is about to; of an operator's own there is none."""
    by = found["undo"]["by"] if found["undo"] else None
    return _names({by}).get(by) if by else None


def _names(person_ids: set[str]) -> dict[str, str]:
    """Person → name. An operator sees no names: there it is the school that did it."""
    actor = auth.caller().actor
    if actor is not None and actor.has(OPERATOR):
        return dict.fromkeys(person_ids, gettext("the school"))
    return texts(names_of(person_ids))
