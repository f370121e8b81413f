"""A school's past from files of АСУ РСО: handed in, names matched, looked at, taken, undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook import past_import as contract
from contracts.gradebook.past_import import KINDS, KNOWN, NEW, NONE, PastImports
from gateway.composed import past_files as composed
from gateway.composed.names import names_of, texts
from gateway.door import language, problems
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kinds_of_marks, shown
from gateway.pages.methodologist import years
from kernel.errors import Refused

blueprint = Blueprint("past_import", __name__)

KIND_WORDS: Final = {
    contract.STUDENT: lazy_gettext("Students"),
    contract.SUBJECT: lazy_gettext("Subjects"),
}
FOUND_WORDS: Final = {
    contract.SAME: lazy_gettext("the same name"),
    contract.REMEMBERED: lazy_gettext("as in an earlier file"),
    contract.ALIKE: lazy_gettext("alike"),
    contract.SEVERAL: lazy_gettext("it may be one of these: choose"),
    contract.UNKNOWN: lazy_gettext("not there yet"),
}
assert set(KIND_WORDS) == set(KINDS)
assert set(FOUND_WORDS) == set(contract.FOUND)


@blueprint.route("/import/past", methods=["GET"])
@operation(PastImports.past_imports)
def page() -> Answer | tuple[str, int] | str:
    """The form for files, above those that were taken; or what a file that was handed in would add, as is proposed."""
    if not request.args.get("file"):
        return _start()
    try:
        return _file()
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status


@blueprint.route("/import/past", methods=["POST"])
@operation(PastImports.read_past_file)
def hand_in() -> Answer | tuple[str, int]:
    """Take the files, then show what the first one would add; the others follow it."""
    try:
        first, *more = composed.hand_in_all(request)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status
    return redirect(url_for("past_import.page", file=first, more=more), 303)


@blueprint.route("/import/past/names", methods=["POST"])
@operation(PastImports.read_past_file)
def match() -> tuple[str, int] | str:
    """What the file would add with the class, the year and the names that were chosen."""
    try:
        return _file()
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status


@blueprint.route("/import/past/taken", methods=["POST"])
@operation(PastImports.take_past_file)
def take() -> Answer | tuple[str, int]:
    """Take the file as it was shown, then go on with the next one."""
    try:
        done = carry_out(
            PastImports.take_past_file,
            timeout=LONG_TIMEOUT,
            shown=forms.text("shown"),
            document=forms.text("document"),
            **_asked(),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        try:
            return _file(problem), problem.status
        except Refused:  # the file itself is gone, or what was chosen is not there any more
            return _start(problem), problem.status
    _tell(done)
    first, *more = _more() or [""]
    return redirect(url_for("past_import.page", file=first or None, more=more), 303)


@blueprint.route("/import/past/<id:import_id>/undo", methods=["POST"])
@operation(PastImports.undo_past_import)
def undo(import_id: UUID) -> Answer | tuple[str, int]:
    """Take back what a file brought."""
    try:
        done = carry_out(PastImports.undo_past_import, import_id=import_id)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status
    flash(gettext("The import was undone. Marks that were taken back: %(count)s.", count=done["marks"]))
    return redirect(url_for("past_import.page"), 303)


# --- what was typed --------------------------------------------------------------------------------


def _more() -> list[str]:
    """The files that follow."""
    return request.values.getlist("more")[: composed.MOST_FILES]


def _typed() -> Iterator[dict[str, Any]]:
    """What is chosen for names: of each kind `student-0` and so on, with the names themselves in `student-0-name`."""
    for kind in KINDS:
        fields = {name.removesuffix("-name") for name in forms.suffixes(f"{kind}-") if name.endswith("-name")}
        for field in sorted(filter(str.isdecimal, fields), key=int):
            name, chosen = forms.text(f"{kind}-{field}-name"), request.form.get(f"{kind}-{field}", "")
            if chosen in (NEW, NONE):
                yield {"kind": kind, "name": name, "means": chosen}
            elif chosen:
                yield {"kind": kind, "name": name, "means": KNOWN, "id": forms.identifier(chosen, f"{kind}-{field}")}


def _asked() -> dict[str, Any]:
    """What the form asks, as the fields of a command; another class has other people, so that names are told anew."""
    year, school_class = request.values.get("year"), request.values.get("class")
    moved = request.form.get("class", "") != request.form.get("shown-class", "")
    return {
        "file": request.values.get("file", ""),
        "year_id": forms.identifier(year, "year") if year else None,
        "class_id": forms.identifier(school_class, "class") if school_class else None,
        "names": [one for one in _typed() if not (moved and one["kind"] == contract.STUDENT)],
    }


# --- the pages -------------------------------------------------------------------------------------


def _tell(done: Mapping[str, Any]) -> None:
    if done["import_id"] is None:
        flash(gettext("Nothing was added: all marks of the file stand here already."))
        return
    flash(gettext("The file was taken. Marks added: %(count)s. Families see them from now on.", count=done["added"]))
    if done["differs"]:
        flash(gettext("Marks of the file that differ from ours, which stay: %(count)s.", count=done["differs"]))


def _start(problem: problems.Problem | None = None) -> str:
    taken = ask(PastImports.past_imports)["imports"]
    people = {one[by] for one in taken for by in ("taken_by", "undone_by") if one[by]}
    return render_template(
        "methodologist/past-import.html",
        taken=taken,
        names=texts(names_of(people)) if people else {},
        most=composed.MOST_FILES,
        problem=problem,
    )


def _file(problem: problems.Problem | None = None) -> str:
    found = composed.read(**_asked())
    known = years.years()
    year = next((one for one in known if one["id"] == found["year_id"]), None)
    today = shown.day(shown.today(), "dd.MM.y")
    is_journal = found["what"] == contract.JOURNAL
    said = gettext("Journal of АСУ РСО of %(date)s", date=today)
    document = said if is_journal else gettext("Report card of АСУ РСО of %(date)s", date=today)
    return render_template(
        "methodologist/past-import-file.html",
        found=found,
        years=known,
        year=year,
        classes=years.classes_of(known, year) if year else [],
        groups=list(_groups(found)),
        marks=_by_course(found["marks"]),
        faults=[{**one, "message": one[language.code()]} for one in found["faults"]],
        document=forms.text("document") or document,
        more=_more(),
        words={"found": FOUND_WORDS, "kind": kinds_of_marks.NAMES},
        problem=problem,
    )


def _groups(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The names of each kind: those that have the same name with us, and those that are to be looked at."""
    ours = {contract.STUDENT: found["students"], contract.SUBJECT: found["subjects"]}
    for kind in KINDS:
        own = [one for one in found["names"] if one["kind"] == kind]
        rows = [{**one, "field": f"{kind}-{place}", "chosen": _chosen(one)} for place, one in enumerate(own)]
        same = [
            one for one in rows if one["found"] == contract.SAME and one["means"] == KNOWN and one["id"] in one["alike"]
        ]
        yield {
            "kind": kind,
            "words": KIND_WORDS[kind],
            "ours": ours[kind],
            "same": same,
            "asked": [one for one in rows if one not in same],
        }


def _chosen(one: Mapping[str, Any]) -> str:
    """The value of a name's select."""
    return str(one["id"] if one["means"] == KNOWN else one["means"] or "")


def _by_course(marks: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in marks:
        found.setdefault(one["title"], []).append(one)
    return found
