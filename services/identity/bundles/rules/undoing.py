"""What stands in the way of undoing an import, in numbers and names. Pure.

An import is undone only while everything that it did is still as it left it and nothing has been built on it: what a
person did since is never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from kernel.obstacles import FEW
from kernel.texts import Text

#: Rules whose names are people's, which an operator does not see.
ABOUT_PEOPLE: Final = frozenset({"changed", "credentials", "consents", "appointments", "enrolled"})


def text_of(rule: str, number: int) -> Text:
    """What to tell of an obstacle."""
    count = {"number": number}
    texts = {
        "later-import": Text("Things that a later import has touched: {number}. Undo that import first.", count),
        "changed": Text("People, classes and places in classes changed since: {number}.", count),
        "credentials": Text("People of this import who were given a login and a password: {number}.", count),
        "consents": Text("Consents of guardians recorded since: {number}.", count),
        "appointments": Text("Roles given or taken by hand since: {number}.", count),
        "enrolled": Text("Students who were put into another class since: {number}.", count),
        "leaning": Text("Other records that refer to what this import created: {number}.", count),
        "marks": Text("Marks set, changed or withdrawn by hand since: {number}.", count),
        "lessons": Text("Lessons entered, given or described since: {number}.", count),
        "columns": Text("Columns of the journal entered or changed since: {number}.", count),
        "checks": Text("Lessons of this import in which absences were checked: {number}.", count),
        "journal": Text("Courses, terms and other things of the journal changed since: {number}.", count),
        "writing": Text("The journal's part of this import is still being written."),
        "no-record": Text("An earlier version wrote the journal's part of this import, and kept no record of it."),
    }
    return texts.get(rule) or Text("Other things in the way: {number}.", count)


def together(told: Iterable[Iterable[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The obstacles that several schools and services told, each rule once."""
    numbers: dict[str, int] = {}
    names: dict[str, list[str]] = {}
    for obstacles in told:
        for one in obstacles:
            numbers[one["rule"]] = numbers.get(one["rule"], 0) + one["number"]
            known = names.setdefault(one["rule"], [])
            known += [name for name in one["names"] if name not in known]
    return [{"rule": rule, "number": number, "names": names[rule][:FEW]} for rule, number in numbers.items()]


def counted(told: Iterable[Mapping[str, Iterable[int]]]) -> dict[str, list[int]]:
    """Kind → gone, restored; summed."""
    sums: dict[str, list[int]] = {}
    for counts in told:
        for kind, figures in counts.items():
            sums[kind] = [a + b for a, b in zip(sums.get(kind, [0, 0]), figures, strict=True)]
    return sums
