"""A timetable from a file: handed in, its names matched with the school's, looked at, taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook import timetable_import as contract
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable_import import KINDS, KNOWN, NEW, NONE, TimetableImport
from contracts.identity.classes import Classes
from gateway.composed import timetable_files as composed
from gateway.composed.names import in_list, names_of, texts
from gateway.composed.people import everybody
from gateway.door import language, problems
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, shown
from gateway.pages.methodologist import timetable_teachers, years
from kernel.errors import Invalid, Refused
from kernel.names import FULL, INITIALS
from kernel.texts import Text

blueprint = Blueprint("timetable_import", __name__)

#: What a button makes of the boxes of classes: all of them ticked; the other, `NONE`, ticks none.
ALL: Final = "all"
#: Teachers that a select offers.
_MOST_TEACHERS: Final = 2000
#: New names of a kind that stand openly; more are folded up.
_MOST_OPEN: Final = 10
#: Pairs of lessons that fall together in a part of their list.
_PART: Final = 50
KIND_WORDS: Final = {
    contract.CLASS: lazy_gettext("Classes"),
    contract.SUBJECT: lazy_gettext("Subjects"),
    contract.TEACHER: lazy_gettext("Teachers"),
    contract.CLASSROOM: lazy_gettext("Classrooms"),
}
#: Kind → what its names mean where they mean nothing.
NOTHING_WORDS: Final = {
    contract.CLASS: lazy_gettext("leave its lessons out"),
    contract.SUBJECT: lazy_gettext("leave its lessons out"),
    contract.TEACHER: lazy_gettext("without a teacher"),
    contract.CLASSROOM: lazy_gettext("without a classroom"),
}
FOUND_WORDS: Final = {
    contract.REMEMBERED: lazy_gettext("as in an earlier file"),
    contract.ALIKE: lazy_gettext("alike"),
    contract.SEVERAL: lazy_gettext("several are alike: choose one"),
    contract.UNKNOWN: lazy_gettext("not there yet"),
    contract.NOT_THEN: lazy_gettext("no class is called so in that year: choose one, or leave its lessons out"),
}
CHANGE_WORDS: Final = {
    contract.ADDED: lazy_gettext("new"),
    contract.CHANGED: lazy_gettext("changes"),
    contract.DROPPED: lazy_gettext("goes"),
}
CLASH_WORDS: Final = {
    "teacher": lazy_gettext("a teacher is in two places"),
    "students": lazy_gettext("students have two lessons"),
    "classroom": lazy_gettext("a classroom is taken twice"),
    contract.TOGETHER: lazy_gettext("two classes have one subject together, in one room or with one teacher"),
}
#: How the readers of projects name a part of a file → its name in the program's own pages.
PART_WORDS: Final = {
    "activity": lazy_gettext("activity No."),
    "card": lazy_gettext("card No."),
    "lesson": lazy_gettext("lesson with the id"),
    "period": lazy_gettext("bell No."),
}
assert set(KIND_WORDS) == set(NOTHING_WORDS) == set(KINDS)
assert set(CLASH_WORDS) == set(contract.FALLING)
assert set(CHANGE_WORDS) == set(contract.CHANGES)


@blueprint.route("/year/timetable/import", methods=["GET"])
@operation(TimetableImport.read_timetable_file)
def page() -> Answer | tuple[str, int] | str:
    """The form for a file; or what a file that was handed in would change, as is proposed."""
    if not request.args.get("file"):
        return _start()
    try:
        return _file(list(_typed()))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status


@blueprint.route("/year/timetable/import", methods=["POST"])
@operation(TimetableImport.read_timetable_file)
def hand_in() -> Answer | tuple[str, int]:
    """Take the file, then show what it would change."""
    try:
        asked: dict[str, Any] = {
            "year": str(_year_id()),
            "from_date": _day().isoformat(),
            "file": composed.hand_in(request),
        }
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status
    return redirect(url_for("timetable_import.page", **asked), 303)


@blueprint.route("/year/timetable/import/names", methods=["POST"])
@operation(TimetableImport.read_timetable_file)
def match() -> tuple[str, int] | str:
    """What the file would change with names that mean what was chosen."""
    try:
        return _file(list(_typed()))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _start(problem), problem.status


@blueprint.route("/year/timetable/import/taken", methods=["POST"])
@operation(TimetableImport.take_timetable_file)
def take() -> Answer | tuple[str, int]:
    """Make the classes that are missing, enter the teachers who are, then take the file as it was shown."""
    names = list(_typed())
    try:
        if _fingerprint(names) != forms.text("shown"):
            raise Invalid(
                "You changed what the names mean: look at what the file changes now, then take it.", rule="not-shown"
            )
        classes = [{"name": one["name"]} for one in names if (one["kind"], one["means"]) == (contract.CLASS, NEW)]
        if classes:
            carry_out(Classes.make_classes, classes=classes)
        names = timetable_teachers.entered(names)
        done = carry_out(
            TimetableImport.take_timetable_file,
            timeout=LONG_TIMEOUT,
            version=forms.number("version") or 0,
            bells_version=forms.number("bells"),
            bells_title=gettext("Bells of the timetable's file"),
            **_asked(names),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        try:
            return _file(names, problem), problem.status
        except Refused:  # the file itself is gone, or the day is none of the year
            return _start(problem), problem.status
    _tell(done)
    if left := forms.number("by-hand"):
        flash(gettext("Left to put right by hand: %(count)s. The remarks on the file lead to each.", count=left))
        asked: dict[str, Any] = {name: forms.text(name) for name in ("year", "from_date", "file")}
        return redirect(url_for("timetable_import.page", **asked, _anchor="faults"), 303)
    shown_week: dict[str, Any] = {"year": forms.text("year"), "date": forms.text("from_date")}
    return redirect(url_for("timetable.page", **shown_week), 303)


# --- what was typed --------------------------------------------------------------------------------


def _year_id() -> UUID:
    return forms.identifier(request.values.get("year", ""), "year")


def _day() -> date:
    found = forms.day("from_date") if request.method == "POST" else forms.queried_day("from_date")
    if found is None:
        raise Invalid("Say from which day on.", rule="no-day", field="from_date")
    return found


def _typed() -> Iterator[dict[str, Any]]:
    """What is chosen for names: of each kind `class-0` and so on, with the names themselves in `class-0-name`.

    A class that has the same name with us has a box, ticked where its lessons are taken: `class-0-box` is its id.
    """
    for kind in KINDS:
        for field in _in_order(name.removesuffix("-name") for name in forms.suffixes(f"{kind}-")):
            name, chosen = forms.text(f"{kind}-{field}-name"), request.form.get(f"{kind}-{field}", "")
            if box := request.form.get(f"{kind}-{field}-box"):
                chosen = {ALL: box, NONE: NONE}.get(request.form.get("boxes", ""), chosen or NONE)
            if chosen in (NEW, NONE):
                yield {"kind": kind, "name": name, "means": chosen}
            elif chosen:
                target = forms.identifier(chosen, f"{kind}-{field}")
                yield {"kind": kind, "name": name, "means": KNOWN, "id": str(target)}


def _in_order(fields: Iterable[str]) -> list[str]:
    return sorted({field for field in fields if field.isascii() and field.isdigit()}, key=int)


def _asked(names: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the form asks, as the fields of a command."""
    return {
        "year_id": _year_id(),
        "file": request.values.get("file", ""),
        "from_date": _day(),
        "names": names,
        "group_name": gettext("group %(number)s", number=contract.NUMBER),
    }


