"""A teacher's day, and the list of journals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.classes import Classes
from contracts.roles import KEEPERS
from gateway.composed.classes import in_year
from gateway.composed.names import names_of, texts
from gateway.composed.years import year_at
from gateway.door.asking import ask
from gateway.door.auth import actor, operation
from gateway.pages.frame import forms, kept, reasons, shown, visitor
from gateway.pages.teacher import day_form, day_homework, day_missing, planned
from kernel.errors import Fault
from kernel.names import INITIALS

blueprint = Blueprint("teaching", __name__)


@blueprint.route("/day")
@blueprint.route("/day/<day:day>")
@operation(Lessons.day)
def day(day: date | None = None) -> str:
    """The visitor's lessons on a date, with a form for topic and homework."""
    return _day_page(day or forms.queried_day("date") or shown.today())


@blueprint.route("/day/<day:day>", methods=["POST"])
@operation(Lessons.describe_lesson)
def save(day: date) -> Answer | tuple[str, int]:
    """Save every lesson that was changed on the page, then show the day again; what was refused stays typed."""
    outcomes = day_form.save()
    refusals = [one.problem for one in outcomes.values() if one.problem]
    if refusals:
        return _day_page(day, outcomes), refusals[0].status
    titles = ", ".join(lesson_name(one.lesson) for one in outcomes.values() if one.lesson)
    if titles:
        flash(gettext("Saved: %(lessons)s.", lessons=titles))
    else:
        flash(gettext("Saved.") if outcomes else gettext("Nothing was changed."))
    at = forms.text("at")
    too_much = [one for one, saved in outcomes.items() if saved.typed.fields.get("homework") and _is_too_much(one)]
    where: dict[str, Any] = {"day": day, "load": too_much}
    return redirect(url_for("teaching.day", **where, _anchor=f"lesson-{at}" if at in outcomes else None), 303)


def _is_too_much(lesson: str) -> bool:
    """Whether the homework that was just saved exceeds the school's limits: the page says so beside it."""
    return bool(day_homework.warning({"id": lesson, "homework_due": forms.day(f"homework_due-{lesson}")}))


@blueprint.route("/courses")
@operation(Courses.courses)
def courses() -> str:
    """The journals of a year that the visitor may read, by class; of the present year, unless another is chosen."""
    mine = "all" not in request.args and shown.allowed(Marks.post_mark)
    known = kept.years()
    present = year_at(known, shown.today())
    year = next((one for one in known if one["id"] == request.args.get("year")), present)
    found = ask(Courses.courses, mine=mine, year_id=year["id"])["courses"] if year else []
    now = ask(Classes.classes)["classes"]
    classes = {one["id"]: one for one in in_year(now, found, known, year, shown.today())}
    order = {class_id: index for index, class_id in enumerate(classes)}
    found.sort(key=lambda course: (order.get(course["class_id"], len(order)), course["title"]))
    every_class = actor().holds(KEEPERS)
    return render_template(
        "teacher/courses.html",
        years=known,
        year=year,
        present=year == present,
        courses=found,
        classes=classes,
        terms=_present_terms(found),
        mine=mine,
        led=[class_id for class_id in classes if every_class or visitor.leads(class_id)],
    )


def _present_terms(courses: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Course → its present term."""
    known: dict[tuple[str, str], dict[str, Any] | None] = {}
    for course in courses:
        place = (course["year_id"], shown.division_of(course))
        if place not in known:
            known[place] = shown.present_term(course)
    terms = {course["id"]: known[course["year_id"], shown.division_of(course)] for course in courses}
    return {course_id: term for course_id, term in terms.items() if term}


def lesson_name(lesson: dict[str, Any]) -> str:
    """What a lesson is called among those of a day."""
    return lesson["title"] if lesson["number"] is None else f"{lesson['number']}. {lesson['title']}"


def _day_page(shown_day: date, outcomes: Mapping[str, day_form.Outcome] = MappingProxyType({})) -> str:
    found = ask(Lessons.day, date=shown_day)
    step = timedelta(days=1)
    return render_template(
        "teacher/day.html",
        day=shown_day,
        today=shown.today(),
        before=shown_day - step,
        after=shown_day + step,
        sections=day_form.sections(found["lessons"], outcomes),
        lost=day_form.lost(found["lessons"], outcomes),
        refused=any(one.problem for one in outcomes.values()),
        next=found.get("next"),
        # what is to come cannot lack anything yet
        without_topic=[one for one in found.get("without_topic", ()) if one["date"] <= shown.today().isoformat()],
        classes=_class_names(),
        lesson_name=lesson_name,
        holders=_holders(found["lessons"]),
        closings=_closings(found["lessons"]),
        late_reasons=reasons.LATE,
        offers=planned.offers(shown_day) if found["lessons"] else {},
        beside=day_homework.of_day(shown_day) if found["lessons"] else {},
        overload=day_homework.warnings(found["lessons"], request.args.getlist("load")),
        coming=day_homework.still_due(found["lessons"], shown.today()),
        missing=day_missing.of_day(shown_day, shown.today(), found["lessons"]),
        own=str(actor().person_id),
    )


def _closings(lessons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Why lessons of the day are closed, each cause once."""
    found = [one["closed"] for one in lessons if one.get("closed")]
    causes = {(one.get("by"), one["last_day"] if one.get("by") == "days" else one["term"]): one for one in found}
    return list(causes.values())


def _holders(lessons: list[dict[str, Any]]) -> dict[str, str]:
    """The names of others who hold lessons of the visitor's courses; empty if identity is away."""
    own = str(actor().person_id)
    others = {one["teacher_id"] for one in lessons if one.get("teacher_id") and one["teacher_id"] != own}
    try:
        return texts(names_of(others), INITIALS) if others else {}
    except Fault:
        return {}


def _class_names() -> dict[str, str]:
    """Class → its name; empty if identity is away, as the day can be filled in without."""
    try:
        return {one["id"]: one["name"] for one in ask(Classes.classes)["classes"]}
    except Fault:
        return {}
