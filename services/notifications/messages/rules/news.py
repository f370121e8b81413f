"""What of a thing is news to somebody: letters are about a mark, a homework or a day of absence, not about events."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted, OwedWorkDue
from contracts.gradebook.term_marks import TermMarkChanged, TermMarksSet

#: What tells of a mark for the first time → what tells that it was changed.
CHANGES: Final = {MarkPosted.NAME: MarkChanged.NAME, TermMarksSet.NAME: TermMarkChanged.NAME}
#: The family knows what the thing is now: a letter told it.
TOLD_BEFORE = "told-before"
#: The thing is gone again, and nobody was told of it.
NOTHING_TO_TELL = "nothing-to-tell"


def digest(subject_id: UUID, state: object) -> str:
    """A short mark of what a letter told of a thing, to compare with."""
    return sha256(f"{subject_id} {state!r}".encode()).hexdigest()[:16]


def state(kind: str, notice: Mapping[str, Any]) -> object:
    """What a letter tells of the thing: the value of a mark, the homework with its day, the code of an absence.

    Of homework it is what `own` leaves.

    Of a work that is owed until when it is, once it is no longer owed nothing.

    Of a changed lesson whether it is cancelled, or when and where it is held and whether another teacher holds it.
    """
    if kind == HomeworkSet.NAME:
        return _homework(notice)
    if kind == TimetableChanged.NAME:
        return _changed_lesson(notice)
    if kind == OwedWorkDue.NAME:
        return notice["due"].isoformat() if notice["is_owed"] and notice["due"] else None
    if kind == AbsenceRecorded.NAME:
        return (notice["code"], notice["minutes"])
    return notice["value"]


def _changed_lesson(notice: Mapping[str, Any]) -> object:
    """With classroom and teacher only where one differs, so that letters told before still count."""
    if notice["moved_to"] is None and notice["state"] == "cancelled":
        return True
    moved = (notice["moved_to"].isoformat(), notice["moved_number"]) if notice["moved_to"] else None
    beside = (notice["classroom"], notice["stood_in"])
    return (moved, *beside) if any(beside) else moved


def own(kind: str, notice: Mapping[str, Any], student_id: UUID) -> Mapping[str, Any]:
    """What the family of a student is told: of personal tasks its own alone (clause 2.2)."""
    if kind != HomeworkSet.NAME:
        return notice
    return {**notice, "tasks": [one for one in notice.get("tasks", ()) if one["student_id"] == student_id]}


def _homework(notice: Mapping[str, Any]) -> object:
    """Text and day; with links, files and own tasks where there are any, so that letters told before still count."""
    text = (notice["homework"].strip(), notice["due"] and notice["due"].isoformat())
    links = [one["url"] for one in notice.get("links", ())]
    tasks = [(one["text"], one["due"].isoformat()) for one in notice.get("tasks", ())]
    beside = (links, list(notice.get("files", ())), tasks)
    return (*text, beside) if any(beside) else text


def silence(kind: str, notice: Mapping[str, Any], subject_id: UUID, told: str | None) -> str | None:
    """Why there is no news; None if there is some.

    `told` is the digest of the last letter about the thing, empty where it is not known, None if there was no letter.
    """
    now = state(kind, notice)
    if told is None and kind in CHANGES.values():
        return None  # it was set before this school sent letters: families know it from the diary
    if told is None:
        return NOTHING_TO_TELL if now in (None, (None, None), ("", None)) else None
    return TOLD_BEFORE if told == digest(subject_id, now) else None


def previous_told(notice: Mapping[str, Any], subject_id: UUID, told: str | None) -> str | None:
    """The value from which a changed mark is told to have changed; None if the family was told another one last."""
    previous: str | None = notice["previous"]
    return previous if not told or told == digest(subject_id, previous) else None
