"""Divides a class into groups for a subject: students down, groups across, from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.groups import MOST_GROUPS, Groups
from contracts.identity.classes import Classes
from gateway.composed import groups as composed
from gateway.composed.names import in_list, names_of
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from kernel.errors import Refused

blueprint = Blueprint("groups", __name__)


@blueprint.route("/courses/<id:course_id>/group", methods=["GET"])
@operation(Groups.groups)
def page(course_id: UUID) -> str:
    """The students with the groups that they are in on a day; by the alphabet, if the query says so."""
    return _page(course_id)


@blueprint.route("/courses/<id:course_id>/group", methods=["POST"])
@operation(Groups.split_class)
def split(course_id: UUID) -> Answer | tuple[str, int]:
    """Save who is in which group from a day on."""
    columns = _typed_columns()
    chosen = {student: forms.text(f"in-{student}") for student in forms.suffixes("in-")}
    try:
        carry_out(
            Groups.split_class,
            course_id=course_id,
            since=forms.day("since"),
            groups=[
                {
                    "course_id": column.course_id,
                    "version": column.version,
                    "group_name": column.name,
                    "student_ids": [student for student, place in chosen.items() if place == str(index)],
                }
                for index, column in enumerate(columns)
            ],
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _page(course_id, problem, columns, chosen), problem.status
    flash(gettext("The groups were saved."))
    return redirect(url_for("groups.page", course_id=course_id, since=forms.text("since")), 303)


def _typed_columns() -> list[composed.Column]:
    """The groups of the form."""
    numbers = [number for number in range(MOST_GROUPS) if f"name-{number}" in request.form]
    return [
        composed.Column(
            forms.text(f"name-{number}"), forms.optional(f"course-{number}"), forms.number_or_none(f"version-{number}")
        )
        for number in numbers
    ]


def _page(
    course_id: UUID,
    problem: problems.Problem | None = None,
    typed: list[composed.Column] | None = None,
    chosen: dict[str, str] | None = None,
) -> str:
    day = forms.queried_day("since") or _first_day(course_id)
    found = ask(Groups.groups, course_id=course_id, date=day)
    groups = found["groups"]
    classes = {one["id"]: one["name"] for one in ask(Classes.classes)["classes"]}
    students = _students(found["candidates"], classes)
    count = len(typed) if typed else _count(groups)
    columns = composed.columns(groups, count, [gettext("group %(number)s", number=n + 1) for n in range(MOST_GROUPS)])
    places: dict[str, Any] = composed.placed(groups)
    if request.args.get("split") == "alphabet":
        places = composed.by_alphabet([one["id"] for one in students], count)
    if typed and chosen is not None:
        columns = _kept_versions(typed, columns)
        places = {student: int(place) for student, place in chosen.items() if place.isdigit()}
    sizes = list(places.values())
    return render_template(
        "teacher/groups.html",
        course=next(one for one in groups if one["id"] == str(course_id)),
        class_name=classes.get(groups[0]["class_id"]),
        found=found,
        columns=columns,
        sizes=[sizes.count(index) for index in range(len(columns))],
        students=students,
        places=places,
        since=(request.form.get("since") if typed else None) or day.isoformat(),
        most=MOST_GROUPS,
        least=len(groups),
        problem=problem,
    )


def _count(groups: list[dict[str, Any]]) -> int:
    """How many groups to show: as many as the query says, never fewer than there are; two of a class that is whole."""
    asked = request.args.get("groups", "")
    usual = 2 if len(groups) == 1 and groups[0]["class_id"] else len(groups)
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else usual
    return max(len(groups), 1, min(wanted, MOST_GROUPS))


def _kept_versions(typed: list[composed.Column], present: list[composed.Column]) -> list[composed.Column]:
    """What was typed, with the groups and versions that are there now: saved again, it holds."""
    return [
        composed.Column(one.name, now.course_id, now.version, now.title)
        for one, now in zip(typed, present, strict=False)
    ] + present[len(typed) :]


def _students(candidates: list[dict[str, Any]], classes: dict[str, str]) -> list[dict[str, Any]]:
    """The students by name, each with the name of the class where there are several."""
    of_class = {one["student_id"]: one["class_id"] for one in candidates}
    several = len({class_id for class_id in of_class.values() if class_id}) > 1
    people = in_list(names_of(set(of_class)).values()) if of_class else []
    found = [
        {"id": one["id"], "text": one["text"], "class_name": classes.get(of_class[one["id"]]) if several else None}
        for one in people
    ]
    return sorted(found, key=lambda one: str(one["class_name"] or "")) if several else found


def _first_day(course_id: UUID) -> date:
    """The day from which groups are proposed: today, or the first of a year that has not begun."""
    year_id = ask(Courses.course, course_id=course_id)["year_id"]
    starts_on = next((date.fromisoformat(year["starts_on"]) for year in kept.years() if year["id"] == year_id), None)
    return max(shown.today(), starts_on) if starts_on else shown.today()
