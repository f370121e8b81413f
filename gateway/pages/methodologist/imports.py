"""Import of a bundle: upload it, follow its progress, read its faults."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from contracts.identity.bundles import Bundles
from gateway.composed import imports as composed_imports
from gateway.door import problems
from gateway.door.auth import operation
from kernel.errors import Refused

blueprint = Blueprint("imports_pages", __name__)

#: States that change without the visitor: the page updates itself while in one of them.
GOING_ON = frozenset({"waiting", "checking", "writing"})


@blueprint.route("/import", methods=["GET"])
@operation(Bundles.start_import)
def start() -> str:
    """A form for the bundle."""
    return render_template("methodologist/import.html")


@blueprint.route("/import", methods=["POST"])
@operation(Bundles.start_import)
def hand_in() -> Answer | tuple[str, int]:
    """Start the import, then show its progress."""
    try:
        started = composed_imports.start_import(request)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return render_template("methodologist/import.html", problem=problem), problem.status
    return redirect(url_for("imports_pages.status", import_id=started["id"]), 303)


@blueprint.route("/import/<id:import_id>")
@operation(Bundles.import_status)
def status(import_id: UUID) -> str:
    """The state of the import, what it did, and every fault it found."""
    found = composed_imports.import_status(import_id)
    return render_template("methodologist/import-status.html", found=found, going_on=found["status"] in GOING_ON)
