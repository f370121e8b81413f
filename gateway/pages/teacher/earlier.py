"""A course's journal and term marks as they stood at an earlier moment: to be read, nothing is typed in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from contracts.gradebook.sheets import Sheets
from contracts.gradebook.term_marks import TermMarks
from contracts.roles import KEEPERS
from gateway.composed import sheet as composed_sheet
from gateway.composed import term_marks as composed_term_marks
from gateway.composed.names import texts
from gateway.door import auth, problems
from gateway.door.auth import operation
from gateway.pages.frame import forms, kept, kinds_of_marks
from gateway.pages.frame.marked import links
from gateway.pages.teacher import course_terms, grid
from kernel.clock import now
from kernel.errors import Invalid, Refused
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

    return _page("teacher/journal-then.html", course_id, term_id, read)


@blueprint.route("/journal/<id:course_id>/term-marks/then")
@operation(TermMarks.course_term_marks)
def term_marks(course_id: UUID) -> str | tuple[str, int]:
    """The term marks of the query's term and kind as they stood at the query's day and time."""
    term_id, kind = _term(course_id), kinds_of_marks.queried()

    def read(moment: datetime) -> dict[str, Any]:
        return {"found": composed_term_marks.of_course(course_id, term_id, kind, moment)}

    return _page("teacher/term-marks-then.html", course_id, term_id, read, kind=kind, heads=kinds_of_marks.HEADS)


def offered() -> dict[str, Any] | None:
    """What the form for an earlier moment begins with, of those who look back: now; None for others."""
    return _typed(_local(now())) if KEEPERS.holds(auth.actor().roles) else None


def _page(
    template: str, course_id: UUID, term_id: UUID, read: Callable[[datetime], dict[str, Any]], **more: Any
) -> str | tuple[str, int]:
    typed = {name: request.args.get(name, "") for name in ("day", "time")}
    common: dict[str, Any] = {"course_id": course_id, "term_id": term_id, **more}
    if not any(typed.values()):
        return render_template(template, typed=_typed(_local(now())), **common)
    try:
        moment = _moment()
        return render_template(template, typed=typed, moment=moment, **common, **read(moment))
    except Refused as refusal:
        problem = problems.of_refusal(refusal)
        return render_template(template, typed=typed, problem=problem, **common), problem.status


def _moment() -> datetime:
    """The query's day and time at the school. Raises `Invalid`."""
    day = forms.queried_day("day")
    try:
        at = time.fromisoformat(request.args.get("time", ""))
    except ValueError:
        at = None
    if day is None or at is None:
        raise Invalid("Say the day and the time, as in 14:05.", rule="moment", field="time" if day else "day")
    return datetime.combine(day, at.replace(tzinfo=None), ZoneInfo(kept.zone()))


def _local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(kept.zone()))


def _typed(local: datetime) -> dict[str, str]:
    return {"day": local.date().isoformat(), "time": local.strftime("%H:%M")}


def _term(course_id: UUID) -> UUID:
    return forms.queried_id("term") or course_terms.present(course_id)
