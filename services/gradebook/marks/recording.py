"""Saves marks and their history in bulk, and announces them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.marks import MarkChanged, MarkPosted, MarksPosted
from kernel.auth import Actor
from kernel.clock import now
from kernel.contract import Event
from kernel.data import outbox
from kernel.data.rows import NewRows, insert_rows
from services.gradebook.marks.queries import ColumnRow, MarkRow
from services.gradebook.marks.tables import Mark, MarkRevision, Work
from services.gradebook.rows import View

#: Makes the event that announces marks, of their views.
News = Callable[[list[View]], Event]


class NewMark(NamedTuple):
    """A validated mark, ready to be saved."""

    student_id: UUID
    value: str
    comment: str


def new_marks(
    session: Session, actor: Actor, column: ColumnRow, kind_id: UUID, marks: list[NewMark], news: News
) -> tuple[list[View], list[NewRows]]:
    """Marks of one column: their views in order, and the rows that `inbox.answer` saves.

    The rows are those of the marks, their history, the event that `news` makes, and the column, where the lesson has
    none of this kind.
    """
    shown = {"lesson_id": column.id, "kind_id": kind_id, "date": column.date, "version": 1}
    own = [{"id": uuid7(), "student_id": one, "value": value, "comment": comment} for one, value, comment in marks]
    said = [{"mark_id": mark["id"], "value": mark["value"], "comment": mark["comment"]} for mark in own]
    posted = [{**mark, **shown} for mark in own]
    school, work_id = {"school_id": actor.tenant}, column.work_id or uuid7()
    opened = {"id": work_id, "lesson_id": column.id, "kind_id": kind_id, "title": ""}
    place = {"work_id": work_id, "course_id": column.course_id, "number": column.number}
    history = {"version": 1, "reason": "", "changed_by": actor.person_id, "changed_at": now()}
    return posted, [
        NewRows(Work, [] if column.work_id else [opened], school),
        NewRows(Mark, own, school | place | shown),
        NewRows(MarkRevision, said, school | history),
        outbox.recorded(session, news(posted)),
    ]


def news_of_mark(posted: list[View]) -> MarkPosted:
    """Announces the only mark."""
    (mark,) = posted
    return MarkPosted(mark_id=mark["id"], lesson_id=mark["lesson_id"], student_id=mark["student_id"])


def news_of_column(posted: list[View]) -> MarksPosted:
    """Announces marks of one column together: one event costs a tenth of thirty."""
    return MarksPosted(lesson_id=posted[0]["lesson_id"], marks={mark["student_id"]: mark["id"] for mark in posted})


def changed_mark(
    session: Session, actor: Actor, mark: MarkRow, value: str | None, comment: str, reason: str
) -> dict[str, Any]:
    """Save a new version of a mark with its history and announce it; returns the changed columns."""
    changed = {"value": value, "comment": comment, "version": mark.version + 1}
    session.execute(update(Mark).where(Mark.id == mark.id).values(**changed))
    revision = {
        "school_id": actor.tenant,
        "mark_id": mark.id,
        **changed,
        "reason": reason,
        "changed_by": actor.person_id,
        "changed_at": now(),
    }
    insert_rows(session, MarkRevision, [revision])
    outbox.record(
        session,
        MarkChanged(mark_id=mark.id, lesson_id=mark.lesson_id, student_id=mark.student_id, version=mark.version + 1),
    )
    return changed
