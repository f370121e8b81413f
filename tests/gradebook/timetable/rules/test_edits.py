"""What an edit of a timetable changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.gradebook.timetable.rules.edits import Edit
from services.gradebook.timetable.rules.entries import Entry

STAYS = Entry(UUID(int=1), UUID(int=11), 1, 1, "", date(2026, 9, 1))
ENDED = replace(STAYS, valid_until=date(2026, 11, 30))
NEW = Entry(UUID(int=2), UUID(int=11), 2, 1, "", date(2026, 12, 1))


def test_what_an_edit_adds_is_gained_and_what_it_ends_is_not() -> None:
    assert Edit((STAYS,), (ENDED, NEW)).gained == (NEW,)


def test_what_holds_longer_again_is_gained_as_well() -> None:
    assert Edit((STAYS,), (ENDED, NEW)).taken_back.gained == (STAYS,)
    later = replace(STAYS, valid_until=date(2026, 12, 24))
    assert Edit((ENDED,), (later,)).gained == (later,)
    assert Edit((later,), (ENDED,)).gained == ()


def test_an_edit_begins_on_the_first_day_on_which_anything_is_different() -> None:
    assert Edit((STAYS,), (ENDED, NEW)).first_day == date(2026, 12, 1)
    assert Edit((STAYS,), (ENDED,)).first_day == date(2026, 12, 1)
    assert Edit((), (NEW,)).first_day == Edit((NEW,), ()).first_day == date(2026, 12, 1)
    assert Edit((STAYS,), (ENDED, NEW)).taken_back.first_day == date(2026, 12, 1)
    assert Edit((STAYS,), ()).first_day == date(2026, 9, 1)
    assert Edit((), ()).first_day is None
