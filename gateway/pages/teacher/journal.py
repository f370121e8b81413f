"""A journal page, the form for a column of marks, one mark with its history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.sheets import Sheets
from gateway.composed import sheet as composed_sheet
from gateway.composed.names import names_of, texts
from gateway.door import auth, modules, problems, seal
from gateway.door.asking import ask, carry_out
from gateway.door.auth import operation
from gateway.pages.frame import earlier, forms, reasons, shown
from gateway.pages.frame.marked import links
from gateway.pages.teacher import column as column_form
from gateway.pages.teacher import course_terms, grid
from kernel.errors import Invalid, Refused
from kernel.names import INITIALS

blueprint = Blueprint("journal", __name__)


@blueprint.route("/journal/<id:course_id>")
@operation(Sheets.sheet)
def page(course_id: UUID) -> Answer | str:
    """Students down, lessons across, marks and absences in the cells; of the query's term or the current one."""
    term_id = forms.queried_id("term")
    if term_id is None:
        return redirect(url_for("journal.page", course_id=course_id, term=course_terms.present(course_id)), 303)
    sheet, names = composed_sheet.page_and_names(course_id, term_id)
    teacher_ids = sheet["course"]["teacher_ids"]
    teachers = {*teacher_ids, *(one["substitute_id"] for one in sheet["columns"])}
    columns = grid.columns(sheet, texts({one: name for one, name in names.items() if one in teachers}, INITIALS))
    return render_template(
        "teacher/journal.html",
        journal=sheet,
        terms=shown.terms_of(sheet["course"]),
        teachers=texts({one: names[one] for one in teacher_ids if one in names}, INITIALS),
        columns=columns,
        opens=grid.opening(columns),
        figures=grid.figures(sheet),
        body=grid.body(
            sheet,
            grid.Ways(
                mark=links("journal.mark", "mark_id", "student", course=course_id, term=term_id),
                absence=links("absence.history", "lesson_id", "student_id", course=course_id, term=term_id),
                explained=links("figures.term_mark", "student_id", course_id=course_id, term=term_id),
            ),
        ),
        closed=_closed(sheet),
        earlier=earlier.offered(),
        legend=grid.legend(sheet),
        owed=grid.owed(sheet, columns),
        data=grid.data(sheet, columns),
        reasons={"reason-required": [*map(str, reasons.CHANGED)], "late-reason-required": [*map(str, reasons.LATE)]},
        seal=seal.of(auth.actor().account_id),
        start=modules.address("journal/start.js"),
        modules=modules.addresses("journal/start.js"),
    )


def _closed(sheet: dict[str, Any]) -> dict[str, Any] | None:
    """Why the term of a sheet is closed; None while it is open."""
    lesson_id = grid.closed_lesson(sheet)
    closed = ask(Lessons.lesson, lesson_id=lesson_id).get("closed") if lesson_id else None
    return closed if closed and closed["by"] != "days" else None


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["GET"])
@operation(Lessons.lesson)
def column(lesson_id: UUID) -> str:
    """The marks of a lesson for one kind of work, in a form to set, change and take them back."""
    wanted = forms.queried_id("kind")
    return _column_page(column_form.Page(lesson_id, str(wanted) if wanted else None))


@blueprint.route("/lessons/<id:lesson_id>/marks", methods=["POST"])
@operation(Marks.set_column)
def post(lesson_id: UUID) -> Answer | str | tuple[str, int]:
    """Save what was changed in the column, all of it or nothing; before marks are taken back, they are named."""
    sent = column_form.sent()
    entries = sent.entries()
    if any(row.is_emptied for row in sent.rows.values()):
        page = column_form.Page(lesson_id, form=sent)
        page.form = sent = replace(sent, asked=page.emptied())
        if not sent.asked <= column_form.agreed():
            return _column_page(page)
    try:
        if not entries and all(row.version is None for row in sent.rows.values()):
            raise Invalid("No mark was set: all fields are empty.", rule="nothing-entered")
        if entries:
            reason = reasons.typed()
            carry_out(Marks.set_column, lesson_id=lesson_id, kind_id=sent.kind_id, marks=entries, reason=reason)
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        faults = forms.faults_of_rows(problem, "marks", [entry["student_id"] for entry in entries])
        refused = replace(sent, problem=problem, faults=faults)
        return _column_page(column_form.Page(lesson_id, form=refused)), problem.status
    flash(_done(entries))
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    return redirect(url_for("journal.page", course_id=lesson["course_id"], term=_term_of(lesson)), 303)


