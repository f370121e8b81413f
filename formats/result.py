"""The result of every reader: values, and faults with their places and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from kernel.phrases import Sentence

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read. `place` tells people where: `Лист1!B7`, `line 12`, or "" for the whole file.

    After a `fatal` fault there is no value; other faults affect only the value at their place.
    """

    place: str
    rule: str
    reason: Sentence
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was read, and the faults. `value` is None where the whole file was refused."""

    value: T | None
    faults: tuple[Fault, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the file has the wrong format or is not safe to read."""
        return self.value is None


def refused(rule: str, reason: Sentence, place: str = "") -> Reading[T]:
    """The reading of a refused file, with one fatal fault."""
    return Reading(None, (Fault(place, rule, reason, fatal=True),))
