"""Collects the faults of one file, and ends the reading of an unreadable one."""

from __future__ import annotations

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
    """The first `MOST_FAULTS` faults of a file, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: list[Fault] = []
        self._more = 0

    def add(self, place: str, rule: str, reason: Sentence) -> None:
        """Add a fault that affects only the value at its place."""
        if len(self._found) < MOST_FAULTS:
            self._found.append(Fault(place, rule, reason))
        else:
            self._more += 1

    def extend(self, faults: tuple[Fault, ...]) -> None:
        """Add another reader's faults."""
        for fault in faults:
            self.add(fault.place, fault.rule, fault.reason)

    def all(self) -> tuple[Fault, ...]:
        """The faults, followed by one that counts the omitted ones, if any."""
        if not self._more:
            return tuple(self._found)
        return (*self._found, Fault("", "more-faults", MORE(count=self._more)))
