"""Who of a course's students gets a mark of a term (domain, §3: membership at the time decides)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Protocol
from uuid import UUID


class Span(Protocol):
    """A student's time in a course."""

    @property
    def student_id(self) -> UUID:
        """The student."""

    @property
    def until(self) -> date | None:
        """The last day; None while it lasts."""


def left_on(spans: Iterable[Span], ends_on: date) -> dict[UUID, date | None]:
    """Student → the last day in the course, if that lies before `ends_on`; None for who stays (practice).

    A student who left and came back stays.
    """
    found: dict[UUID, date | None] = {}
    for one in spans:
        last = one.until if one.until is not None and one.until < ends_on else None
        known = found.get(one.student_id, date.min)
        found[one.student_id] = None if last is None or known is None else max(known, last)
    return found


def missing_by_class(expected: Mapping[UUID, UUID | None], marked: Container[UUID]) -> Counter[UUID]:
    """Class → how many of the students who are to get a mark have none; classes that miss none are included (practice).

    `expected` maps students to their classes; a student of no class counts nowhere.
    """
    found: Counter[UUID] = Counter()
    for student_id, class_id in expected.items():
        if class_id is not None:
            found[class_id] += student_id not in marked
    return found
