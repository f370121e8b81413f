"""The visitor's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.credentials import Credentials
from gateway.door import problems
from gateway.door.asking import carry_out
from gateway.door.auth import operation
from kernel.errors import Invalid, Refused

blueprint = Blueprint("password", __name__)


@blueprint.route("/password", methods=["GET"])
@operation(Credentials.change_password)
def page() -> str:
    """The form for another password."""
    return render_template("frame/password.html", faults={})


@blueprint.route("/password", methods=["POST"])
@operation(Credentials.change_password)
def change() -> Answer | tuple[str, int]:
    """Replace the password; every other session of the visitor ends."""
    old, new = request.form.get("old_password", ""), request.form.get("new_password", "")
    try:
        if new != request.form.get("repeated", ""):
            raise Invalid("The new password was typed in two different ways.", rule="not-repeated", field="repeated")
        carry_out(Credentials.change_password, old_password=old, new_password=new)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return render_template("frame/password.html", problem=problem, faults=_at_fields(problem)), problem.status
    flash(gettext("The password was changed. On all other devices you are signed out."))
    return redirect(url_for("session.home"), 303)


def _at_fields(problem: problems.Problem) -> dict[str, str]:
    """Field → what is wrong with it."""
    whole = {problem.field: problem.detail} if problem.field else {}
    return whole | {fault["field"]: fault["message"] for fault in problem.faults}
