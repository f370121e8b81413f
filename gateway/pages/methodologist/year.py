"""The school year: its calendar schedule in twelve months, what is counted of it, and forms to change it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook import calendar
from contracts.gradebook.calendar import DAYS_OFF, DIVISIONS, GRADES, Calendar, term_at
from gateway.composed import days_files as composed_files
from gateway.composed.names import names_of, texts
from gateway.door import problems
from gateway.door.asking import LONG_TIMEOUT, ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from gateway.pages.methodologist import months
from gateway.pages.methodologist.years import classes_of
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("year", __name__)

#: Empty rows of a form of terms that are there to be filled in: of a division that the year has, and of a new one.
_MORE_TERMS: Final = 1
_NEW_TERMS: Final = 5
#: Part of a calendar → what a change of it is called in its history.
_PARTS: Final = {
    "year": lazy_gettext("the year"),
    "terms": lazy_gettext("terms"),
    "grades": lazy_gettext("weeks of grades"),
    "days": lazy_gettext("days"),
    "bells": lazy_gettext("bells"),
    "shifts": lazy_gettext("second shift"),
}
KINDS: Final = {
    calendar.HOLIDAYS: lazy_gettext("school holidays"),
    calendar.PUBLIC: lazy_gettext("public holiday"),
    calendar.CLOSED: lazy_gettext("day off"),
}


#: What becomes of days by a file → its words.
_CHANGES: Final = {
    calendar.ADDED: lazy_gettext("new"),
    calendar.REPLACED: lazy_gettext("changes"),
    calendar.GONE: lazy_gettext("goes"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the form of this name was refused; what was typed into it is in the request."""

    form: str
    problem: problems.Problem


@blueprint.route("/year", methods=["GET"])
@operation(Calendar.schedule)
def page() -> str:
    """The calendar schedule of a year: of the present one, unless another one is asked for."""
    return _page(forms.queried_id("year"))


@blueprint.route("/year", methods=["POST"])
@operation(Calendar.make_year)
def make() -> Answer | tuple[str, int]:
    """Make a year."""
    try:
        made = carry_out(Calendar.make_year, **_span())
    except Refused as refusal:
        return _refused(None, "new", refusal)
    return _done(UUID(made["id"]))


@blueprint.route("/year/<id:year_id>", methods=["POST"])
@operation(Calendar.change_year)
def change(year_id: UUID) -> Answer | tuple[str, int]:
    """Change title, first and last day of a year."""
    return _changed(year_id, "year", lambda: carry_out(Calendar.change_year, **_start(year_id), **_span()))


@blueprint.route("/year/<id:year_id>/terms", methods=["POST"])
@operation(Calendar.set_terms)
def set_terms(year_id: UUID) -> Answer | tuple[str, int]:
    """Set the terms of a division. Rows without a title go."""
    division = forms.text("division")
    form = f"terms-{division if forms.text('known') else 'new'}"
    return _changed(
        year_id,
        form,
        lambda: carry_out(Calendar.set_terms, **_start(year_id), division=division, terms=list(_terms())),
    )


@blueprint.route("/year/<id:year_id>/grades", methods=["POST"])
@operation(Calendar.set_grades)
def set_grades(year_id: UUID) -> Answer | tuple[str, int]:
    """Set terms and weeks of the grades."""
    return _changed(
        year_id, "grades", lambda: carry_out(Calendar.set_grades, **_start(year_id), grades=list(_grades()))
    )


@blueprint.route("/year/<id:year_id>/days", methods=["POST"])
@operation(Calendar.change_days)
def add_day(year_id: UUID) -> Answer | tuple[str, int]:
    """Add days off, a moved or a short day."""
    return _changed(year_id, forms.text("what"), lambda: carry_out(Calendar.change_days, **_start(year_id), **_day()))


@blueprint.route("/year/<id:year_id>/days/<id:day_id>", methods=["POST"])
@operation(Calendar.change_days)
def change_day(year_id: UUID, day_id: UUID) -> Answer | tuple[str, int]:
    """Change or remove days off, a moved or a short day."""

    def changed() -> Any:
        what = {"removed": [day_id]} if forms.text("remove") else _day(day_id)
        return carry_out(Calendar.change_days, **_start(year_id), **what)

    return _changed(year_id, str(day_id), changed)