def _fingerprint(names: Iterable[Mapping[str, Any]]) -> str:
    """What was chosen, in short: so a form that was changed since it was shown is told apart."""
    chosen = (str(one.get(key, "")) for one in names for key in ("kind", "name", "means", "id"))
    return forms.fingerprint(str(_day()), *chosen)


# --- the pages -------------------------------------------------------------------------------------


def _tell(done: Mapping[str, int]) -> None:
    flash(
        gettext(
            "The timetable was taken from the file. Lessons a week: %(added)s new, %(changed)s changed, "
            "%(dropped)s gone. The lessons of the days follow within a minute.",
            added=done["added"],
            changed=done["changed"],
            dropped=done["dropped"],
        )
    )
    if done["bells"]:
        flash(gettext("The bells were taken from the file."))
    if done["without_teacher"]:
        flash(gettext("Lessons a week without a teacher: %(count)s.", count=done["without_teacher"]))


def _start(problem: problems.Problem | None = None) -> str:
    known = years.years()
    year = years.chosen_of(known)
    first = max(shown.today().isoformat(), year["starts_on"]) if year else ""
    return render_template(
        "methodologist/timetable-import.html",
        years=known,
        year=year,
        from_date=request.values.get("from_date") or first,
        problem=problem,
    )


def _file(names: Sequence[Mapping[str, Any]], problem: problems.Problem | None = None) -> str:
    asked = _asked(names)
    first = request.method == "GET"
    found = composed.read(**asked, unknown_is_new=first, teachers_are_new=first)
    known = years.years()
    year = next(one for one in known if one["id"] == found["year_id"])
    ours = _ours(known, year)
    teachers = {one["before"]["teacher_id"] for one in found["changes"] if one["before"]} | {
        one["after"]["teacher_id"] for one in found["changes"] if one["after"]
    }
    teachers |= {teacher for one in found["falling"] for teacher in one["teacher_ids"]}
    names_of_teachers = texts(names_of(teachers - {None}), INITIALS) if teachers - {None} else {}
    return render_template(
        "methodologist/timetable-import-file.html",
        year=year,
        found=found,
        groups=list(_groups(_with_people(found["names"], timetable_teachers.faults(problem, names)), ours)),
        changes=_by_class(found["changes"]),
        faults=[{**one, "message": one[language.code()]} for one in found["faults"]],
        by_hand=len(_cells(found["faults"])),
        teachers=names_of_teachers,
        most_open=_MOST_OPEN,
        falling=_falling(found["falling"], names_of_teachers),
        shown=_fingerprint(_meant(found["names"])),
        bells=_bells(found["bells"]),
        words={"found": FOUND_WORDS, "change": CHANGE_WORDS, "clash": CLASH_WORDS, "part": PART_WORDS},
        problem=problem,
    )


