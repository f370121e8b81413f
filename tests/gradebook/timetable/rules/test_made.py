"""Why something that a file made stays where the file's edit is taken back."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.gradebook.timetable.rules.made import Kind, Thing, why_it_stays

NOTHING = Thing(
    Kind.COURSE, UUID(int=1), "Алгебра 7А", 1, changed=False, in_timetable=False, entered=False, in_use=False
)


def test_a_thing_goes_on_which_nothing_stands() -> None:
    assert why_it_stays(NOTHING) == ""


@pytest.mark.parametrize(
    ("on_it", "reason"),
    [
        ({"entered": True}, "entered"),
        ({"in_timetable": True}, "in-timetable"),
        ({"changed": True}, "changed-since"),
        ({"in_use": True}, "in-use"),
        ({"entered": True, "in_timetable": True, "changed": True, "in_use": True}, "entered"),
        ({"in_timetable": True, "changed": True}, "in-timetable"),
    ],
)
def test_of_what_stands_on_a_thing_that_is_told_which_weighs_most(on_it: dict[str, bool], reason: str) -> None:
    assert why_it_stays(NOTHING._replace(**on_it)) == reason
