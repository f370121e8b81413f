"""Students of a class divided into groups, as a page shows and proposes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A group: one that is there, with its version, or a new one."""

    name: str
    course_id: str | None = None
    version: int | None = None
    title: str = ""


def columns(groups: Sequence[Mapping[str, Any]], count: int, names: Sequence[str]) -> list[Column]:
    """The groups that are there, and new ones up to `count`; `names` are for those that have none yet."""
    known = [
        Column(one["group_name"] or (names[index] if count > 1 else ""), one["id"], one["version"], one["title"])
        for index, one in enumerate(groups)
    ]
    taken = {one.name for one in known}
    free = (name for name in names if name not in taken)
    return [*known, *(Column(next(free)) for _ in range(count - len(known)))]


def placed(groups: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Student → place of the group among them."""
    return {student: index for index, one in enumerate(groups) for student in one["student_ids"]}


def by_alphabet(students: Sequence[str], count: int) -> dict[str, int]:
    """Student → place of the group, where students in the order of their names make groups of one size, or nearly."""
    size, longer = divmod(len(students), count)
    ends = [size * (place + 1) + min(place + 1, longer) for place in range(count)]
    return {student: next(place for place, end in enumerate(ends) if at < end) for at, student in enumerate(students)}