@blueprint.route("/year/<id:year_id>/days-file", methods=["GET"])
@operation(Calendar.read_days_file)
def days_file(year_id: UUID) -> Answer | str:
    """What a file that was handed in would change of the year, with a form to take it."""
    if not request.args.get("file"):
        return redirect(url_for("year.page", year=year_id), 303)
    return _days_file(year_id, request.args)


@blueprint.route("/year/<id:year_id>/days-file", methods=["POST"])
@operation(Calendar.read_days_file)
def hand_in_days_file(year_id: UUID) -> Answer | tuple[str, int]:
    """Take a file of days, then show what it would change."""
    try:
        kind = forms.text("kind")
        forms.grades("grades")
        file = composed_files.hand_in(request)
    except Refused as refusal:
        return _refused(year_id, "file", refusal)
    return redirect(url_for("year.days_file", year_id=year_id, file=file, kind=kind, grades=forms.text("grades")), 303)


@blueprint.route("/year/<id:year_id>/days-file/taken", methods=["POST"])
@operation(Calendar.take_days_file)
def take_days_file(year_id: UUID) -> Answer | tuple[str, int]:
    """Take the file as it was shown."""
    try:
        carry_out(
            Calendar.take_days_file, timeout=LONG_TIMEOUT, **_start(year_id), file=forms.text("file"),
            kind=forms.text("kind"), grades=forms.grades("grades"),
        )  # fmt: skip
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _days_file(year_id, request.form, problem), problem.status
    return _done(year_id)


def _days_file(year_id: UUID, asked: Mapping[str, str], problem: problems.Problem | None = None) -> str:
    chosen = {name: asked.get(name, "") for name in ("file", "kind", "grades")}
    found = composed_files.read(
        year_id,
        file=chosen["file"],
        kind=chosen["kind"] or calendar.HOLIDAYS,
        grades=forms.grades_of(chosen["grades"], "grades"),
    )
    title = next((one["title"] for one in ask(Calendar.calendar)["years"] if one["id"] == str(year_id)), "")
    return render_template(
        "methodologist/year-days-file.html",
        found=found,
        title=title,
        chosen=chosen,
        changing=[one for one in found["changes"] if one["change"] != calendar.SAME],
        same=sum(one["change"] == calendar.SAME for one in found["changes"]),
        changes=_CHANGES,
        problem=problem,
    )


@blueprint.app_template_filter()
def row_of_days_in_words(row: Mapping[str, Any]) -> str:
    """A row of what a file would change."""
    if row["what"] == "off":
        return days_off_in_words(row)
    dated = {**row, "date": row["first"]}
    return moved_day_in_words(dated) if row["what"] == "moved" else short_day_in_words(dated)


# --- what was typed --------------------------------------------------------------------------------


def _start(year_id: UUID) -> dict[str, Any]:
    return {"year_id": year_id, "version": forms.number("version") or 0}


def _span() -> dict[str, Any]:
    return {"title": forms.text("title"), "starts_on": _needed("starts_on"), "ends_on": _needed("ends_on")}


def _needed(name: str) -> date:
    found = forms.day(name)
    if found is None:
        raise Invalid("A date is missing.", rule="date", field=name)
    return found


def _terms() -> Iterator[dict[str, Any]]:
    for row in forms.suffixes("title-"):
        if forms.text(f"title-{row}"):
            term_id = forms.text(f"id-{row}")
            yield {
                "id": forms.identifier(term_id, f"id-{row}") if term_id else None,
                "title": forms.text(f"title-{row}"),
                "starts_on": _needed(f"starts_on-{row}"),
                "ends_on": _needed(f"ends_on-{row}"),
            }


def _grades() -> Iterator[dict[str, Any]]:
    """What is said of grades; a grade without a week is one of which nothing is."""
    for grade in GRADES:
        days = forms.number(f"days-{grade}")
        if days is not None:
            yield {"grade": grade, "division": forms.text(f"division-{grade}"), "days_a_week": days}


