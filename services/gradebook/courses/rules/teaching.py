"""Who teaches a course on which days (clauses 3.2, 4.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from kernel.errors import Invalid, Refused, together

#: The most teachers of a course.
MOST_TEACHERS = 20


class Teaching(NamedTuple):
    """A teacher of a course, from the first day to the last, both included; None is unlimited."""

    teacher_id: UUID
    since: date | None = None
    until: date | None = None


def teaches_on(since: date | None, until: date | None, day: date) -> bool:
    """Whether a day is among those of a teacher (clause 4.2)."""
    return (since is None or since <= day) and (until is None or day <= until)


def is_over(until: date | None, day: date) -> bool:
    """Whether a teacher's time in a course had ended by a day (clause 4.2)."""
    return until is not None and until < day


def check_teachers(teachers: Sequence[Teaching], known: Collection[UUID]) -> None:
    """Refuse teachers named twice, whose last day is before the first, or who are none of the school (clause 4.2).

    `known` are those among them who teach at the school, or are in the course already.
    """
    refusals: list[Refused] = []
    seen: set[UUID] = set()
    for index, one in enumerate(teachers):
        if one.teacher_id in seen:
            refusals.append(
                Invalid("This teacher is named twice.", rule="teacher-twice", field=f"teachers.{index}.teacher_id")
            )
        elif one.teacher_id not in known:
            refusals.append(
                Invalid(
                    "This person is no teacher of the school: the role is given on the page of people.",
                    rule="no-teacher",
                    field=f"teachers.{index}.teacher_id",
                )
            )
        if one.since is not None and one.until is not None and one.until < one.since:
            refusals.append(
                Invalid("The last day is before the first.", rule="ends-before-start", field=f"teachers.{index}.until")
            )
        seen.add(one.teacher_id)
    if refusals:
        raise together(refusals)


def shown_teachers(teachers: Iterable[Teaching], today: date) -> list[UUID]:
    """Those who teach a course now, or will: who was replaced is not named any more (clause 4.2)."""
    return sorted(one.teacher_id for one in teachers if not is_over(one.until, today))
