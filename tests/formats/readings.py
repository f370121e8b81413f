"""What tests of readers ask of a reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from formats.result import Fault, Reading

T = TypeVar("T")


def whole(reader: Callable[[bytes], Reading[T]]) -> Callable[[bytes], T]:
    """What the reader gives of a file in which nothing is wrong."""

    def read(content: bytes) -> T:
        reading = reader(content)
        assert reading.value is not None
        assert reading.faults == ()
        return reading.value

    return read


def with_one_fault(reader: Callable[[bytes], Reading[T]]) -> Callable[[bytes], tuple[T, Fault]]:
    """What the reader gives of a file in which one thing is wrong, and that thing."""

    def read(content: bytes) -> tuple[T, Fault]:
        reading = reader(content)
        assert reading.value is not None
        (fault,) = reading.faults
        assert not fault.fatal
        return reading.value, fault

    return read


def said(fault: Fault) -> tuple[str, str]:
    """The reason in Russian and English."""
    return fault.reason.said("ru"), fault.reason.said("en")
