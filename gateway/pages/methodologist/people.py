"""People: search, contacts, slips with credentials; appointments by the director."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.appointments import Appointments
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.roles import ROLES, STAFF
from gateway.composed.names import in_list, names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.contract import MANY
from kernel.errors import Invalid, Refused

blueprint = Blueprint("people", __name__)

#: People on one page.
PAGE = 50


@blueprint.route("/people")
@operation(People.people)
def find() -> str:
    """The school's people by role and name."""
    return _people_page(request.args.get("query", ""), request.args.get("role"), request.args.get("after"))


@blueprint.route("/people/<id:person_id>/contact", methods=["POST"])
@operation(People.set_contact)
def set_contact(person_id: UUID) -> Answer | tuple[str, int]:
    """Change a person's e-mail address and phone."""
    contact: dict[str, Any] = {"email": forms.optional("email"), "phone": forms.optional("phone")}
    return _changed(lambda: carry_out(People.set_contact, person_id=person_id, **contact))


@blueprint.route("/people/<id:person_id>/roles", methods=["POST"])
@operation(Appointments.appoint)
def appoint(person_id: UUID) -> Answer | tuple[str, int]:
    """Give a staff role or take it away."""
    change: dict[str, Any] = {"role": forms.text("role"), "held": forms.text("held") == "yes"}
    return _changed(lambda: carry_out(Appointments.appoint, person_id=person_id, **change))


@blueprint.route("/credentials", methods=["POST"])
@operation(Credentials.issue_credentials)
def issue() -> str | tuple[str, int]:
    """Slips with new logins and passwords, to print and hand out. They are shown only once."""
    try:
        chosen = [forms.identifier(given, "person_ids") for given in request.form.getlist("person_ids")]
        if not 1 <= len(chosen) <= MANY:
            raise Invalid("Choose people first.", rule="nobody-chosen", field="person_ids")
        issued = carry_out(Credentials.issue_credentials, person_ids=chosen)["credentials"]
        names = texts(names_of({one["person_id"] for one in issued}))
    except Refused as refusal:
        return _refused(problems.of_refusal(refusal))
    return render_template("methodologist/slips.html", credentials=issued, names=names)


def _changed(change: Callable[[], Any]) -> Answer | tuple[str, int]:
    """Make the change and go back to the search, or show why it was refused."""
    try:
        change()
    except Refused as refusal:
        return _refused(problems.of_refusal(refusal))
    flash(gettext("Saved."))
    return redirect(url_for("people.find", query=forms.text("query"), role=forms.optional("among")), 303)


def _refused(problem: problems.Problem) -> tuple[str, int]:
    return _people_page(forms.text("query"), forms.optional("among"), None, problem), problem.status


def _people_page(query: str, role: str | None, after: str | None, problem: problems.Problem | None = None) -> str:
    search: dict[str, Any] = {"query": query, "role": role or None, "limit": PAGE}
    if after:
        search["after"] = forms.identifier(after, "after")
    page = ask(People.people, **search)
    return render_template(
        "methodologist/people.html",
        people=in_list(page["people"]),
        following=page["next"],
        query=query,
        role=role,
        roles=ROLES,
        staff=sorted(STAFF.roles),
        problem=problem,
    )
