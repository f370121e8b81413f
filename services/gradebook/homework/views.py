"""Views of what homework has beside its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from services.gradebook.homework.queries import ChangeRow, FileRow, Kept, LessonHomework, TextRow
from services.gradebook.homework.rules.details import Link, Task
from services.gradebook.rows import View, picked

_FILE = ("id", "name", "media_type", "size", "added_by", "added_at")
_REMOVED = (*_FILE, "removed_by", "removed_at")
_TEXT = ("version", "topic", "homework", "homework_due", "changed_by", "changed_at", "due_on", "reason")
_CHANGE = ("version", "what", "file", "minutes", "links", "tasks", "changed_by", "changed_at", "due_on", "reason")


def homework(lesson_id: UUID, kept: Kept, files: Sequence[FileRow], *, writes: bool) -> View:
    """What a lesson's homework has. Of removed files those are left out that it has again, and further copies."""
    present = [one for one in files if one.removed_at is None]
    gone = {(one.sha256, one.name): one for one in files if one.removed_at is not None}
    for one in present:
        gone.pop((one.sha256, one.name), None)
    return {
        "lesson_id": lesson_id,
        "minutes": kept.details.minutes,
        "links": [link(one) for one in kept.details.links],
        "files": [picked(one, _FILE) for one in present],
        "removed_files": [picked(one, _REMOVED) for one in gone.values()],
        "tasks": [_task(one) for one in kept.details.tasks],
        "writes": writes,
        "version": kept.version,
    }


def link(one: Link) -> View:
    """A link."""
    return picked(one, ("url", "title"))


def of_lesson(row: LessonHomework) -> View:
    """The numbers of what a lesson's homework has."""
    shown: dict[str, Any] = picked(row, ("lesson_id", "minutes", "files", "tasks", "next_lesson", "version"))
    return {**shown, "links": len(row.links or ())}


def stored(file: FileRow) -> View:
    """A file and where its content is kept."""
    return picked(file, ("id", "name", "media_type", "size", "sha256"))


def history(texts: Iterable[TextRow], changes: Iterable[ChangeRow]) -> View:
    """Who set which homework and when."""
    return {"texts": [picked(one, _TEXT) for one in texts], "changes": [picked(one, _CHANGE) for one in changes]}


def _task(one: Task) -> View:
    return picked(one, ("student_id", "text", "due"))
