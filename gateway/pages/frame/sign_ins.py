"""Where the visitor is signed in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.sessions import Sessions
from gateway.door import auth, session_cookies
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.errors import NotFound

blueprint = Blueprint("sign_ins", __name__)


@blueprint.route("/sign-ins")
@operation(Sessions.own_sessions)
def page() -> str:
    """The sessions of the visitor's account, each with a button that ends it."""
    return render_template("frame/sign-ins.html", sessions=ask(Sessions.own_sessions)["sessions"])


@blueprint.route("/sign-ins/end", methods=["POST"])
@operation(Sessions.end_session)
def end() -> Answer:
    """Sign out on another device. One that has signed out meanwhile is no fault: it is what was wanted."""
    session_id: UUID = forms.identifier(forms.text("session_id"), "session_id")
    if session_id != auth.actor().session_id:  # for the own device there is the button in the page's head
        try:
            carry_out(Sessions.end_session, session_id=session_id)
        except NotFound:
            flash(gettext("It was signed out there already."))
        else:
            flash(gettext("Signed out there."))
    return redirect(url_for("sign_ins.page"), 303)


@blueprint.route("/sign-ins/shared", methods=["POST"])
@operation(Sessions.own_sessions)
def share() -> Answer:
    """Call the device a shared one from now on: the session ends with the browser, which keeps nothing any more."""
    session_cookies.share_device()
    flash(gettext("This device counts as a shared one now. Nothing of the diary is kept on it."))
    return redirect(url_for("sign_ins.page"), 303)
