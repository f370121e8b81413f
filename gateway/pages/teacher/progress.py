"""Plan against fact: how far courses are in their plans, and how one catches up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.course_plans import CoursePlans
from contracts.identity.classes import Classes
from gateway.composed import courses as composed
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from kernel.errors import Refused

blueprint = Blueprint("progress", __name__)

#: Courses that are shown at once: more stand in parts.
_AT_ONCE: Final = 30


@blueprint.route("/plans/progress")
@operation(CoursePlans.progress)
def page() -> str:
    """The lag of the courses that the visitor may see, by class where they are many; the longest first if asked so."""
    found = ask(CoursePlans.progress, year_id=forms.queried_id("year"), as_of=forms.queried_day("as_of"))
    classes = _classes(found["courses"])
    chosen = next((one for one in classes if one["key"] == request.args.get("class")), None)
    behind = "behind" in request.args
    if behind:
        found["courses"] = sorted(filter(_is_behind, found["courses"]), key=lambda one: -float(one["behind"]))
    elif chosen is None and len(found["courses"]) > _AT_ONCE:
        chosen = next(iter(classes))
    if chosen:
        found["courses"] = [one for one in found["courses"] if _class_of(one) == chosen["key"]]
    count = len(found["courses"])
    part = _part(count)
    first = (part - 1) * _AT_ONCE
    found["courses"] = found["courses"][first : first + _AT_ONCE]
    return render_template(
        "teacher/progress.html",
        found=found,
        years=kept.years(),
        behind=behind,
        classes=classes,
        chosen=chosen,
        beside=_beside(classes, chosen) if chosen else None,
        many=sum(one["count"] for one in classes) > _AT_ONCE,
        first=first,
        part=part,
        count=count,
    )


def _part(courses: int) -> int:
    """Which part of so many courses is looked at, from 1 on."""
    given = request.args.get("part", "")
    wanted = int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 1
    return min(max(wanted, 1), max(ceil(courses / _AT_ONCE), 1))


def _class_of(course: Mapping[str, Any]) -> str:
    return course["class_id"] or composed.ACROSS


def _is_behind(course: Mapping[str, Any]) -> bool:
    return float(course["behind"]) > 0


def _classes(courses: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The classes of courses in order, those across classes last: how many courses each has, and how many lag."""
    counts = Counter(map(_class_of, courses))
    lagging = Counter(map(_class_of, filter(_is_behind, courses)))
    names = {one["id"]: one["name"] for one in ask(Classes.classes)["classes"]} if counts else {}
    keys = [key for key in names if key in counts] + [key for key in counts if key not in names]
    return [
        {"key": key, "name": names.get(key, gettext("across classes")), "count": counts[key], "behind": lagging[key]}
        for key in keys
    ]


def _beside(classes: Sequence[dict[str, Any]], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """The classes before and after the chosen one."""
    at = next(at for at, one in enumerate(classes) if one["key"] == chosen["key"])
    return {"before": classes[at - 1] if at else None, "after": classes[at + 1] if at + 1 < len(classes) else None}


@blueprint.route("/plans/courses/<id:course_id>")
@operation(CoursePlans.course_plan)
def course(course_id: UUID) -> str:
    """A course's plan topic by topic, and for its teacher a form to catch up."""
    return _course_page(ask(CoursePlans.course_plan, course_id=course_id))


@blueprint.route("/plans/courses/<id:course_id>", methods=["POST"])
@operation(CoursePlans.adapt_course)
def adapt(course_id: UUID) -> Answer | tuple[str, int]:
    """Save which topics the course drops and joins."""
    chosen: dict[str, list[str]] = {"dropped": [], "joined": []}
    for topic in forms.suffixes("measure-"):
        measure = forms.text(f"measure-{topic}")
        if measure in chosen:
            chosen[measure].append(topic)
    try:
        ids = {name: [forms.identifier(one, name) for one in topics] for name, topics in chosen.items()}
        version = forms.number("version") or 0
        carry_out(
            CoursePlans.adapt_course,
            course_id=course_id, dropped=ids["dropped"], joined=ids["joined"], version=version,
        )  # fmt: skip
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        found = problem.present or ask(CoursePlans.course_plan, course_id=course_id)
        return _course_page(found, problem), problem.status
    flash(gettext("Saved."))
    return redirect(url_for("progress.course", course_id=course_id), 303)


def _course_page(found: dict[str, Any], problem: problems.Problem | None = None) -> str:
    proposed = {one["topic_id"]: one for one in found["proposal"]}
    topics = {one["id"]: one for one in found["topics"]}
    if problem:
        for topic in forms.suffixes("measure-"):
            if topic in topics:
                topics[topic]["measure"] = forms.text(f"measure-{topic}")
    progress = found["progress"]
    # an earlier version of the gradebook does not say by which terms the course goes
    term = shown.present_of(shown.terms_of(progress)) if "year_id" in progress else None
    return render_template(
        "teacher/course-plan.html",
        found=found,
        course=found["progress"],
        proposed=proposed,
        problem=problem,
        place={"course_id": found["progress"]["course_id"], "term": term["id"]} if term else None,
    )
