"""A teacher's day, and the list of journals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.identity.classes import Classes
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from kernel.errors import Fault, Refused

blueprint = Blueprint("teaching", __name__)


@blueprint.route("/day")
@blueprint.route("/day/<day:day>")
@operation(Lessons.day)
def day(day: date | None = None) -> str:
    """The visitor's lessons on a date, with a form for topic and homework."""
    return _day_page(day or forms.queried_day("date") or shown.today())


@blueprint.route("/lessons/<id:lesson_id>", methods=["POST"])
@operation(Lessons.describe_lesson)
def describe(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Save topic and homework, then show the day again."""
    shown_day = forms.day("day") or shown.today()
    try:
        carry_out(
            Lessons.describe_lesson,
            lesson_id=lesson_id,
            topic=forms.text("topic"),
            homework=forms.text("homework"),
            homework_due=forms.day("homework_due"),
            version=forms.number("version") or 0,
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _day_page(shown_day, refused={"id": str(lesson_id), "problem": problem}), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("teaching.day", day=shown_day) + f"#lesson-{lesson_id}", 303)


@blueprint.route("/courses")
@operation(Courses.courses)
def courses() -> str:
    """The journals that the visitor may read, by class."""
    mine = "all" not in request.args and shown.allowed(Marks.post_mark)
    found = ask(Courses.courses, mine=mine)["courses"]
    classes = {known["id"]: known for known in ask(Classes.classes)["classes"]}
    order = {class_id: index for index, class_id in enumerate(classes)}
    found.sort(key=lambda course: (order.get(course["class_id"], len(order)), course["title"]))
    return render_template("teacher/courses.html", courses=found, classes=classes, terms=current_terms(), mine=mine)


def current_terms() -> dict[str, dict[str, Any]]:
    """Year → its current term, as `shown.term_at` chooses it."""
    today = shown.today()
    years = kept.years()
    terms = {year["id"]: shown.term_at(year["terms"], today) for year in years}
    return {year_id: term for year_id, term in terms.items() if term}


def _day_page(shown_day: date, refused: dict[str, Any] | None = None) -> str:
    lessons = ask(Lessons.day, date=shown_day)["lessons"]
    step = timedelta(days=1)
    return render_template(
        "teacher/day.html",
        day=shown_day,
        today=shown.today(),
        before=shown_day - step,
        after=shown_day + step,
        lessons=lessons,
        classes=_class_names(),
        refused=refused,
    )


def _class_names() -> dict[str, str]:
    """Class → its name; empty if identity is away, as the day can be filled in without."""
    try:
        return {one["id"]: one["name"] for one in ask(Classes.classes)["classes"]}
    except Fault:
        return {}