@blueprint.route("/lessons/<id:lesson_id>/column", methods=["POST"])
@operation(Marks.change_column)
def settings(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Say how a column's marks count and when families see them, then show its form, or the journal again."""
    kind_id = forms.optional("kind_id")
    try:
        carry_out(
            Marks.change_column,
            lesson_id=lesson_id,
            kind_id=kind_id,
            only_if_helps="only_if_helps" in request.form,
            visible_from=column_form.visible_from(),
            seen=forms.number("version"),
        )
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        page = column_form.Page(lesson_id, kind_id)
        page.form = replace(page.form, problem=problem)
        return _column_page(page), problem.status
    flash(gettext("The column has been changed."))
    if "to_journal" not in request.form:
        return redirect(url_for("journal.column", lesson_id=lesson_id, kind=kind_id), 303)
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    return redirect(url_for("journal.page", course_id=lesson["course_id"], term=_term_of(lesson)), 303)


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


def _term_of(lesson: dict[str, Any]) -> str | None:
    """The term in which a lesson is, as its journal shows it there."""
    terms = course_terms.of(lesson["course_id"])
    return next((term["id"] for term in terms if term["starts_on"] <= lesson["date"] <= term["ends_on"]), None)


def _done(entries: list[dict[str, Any]]) -> str:
    """What saving the entries came to."""
    new = sum(entry["version"] is None for entry in entries)
    removed = sum(entry["version"] is not None and entry["value"] is None for entry in entries)
    changed = len(entries) - new - removed
    said = [
        gettext("Marks set: %(count)s.", count=new) if new else "",
        gettext("Changed: %(count)s.", count=changed) if changed else "",
        gettext("Removed: %(count)s.", count=removed) if removed else "",
    ]
    return " ".join(filter(None, said)) or gettext("Nothing was changed.")


def _column_page(page: column_form.Page) -> str:
    return render_template(
        "teacher/column.html",
        page=page,
        lesson=page.lesson,
        form=page.form,
        term=_term_of(page.lesson) if page.by_student else None,
        reasons=reasons.CHANGED,
        late_reasons=reasons.LATE,
        visible=column_form.shown_from(page.visible_from),
        is_hidden=column_form.is_hidden(page.visible_from),
    )


def _mark_page(mark_id: UUID, problem: problems.Problem | None = None) -> str:
    history = ask(Marks.mark_history, mark_id=mark_id)
    revisions = history["revisions"]
    where = _where()
    people = {one["changed_by"] for one in revisions if one["changed_by"]} | {where["student"]} - {None}
    names = names_of(people) if people else {}
    authors = texts({one: name for one, name in names.items() if one != where["student"]}, INITIALS)
    return render_template(
        "teacher/mark.html",
        mark_id=mark_id,
        history=history,
        revisions=revisions,
        with_reasons=any(one["reason"] for one in revisions),
        closed=history.get("closed"),
        opened_until=history.get("opened_until"),
        names=names,
        authors=authors,
        where=where,
        reasons=reasons.CHANGED,
        problem=problem,
    )


def _where() -> dict[str, Any]:
    """The student, course and term in the query: a mark's history does not hold them, the page's links need them."""
    found = {name: forms.queried_id(name) for name in ("student", "course", "term")}
    return {name: str(value) if value else None for name, value in found.items()}