def _day(day_id: UUID | None = None) -> dict[str, Any]:
    """The fields of `ChangeDays` for the one day, or days off, of the form."""
    what, grades = forms.text("what"), forms.grades("grades")
    if what == "off":
        first = _needed("first")
        named = {"kind": forms.text("kind"), "name": forms.text("name")}
        last = forms.day("last") or first
        return {"days_off": [{"id": day_id, **named, "first": first, "last": last, "grades": grades}]}
    dated = {"id": day_id, "date": _needed("date"), "grades": grades}
    if what == "moved":
        return {"moved_days": [{**dated, "weekday": forms.number("weekday") or 0}]}
    return {"short_days": [dated]}


# --- the page --------------------------------------------------------------------------------------


def _changed(year_id: UUID, form: str, carry: Callable[[], Any]) -> Answer | tuple[str, int]:
    """Make a change, then show the year; or why it was refused, with what was typed."""
    try:
        carry()
    except Refused as refusal:
        return _refused(year_id, form, refusal)
    return _done(year_id)


def _done(year_id: UUID) -> Answer:
    kept.forget_calendar()
    flash(gettext("Saved."))
    return redirect(url_for("year.page", year=year_id), 303)


def _refused(year_id: UUID | None, form: str, refusal: Refused) -> tuple[str, int]:
    problem = problems.of_refusal(refusal)
    return _page(year_id, Refusal(form, problem)), problem.status


def _page(year_id: UUID | None, refused: Refusal | None = None) -> str:
    years = ask(Calendar.calendar)["years"]
    chosen = year_id or present_year(years)
    year = ask(Calendar.schedule, year_id=chosen) if chosen else None
    grade = _asked_grade()
    return render_template(
        "methodologist/year.html",
        years=years,
        year=year,
        grade=grade,
        months=months.months(year["days"], grade) if year else [],
        states=months.STATES,
        counts=list(_counts(year)) if year else [],
        divisions=_divisions(year) if year else [],
        all_divisions=DIVISIONS,
        kinds={kind: KINDS[kind] for kind in DAYS_OFF},
        all_grades=GRADES,
        said={one["grade"]: one for one in year["grades"] if one["said"]} if year else {},
        new_terms=_NEW_TERMS,
        history=_history(chosen, years) if chosen and shown.allowed(Calendar.calendar_changes) else [],
        today=shown.today(),
        suggested=_next_span(years),
        refused=refused,
    )


def present_year(years: Sequence[Mapping[str, Any]]) -> UUID | None:
    """The year to begin with: the one that goes on, else the last that has begun, or the first."""
    found = term_at(years, shown.today().isoformat(), lambda one: str(one["starts_on"]))
    return UUID(found["id"]) if found else None


def _asked_grade() -> int | None:
    given = request.args.get("grade", "")
    return int(given) if given.isascii() and given.isdigit() and int(given) in GRADES else None