def _bells(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The bells of the file; the box is ticked where none are kept yet, or as the person left it."""
    if found is None:
        return None
    may_be_taken = bool(found["schedules"]) and not found["faults"]
    wanted = not found["kept"] if request.method == "GET" else bool(forms.text("bells"))
    faults = [language.said(Text.from_wire(one)) for one in found["faults"]]
    return {**found, "faults": faults, "may_be_taken": may_be_taken, "ticked": wanted}


def _ours(known: list[dict[str, Any]], year: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What the school has, by kind, as selects offer it; classes as they are called in the year."""
    teachers = in_list(everybody(_MOST_TEACHERS, role="teacher"), FULL)
    return {
        contract.CLASS: years.classes_of(known, year),
        contract.SUBJECT: ask(Subjects.subjects)["subjects"],
        contract.TEACHER: [{"id": one["id"], "name": one["text"]} for one in teachers],
        contract.CLASSROOM: ask(Classrooms.classrooms)["classrooms"],
    }


def _with_people(names: Sequence[dict[str, Any]], wrong: Mapping[str, str]) -> list[dict[str, Any]]:
    """The names, those of teachers with what the form shows of the people."""
    teachers = [one for one in names if one["kind"] == contract.TEACHER]
    others = [one for one in names if one["kind"] != contract.TEACHER]
    known = timetable_teachers.typed() if request.method == "POST" else {}
    return [*others, *timetable_teachers.rows(teachers, known, wrong)]


def _groups(
    names: Iterable[Mapping[str, Any]], ours: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[dict[str, Any]]:
    """The names of each kind: those that have the same name with us, those that are new, the others."""
    for kind in KINDS:
        own = [{**one, "chosen": _chosen(one)} for one in names if one["kind"] == kind]
        rows = [{**one, "field": f"{kind}-{place}"} for place, one in enumerate(own)]
        boxes = [_box(one, ours[kind]) for one in rows if kind == contract.CLASS and one["found"] == contract.SAME]
        idle = [one for one in rows if one["idle"]]
        boxed = {one["field"] for one in boxes}
        shown_ones = [one for one in rows if one["field"] not in boxed and not one["idle"]]
        same = [one for one in shown_ones if one["found"] == contract.SAME and one["means"] == KNOWN]
        new = [one for one in shown_ones if one["found"] == contract.UNKNOWN and one["means"] == NEW]
        yield {
            "kind": kind,
            "words": KIND_WORDS[kind],
            "nothing": NOTHING_WORDS[kind],
            "ours": ours[kind],
            "boxes": boxes,
            "idle": idle,
            "same": same,
            "new": new,
            "asked": [one for one in shown_ones if one not in same and one not in new],
        }


def _box(one: dict[str, Any], ours: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A class with its box; one that is called otherwise today says so."""
    same = next((known for known in ours if known["id"] == one["alike"][0]), None)
    return {**one, "words": same["name"] if same and same["name"] != same["name_then"] else one["name"]}


def _chosen(one: Mapping[str, Any]) -> str:
    """The value of a name's select."""
    return str(one["id"] if one["means"] == KNOWN else one["means"] or "")


def _meant(names: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What `_typed` finds in the form as it is shown."""
    for kind in KINDS:
        for one in names:
            if one["kind"] == kind and one["means"] is not None:
                known = {"id": one["id"]} if one["means"] == KNOWN else {}
                yield {"kind": kind, "name": one["name"], "means": one["means"], **known}


def _cells(faults: Iterable[Mapping[str, Any]]) -> set[tuple[str, int, int]]:
    """The lessons of the week of which the file does not say everything."""
    return {(one["class_name"], one["weekday"], one["number"]) for one in faults if one["class_name"]}


def _falling(
    found: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> dict[str, list[Sequence[Mapping[str, Any]]]]:
    """What would fall together by what the lessons have in common, in parts that a person can look through."""
    by_clash: dict[str, list[Mapping[str, Any]]] = {}
    for one in found:
        people = [*(names[key] for key in one["teacher_ids"] if key in names), *one["new_teachers"]]
        by_clash.setdefault(one["clash"], []).append({**one, "people": people})
    return {clash: [them[at : at + _PART] for at in range(0, len(them), _PART)] for clash, them in by_clash.items()}


def _by_class(changes: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in changes:
        found.setdefault(one["class_name"], []).append(one)
    return found
