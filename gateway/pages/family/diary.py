"""Pages of families: the diary of a week, where students tick homework as done, and marks by subject."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Final, cast
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.term_marks import TERM, TermMarks
from gateway.composed import diary as composed_diary
from gateway.composed.names import names_of, texts
from gateway.door import keeping
from gateway.door.asking import ask, carry_out
from gateway.door.auth import actor, operation
from gateway.pages.family.absences import code_names, of_term
from gateway.pages.frame import children, forms, kinds_of_marks, shown
from kernel.clock import now
from kernel.errors import Fault, NotFound

blueprint = Blueprint("family", __name__)

#: The weekday from which on families look for what is due on Monday: Friday, as `date.weekday` counts.
LAST_DAYS: Final = 4
#: A comment that so many marks of a page have is said once, under a number.
_MANY: Final = 3


@blueprint.route("/diary")
@blueprint.route("/diary/<id:student_id>")
@operation(Journal.diary_week)
def diary(student_id: UUID | None = None) -> Answer | str | tuple[str, int]:
    """A student's week. Without an id, that of the visitor's first child or of the visiting student."""
    if student_id is None:
        return children.to_first("family.diary")
    today = shown.today()
    day = forms.queried_day("date") or today
    try:
        week = composed_diary.week(student_id, day)
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    monday = date.fromisoformat(week["starts_on"])
    absences = {absence["lesson_id"]: absence for absence in week["absences"]}
    shown_to = children.shown_student(student_id)
    keeps_week = keeping.keeps() and _is_own_child(student_id, shown_to["children"])
    if keeps_week:
        keeping.keep(student_id, monday)
    return render_template(
        "family/diary.html",
        week=week,
        days=_days(week, today),
        absences=absences,
        codes=code_names() if absences else {},
        holders=_holders(week["days"]),
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        today=today,
        tomorrow=today + timedelta(days=1),
        ticks=shown.allowed(Homework.set_done) and actor().person_id == student_id,
        keeps_week=keeps_week,
        seen_at=shown.local(now()),
        **shown_to,
    )


@blueprint.route("/diary/<id:student_id>/days/<day:day>")
@operation(Journal.diary_week)
def of_day(student_id: UUID, day: date) -> Answer:
    """Where letters lead: the day in the diary, or its lesson that the query names.

    What follows # in an address gets lost where somebody signs in between; this page adds it afterwards.
    """
    lesson_id = forms.queried_id("lesson")
    place = f"lesson-{lesson_id}" if lesson_id else f"day-{day}"
    return redirect(url_for("family.diary", student_id=student_id, date=day, _anchor=place), 303)


@blueprint.route("/diary/homework/<id:lesson_id>/done", methods=["POST"])
@operation(Homework.set_done)
def tick(lesson_id: UUID) -> Answer:
    """Tick homework in the visiting student's own diary, or take that back; then show it again where it stood."""
    carry_out(Homework.set_done, lesson_id=lesson_id, done=forms.text("done") == "yes", seen=forms.text("seen")[:32])
    day = forms.day("day")
    place = f"due-{lesson_id}-{day}" if day else None
    shown_day = forms.day("date") or day
    return redirect(url_for("family.diary", student_id=actor().person_id, date=shown_day, _anchor=place), 303)


@blueprint.route("/marks")
@blueprint.route("/marks/<id:student_id>")
@operation(Journal.marks_of)
def marks(student_id: UUID | None = None) -> Answer | str | tuple[str, int]:
    """A student's marks by subject with their means, for a term."""
    if student_id is None:
        return children.to_first("family.marks")
    try:
        found = _marks_of(student_id, forms.queried_id("term"))
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    return render_template(
        "family/marks.html",
        found=found,
        others=_other_terms(found),
        absent=of_term(student_id, found["term"]) if found["term"] else None,
        today=shown.today(),
        **children.shown_student(student_id),
    )


@blueprint.route("/marks/<id:student_id>/terms")
@operation(TermMarks.student_term_marks)
def term_marks(student_id: UUID) -> Answer | str | tuple[str, int]:
    """A student's term marks of a year, by subject: of the one that the query names, else of the one begun last."""
    try:
        found = ask(TermMarks.student_term_marks, student_id=student_id)
    except NotFound as refusal:
        return children.closed(refusal, student_id)
    years = _years_of(found["terms"])
    year = next((one for one in years if one["id"] == request.args.get("year")), years[0] if years else None)
    terms = [one for one in found["terms"] if year is not None and one["year_id"] == year["id"]]
    subjects = _of_terms(found["subjects"], {one["id"] for one in terms})
    return render_template(
        "family/term-marks.html",
        years=years,
        year=year,
        columns=_columns(terms, subjects),
        subjects=subjects,
        notes=_notes(subjects),
        **children.shown_student(student_id),
    )


