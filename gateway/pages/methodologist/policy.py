"""The school's policy: its rules in words, its versions, and the draft of the next one, up to its adoption."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.policy import Policies
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.voting import MOST_PARTS, MOST_SHIFTS, Voting
from gateway.composed.names import names_of, texts
from gateway.door import language, problems
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist import policy_inputs as inputs
from gateway.pages.methodologist.year import Refusal
from kernel.errors import Invalid, NotFound, Refused
from kernel.names import INITIALS
from kernel.texts import Text

blueprint = Blueprint("policy", __name__)

#: The first part of a rule's path → the heading of its part of the page.
_SECTIONS: Final = {
    "kinds": lazy_gettext("Kinds of work"),
    "scales": lazy_gettext("Scale of marks"),
    "means": lazy_gettext("Means"),
    "terms": lazy_gettext("Term marks"),
    "years": lazy_gettext("Year and certificate marks"),
    "keeping": lazy_gettext("Keeping the journal"),
    "load": lazy_gettext("Load"),
    "figures": lazy_gettext("Statistics and analysis"),
}
_HANDLINGS: Final = {"left_out": lazy_gettext("left out"), "zero": lazy_gettext("counts as zero")}
#: The figures of a grade in a preview.
_FIGURES: Final = ("records", "means", "term_marks", "breaches_appearing", "breaches_disappearing")
#: The forms of the draft that are for no rule.
_NOTE: Final = "note"
_DISCARD: Final = "discard"


@blueprint.route("/year/policy", methods=["GET"])
@operation(Policies.policy)
def page() -> str:
    """The policy that decides today, or on another day, and the versions of all times."""
    return _page()


@blueprint.route("/year/policy/draft", methods=["POST"])
@operation(Voting.draft_policy)
def begin() -> Answer | tuple[str, int]:
    """Draft a version."""
    try:
        carry_out(Voting.draft_policy)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(problem), problem.status
    return redirect(url_for("policy.draft"), 303)


@blueprint.route("/year/policy/draft", methods=["GET"])
@operation(Voting.policy_draft)
def draft() -> Answer | str:
    """The draft, with a form for each rule."""
    try:
        return _draft_page()
    except NotFound:
        return redirect(url_for("policy.page"), 303)


@blueprint.route("/year/policy/draft/rules/<path>", methods=["POST"])
@operation(Voting.change_draft)
def change(path: str) -> Answer | tuple[str, int]:
    """Set a rule of the draft with its exceptions, or set it back to the default."""
    of = inputs.input_of(path)

    def changed() -> Any:
        typed = inputs.typed_specials(of)
        subjects = [one["name"] for one in ask(Subjects.subjects)["subjects"]] if typed else []
        specials = [inputs.special_of(of, one, subjects, f"{path}.specials.{index}") for index, one in enumerate(typed)]
        value = inputs.value_of(of, inputs.typed_cells(of, "value"), f"{path}.value")
        return carry_out(Voting.change_draft, path=path, value=value, specials=specials, version=_version())

    return _changed(path, changed)


@blueprint.route("/year/policy/draft/note", methods=["POST"])
@operation(Voting.change_draft)
def note() -> Answer | tuple[str, int]:
    """Set what is said of the draft."""
    return _changed(_NOTE, lambda: carry_out(Voting.change_draft, note=forms.text("note"), version=_version()))


@blueprint.route("/year/policy/draft/removal", methods=["POST"])
@operation(Voting.discard_draft)
def discard() -> Answer | tuple[str, int]:
    """Discard the draft."""
    return _changed(_DISCARD, lambda: carry_out(Voting.discard_draft, version=_version()), "policy.page")


@blueprint.route("/year/policy/draft/preview", methods=["GET"])
@operation(Voting.preview_policy)
def preview() -> Answer | str:
    """What the draft would change, for whom, and the director's form to adopt it."""
    try:
        return _preview_page()
    except NotFound:
        return redirect(url_for("policy.page"), 303)


@blueprint.route("/year/policy/draft/adoption", methods=["POST"])
@operation(Voting.adopt_policy)
def adopt() -> Answer | tuple[str, int]:
    """Adopt the draft from a day on."""
    try:
        valid_from = forms.day("valid_from")
        if valid_from is None:
            raise Invalid("A date is missing.", rule="date", field="valid_from")
        carry_out(Voting.adopt_policy, valid_from=valid_from, decision=forms.text("decision"), version=_version())
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _refused_page(problem, lambda: _preview_page(problem))
    flash(gettext("The policy was adopted."))
    return redirect(url_for("policy.page"), 303)


# --- what is shown ---------------------------------------------------------------------------------


