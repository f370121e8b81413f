"""Consents of a person's guardianships: what was given on paper, entering one, withdrawing one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.identity.consents import PURPOSES, Consents
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.errors import Refused

blueprint = Blueprint("consents", __name__)

#: Purpose → what the guardian consents to.
_PURPOSES: Final = {
    "portal": lazy_gettext("diary on this site"),
    "email": lazy_gettext("letters by e-mail"),
    "sms": lazy_gettext("text messages"),
}
#: Purpose → what ends with the consent.
_ENDS: Final = {
    "portal": lazy_gettext("This guardian will no longer see the child's diary, marks and absences here, from now on."),
    "email": lazy_gettext("This guardian will get no more letters about the child, not even those that wait now."),
    "sms": lazy_gettext("This guardian will get no more text messages about the child."),
}


@blueprint.route("/people/<id:person_id>/consents", methods=["GET"])
@operation(Consents.consents)
def page(person_id: UUID) -> str:
    """What a guardian consented to for each child, or each guardian of a student for that one."""
    return _page(person_id)


@blueprint.route("/people/<id:person_id>/consents", methods=["POST"])
@operation(Consents.record_consent)
def record(person_id: UUID) -> Answer | tuple[str, int]:
    """Enter a consent given on paper, or its withdrawal."""
    given = forms.text("give")
    try:
        carry_out(
            Consents.record_consent,
            guardian_id=forms.identifier(forms.text("guardian_id"), "guardian_id"),
            student_id=forms.identifier(forms.text("student_id"), "student_id"),
            purpose=given or forms.text("withdraw"),
            granted=bool(given),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(person_id, problem), problem.status
    flash(gettext("The consent was entered.") if given else gettext("The consent was withdrawn."))
    return redirect(url_for("consents.page", person_id=person_id), 303)


def _page(person_id: UUID, problem: problems.Problem | None = None) -> str:
    found = ask(Consents.consents, person_id=person_id)["guardianships"]
    names = texts(names_of({str(person_id), *_people(found)}))
    sent = (request.form.get("guardian_id"), request.form.get("student_id"))
    return render_template(
        "methodologist/consents.html",
        person_id=person_id,
        guardianships=[{**one, "consents": {each["purpose"]: each for each in one["consents"]}} for one in found],
        names=names,
        purposes={purpose: _PURPOSES[purpose] for purpose in PURPOSES},
        ends=_ENDS,
        problem=problem,
        refused=next((one for one in found if (one["guardian_id"], one["student_id"]) == sent), None),
    )


def _people(guardianships: list[dict[str, Any]]) -> set[str]:
    """The ids of everybody who is named on the page."""
    both = {one[side] for one in guardianships for side in ("guardian_id", "student_id")}
    return both | {each["entered_by"] for one in guardianships for each in one["consents"] if each["entered_by"]}
