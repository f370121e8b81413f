"""Marks of other schools: entered from the document that a student brought along, and withdrawn if that was wrong."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.other_schools import OtherSchools
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, reasons, shown
from gateway.pages.teacher import course_terms, kinds
from kernel.errors import Invalid, Refused
from kernel.names import GIVEN, INITIALS

blueprint = Blueprint("other_schools", __name__)

#: Rows of the form; more marks of a document are entered after these.
ROWS: Final = 8


@blueprint.route("/journal/<id:course_id>/other-schools", methods=["GET"])
@operation(OtherSchools.other_school_marks)
def page(course_id: UUID) -> str:
    """What was brought along from other schools, with a form to enter more of the query's term."""
    return _page(course_id)


@blueprint.route("/journal/<id:course_id>/other-schools", methods=["POST"])
@operation(OtherSchools.enter_other_school_marks)
def enter(course_id: UUID) -> Answer | tuple[str, int]:
    """Enter what a document says of a student; what was typed stays in the form where that is refused."""
    try:
        answer = carry_out(
            OtherSchools.enter_other_school_marks,
            course_id=course_id,
            term_id=_term(course_id),
            student_id=forms.identifier(forms.text("student_id"), "student_id"),
            school=forms.text("school"),
            document=forms.text("document"),
            marks=_marks(),
            term_marks=_term_marks(),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(course_id, problem), problem.status
    flash(gettext("Marks entered: %(count)s.", count=len(answer["marks"])))
    return redirect(_address(course_id, student=forms.text("student_id")), 303)


@blueprint.route("/journal/<id:course_id>/other-schools/<id:mark_id>", methods=["POST"])
@operation(OtherSchools.withdraw_other_school_mark)
def withdraw(course_id: UUID, mark_id: UUID) -> Answer | tuple[str, int]:
    """Withdraw a mark that was entered wrongly; the list goes on to show it."""
    try:
        carry_out(OtherSchools.withdraw_other_school_mark, mark_id=mark_id, reason=forms.text("reason"))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(course_id, problem), problem.status
    flash(gettext("The mark was withdrawn: it does not count any more."))
    return redirect(_address(course_id), 303)


def _marks() -> list[dict[str, Any]]:
    """The rows of the form in which a mark was typed. Raises `Invalid` for one without a day."""
    found = []
    for row in range(ROWS):
        text, day = forms.text(f"text-{row}"), forms.day(f"date-{row}")
        if not text and day is None:
            continue
        if day is None or not text:
            missing = "date" if day is None else "text"
            raise Invalid(
                "Each mark has a day and a value: row {row} lacks one.",
                rule="row-incomplete",
                field=f"{missing}-{row}",
                row=row + 1,
            )
        found.append({"date": day, "text": text, "kind_id": forms.optional(f"kind-{row}")})
    return found


def _term_marks() -> list[dict[str, str]]:
    terms = {term: forms.text(f"term-{term}") for term in forms.suffixes("term-")}
    return [{"term_id": term, "text": text} for term, text in terms.items() if text]


def _term(course_id: UUID) -> UUID:
    return forms.queried_id("term") or course_terms.present(course_id)


def _address(course_id: UUID, **more: Any) -> str:
    return url_for("other_schools.page", course_id=course_id, term=_term(course_id), **more)


def _page(course_id: UUID, problem: problems.Problem | None = None) -> str:
    found = ask(OtherSchools.other_school_marks, course_id=course_id, term_id=_term(course_id))
    authors = {one[name] for one in found["marks"] for name in ("entered_by", "withdrawn_by")} - {None}
    students = {one["student_id"] for one in (*found["students"], *found["marks"])}
    people = names_of(students | authors)
    names = texts({one: people[one] for one in students if one in people}, GIVEN)
    typed = request.form if problem else {}
    chosen = typed.get("student_id") or request.args.get("student", "")
    last: dict[str, Any] = next((one for one in found["marks"] if one["student_id"] == chosen), {})
    return render_template(
        "teacher/other-schools.html",
        found=found,
        terms=shown.terms_of(found["course"]),
        names=names,
        authors=texts(people, INITIALS),
        students=[one for name in names for one in found["students"] if one["student_id"] == name],
        kinds=kinds.in_choice(found["kinds"]),
        rows=range(ROWS),
        typed=typed or {"school": last.get("school", ""), "document": last.get("document", "")},
        chosen=chosen,
        reasons=reasons.CHANGED,
        problem=problem,
    )
