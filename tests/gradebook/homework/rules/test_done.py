"""What a tick is of: what there is to do, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.gradebook.homework.rules.done import fingerprint

FILES = [UUID(int=number) for number in (1, 2, 3)]
LINK = {"url": "https://example.org/5", "title": "Видео"}
GIVEN: dict[str, Any] = {"homework": "№ 5", "task": "Повторить дроби", "links": [LINK], "files": FILES[:2]}


@pytest.mark.parametrize(
    "change",
    [
        {"homework": "№ 6"}, {"task": None}, {"task": "Повторить степени"}, {"links": []},
        {"links": [{**LINK, "url": "https://example.org/6"}]}, {"files": FILES[:1]}, {"files": FILES},
        {"homework": "№ 5\n", "task": "Повторить дроби"}, {"homework": "Повторить дроби", "task": "№ 5"},
    ],
)  # fmt: skip
def test_other_homework_is_told_from_what_was_ticked(change: dict[str, Any]) -> None:
    assert fingerprint(**{**GIVEN, **change}) != fingerprint(**GIVEN)


@pytest.mark.parametrize("same", [{"files": FILES[1::-1]}, {"links": [{**LINK, "title": "Урок"}]}])
def test_the_order_of_files_and_titles_of_links_change_nothing_of_what_is_to_be_done(same: dict[str, Any]) -> None:
    assert fingerprint(**{**GIVEN, **same}) == fingerprint(**GIVEN)


def test_no_task_and_no_files_are_something_to_tick_too() -> None:
    assert len(fingerprint("№ 5", None, (), ())) == 32
