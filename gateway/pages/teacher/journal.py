"""A journal page, the form for a column of marks, one mark with its history."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from gateway.composed import journal as composed_journal
from gateway.composed.names import in_list, names_of, texts
from gateway.door import problems
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, shown
from gateway.pages.teacher import day, grid
from kernel.errors import NotFound, Refused
from kernel.names import INITIALS

blueprint = Blueprint("journal", __name__)

#: A field of a refused column of marks, such as `marks.3.value`; the group is the index of the mark.
_MARK_FIELD: Final = re.compile(r"marks\.(\d+)\b")


@blueprint.route("/journal/<id:course_id>")
@operation(Journal.journal_page)
def page(course_id: UUID) -> Answer | str:
    """Students down, lessons across, marks and absences in the cells; of the query's term or the current one."""
    term_id = forms.queried_id("term")
    if term_id is None:
        return redirect(url_for("journal.page", course_id=course_id, term=_current_term(course_id)), 303)
    journal = composed_journal.page(course_id, term_id)
    names = journal["names"]
    years = kept.years()
    terms: list[dict[str, Any]] = next(
        (year["terms"] for year in years if year["id"] == journal["course"]["year_id"]), []
    )
    return render_template(
        "teacher/journal.html",
        journal=journal,
        terms=terms,
        teachers=texts({one: names[one] for one in journal["course"]["teacher_ids"] if one in names}, INITIALS),
        columns=grid.columns(journal, shown.today()),
        rows=grid.rows(journal),
    )


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["GET"])
@operation(Lessons.lesson)
def column(lesson_id: UUID) -> str:
    """A form for the marks of a lesson, for one kind of work."""
    return _column_page(lesson_id)


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["POST"])
@operation(Marks.post_marks)
def post(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Set the marks that were filled in: all of them, or none."""
    marks = _filled_in()
    try:
        kind_id = forms.optional("kind_id")
        carry_out(Marks.post_marks, lesson_id=lesson_id, kind_id=kind_id, marks=marks)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _column_page(lesson_id, problem, _by_student(problem, marks)), problem.status
    flash(gettext("Marks set: %(count)s.", count=len(marks)))
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    return redirect(url_for("journal.page", course_id=lesson["course_id"]), 303)


@blueprint.route("/mark/<id:mark_id>", methods=["GET"])
@operation(Marks.mark_history)
def mark(mark_id: UUID) -> str:
    """A mark and its history, with a form to change it for those who may."""
    return _mark_page(mark_id)


@blueprint.route("/mark/<id:mark_id>", methods=["POST"])
@operation(Marks.change_mark)
def change(mark_id: UUID) -> Answer | tuple[str, int]:
    """Change the mark's value or take it back, then show the mark."""
    try:
        carry_out(
            Marks.change_mark,
            mark_id=mark_id,
            value=None if "take_back" in request.form else forms.text("value"),
            comment=forms.text("comment"),
            reason=forms.text("reason"),
            version=forms.number("version") or 0,
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return _mark_page(mark_id, problem), problem.status
    flash(gettext("The mark has been changed."))
    return redirect(url_for("journal.mark", mark_id=mark_id, **_where()), 303)


def _current_term(course_id: UUID) -> str:
    courses = ask(Courses.courses)["courses"]
    course = next((one for one in courses if one["id"] == str(course_id)), None)
    term = day.current_terms().get(course["year_id"]) if course else None
    if term is None:
        raise NotFound("There is no such course.", rule="course-not-found", field="course_id")
    return str(term["id"])


def _filled_in() -> list[dict[str, Any]]:
    """The marks of the form whose value is not empty."""
    return [
        {"student_id": student_id, "value": value, "comment": forms.text(f"comment-{student_id}")}
        for student_id in forms.suffixes("value-")
        if (value := forms.text(f"value-{student_id}"))
    ]


def _column_page(lesson_id: UUID, problem: problems.Problem | None = None, faults: dict[str, str] | None = None) -> str:
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    names = names_of(set(lesson["student_ids"]))
    students = in_list(names.values())
    kinds = ask(Marks.kinds)["kinds"]
    return render_template(
        "teacher/column.html", lesson=lesson, students=students, kinds=kinds, problem=problem, faults=faults or {}
    )


def _by_student(problem: problems.Problem, marks: list[dict[str, Any]]) -> dict[str, str]:
    """Student → what is wrong with the student's mark."""
    faults = [(fault["field"], fault["message"]) for fault in problem.faults] or [(problem.field or "", problem.detail)]
    messages: dict[str, str] = {}
    for field, message in faults:
        found = _MARK_FIELD.match(field)
        if found and int(found[1]) < len(marks):
            messages[marks[int(found[1])]["student_id"]] = message
    return messages


def _mark_page(mark_id: UUID, problem: problems.Problem | None = None) -> str:
    revisions = ask(Marks.mark_history, mark_id=mark_id)["revisions"]
    where = _where()
    people = {one["changed_by"] for one in revisions if one["changed_by"]} | {where["student"]} - {None}
    names = names_of(people) if people else {}
    authors = texts({one: name for one, name in names.items() if one != where["student"]}, INITIALS)
    return render_template(
        "teacher/mark.html",
        mark_id=mark_id,
        revisions=revisions,
        names=names,
        authors=authors,
        where=where,
        problem=problem,
    )


def _where() -> dict[str, Any]:
    """The student, course and term in the query: a mark's history does not hold them, the page's links need them."""
    found = {name: forms.queried_id(name) for name in ("student", "course", "term")}
    return {name: str(value) if value else None for name, value in found.items()}
