"""What every reader gives: neutral values, and faults that say where and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from kernel.phrases import Sentence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be read. `place` is where a person finds it: `Лист1!B7`, `line 12`, or "" for the whole file.

    `fatal` faults made the reader give nothing; others cost only what stands at their place.
    """

    place: str
    rule: str
    reason: Sentence
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read, and what was not. `value` is None where the file as a whole was refused."""

    value: T | None
    faults: tuple[Fault, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file is not of the reader's kind, or not safe to read."""
        return self.value is None


def refused(rule: str, reason: Sentence, place: str = "") -> Reading[T]:
    """A reading of nothing, for one reason."""
    return Reading(None, (Fault(place, rule, reason, fatal=True),))
