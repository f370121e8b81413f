"""Pages of families: the diary of a week, marks by subject."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from contracts.attendance.codes import Codes
from contracts.gradebook.journal import Journal
from gateway.composed import diary as composed_diary
from gateway.composed.names import names_of, texts
from gateway.door import auth
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown, visitor
from kernel.errors import Fault
from kernel.names import GIVEN

blueprint = Blueprint("family", __name__)


@blueprint.route("/diary")
@blueprint.route("/diary/<id:student_id>")
@operation(Journal.diary_week)
def diary(student_id: UUID | None = None) -> Answer | str:
    """A student's week. Without an id, that of the visitor's first child or of the visiting student."""
    if student_id is None:
        return _to_first("family.diary")
    today = shown.today()
    day = forms.queried_day("date") or today
    week = composed_diary.week(student_id, day)
    monday = date.fromisoformat(week["starts_on"])
    absences = {absence["lesson_id"]: absence for absence in week["absences"]}
    return render_template(
        "family/diary.html",
        week=week,
        absences=absences,
        codes=_code_names(absences),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        today=today,
        **_student(student_id),
    )


@blueprint.route("/marks")
@blueprint.route("/marks/<id:student_id>")
@operation(Journal.marks_of)
def marks(student_id: UUID | None = None) -> Answer | str:
    """A student's marks by subject with their means, for a term."""
    if student_id is None:
        return _to_first("family.marks")
    years = kept.years()
    terms = [term for year in years for term in year["terms"]]
    term_id = forms.queried_id("term")
    chosen = next((term for term in terms if term["id"] == str(term_id)), None) or shown.term_at(terms, shown.today())
    found = (
        ask(
            Journal.marks_of,
            student_id=student_id,
            starts_on=chosen["starts_on"],
            ends_on=chosen["ends_on"],
        )["subjects"]
        if chosen
        else []
    )
    return render_template("family/marks.html", subjects=found, terms=terms, term=chosen, **_student(student_id))


def children() -> list[dict[str, Any]]:
    """The visitor's children in every school, each with its school and the `text` that tells it from the others.

    A student counts as its own child.
    """
    found = []
    for membership in visitor.me()["memberships"]:
        school = {"school_id": membership["school_id"], "school_name": membership["school_name"]}
        found += [{**child, **school} for child in membership["children"]]
        if "student" in membership["roles"]:
            found.append({**membership, "student_id": membership["person_id"], "class_name": None})
    told = texts({child["student_id"]: child for child in found}, GIVEN)
    return [{**child, "text": told[child["student_id"]]} for child in found]


def _to_first(endpoint: str) -> Answer | str:
    """Redirect to the first child in the chosen school, or else in any school."""
    known = children()
    here = [child for child in known if child["school_id"] == str(auth.actor().tenant_id)]
    if not known:
        return render_template("family/no-child.html")
    child = (here or known)[0]
    return redirect(url_for(endpoint, student_id=child["student_id"], **_school_of(child)), 303)


def _school_of(child: dict[str, Any]) -> dict[str, Any]:
    """The parameter of the address that chooses the child's school, if another one is chosen."""
    return {} if child["school_id"] == str(auth.actor().tenant_id) else {"school": child["school_id"]}


def _student(student_id: UUID) -> dict[str, Any]:
    """The student whom a page shows, and the children that the visitor can choose from."""
    try:
        known = children()
    except Fault:  # the page can be read without the student's name
        return {"student": {"student_id": str(student_id), "name": "", "class_name": None}, "children": []}
    student = next((child for child in known if child["student_id"] == str(student_id)), None)
    if student is None:  # a member of staff looks at the page
        names = names_of({str(student_id)})
        found = names.get(str(student_id), {"name": ""})
        student = {"student_id": str(student_id), "name": found["name"], "class_name": None}
    return {"student": student, "children": known}


def _code_names(absences: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Code → its name. Not asked for if nobody was absent; empty if attendance is away, as the page is readable so."""
    if not absences:
        return {}
    try:
        return {code["code"]: code["name"] for code in ask(Codes.codes)["codes"]}
    except Fault:
        return {}
