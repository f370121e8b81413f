"""What stands in the way of undoing an import, in words and sums."""

from __future__ import annotations

from typing import Any

import pytest

from kernel.obstacles import FEW
from services.identity.bundles.rules.undoing import counted, text_of, together


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("later-import", "Things that a later import has touched: 7. Undo that import first."),
        ("changed", "People, classes and places in classes changed since: 7."),
        ("credentials", "People of this import who were given a login and a password: 7."),
        ("consents", "Consents of guardians recorded since: 7."),
        ("appointments", "Roles given or taken by hand since: 7."),
        ("enrolled", "Students who were put into another class since: 7."),
        ("leaning", "Other records that refer to what this import created: 7."),
        ("marks", "Marks set, changed or withdrawn by hand since: 7."),
        ("lessons", "Lessons entered, given or described since: 7."),
        ("columns", "Columns of the journal entered or changed since: 7."),
        ("checks", "Lessons of this import in which absences were checked: 7."),
        ("journal", "Courses, terms and other things of the journal changed since: 7."),
        ("writing", "The journal's part of this import is still being written."),
        ("no-record", "An earlier version wrote the journal's part of this import, and kept no record of it."),
        ("of a later version", "Other things in the way: 7."),
    ],
)
def test_each_obstacle_is_told_with_its_number(rule: str, said: str) -> None:
    assert str(text_of(rule, 7)) == said


def obstacle(rule: str, number: int, *names: str) -> dict[str, Any]:
    return {"rule": rule, "number": number, "names": list(names)}


def test_what_several_schools_and_services_tell_is_told_once_for_each_rule() -> None:
    told = [
        [obstacle("marks", 2, "Алгебра"), obstacle("changed", 1, "Ким К.")],
        [obstacle("marks", 5, "Физика", "Алгебра")],
        [],
    ]
    assert together(told) == [obstacle("marks", 7, "Алгебра", "Физика"), obstacle("changed", 1, "Ким К.")]
    assert together([]) == []


def test_of_many_names_a_few_are_told() -> None:
    many = [f"{number}" for number in range(FEW + 3)]
    (one,) = together([[obstacle("changed", 3, *many[:8])], [obstacle("changed", 3, *many[6:])]])
    assert one == obstacle("changed", 6, *many[:FEW])


def test_what_goes_and_what_comes_back_is_summed_by_kind() -> None:
    assert counted([{"people": [1, 2], "classes": [3, 0]}, {"people": [10, 20]}]) == {
        "people": [11, 22], "classes": [3, 0],
    }  # fmt: skip
    assert counted([]) == {}
    with pytest.raises(ValueError, match="longer"):
        counted([{"people": [1, 2, 3]}])
