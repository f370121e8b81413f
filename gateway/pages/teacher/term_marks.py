"""Term marks of a course: the teacher sets them beside the computed ones and hands them in; every figure opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.entries import CONFLICT, SAVED
from contracts.gradebook.term_marks import TermMarks
from contracts.identity.classes import Classes
from gateway.composed import term_marks as composed
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import earlier, forms, kinds_of_marks, shown
from gateway.pages.teacher import course_terms
from kernel.errors import Refused

blueprint = Blueprint("term_marks", __name__)

#: Why another mark than the computed one is set: offered beside words of one's own.
REASONS: Final = (
    lazy_gettext("The last works are better"),
    lazy_gettext("The control work decided"),
    lazy_gettext("Long illness"),
    lazy_gettext("Exempt by a certificate"),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A student's row as it was sent."""

    value: str
    reason: str
    comment: str
    version: int | None
    seen: str

    @property
    def is_changed(self) -> bool:
        """Whether the fields hold something else than was shown in them."""
        return forms.fingerprint(self.value, self.comment) != self.seen


@dataclass(frozen=True, slots=True)
class Row:
    """A student's row: what is saved, what its fields show and send, and what is wrong in it."""

    student: dict[str, Any]
    fields: Typed
    fault: str | None


@blueprint.route("/journal/<id:course_id>/term-marks", methods=["GET"])
@operation(TermMarks.course_term_marks)
def page(course_id: UUID) -> str:
    """The term marks of the query's term, computed beside set, in a form for the course's teacher.

    `fill` in the query lets empty fields begin with the computed marks.
    """
    return _page(course_id, _term(course_id), fill="fill" in request.args)


@blueprint.route("/journal/<id:course_id>/term-marks", methods=["POST"])
@operation(TermMarks.set_term_marks)
def save(course_id: UUID) -> Answer | str | tuple[str, int]:
    """Save the rows that were changed, each by itself; or fill the empty ones with the computed marks to look at."""
    term_id, typed = _term(course_id), _typed()
    changed = {student: one for student, one in typed.items() if one.is_changed}
    if "fill" in request.form and changed:
        return _page(course_id, term_id, changed, fill=True)
    if "fill" in request.form:
        return redirect(_address(course_id, term_id, fill=1), 303)
    if not changed:
        flash(gettext("Nothing was changed."))
        return redirect(_address(course_id, term_id), 303)
    try:
        answers = composed.set_in_course(course_id, term_id, _entries(changed), kinds_of_marks.queried())["answers"]
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(course_id, term_id, changed, problem=problem), problem.status
    refused = {one["student_id"]: one for one in answers if one["state"] != SAVED}
    saved = len(answers) - len(refused)
    if saved:
        flash(gettext("Term marks saved: %(count)s.", count=saved))
    if not refused:
        return redirect(_address(course_id, term_id), 303)
    faults = {student: one["problem"]["detail"] for student, one in refused.items()}
    kept = {student: _seen_now(changed[student], one) for student, one in refused.items()}
    stale = any(one["state"] == CONFLICT for one in refused.values())
    return _page(course_id, term_id, kept, faults=faults), 412 if stale else 422


@blueprint.route("/journal/<id:course_id>/term-marks/hand-in", methods=["POST"])
@operation(TermMarks.hand_in_term_marks)
def hand_in(course_id: UUID) -> Answer | tuple[str, int]:
    """Hand the marks in: families see them from now on, and the homeroom teacher checks them."""
    term_id = _term(course_id)
    try:
        carry_out(TermMarks.hand_in_term_marks, course_id=course_id, term_id=term_id, kind=kinds_of_marks.queried())
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(course_id, term_id, problem=problem), problem.status
    flash(gettext("The term marks were handed in: families see them now."))
    return redirect(_address(course_id, term_id), 303)


def _page(
    course_id: UUID,
    term_id: UUID,
    typed: dict[str, Typed] | None = None,
    *,
    problem: problems.Problem | None = None,
    faults: dict[str, str] | None = None,
    fill: bool = False,
) -> str:
    found = composed.of_course(course_id, term_id, kinds_of_marks.queried())
    return render_template(
        "teacher/term-marks.html",
        found=found,
        rows=[_row(row, typed or {}, faults or {}, fill=fill) for row in found["rows"]],
        terms=shown.terms_of(found["course"]),
        class_names=_class_names(found["states"]),
        reasons=REASONS,
        heads=kinds_of_marks.HEADS,
        place=kinds_of_marks.place(term_id, found["kind"]),
        problem=problem,
        filled=fill,
        earlier=earlier.offered(),
    )


def _row(row: dict[str, Any], typed: dict[str, Typed], faults: dict[str, str], *, fill: bool) -> Row:
    student_id, mark = row["student_id"], row["mark"] or {}
    value, comment = mark.get("value") or "", mark.get("comment", "")
    saved = Typed(value, mark.get("reason", ""), comment, mark.get("version"), forms.fingerprint(value, comment))
    fields = typed.get(student_id, saved)
    if fill and not fields.value and row["why"] is None:
        fields = Typed(row["computed"]["text"] or "", fields.reason, fields.comment, fields.version, fields.seen)
    return Row(row, fields, faults.get(student_id))


def _seen_now(typed: Typed, answer: dict[str, Any]) -> Typed:
    """What was typed, beside what stands there now: to save it again replaces that."""
    mark = answer["mark"] or {}
    seen = forms.fingerprint(mark.get("value") or "", mark.get("comment", ""))
    return Typed(typed.value, typed.reason, typed.comment, mark.get("version"), seen)


def _typed() -> dict[str, Typed]:
    return {
        student: Typed(
            forms.text(f"value-{student}"),
            forms.text(f"reason-{student}"),
            forms.text(f"comment-{student}"),
            forms.number_or_none(f"version-{student}"),
            request.form.get(f"seen-{student}", forms.fingerprint("", "")),
        )
        for student in forms.suffixes("value-")
    }


def _entries(typed: dict[str, Typed]) -> list[dict[str, Any]]:
    return [
        {
            "student_id": student,
            "value": one.value or None,
            "reason": one.reason,
            "comment": one.comment,
            "version": one.version,
        }
        for student, one in typed.items()
    ]


def _class_names(states: list[dict[str, Any]]) -> dict[str, str]:
    """The names of the classes whose states are shown; not asked for where there is one."""
    if len(states) < 2:
        return {}
    return {one["id"]: one["name"] for one in ask(Classes.classes)["classes"]}


def _term(course_id: UUID) -> UUID:
    return forms.queried_id("term") or course_terms.present(course_id)


def _address(course_id: UUID, term_id: UUID, **more: Any) -> str:
    place = kinds_of_marks.place(term_id, kinds_of_marks.queried())
    return url_for("term_marks.page", course_id=course_id, **place, **more)
