"""Collects the faults of one file, and ends the reading of an unreadable one."""

from __future__ import annotations

from operator import itemgetter
from typing import Final

from formats.result import Fault
from kernel.phrases import Phrase, Sentence

#: The most faults reported: people correct them one by one, and more usually mean that it is the wrong file.
MOST_FAULTS: Final = 200
MORE = Phrase(
    ru="Показаны не все замечания: их ещё {count}.",
    en="Not all faults are shown: there are {count} more.",
)


class Unreadable(Exception):
    """Raised to end the reading of a file that has the wrong format or is not safe to read."""

    def __init__(self, rule: str, reason: Sentence, place: str = "") -> None:
        super().__init__(rule)
        self.fault = Fault(place, rule, reason, fatal=True)


class Faults:
    """The faults of a file in the order in which they were found: at most `MOST_FAULTS`, shared among their kinds.

    Faults of one kind, which one slip of the whole file may make by the hundred, never hide those of another kind.
    """

    def __init__(self) -> None:
        self._found: dict[str, list[tuple[int, Fault]]] = {}
        self._count = 0

    def add(self, place: str, rule: str, reason: Sentence) -> None:
        """Add a fault that affects only the value at its place."""
        of_kind = self._found.setdefault(rule, [])
        if len(of_kind) < MOST_FAULTS:
            of_kind.append((self._count, Fault(place, rule, reason)))
        self._count += 1

    def extend(self, faults: tuple[Fault, ...]) -> None:
        """Add another reader's faults."""
        for fault in faults:
            self.add(fault.place, fault.rule, fault.reason)

    def all(self) -> tuple[Fault, ...]:
        """The faults, followed by one that counts the omitted ones, if any."""
        share = _share([len(of_kind) for of_kind in self._found.values()])
        shown = sorted((one for of_kind in self._found.values() for one in of_kind[:share]), key=itemgetter(0))
        faults = tuple(fault for _, fault in shown)
        if len(faults) == self._count:
            return faults
        return (*faults, Fault("", "more-faults", MORE(count=self._count - len(faults))))


def _share(counts: list[int]) -> int:
    """The most faults of each kind that together are at most `MOST_FAULTS`, with one of each kind at least."""
    left, kinds = MOST_FAULTS, len(counts)
    for count in sorted(counts):
        if count * kinds > left:
            return max(1, left // kinds)
        left, kinds = left - count, kinds - 1
    return MOST_FAULTS
