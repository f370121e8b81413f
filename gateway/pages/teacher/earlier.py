"""A course's journal and term marks as they stood at an earlier moment: to be read, nothing is typed in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint

from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from gateway.composed import sheet as composed_sheet
from gateway.composed import term_marks as composed_term_marks
from gateway.composed.names import texts
from gateway.door.auth import operation
from gateway.pages.frame import earlier, forms, kinds_of_marks
from gateway.pages.frame.marked import links
from gateway.pages.teacher import course_terms, grid
from kernel.names import INITIALS

blueprint = Blueprint("earlier", __name__)


@blueprint.route("/journal/<id:course_id>/then")
@operation(Sheets.sheet)
def journal(course_id: UUID) -> str | tuple[str, int]:
    """The journal of the query's term as it stood at the query's day and time; a form where it names none."""
    term_id = _term(course_id)

    def read(moment: datetime) -> dict[str, Any]:
        sheet, names = composed_sheet.page_and_names(course_id, term_id, moment)
        teacher_ids = sheet["course"]["teacher_ids"]
        teachers = {*teacher_ids, *(one["substitute_id"] for one in sheet["columns"])}
        columns = grid.columns(sheet, texts({one: name for one, name in names.items() if one in teachers}, INITIALS))
        return {
            "journal": sheet,
            "teachers": texts({one: names[one] for one in teacher_ids if one in names}, INITIALS),
            "columns": columns,
            "opens": grid.opening(columns),
            "figures": grid.figures(sheet),
            "body": grid.body(
                sheet,
                grid.Ways(
                    mark=links("journal.mark", "mark_id", "student", course=course_id, term=term_id),
                    absence=links("absence.history", "lesson_id", "student_id", course=course_id, term=term_id),
                    explained=None,
                ),
            ),
            "legend": grid.legend(sheet),
        }

    return earlier.page("teacher/journal-then.html", read, course_id=course_id, term_id=term_id)


@blueprint.route("/journal/<id:course_id>/term-marks/then")
@operation(TermMarks.course_term_marks)
def term_marks(course_id: UUID) -> str | tuple[str, int]:
    """The term marks of the query's term and kind as they stood at the query's day and time."""
    term_id, kind = _term(course_id), kinds_of_marks.queried()

    def read(moment: datetime) -> dict[str, Any]:
        return {"found": composed_term_marks.of_course(course_id, term_id, kind, moment)}

    more = {"kind": kind, "heads": kinds_of_marks.HEADS}
    return earlier.page("teacher/term-marks-then.html", read, course_id=course_id, term_id=term_id, **more)


def _term(course_id: UUID) -> UUID:
    return forms.queried_id("term") or course_terms.present(course_id)
