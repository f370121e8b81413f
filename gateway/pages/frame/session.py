"""Signing in and out, the first page, the choice of language."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.marks import Marks
from contracts.identity.bundles import Bundles
from contracts.identity.people import LANGUAGES, People
from contracts.identity.sessions import Sessions
from gateway.composed import sessions
from gateway.door import cookies, keeping, policy, problems, session_cookies
from gateway.door.auth import operation
from gateway.door.language import COOKIE
from gateway.pages.frame import forms, shown
from gateway.pages.frame.forms import local_goal
from kernel.errors import NotFound, Refused

blueprint = Blueprint("session", __name__)

YEAR = 365 * 24 * 3600


@blueprint.route("/login", methods=["GET", "POST"])
@operation(policy.SIGN_IN_PAGE)
def login() -> Answer | str | tuple[str, int]:
    """Sign in, then redirect to the page that was asked for."""
    keeping.keep_nothing()
    goal = local_goal(request.values.get("next"))
    if request.method != "POST":  # HEAD too only looks
        return render_template("frame/login.html", goal=goal)
    try:
        tokens = sessions.sign_in(forms.text("login"), request.form.get("password", ""))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return render_template("frame/login.html", goal=goal, problem=problem), problem.status
    session_cookies.keep(tokens, stay="own_device" in request.form)
    return redirect(goal or url_for("session.home"), 303)


@blueprint.route("/logout", methods=["POST"])
@operation(Sessions.close_session)
def logout() -> Answer:
    """Sign out. The cookies are deleted even if identity is away: access tokens expire within minutes."""
    sessions.close_session()
    return redirect(url_for("session.login"), 303)


@blueprint.route("/")
@operation(policy.HOME)
def home() -> Answer | str:
    """Redirect to the first page of the visitor's role."""
    for wanted, endpoint in HOMES:
        if shown.may(wanted):
            return redirect(url_for(endpoint), 303)
    return render_template("frame/home.html")


@blueprint.route("/language/<code>")
@operation(policy.LANGUAGE)
def language(code: str) -> Answer:
    """Change the language of the pages."""
    if code not in LANGUAGES:
        raise NotFound("There is nothing at this address.", rule="no-such-address")
    answer = redirect(local_goal(request.args.get("next")) or url_for("session.home"), 303)
    cookies.put(answer, COOKIE, code, max_age=YEAR)
    return answer


#: Operation → first page of those who may carry it out. The first match counts.
HOMES = (
    (repr(Marks.post_mark), "teaching.day"),
    (repr(People.set_contact), "people.find"),
    (repr(Courses.courses), "teaching.courses"),
    (repr(Bundles.start_import), "imports_pages.start"),
    (repr(Journal.diary_week), "family.diary"),
)