def _page(problem: problems.Problem | None = None) -> str:
    day = forms.queried_day("date")
    found = ask(Policies.policy, date=day)
    versions = ask(Policies.policy_versions)
    people = {one[by] for one in versions["versions"] for by in ("drafted_by", "adopted_by") if one[by]}
    drafted = next((one for one in versions["versions"] if one["valid_from"] is None), None)
    return render_template(
        "methodologist/policy.html",
        found=found,
        day=day,
        sections=_sections(found["rules"]),
        versions=[one for one in versions["versions"] if one is not drafted],
        drafted=drafted if shown.allowed(Voting.policy_draft) else None,
        in_force=versions["in_force"],
        names=texts(names_of(people), INITIALS),
        problem=problem,
    )


def _draft_page(refused: Refusal | None = None) -> str:
    found = ask(Voting.policy_draft)
    return render_template(
        "methodologist/policy-draft.html",
        found=found,
        sections=_sections([_with_form(rule, refused) for rule in found["rules"]]),
        faults=_faults(found),
        handlings=_HANDLINGS,
        more_rows=inputs.MORE_ROWS,
        refused=refused,
        subjects=[one["name"] for one in ask(Subjects.subjects)["subjects"]] if _may_change() else [],
    )


def _faults(draft_: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Why a draft cannot be adopted as it is."""
    names = {rule["path"]: rule["name"] for rule in draft_["rules"]}
    return [_fault(one, names) for one in draft_["faults"]]


def _fault(fault: Mapping[str, Any], names: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A fault of the draft with the rule that it is in; the time zone is in none."""
    parts = fault["path"].split(".")
    path = next((one for one in (parts[0], ".".join(parts[:2])) if one in names), None)
    return {"rule": path, "name": names.get(path or ""), "text": language.said(Text.from_wire(fault["text"]))}


def _preview_page(problem: problems.Problem | None = None) -> str:
    found = ask(Voting.preview_policy, timeout=LONG_TIMEOUT, grade=_grade(), part=_part() - 1)
    drafted = ask(Voting.policy_draft)
    return render_template(
        "methodologist/policy-preview.html",
        found=found,
        draft=drafted,
        faults=_faults(drafted),
        names=texts(names_of({one["student_id"] for one in found["shifts"]}), INITIALS),
        today=shown.today(),
        problem=problem,
        coming=_coming(),
        part=_part(),
        first=found["part"] * MOST_SHIFTS,
        all_grades=_sum_of(found["by_grade"]),
    )


def _sum_of(grades: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The figures of all grades together."""
    return {name: sum(one[name] for one in grades) for name in _FIGURES}


def _coming() -> Mapping[str, Any] | None:
    """The version that was adopted last, if its first day is still to come."""
    adopted = [one for one in ask(Policies.policy_versions)["versions"] if one["valid_from"] is not None]
    return next((one for one in adopted[:1] if one["valid_from"] > shown.today().isoformat()), None)


def _sections(rules: Iterable[Mapping[str, Any]]) -> list[tuple[object, list[Mapping[str, Any]]]]:
    """The rules by the parts of the page."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for rule in rules:
        found.setdefault(rule["path"].partition(".")[0], []).append(rule)
    return [(_SECTIONS.get(name, name), part) for name, part in found.items()]


def _with_form(rule: Mapping[str, Any], refused: Refusal | None) -> dict[str, Any]:
    """A rule with what stands in its form: what was typed, if it was refused."""
    of = inputs.input_of(rule["path"])
    if refused is not None and refused.form == rule["path"]:
        value, specials = inputs.typed_cells(of, "value"), inputs.typed_specials(of)
    else:
        value, specials = inputs.cells(of, rule["value"]), [inputs.special_cells(of, one) for one in rule["specials"]]
    empty = {"grades": "", "subjects": "", "kinds": [], "value": value}
    return {**rule, "input": of, "cells": value, "rows": [*specials, empty], "empty_row": inputs.empty_row(of)}


# --- what was typed --------------------------------------------------------------------------------


def _may_change() -> bool:
    return shown.allowed(Voting.change_draft)


def _version() -> int:
    return forms.number("version") or 0


def _grade() -> int | None:
    typed = request.values.get("grade", "")
    return int(typed) if typed in {str(grade) for grade in range(1, 12)} else None


def _part() -> int:
    """Which part of the list of students is asked for, from 1."""
    typed = request.values.get("part", "")
    return min(max(int(typed), 1), MOST_PARTS) if typed.isdecimal() and len(typed) <= len(str(MOST_PARTS)) else 1


def _changed(form: str, carry: Callable[[], Any], goal: str = "policy.draft") -> Answer | tuple[str, int]:
    """Make a change, then show the draft; or why it was refused, with what was typed."""
    try:
        carry()
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _refused_page(problem, lambda: _draft_page(Refusal(form, problem)))
    flash(gettext("The draft was discarded.") if form == _DISCARD else gettext("Saved."))
    return redirect(url_for(goal, _anchor=f"rule-{form}" if "." in form or form == "kinds" else None), 303)


def _refused_page(problem: problems.Problem, draft: Callable[[], str]) -> tuple[str, int]:
    """The draft with the refusal; the policy, where there is no draft any more."""
    try:
        return draft(), problem.status
    except NotFound:
        return _page(problem), problem.status
