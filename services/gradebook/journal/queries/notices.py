"""Selects the facts that notices tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import RowMapping, and_, case, select
from sqlalchemy.orm import Session, aliased

from kernel.clock import now
from kernel.data.among import among
from services.gradebook.classrooms.tables import Classroom
from services.gradebook.courses.tables import Course
from services.gradebook.homework.queries import FILES, TASKS
from services.gradebook.homework.tables import HomeworkDetail
from services.gradebook.lessons.queries import IN_ORDER
from services.gradebook.lessons.tables import Lesson
from services.gradebook.marks.queries import is_shown
from services.gradebook.marks.rules.owed import OWED
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision, OwedWork
from services.gradebook.timetable.tables import DayChange


def mark_notices(session: Session, mark_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about marks that families see: the present and the previous value."""
    before = aliased(MarkRevision)
    return (
        session.execute(
            select(
                Mark.id.label("mark_id"),
                Mark.student_id,
                Course.title,
                Mark.date,
                KindOfWork.name.label("kind"),
                Mark.value,
                before.value.label("previous"),
                Mark.lesson_id,
            )
            .join(Course, Course.id == Mark.course_id)
            .join(KindOfWork, KindOfWork.id == Mark.kind_id)
            .outerjoin(before, and_(before.mark_id == Mark.id, before.version == Mark.version - 1))
            .where(Mark.id.in_(mark_ids), is_shown(Mark))
            .order_by(Mark.date, Mark.id),
            {"shown_at": now()},
        )
        .mappings()
        .all()
    )


def owed_notices(session: Session, owed_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about works that are owed, or were."""
    if not owed_ids:
        return []
    wanted = (
        select(
            OwedWork.id.label("owed_id"),
            OwedWork.student_id,
            OwedWork.lesson_id,
            Course.title,
            Lesson.date,
            KindOfWork.name.label("kind"),
            OwedWork.due,
            (OwedWork.state == OWED).label("is_owed"),
        )
        .join(Lesson, Lesson.id == OwedWork.lesson_id)
        .join(Course, Course.id == Lesson.course_id)
        .join(KindOfWork, KindOfWork.id == OwedWork.kind_id)
        .where(among(OwedWork.id, "owed_ids"), is_shown(OwedWork))
        .order_by(OwedWork.id)
    )
    return session.execute(wanted, {"owed_ids": owed_ids, "shown_at": now()}).mappings().all()


def homework_notices(session: Session, lesson_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about homework."""
    return (
        session.execute(
            select(
                Lesson.id.label("lesson_id"),
                Course.title,
                Lesson.date,
                Lesson.homework,
                Lesson.homework_due.label("due"),
                HomeworkDetail.links,
                # a lesson that has files or tasks has a detail
                case((HomeworkDetail.version > 0, FILES)).label("files"),
                case((HomeworkDetail.version > 0, TASKS)).label("tasks"),
            )
            .join(Course, Course.id == Lesson.course_id)
            .outerjoin(HomeworkDetail, HomeworkDetail.lesson_id == Lesson.id)
            .where(Lesson.id.in_(lesson_ids))
            .order_by(*IN_ORDER)
        )
        .mappings()
        .all()
    )


def changed_lessons(session: Session, lesson_ids: Collection[UUID]) -> Sequence[RowMapping]:
    """The facts of notices about lessons that are held otherwise than the timetable says."""
    if not lesson_ids:
        return []
    wanted = (
        select(
            Lesson.id.label("lesson_id"),
            Course.title,
            Lesson.date,
            Lesson.number,
            Lesson.state,
            Lesson.moved_to,
            Lesson.moved_number,
            Lesson.reason,
            Classroom.name.label("classroom"),
            DayChange.teacher_id.is_not(None).label("stood_in"),
        )
        .join(Course, Course.id == Lesson.course_id)
        .outerjoin(
            DayChange,
            and_(
                DayChange.course_id == Lesson.course_id,
                DayChange.date == Lesson.date,
                DayChange.number == Lesson.number,
            ),
        )
        .outerjoin(Classroom, Classroom.id == DayChange.classroom_id)
        .where(among(Lesson.id, "lesson_ids"))
        .order_by(*IN_ORDER)
    )
    return session.execute(wanted, {"lesson_ids": lesson_ids}).mappings().all()
