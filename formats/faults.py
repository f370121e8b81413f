"""Collecting the faults of one file, and leaving a reader from deep inside it."""

from __future__ import annotations

from typing import Final

from formats.result import Fault
from kernel.phrases import Phrase, Sentence

#: A person corrects a file fault by fault; more of them at once say only that the file is another one.
MOST_FAULTS: Final = 200
MORE = Phrase(
    ru="Показаны не все замечания: их ещё {count}.",
    en="Not all faults are shown: there are {count} more.",
)


class Unreadable(Exception):
    """Ends the reading of a file that is not of the reader's kind, or not safe to read."""

    def __init__(self, rule: str, reason: Sentence, place: str = "") -> None:
        super().__init__(rule)
        self.fault = Fault(place, rule, reason, fatal=True)


class Faults:
    """Faults in the order in which they were found, the first `MOST_FAULTS` of them."""

    def __init__(self) -> None:
        self._found: list[Fault] = []
        self._more = 0

    def add(self, place: str, rule: str, reason: Sentence) -> None:
        """Keep a fault that costs only what stands at its place."""
        if len(self._found) < MOST_FAULTS:
            self._found.append(Fault(place, rule, reason))
        else:
            self._more += 1

    def extend(self, faults: tuple[Fault, ...]) -> None:
        """Keep what another reader found."""
        for fault in faults:
            self.add(fault.place, fault.rule, fault.reason)

    def all(self) -> tuple[Fault, ...]:
        """The faults, and how many are not among them."""
        if not self._more:
            return tuple(self._found)
        return (*self._found, Fault("", "more-faults", MORE(count=self._more)))