def _years_of(terms: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The years of terms, the last one first: «2024/25»."""
    found: dict[str, list[str]] = {}
    for one in sorted(terms, key=itemgetter("starts_on"), reverse=True):
        found.setdefault(one["year_id"], []).extend((one["starts_on"][:4], one["ends_on"][:4]))
    return [{"id": key, "words": "/".join(sorted({min(days), max(days)}))} for key, days in found.items()]


def _of_terms(subjects: list[dict[str, Any]], term_ids: set[str]) -> list[dict[str, Any]]:
    """The courses that have marks at one of these terms, with the marks by term and kind."""
    found = []
    for one in subjects:
        marks = {(mark["term_id"], mark["kind"]): mark for mark in one["marks"] if mark["term_id"] in term_ids}
        if marks:
            found.append({**one, "marks": marks})
    return found


def _notes(subjects: list[dict[str, Any]]) -> dict[str, int]:
    """Comments that stand beside many marks, as those of one document do: each is said once, under its number."""
    said = Counter(mark["comment"] for one in subjects for mark in one["marks"].values() if mark["comment"])
    return {text: number for number, text in enumerate((one for one in said if said[one] >= _MANY), 1)}


def _columns(terms: list[dict[str, Any]], subjects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The terms, and behind the last ones what stands there of the year, where there is any."""
    given = {place for one in subjects for place in one["marks"]}
    of_terms = [{"term": one["id"], "kind": TERM, "title": one["title"]} for one in terms]
    of_year = [
        {"term": one["id"], "kind": kind, "title": name}
        for kind, name in kinds_of_marks.NAMES.items()
        for one in terms
        if (one["id"], kind) in given
    ]
    return [*of_terms, *of_year]


def _holders(days: list[dict[str, Any]]) -> dict[str, str]:
    """The names of those who hold lessons in place of the courses' teachers; empty if identity is away."""
    people = {one["teacher_id"] for each in days for one in each["lessons"] if one.get("teacher_id")}
    try:
        return texts(names_of(people)) if people else {}
    except Fault:
        return {}


def _is_own_child(student_id: UUID, known: list[dict[str, Any]]) -> bool:
    """Whether the visitor looks at a child of theirs, or at themselves: staff keep nobody's diary."""
    return any(child["student_id"] == str(student_id) for child in known)


def _days(week: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """The days of the week; where the present one is over, the next day with lessons or homework follows."""
    days: list[dict[str, Any]] = week["days"]
    if not is_over(days, today):
        return days
    monday = date.fromisoformat(days[-1]["date"]) + timedelta(days=1)
    coming = _coming(ask(Journal.diary_week, student_id=week["student_id"], date=monday)["days"])
    return [*days, coming] if coming else days


def is_over(days: list[dict[str, Any]], today: date) -> bool:
    """Whether these are the days of the present week, today is one of its last, and nothing is to come in it."""
    first, last, now = days[0]["date"], days[-1]["date"], today.isoformat()
    if not first <= now <= last or today.weekday() < LAST_DAYS:
        return False
    return _coming([each for each in days if each["date"] > now]) is None


def _coming(days: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The first of these days with lessons or homework."""
    return next((each for each in days if each["lessons"] or each.get("due_homework")), None)


def _marks_of(student_id: UUID, term_id: UUID | None) -> dict[str, Any]:
    """The student's marks of a term; of the present one, where a link names another student's or an old one."""
    try:
        return cast("dict[str, Any]", ask(Journal.marks_of, student_id=student_id, term_id=term_id))
    except NotFound as refusal:
        if term_id is None or refusal.rule != "no-such-term":
            raise
    return cast("dict[str, Any]", ask(Journal.marks_of, student_id=student_id))


def _other_terms(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The present terms of the other divisions of the year, by which the subjects go that are not shown."""
    term = found["term"]
    of_year = [one for one in found["terms"] if term and one["year_id"] == term["year_id"]]
    present = [shown.present_of(terms) for _, terms in shown.by_division(of_year)]
    return [one for one in present if one and one["division"] != term["division"]]
