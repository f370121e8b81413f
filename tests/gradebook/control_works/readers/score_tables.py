"""Tables of scores as they are pasted, and what the reader makes of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from formats.result import Reading
from services.gradebook.control_works.readers.scores import ScoreSheet, read_scores


def pasted(*rows: str) -> str:
    return "\n".join(row.replace("|", "\t") for row in rows)


def sheet(text: str, tasks: list[Decimal] | None = None) -> ScoreSheet:
    reading = read_scores(text, tasks)
    assert reading.value is not None, reading.faults
    return reading.value


def rules(reading: Reading[ScoreSheet]) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in reading.faults]


def scores(text: str, tasks: list[Decimal] | None = None) -> list[tuple[Any, ...]]:
    return [tuple(None if one is None else str(one) for one in row.scores) for row in sheet(text, tasks).students]


def said(reading: Reading[ScoreSheet], index: int = 0) -> tuple[str, str]:
    reason = reading.faults[index].reason
    return reason.said("ru"), reason.said("en")
