"""Saves lessons and their history, and announces homework."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import bindparam, case, delete, insert, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from contracts.gradebook.lessons import HomeworkSet
from kernel.auth import Actor
from kernel.clock import now
from kernel.data import outbox
from kernel.data.among import among
from kernel.data.rows import insert_rows, update_rows
from services.gradebook.lessons.queries import LessonAtPlace, LessonRow
from services.gradebook.lessons.rules.lessons import Description
from services.gradebook.lessons.rules.states import State, after_entry
from services.gradebook.lessons.tables import CheckedLesson, Lesson, LessonRevision
from services.gradebook.windows.rules.deadlines import Late


class InSomeState(Protocol):
    """A lesson with its state."""

    id: UUID
    state: str


_SEEN_AGAIN: Final = (
    update(Lesson)
    .where(Lesson.id == bindparam("lesson_id"))
    .values(state=case((Lesson.state.in_([State.CANCELLED, State.DROPPED]), State.OUTSIDE.value), else_=Lesson.state))
    .returning(Lesson.id)
    .execution_options(synchronize_session=False)
)


def new_lesson(
    session: Session, actor: Actor, course_id: UUID, day: date, number: int | None, topic: str, late: Late
) -> dict[str, Any]:
    """Save a lesson and the first entry of its history; returns the lesson's columns."""
    row = {
        "id": uuid7(),
        "course_id": course_id,
        "date": day,
        "number": number,
        "topic": topic,
        "homework": "",
        "homework_due": None,
        "version": 1,
    }
    session.execute(insert(Lesson), [{"school_id": actor.tenant, **row}])
    _save_lesson_revision(session, actor, row["id"], 1, Description(topic, "", None), late)
    return row


def lesson_again(
    session: Session,
    actor: Actor,
    course_id: UUID,
    day: date,
    number: int | None,
    topic: str,
    late: Late,
    dropped: LessonAtPlace,
) -> dict[str, Any]:
    """Save a lesson in the place of one that the timetable dropped, which people keep now; returns its columns."""
    changed = {"topic": topic, "homework": "", "homework_due": None, "version": dropped.version + 1}
    session.execute(
        update(Lesson)
        .where(Lesson.id == dropped.id)
        .values(**changed, state=State.HELD, entry_id=None, teacher_id=None)
    )
    _save_lesson_revision(session, actor, dropped.id, dropped.version + 1, Description(topic, "", None), late)
    return {"id": dropped.id, "course_id": course_id, "date": day, "number": number, **changed}


def bring_back(session: Session, lesson: InSomeState) -> None:
    """Let people see a lesson again that the timetable dropped: something is being entered in it."""
    state = after_entry(lesson.state)
    if state != lesson.state:
        session.execute(update(Lesson).where(Lesson.id == lesson.id).values(state=state))


def note_checked(session: Session, school_id: UUID, lesson_id: UUID) -> None:
    """Note that attendance keeps something of a lesson, which is seen again if it was dropped or cancelled."""
    if session.execute(_SEEN_AGAIN, {"lesson_id": lesson_id}).one_or_none() is not None:
        insert_rows(session, CheckedLesson, [{"school_id": school_id, "lesson_id": lesson_id}], new_only=True)


def settled(session: Session, lesson_id: UUID, *, held: bool) -> None:
    """Keep a lesson that was outside the timetable as one of people, or let nobody see it any more."""
    values: dict[str, Any] = {"state": State.HELD, "entry_id": None} if held else {"state": State.DROPPED}
    session.execute(update(Lesson).where(Lesson.id == lesson_id).values(**values))


def removed_lessons(session: Session, course_ids: Collection[UUID]) -> None:
    """Delete the lessons of courses. Raises `IntegrityError` where something was entered in one."""
    ids = {"ids": list(course_ids)}
    of_courses = select(Lesson.id).where(among(Lesson.course_id, "ids"))
    for gone in (
        delete(LessonRevision).where(LessonRevision.lesson_id.in_(of_courses)),
        delete(Lesson).where(among(Lesson.course_id, "ids")),
    ):
        session.execute(gone, ids, execution_options={"synchronize_session": False})


def laid_lessons(
    session: Session,
    school_id: UUID,
    new: Sequence[dict[str, Any]],
    renewed: Sequence[dict[str, Any]],
    states: Iterable[tuple[UUID, State]],
) -> None:
    """Save lessons that follow from a timetable, in a constant number of statements.

    `new` and `renewed` are columns of lessons, those of the renewed ones by their ids; `states` are of those that the
    timetable has no more. A new lesson has no entry in its history: nobody has entered anything.
    """
    empty = {"topic": "", "homework": "", "homework_due": None, "version": 1}
    insert_rows(session, Lesson, [{"school_id": school_id, "id": uuid7(), **row, **empty} for row in new])
    update_rows(session, Lesson, renewed)
    update_rows(session, Lesson, [{"id": lesson_id, "state": state} for lesson_id, state in states])


def described_lesson(
    session: Session, actor: Actor, lesson: LessonRow, after: Description, students: list[UUID], late: Late
) -> dict[str, Any]:
    """Save topic and homework with their history and announce homework to `students`; returns the changed columns."""
    version = lesson.version + 1
    changed = {
        "topic": after.topic,
        "homework": after.homework,
        "homework_due": after.due,
        "version": version,
    }
    state = after_entry(lesson.state)
    session.execute(update(Lesson).where(Lesson.id == lesson.id).values(**changed, state=state))
    _save_lesson_revision(session, actor, lesson.id, version, after, late)
    announce_homework(session, lesson.id, version, students)
    return changed


def announce_homework(session: Session, lesson_id: UUID, version: int, students: Collection[UUID]) -> None:
    """Announce to these students, if there are any, that they have new homework (clause 1.4)."""
    if students:
        outbox.record(session, HomeworkSet(lesson_id=lesson_id, version=version, student_ids=tuple(students)))


def _save_lesson_revision(
    session: Session, actor: Actor, lesson_id: Any, version: int, now_is: Description, late: Late
) -> None:
    row = {
        "school_id": actor.tenant,
        "lesson_id": lesson_id,
        "version": version,
        "topic": now_is.topic,
        "homework": now_is.homework,
        "homework_due": now_is.due,
        "changed_by": actor.person_id,
        "changed_at": now(),
        **late._asdict(),
    }
    session.execute(insert(LessonRevision), [row])
