"""A lesson's homework beside its text: files, links, minutes, personal tasks, a private note; and files to save."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import format_decimal, gettext
from werkzeug.wrappers import Response as Answer

from contracts.gradebook.homework import LARGEST_FILE, MOST_FILES, MOST_MINUTES, Homework
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.load import Load
from gateway.composed import homework as composed
from gateway.composed.names import in_list, names_of
from gateway.door.asking import ask
from gateway.door.auth import operation
from gateway.pages.frame import reasons, shown
from gateway.pages.teacher import day_homework, homework_form
from gateway.pages.teacher.homework_form import Outcome, TaskRow, Typed

blueprint = Blueprint("homework", __name__)

#: What files may end in, for the browser's choice of files.
ACCEPTED = ".pdf,.docx,.doc,.xlsx,.xls,.pptx,.ppt,.odt,.ods,.odp,.txt,.csv,.jpg,.jpeg,.png,.gif,.mp3,.m4a,.ogg,.wav"


@blueprint.route("/lessons/<id:lesson_id>/homework")
@operation(Homework.homework)
def page(lesson_id: UUID) -> str:
    """What the homework of a lesson has, with a form for the course's teachers."""
    return _page(lesson_id)


@blueprint.route("/lessons/<id:lesson_id>/homework", methods=["POST"])
@operation(Homework.add_file)
def save(lesson_id: UUID) -> Answer | tuple[str, int]:
    """Save what was changed and add the files, then show it again; what was refused stays typed."""
    sent = homework_form.typed()
    outcome = homework_form.save(lesson_id, sent)
    if outcome.problems:
        return _page(lesson_id, sent, outcome), outcome.problems[0].status
    flash(gettext("Saved.") if outcome.changed else gettext("Nothing was changed."))
    return redirect(url_for("homework.page", lesson_id=lesson_id), 303)


@blueprint.route("/lessons/<id:lesson_id>/homework/history")
@operation(Homework.homework_history)
def history(lesson_id: UUID) -> str:
    """Who set which homework of the lesson and when."""
    found = ask(Homework.homework_history, lesson_id=lesson_id)
    people = {one["changed_by"] for part in found.values() for one in part if one["changed_by"]}
    people |= {task["student_id"] for one in found["changes"] for task in one["tasks"]}
    return render_template(
        "teacher/homework-history.html",
        lesson=ask(Lessons.lesson, lesson_id=lesson_id),
        found=found,
        names=names_of(people),
    )


@blueprint.route("/homework-files/<id:file_id>")
@operation(Homework.homework_file)
def file(file_id: UUID) -> Response:
    """A file of a lesson, to be saved."""
    return composed.download(file_id)


def _page(lesson_id: UUID, sent: Typed | None = None, outcome: Outcome | None = None) -> str:
    lesson = ask(Lessons.lesson, lesson_id=lesson_id)
    found = ask(Homework.homework, lesson_id=lesson_id)
    note = ask(Homework.note, lesson_id=lesson_id)["text"] if shown.allowed(Homework.note) else ""
    saved = homework_form.shown(found, note)
    people = {*lesson["student_ids"], *(one["student_id"] for one in found["tasks"])}
    staff = {one["added_by"] for one in (*found["files"], *found["removed_files"]) if one["added_by"]}
    names = names_of(people | staff)
    fields = homework_form.again(sent, saved) if sent else saved
    return render_template(
        "teacher/homework.html",
        lesson=lesson,
        found=found,
        fields=fields,
        rows=[*fields.tasks, TaskRow((), "", "")],
        outcome=outcome or Outcome(),
        present=saved if outcome and outcome.present else None,
        students=in_list([names[one] for one in people if one in names]),
        names=names,
        noted=shown.allowed(Homework.note),
        accepted=ACCEPTED,
        late_reasons=reasons.LATE,
        overload=day_homework.warning(lesson) if lesson["homework"] and shown.allowed(Load.homework_load) else "",
        limits={"megabytes": LARGEST_FILE // 1024**2, "files": MOST_FILES, "minutes": MOST_MINUTES},
    )


@blueprint.app_template_filter()
def bytes_of(number: int) -> str:
    """A number of bytes in the unit in which people read it."""
    if number < 1024**2:
        return gettext("%(size)s KB", size=format_decimal(max(round(number / 1024), 1)))
    return gettext("%(size)s MB", size=format_decimal(round(number / 1024**2, 1)))
