"""Fetches the contents of letters from the services that own them, at the time of sending."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

import structlog

from contracts.attendance.absences import Absences
from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import HomeworkSet
from contracts.gradebook.marks import MarkChanged, MarkPosted, OwedWorkDue
from contracts.gradebook.term_marks import TermMarkChanged, TermMarksSet
from kernel.contract import given, in_parts
from kernel.errors import LyceumError
from kernel.running.providers import Ask
from services.notifications.deliveries.tables import Delivery

log = structlog.get_logger()

#: Event's name → the field of the owner's command that takes the subjects' ids.
SUBJECTS: Final = {
    MarkPosted.NAME: "mark_ids",
    MarkChanged.NAME: "mark_ids",
    TermMarksSet.NAME: "term_mark_ids",
    TermMarkChanged.NAME: "term_mark_ids",
    OwedWorkDue.NAME: "owed_ids",
    HomeworkSet.NAME: "lesson_ids",
    TimetableChanged.NAME: "changed_lesson_ids",
    AbsenceRecorded.NAME: "absence_ids",
}

#: Field → subject's id → the owner's view of the subject. A field is missing if its owner did not answer.
Contents = dict[str, dict[UUID, Mapping[str, Any]]]


def contents_of(ask: Ask, school_id: UUID, deliveries: Iterable[Delivery]) -> Contents:
    """The contents of these deliveries, by one call to each owner concerned, of many absences by several."""
    wanted: dict[str, set[UUID]] = {}
    for delivery in deliveries:
        wanted.setdefault(SUBJECTS[delivery.kind], set()).add(delivery.subject_id)
    ids = {field: sorted(subjects) for field, subjects in wanted.items()}
    absences = ids.pop("absence_ids", None)
    contents: Contents = {}
    if ids:
        contents |= _or_nothing(lambda: _gradebook_notices(ask, school_id, ids))
    if absences:
        contents |= _or_nothing(lambda: _attendance_notices(ask, school_id, absences))
    return contents


def _or_nothing(asking: Callable[[], Contents]) -> Contents:
    """The owner's answer; empty if the call fails, so that only this owner's letters wait."""
    try:
        return asking()
    except LyceumError as error:
        log.warning("contents_unavailable", error=type(error).__name__, rule=error.rule)
        return {}


def _gradebook_notices(ask: Ask, school_id: UUID, ids: dict[str, list[UUID]]) -> Contents:
    notices = ask(
        Journal.notices,
        tenant=school_id,
        mark_ids=ids.get("mark_ids", []),
        lesson_ids=ids.get("lesson_ids", []),
        changed_lesson_ids=ids.get("changed_lesson_ids", []),
        term_mark_ids=ids.get("term_mark_ids", []),
        owed_ids=ids.get("owed_ids", []),
    )
    return {
        "mark_ids": {notice.mark_id: given(notice) for notice in notices.marks},
        "lesson_ids": {notice.lesson_id: given(notice) for notice in notices.homework},
        "changed_lesson_ids": {notice.lesson_id: given(notice) for notice in notices.changed_lessons},
        "term_mark_ids": {notice.term_mark_id: given(notice) for notice in notices.term_marks},
        "owed_ids": {notice.owed_id: given(notice) for notice in notices.owed},
    }


def _attendance_notices(ask: Ask, school_id: UUID, absence_ids: list[UUID]) -> Contents:
    parts = [ask(Absences.notices, tenant=school_id, absence_ids=ids).absences for ids in in_parts(absence_ids)]
    return {"absence_ids": {notice.absence_id: given(notice) for part in parts for notice in part}}
