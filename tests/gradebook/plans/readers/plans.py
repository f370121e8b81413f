"""Plans of made-up rows, and what tests ask of their reading."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from formats.result import Reading
from services.gradebook.plans.readers.thematic_plan import Plan, PlanRow, read_plan
from tests.formats.made import xlsx

Table = Sequence[Sequence[Any]]


HEADING = ["№ п/п", "Тема урока", "Кол-во часов", "Дата план", "Дата факт", "Домашнее задание", "Примечания"]


def plan(content: bytes) -> Plan:
    reading = read_plan(content)
    assert reading.value is not None, reading.faults
    return reading.value


def of_rows(*rows: Sequence[Any], heading: Sequence[Any] = HEADING, merged: Sequence[str] = ()) -> Reading[Plan]:
    return read_plan(xlsx([heading, *rows], merged))


def lessons(reading: Reading[Plan]) -> tuple[PlanRow, ...]:
    assert reading.value is not None, reading.faults
    return reading.value.rows


def rules(reading: Reading[Plan]) -> list[tuple[str, str]]:
    return [(fault.place, fault.rule) for fault in reading.faults]


def text_table(table: Table, mark: str = ";") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows(table)
    return text.getvalue().encode("windows-1251")
