"""What a teacher may say of a lesson that the timetable has no more."""

from __future__ import annotations

import pytest

from kernel.errors import Conflict
from services.gradebook.timetable.rules.settling import check_settles


def test_a_lesson_outside_the_timetable_is_kept_or_an_empty_one_let_go() -> None:
    check_settles("outside", held=True, filled=True)
    check_settles("outside", held=True, filled=False)
    check_settles("outside", held=False, filled=False)
    with pytest.raises(Conflict) as refusal:
        check_settles("outside", held=False, filled=True)
    assert refusal.value.rule == "lesson-filled"


@pytest.mark.parametrize("state", ["", "cancelled", "dropped"])
def test_of_any_other_lesson_nothing_is_asked(state: str) -> None:
    with pytest.raises(Conflict) as refusal:
        check_settles(state, held=True, filled=False)
    assert refusal.value.rule == "in-timetable"