def _next_span(years: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What a new year is called and when it goes, unless the person says otherwise: it follows the last one."""
    today = shown.today()
    last = max((date.fromisoformat(one["ends_on"]) for one in years), default=None)
    first = last.year if last else today.year if today.month > 5 else today.year - 1
    return {"title": f"{first}/{first + 1}", "starts_on": f"{first}-09-01", "ends_on": f"{first + 1}-08-31"}


def _divisions(year: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The divisions of the year with their terms, and rows to be filled in."""
    found: dict[str, list[dict[str, Any]]] = {}
    for term in year["terms"]:
        found.setdefault(term["division"], []).append(term)
    return [
        {
            "key": key,
            "name": shown.division(key) or gettext("Terms"),
            "terms": terms,
            "rows": [*terms, *[{}] * _MORE_TERMS],
            "imported": not all(term["by_hand"] for term in terms),
        }
        for key, terms in sorted(found.items(), key=lambda item: _place(item[0]))
    ]


def _place(division: str) -> tuple[int, str]:
    """The place of a division among those of a year: quarters first."""
    kind = division.partition(":")[0]
    return DIVISIONS.index(kind) if kind in DIVISIONS else len(DIVISIONS), division


def _counts(year: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """For each division a table of school days and weeks: grades that have the same ones are one row."""
    titles = {term["id"]: term["title"] for term in year["terms"]}
    rows: dict[tuple[Any, ...], list[int]] = {}
    for one in year["grades"]:
        figures = tuple((term["term_id"], term["days"], term["weeks"]) for term in one["terms"])
        key = (one["division"], one["days_a_week"], one["said"], figures, one["days"], one["weeks"])
        rows.setdefault(key, []).append(one["grade"])
    for division in sorted({key[0] for key in rows}, key=_place):
        own = {key: grades for key, grades in rows.items() if key[0] == division}
        yield {
            "name": shown.division(division),
            "terms": [titles[term_id] for term_id, _, _ in next(iter(own))[3]],
            "rows": [_count_row(key, grades, of_all=len(rows) == 1) for key, grades in own.items()],
        }


def _count_row(key: tuple[Any, ...], grades: list[int], *, of_all: bool) -> dict[str, Any]:
    _, days_a_week, said, terms, days, weeks = key
    return {
        "grades": shown.grades_in_words([] if of_all else grades),
        "days_a_week": days_a_week,
        "said": said,
        "terms": terms,
        "days": days,
        "weeks": weeks,
    }


def _history(year_id: UUID, years: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes of the year, one of `years`, newest first, in words; classes have their names of that year."""
    found = ask(Calendar.calendar_changes, year_id=year_id)["changes"]
    names = texts(names_of({one["changed_by"] for one in found if one["changed_by"]}), INITIALS)
    of_shifts = any(one["what"] == "shifts" for one in found)
    year = next((one for one in years if one["id"] == str(year_id)), None)
    classes = {one["id"]: one["name_then"] for one in classes_of(years, year)} if of_shifts else {}
    return [
        {
            "at": one["changed_at"],
            "by": names.get(one["changed_by"], "–"),
            "what": _PARTS[one["what"]],
            "before": list(_told(one["before"], classes)),
            "after": list(_told(one["after"], classes)),
        }
        for one in found
    ]


def _told(parts: Mapping[str, Any], classes: Mapping[str, str]) -> Iterator[str]:
    """The rows of a change in words; `classes`: id → name."""
    for part, rows in parts.items():
        if part == "second_shift":
            yield ", ".join(sorted(classes.get(class_id, "–") for class_id in rows)) or "–"
            continue
        for row in [rows] if isinstance(rows, Mapping) else rows:
            yield _WORDS[part](row)


def _dates(row: Mapping[str, Any], first: str, last: str) -> str:
    form = "dd.MM.yyyy"
    begins, ends = shown.day(row[first], form), shown.day(row[last], form)
    return begins if begins == ends else f"{begins} – {ends}"


def _of_term(row: Mapping[str, Any]) -> str:
    return f"{row['title']}, {_dates(row, 'starts_on', 'ends_on')}"


def _of_grade(row: Mapping[str, Any]) -> str:
    days = gettext("%(days)s days a week", days=row["days_a_week"])
    name = shown.division(row["division"])
    return ", ".join(filter(None, (shown.grades_in_words([row["grade"]]), name.lower(), days)))


@blueprint.app_template_filter()
def days_off_in_words(row: Mapping[str, Any]) -> str:
    """What days off are, their name and dates, and for whom they are."""
    return f"{row['name']} ({KINDS[row['kind']]}), {_dates(row, 'first', 'last')}, {_for_whom(row)}"


@blueprint.app_template_filter()
def moved_day_in_words(row: Mapping[str, Any]) -> str:
    """When a moved day is, by which timetable it is taught, and for whom."""
    return f"{_dates(row, 'date', 'date')} {months.BY_WEEKDAY[row['weekday']]}, {_for_whom(row)}"


def _of_bells(row: Mapping[str, Any]) -> str:
    bells = ", ".join(f"{one['number']}: {one['starts']}–{one['ends']}" for one in row["bells"])
    return f"{row['title']}; {bells}"


@blueprint.app_template_filter()
def short_day_in_words(row: Mapping[str, Any]) -> str:
    """When a short day is, and for whom."""
    return f"{_dates(row, 'date', 'date')} {months.STATES[calendar.SHORT][1]}, {_for_whom(row)}"


def _for_whom(row: Mapping[str, Any]) -> str:
    return shown.grades_in_words(row["grades"])


_WORDS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "year": _of_term,
    "terms": _of_term,
    "grades": _of_grade,
    "days_off": days_off_in_words,
    "moved_days": moved_day_in_words,
    "short_days": short_day_in_words,
    "bells": _of_bells,
}
