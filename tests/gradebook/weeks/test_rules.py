"""Whose week a lesson stands in, and which lessons take up a classroom."""

from __future__ import annotations

from datetime import time
from uuid import UUID

import pytest

from kernel.errors import Invalid
from services.gradebook.bells.rules.bells import Bell
from services.gradebook.weeks.rules import is_in_teachers_week, is_substitute, one_of, takes_up

OWN, COLLEAGUE, SUBSTITUTE = (UUID(int=number) for number in (1, 2, 3))
FIRST, SECOND = Bell(1, time(8, 30), time(9, 10)), Bell(2, time(9, 20), time(10, 0))
#: The first lesson of the second shift begins while the second of the first goes on.
SECOND_SHIFT = Bell(1, time(9, 50), time(10, 30))


def test_a_week_is_that_of_one_thing() -> None:
    assert one_of({"class_id": None, "teacher_id": OWN}) == ("teacher_id", OWN)
    for given in ({"class_id": None, "teacher_id": None}, {"class_id": OWN, "teacher_id": OWN}):
        with pytest.raises(Invalid) as refused:
            one_of(given)
        assert str(refused.value) == "Name one class, teacher, classroom or student."
        assert (refused.value.rule, refused.value.field) == ("week-of-one", "class_id")


@pytest.mark.parametrize(
    ("held_by", "substitute"), [(None, False), (OWN, False), (COLLEAGUE, False), (SUBSTITUTE, True)]
)
def test_whoever_holds_a_lesson_of_others_stands_in(held_by: UUID | None, substitute: bool) -> None:
    assert is_substitute(held_by, [OWN, COLLEAGUE]) is substitute


@pytest.mark.parametrize(
    ("teacher", "held_by", "stands"),
    [
        (OWN, None, True),
        (OWN, OWN, True),
        (OWN, COLLEAGUE, False),
        (OWN, SUBSTITUTE, True),
        (SUBSTITUTE, SUBSTITUTE, True),
        (SUBSTITUTE, None, False),
    ],
)
def test_a_teachers_week_holds_what_the_teacher_holds_and_what_is_stood_in_for(
    teacher: UUID, held_by: UUID | None, stands: bool
) -> None:
    assert is_in_teachers_week(teacher, held_by, [OWN, COLLEAGUE]) is stands


@pytest.mark.parametrize(
    ("number", "bell", "at_number", "at_bell", "taken"),
    [
        (1, FIRST, 1, FIRST, True),
        (1, FIRST, 2, SECOND, False),
        (1, SECOND_SHIFT, 1, FIRST, False),
        (1, SECOND_SHIFT, 2, SECOND, True),
        (2, SECOND, 1, SECOND_SHIFT, True),
        (1, Bell(1, time(9, 10), time(9, 20)), 1, FIRST, False),
        (1, Bell(1, time(9, 10), time(9, 20)), 2, SECOND, False),
        (1, None, 1, FIRST, True),
        (2, None, 1, FIRST, False),
        (None, None, 1, None, False),
        (3, SECOND, 3, None, True),
    ],
)
def test_a_classroom_is_taken_up_by_the_bells_or_else_by_number(
    number: int | None, bell: Bell | None, at_number: int, at_bell: Bell | None, taken: bool
) -> None:
    assert takes_up(number, bell, at_number, at_bell) is taken
