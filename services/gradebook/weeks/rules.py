"""Whose week a lesson stands in, who holds it, and which lessons take up a classroom at a time (practice)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from kernel.errors import Invalid
from services.gradebook.bells.rules.bells import Bell, overlap


def one_of(given: Mapping[str, UUID | None]) -> tuple[str, UUID]:
    """Of what a week is asked for, and its id (practice). Refuses none and several."""
    named = [(name, value) for name, value in given.items() if value is not None]
    if len(named) != 1:
        raise Invalid("Name one class, teacher, classroom or student.", rule="week-of-one", field=next(iter(given)))
    return named[0]


def is_substitute(held_by: UUID | None, teachers: Collection[UUID]) -> bool:
    """Whether a lesson is held by somebody who is none of its course's teachers that day (clause 3.2; practice)."""
    return held_by is not None and held_by not in teachers


def is_in_teachers_week(teacher_id: UUID, held_by: UUID | None, teachers: Collection[UUID]) -> bool:
    """Whether a lesson stands in a teacher's week (practice).

    Those that the teacher holds, and those of the teacher's courses that somebody else stands in for: they are shown as
    such. Not those that another teacher of the same course holds by the timetable.
    """
    if held_by == teacher_id:
        return True
    return teacher_id in teachers and (held_by is None or is_substitute(held_by, teachers))


def takes_up(number: int | None, bell: Bell | None, at_number: int, at_bell: Bell | None) -> bool:
    """Whether a lesson is held at the time of a numbered lesson of a shift (practice).

    By the bells, where both have some: a first lesson of the second shift is a fifth one of the first. Else by number.
    """
    if bell is not None and at_bell is not None:
        return overlap(bell, at_bell)
    return number == at_number
