"""Gathers the due deliveries that become one letter: about one thing, of one student, to one address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from contracts.attendance.checks import AbsenceRecorded
from contracts.gradebook.day_changes import TimetableChanged
from services.notifications.deliveries.queries import DueLetter
from services.notifications.messages.contents import SUBJECTS, Contents
from services.notifications.messages.rules.recipients import obstacle

#: What is told by the day.
_BY_DAY: Final = (SUBJECTS[AbsenceRecorded.NAME], SUBJECTS[TimetableChanged.NAME])


def gathered(letters: Iterable[DueLetter], contents: Contents, moment: datetime) -> list[list[DueLetter]]:
    """The deliveries in groups of one letter each, in the order in which the first of each became due.

    Several absences of one day are one thing, and so are several changes of its timetable. Somebody who gets no letter
    is a group alone. Of a thing of which nothing is due at `moment` nothing is said yet.
    """
    groups: dict[tuple[object, ...], list[DueLetter]] = {}
    for due in letters:
        guardian = due.guardian
        address = guardian.email if guardian is not None and obstacle(guardian) is None else None
        to = address.strip().casefold() if address else due.delivery.id
        groups.setdefault((due.delivery.student_id, to, *_thing(due, contents)), []).append(due)
    now_due = (group for group in groups.values() if any(due.delivery.due_at <= moment for due in group))
    return [sorted(group, key=lambda due: due.delivery.id) for group in now_due]


def _thing(due: DueLetter, contents: Contents) -> tuple[object, ...]:
    field = SUBJECTS[due.delivery.kind]
    notice = contents.get(field, {}).get(due.delivery.subject_id)
    return (field, notice["date"]) if field in _BY_DAY and notice else (field, due.delivery.subject_id)
