"""Courses of a year: what each class has and what is missing, a new course, one course with its teachers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.calendar import GRADES
from contracts.gradebook.courses import Courses
from contracts.gradebook.subjects import Subjects
from gateway.composed import courses as composed
from gateway.composed.names import in_list, names_of, texts
from gateway.composed.people import everybody
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms
from gateway.pages.methodologist import years
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("year_courses", __name__)

#: Teachers that a page offers: more are found nowhere.
_MOST_TEACHERS: Final = 1000
#: Empty rows for further teachers.
_MORE_ROWS: Final = 2
_FAULT: Final = re.compile(r"teachers\.(\d+)\.")


@blueprint.route("/year/courses")
@operation(Courses.make_course)
def overview() -> str:
    """What each class has; of one class, its courses."""
    known = years.years()
    year = years.chosen_of(known)
    found = _by_class(known, year) if year else []
    chosen = next((one for one in found if one.key == request.args.get("class_id")), None)
    teachers = {teacher for one in chosen.courses for teacher in one["teacher_ids"]} if chosen else set()
    return render_template(
        "methodologist/year-courses.html",
        years=known,
        year=year,
        classes=found,
        chosen=chosen,
        teachers=texts(names_of(teachers), INITIALS) if teachers else {},
    )


@blueprint.route("/year/courses/new", methods=["GET"])
@operation(Courses.make_course)
def new() -> str:
    """A form for a new course."""
    typed = {"class_id": request.args.get("class_id", ""), "subject_id": request.args.get("subject_id", "")}
    return _form(None, typed)


@blueprint.route("/year/courses/new", methods=["POST"])
@operation(Courses.make_course)
def make() -> Answer | tuple[str, int]:
    """Make the course."""
    rows = _typed_teachers()
    try:
        course = carry_out(
            Courses.make_course,
            year_id=forms.identifier(forms.text("year"), "year"),
            subject_id=forms.identifier(forms.text("subject_id"), "subject_id"),
            class_id=_class_id(),
            **_said(rows),
        )
    except Refused as refusal:
        return _refused(None, refusal, rows)
    flash(gettext("The course “%(title)s” was made.", title=course["title"]))
    where = course["class_id"] or composed.ACROSS
    return redirect(url_for("year_courses.overview", year=course["year_id"], class_id=where), 303)


@blueprint.route("/year/courses/<id:course_id>", methods=["GET"])
@operation(Courses.change_course)
def page(course_id: UUID) -> str:
    """A course with its teachers and students."""
    return _form(ask(Courses.course, course_id=course_id))


@blueprint.route("/year/courses/<id:course_id>", methods=["POST"])
@operation(Courses.change_course)
def change(course_id: UUID) -> Answer | tuple[str, int]:
    """Save what the form says of the course."""
    rows = _typed_teachers()
    try:
        version = forms.number("version") or 0
        carry_out(Courses.change_course, course_id=course_id, version=version, **_said(rows))
    except Refused as refusal:
        return _refused(ask(Courses.course, course_id=course_id), refusal, rows)
    flash(gettext("Saved."))
    return redirect(url_for("year_courses.page", course_id=course_id), 303)


@blueprint.route("/year/courses/<id:course_id>/replacement", methods=["POST"])
@operation(Courses.change_course)
def replace(course_id: UUID) -> Answer | tuple[str, int]:
    """Let another teacher take the course from a day on; the one before reads what was until then."""
    course = ask(Courses.course, course_id=course_id)
    try:
        old, new_one, since = forms.text("old"), forms.text("new"), forms.day("from")
        if since is None:
            raise Invalid("Say from which day on.", rule="no-day", field="from")
        forms.identifier(new_one, "new")
        kept = [
            {**one, "until": (since - timedelta(days=1)).isoformat()} if one["teacher_id"] == old else one
            for one in course["teachers"]
            if one["teacher_id"] != new_one
        ]
        teachers = [*kept, {"teacher_id": new_one, "since": since.isoformat(), "until": None}]
        version = forms.number("version") or 0
        carry_out(Courses.change_course, course_id=course_id, version=version, teachers=teachers)
    except Refused as refusal:
        return _refused(course, refusal, None)
    flash(gettext("Saved."))
    return redirect(url_for("year_courses.page", course_id=course_id), 303)


@blueprint.route("/year/courses/<id:course_id>/removal", methods=["POST"])
@operation(Courses.remove_course)
def remove(course_id: UUID) -> Answer | tuple[str, int]:
    """Remove a course in which nothing was entered."""
    course = ask(Courses.course, course_id=course_id)
    try:
        carry_out(Courses.remove_course, course_id=course_id, version=forms.number("version") or 0)
    except Refused as refusal:
        return _refused(course, refusal, None)
    flash(gettext("The course “%(title)s” was removed.", title=course["title"]))
    where = course["class_id"] or composed.ACROSS
    return redirect(url_for("year_courses.overview", year=course["year_id"], class_id=where), 303)


def _by_class(known: list[dict[str, Any]], year: dict[str, Any]) -> list[composed.OfClass]:
    courses = ask(Courses.courses, year_id=year["id"])["courses"]
    return composed.by_class(
        courses,
        years.classes_of(known, year, courses),
        ask(Subjects.subjects)["subjects"],
        ask(Subjects.curriculum, year_id=year["id"])["hours"],
    )


def _class_id() -> UUID | None:
    """The class of a new course; None for a group across classes, which is chosen as such."""
    typed = forms.text("class_id")
    if not typed:
        raise Invalid("Choose a class, or a group across classes.", rule="no-class", field="class_id")
    return None if typed == composed.ACROSS else forms.identifier(typed, "class_id")


def _typed_teachers() -> list[dict[str, str]]:
    """The rows of the form in which a teacher was chosen."""
    rows = [
        {name: forms.text(f"{name}-{number}") for name in ("teacher_id", "since", "until")} | {"row": number}
        for number in forms.suffixes("teacher_id-")
    ]
    return [row for row in rows if row["teacher_id"]]


def _said(rows: list[dict[str, str]]) -> dict[str, Any]:
    """What the form says of a course, as the fields of a command. Raises `Invalid`."""
    return {
        "grade": forms.number("grade"),
        "group_name": forms.text("group_name"),
        "title": forms.text("title"),
        "hours_a_week": forms.optional("hours_a_week"),
        "teachers": [
            {
                "teacher_id": forms.identifier(row["teacher_id"], "teachers"),
                "since": forms.day(f"since-{row['row']}"),
                "until": forms.day(f"until-{row['row']}"),
            }
            for row in rows
        ],
    }


def _refused(course: dict[str, Any] | None, refusal: Refused, rows: list[dict[str, str]] | None) -> tuple[str, int]:
    """The form with what was typed and why it was refused; where somebody was first, what is saved now."""
    problem = problems.of_refusal(refusal)
    typed = None if rows is None else {**request.form.to_dict(), "teachers": rows}
    return _form(course, typed, problem), problem.status


def _form(
    course: dict[str, Any] | None, typed: dict[str, Any] | None = None, problem: problems.Problem | None = None
) -> str:
    teachers = in_list(everybody(_MOST_TEACHERS, role="teacher"))
    offered = {one["id"] for one in teachers}
    of_course = course["teachers"] if course else []
    gone = {one["teacher_id"] for one in of_course} - offered
    rows = (typed or {}).get("teachers", of_course if typed is None or course is None else [])
    people = {one["student_id"] for one in course["members"]} if course else set()
    known = years.years()
    year = next((one for one in known if course and one["id"] == course["year_id"]), years.chosen_of(known))
    return render_template(
        "methodologist/year-course.html",
        course=course,
        year=year,
        typed=typed if typed is not None else _saved(course),
        rows=[*rows, *({} for _ in range(_MORE_ROWS))],
        faults=_faults(problem),
        teachers=[*teachers, *in_list(names_of(gone).values())] if gone else teachers,
        names={one["id"]: one["text"] for one in teachers} | texts(names_of(gone) if gone else {}),
        classes=years.classes_of(known, year),
        subjects=ask(Subjects.subjects)["subjects"],
        grades=GRADES,
        across=composed.ACROSS,
        students=texts(names_of(people)) if people else {},
        stale=problem is not None and problem.status == 412,
        problem=problem,
    )


def _saved(course: dict[str, Any] | None) -> dict[str, Any]:
    names = ("title", "group_name", "hours_a_week", "grade", "class_id", "subject_id")
    return {name: course[name] for name in names} if course else {}


def _faults(problem: problems.Problem | None) -> dict[int, str]:
    """Which of the teachers named is wrong, and why."""
    if problem is None:
        return {}
    told = [(fault["field"], fault["message"]) for fault in problem.faults] or [(problem.field or "", problem.detail)]
    return {int(place[1]): message for field, message in told if (place := _FAULT.match(field))}
