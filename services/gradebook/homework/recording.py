"""Writes what homework has beside its text with its history, students' ticks, and private notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from kernel.auth import Actor
from kernel.clock import now
from kernel.data.rows import insert_rows
from services.gradebook.homework.queries import FileRow, Kept
from services.gradebook.homework.rules.details import Details
from services.gradebook.homework.tables import (
    HomeworkDetail,
    HomeworkDone,
    HomeworkFile,
    HomeworkRevision,
    LessonNote,
    PersonalTask,
)
from services.gradebook.windows.rules.deadlines import IN_TIME, Late

#: What a change of the history did.
CHANGED, FILE_ADDED, FILE_REMOVED, FILE_RESTORED = "changed", "file-added", "file-removed", "file-restored"


def changed_homework(session: Session, actor: Actor, lesson_id: UUID, before: Kept, after: Details, late: Late) -> None:
    """Save minutes, links and tasks of a lesson, which nobody else changes meanwhile, with their history."""
    if after.tasks != before.details.tasks:
        session.execute(delete(PersonalTask).where(PersonalTask.lesson_id == lesson_id))
        rows = [
            {"school_id": actor.tenant, "lesson_id": lesson_id, "student_id": one.student_id, "text": one.text,
             "due": one.due}
            for one in after.tasks
        ]  # fmt: skip
        insert_rows(session, PersonalTask, rows)
    _next_version(session, actor, lesson_id, before, after, CHANGED, late=late)


def added_file(
    session: Session,
    actor: Actor,
    lesson_id: UUID,
    kept: Kept,
    content: tuple[str, str, str, int],
    late: Late = IN_TIME,
    what: str = FILE_ADDED,
) -> None:
    """Save a file of a lesson: the SHA-256 of its content, its name, media type and size."""
    sha256, name, media_type, size = content
    row = {
        "school_id": actor.tenant, "id": uuid7(), "lesson_id": lesson_id, "sha256": sha256, "name": name,
        "media_type": media_type, "size": size, "added_by": actor.person_id, "added_at": now(),
    }  # fmt: skip
    session.execute(insert(HomeworkFile), [row])
    _next_version(session, actor, lesson_id, kept, kept.details, what, name, late)


def restored_file(session: Session, actor: Actor, kept: Kept, file: FileRow) -> None:
    """Let a lesson have a file again that was removed from it; that it was away stays known."""
    content = (file.sha256, file.name, file.media_type, file.size)
    added_file(session, actor, file.lesson_id, kept, content, what=FILE_RESTORED)


def removed_file(session: Session, actor: Actor, kept: Kept, file: FileRow) -> None:
    """Take a file away from its lesson; row and content stay."""
    gone = {"removed_by": actor.person_id, "removed_at": now()}
    session.execute(update(HomeworkFile).where(HomeworkFile.id == file.id).values(**gone))
    _next_version(session, actor, file.lesson_id, kept, kept.details, FILE_REMOVED, file.name)


def ticked(session: Session, actor: Actor, lesson_id: UUID, fingerprint: str) -> None:
    """Save that the actor has done a lesson's homework as it is now; of two ticks at once one stays."""
    unticked(session, actor, lesson_id)
    row = {
        "school_id": actor.tenant, "lesson_id": lesson_id, "student_id": actor.person_id, "done_at": now(),
        "fingerprint": fingerprint,
    }  # fmt: skip
    insert_rows(session, HomeworkDone, [row], new_only=True)


def unticked(session: Session, actor: Actor, lesson_id: UUID) -> None:
    """Take the actor's tick back."""
    own = (HomeworkDone.lesson_id == lesson_id, HomeworkDone.student_id == actor.person_id)
    session.execute(delete(HomeworkDone).where(*own))


def changed_note(session: Session, actor: Actor, lesson_id: UUID, text: str) -> None:
    """Save the actor's private note on a lesson; an empty one is deleted."""
    own = (LessonNote.lesson_id == lesson_id, LessonNote.person_id == actor.person_id)
    session.execute(delete(LessonNote).where(*own))
    if text:
        row = {"lesson_id": lesson_id, "person_id": actor.person_id, "text": text, "changed_at": now()}
        session.execute(insert(LessonNote), [{"school_id": actor.tenant, **row}])


def _next_version(
    session: Session,
    actor: Actor,
    lesson_id: UUID,
    before: Kept,
    after: Details,
    what: str,
    file: str = "",
    late: Late = IN_TIME,
) -> None:
    version = before.version + 1
    links = [{"url": one.url, "title": one.title} for one in after.links]
    kept: dict[str, Any] = {"minutes": after.minutes, "links": links, "version": version}
    if before.version:
        session.execute(update(HomeworkDetail).where(HomeworkDetail.lesson_id == lesson_id).values(**kept))
    else:
        session.execute(insert(HomeworkDetail), [{"school_id": actor.tenant, "lesson_id": lesson_id, **kept}])
    tasks = [{"student_id": str(one.student_id), "text": one.text, "due": one.due.isoformat()} for one in after.tasks]
    row = {
        "school_id": actor.tenant, "lesson_id": lesson_id, **kept, "tasks": tasks, "what": what, "file": file,
        "changed_by": actor.person_id, "changed_at": now(), **late._asdict(),
    }  # fmt: skip
    session.execute(insert(HomeworkRevision), [row])
