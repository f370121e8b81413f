"""The visitor's own password."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.credentials import Credentials
from gateway.door import auth, problems, session_cookies
from gateway.door.asking import carry_out
from gateway.door.auth import operation
from gateway.pages.frame.forms import local_goal
from kernel.errors import Invalid, LyceumError, Refused

blueprint = Blueprint("password", __name__)


@blueprint.route("/password", methods=["GET"])
@operation(Credentials.change_password)
def page() -> str:
    """The form for another password."""
    return _page({})


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
        return _page(_at_fields(problem), problem), problem.status
    if _is_issued():
        try:
            session_cookies.renew()
        except LyceumError:  # the password is changed all the same, and opens everything at the next sign-in
            session_cookies.drop()
            flash(gettext("The password was changed. Sign in with it."))
            return redirect(url_for("session.login", next=local_goal(request.form.get("next"))), 303)
    flash(gettext("The password was changed. On all other devices you are signed out."))
    return redirect(local_goal(request.form.get("next")) or url_for("session.home"), 303)


def _page(faults: dict[str, str], problem: problems.Problem | None = None) -> str:
    goal = local_goal(request.values.get("next"))
    return render_template("frame/password.html", faults=faults, problem=problem, goal=goal, issued=_is_issued())


def _is_issued() -> bool:
    """Whether the visitor has signed in with a password that the school made, and can do nothing else yet."""
    claims = auth.caller().claims
    return claims is not None and claims.password_issued


def _at_fields(problem: problems.Problem) -> dict[str, str]:
    """Field → what is wrong with it."""
    whole = {problem.field: problem.detail} if problem.field else {}
    return whole | {fault["field"]: fault["message"] for fault in problem.faults}
