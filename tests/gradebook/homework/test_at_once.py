"""Two people at the homework of one lesson at the same moment: nothing is lost, and nothing is twice."""

from __future__ import annotations

from typing import Any

from contracts.gradebook.homework import Homework
from kernel.errors import Stale
from tests.gradebook.homework.conftest import Giving
from tests.gradebook.marks.test_at_once import at_once, refusals
from tests.kit.databases import on_both

pytestmark = on_both


def test_files_that_are_added_at_once_are_all_there_and_one_that_is_added_twice_is_there_once(giving: Giving) -> None:
    files = [giving.handed_in(b"%PDF-1." + bytes([digit])) for digit in b"123"]

    def add(file: str, name: str) -> Any:
        return lambda: giving.ask(Homework.add_file, file=file, name=name)

    outcomes = at_once(*[add(file, f"{file[:8]}.pdf") for file in files], add(files[0], f"{files[0][:8]}.pdf"))
    assert refusals(outcomes) == []
    found = giving.ask(Homework.homework)
    assert ({one["name"] for one in found["files"]}, len(found["files"]), found["version"]) == (
        {f"{file[:8]}.pdf" for file in files}, 3, 3,
    )  # fmt: skip


def test_of_two_changes_from_the_same_version_one_is_told_of_the_other(giving: Giving) -> None:
    def change(minutes: int) -> Any:
        return lambda: giving.ask(Homework.set_homework, version=0, minutes=minutes)

    assert refusals(at_once(change(10), change(20))) == [Stale]
    assert giving.ask(Homework.homework)["version"] == 1
