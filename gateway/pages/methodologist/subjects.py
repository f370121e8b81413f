"""The subjects of the school."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.subjects import Subjects
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from kernel.errors import Refused

blueprint = Blueprint("subjects", __name__)


@blueprint.route("/year/subjects", methods=["GET"])
@operation(Subjects.add_subject)
def page() -> str:
    """The subjects, with forms to add, rename and remove them."""
    return _page()


@blueprint.route("/year/subjects", methods=["POST"])
@operation(Subjects.add_subject)
def add() -> Answer | tuple[str, int]:
    """Add a subject."""
    try:
        added = carry_out(Subjects.add_subject, name=forms.text("name"))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    flash(gettext("The subject “%(name)s” was added.", name=added["name"]))
    return redirect(url_for("subjects.page"), 303)


@blueprint.route("/year/subjects/<id:subject_id>", methods=["POST"])
@operation(Subjects.rename_subject)
def change(subject_id: UUID) -> Answer | tuple[str, int]:
    """Rename a subject, or remove it where it has nothing."""
    version, gone = forms.number("version") or 0, "remove" in request.form
    try:
        if gone:
            carry_out(Subjects.remove_subject, subject_id=subject_id, version=version)
        else:
            carry_out(Subjects.rename_subject, subject_id=subject_id, name=forms.text("name"), version=version)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem, {str(subject_id): forms.text("name")}), problem.status
    flash(gettext("The subject was removed.") if gone else gettext("Saved."))
    return redirect(url_for("subjects.page"), 303)


def _page(problem: problems.Problem | None = None, typed: dict[str, str] | None = None) -> str:
    return render_template(
        "methodologist/subjects.html",
        subjects=ask(Subjects.subjects)["subjects"],
        problem=problem,
        typed=typed or {},
    )
