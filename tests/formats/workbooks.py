"""What tests ask of the reading of a workbook."""

from typing import Any

from formats.workbook import Sheet, read_workbook


def sheets(content: bytes) -> tuple[Sheet, ...]:
    reading = read_workbook(content)
    assert reading.value is not None, reading.faults
    return reading.value.sheets


def only(content: bytes) -> Any:
    """The value of A1."""
    return sheets(content)[0].cell(0, 0)


def faults(content: bytes) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in read_workbook(content).faults]


def refusal(content: bytes) -> str:
    reading = read_workbook(content)
    assert reading.refused
    assert len(reading.faults) == 1
    assert reading.faults[0].fatal
    assert reading.faults[0].reason.said("ru")
    return reading.faults[0].rule
