"""й and ё come from some systems as a letter and an accent: every reader makes one character of them."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest

from formats.container import opened
from formats.faults import Faults
from formats.icalendar_text import safe_text
from formats.safe_xml import parsed
from formats.text_table import read_text_table
from formats.word_tables import word_tables
from formats.workbook import read_workbook
from tests.formats.made import docx_of

APART = "Цои\u0306 Алe\u0308на"
WHOLE = "Цой Алëна"


def workbook() -> str:
    book, kept = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"] = APART
    book.save(kept)
    read = read_workbook(kept.getvalue()).value
    assert read is not None
    return read.sheets[0].text(0, 0)


def word_table() -> str:
    return word_tables(opened(docx_of([[APART]])), Faults())[0].text(0, 0)


def text_table() -> str:
    read = read_text_table(f"{APART};1\n".encode()).value
    assert read is not None
    return read[0][0]


def xml() -> str:
    root = parsed(f'<a name="{APART}"><b>{APART}</b>{APART}</a>'.encode())
    texts = {root.get("name"), root[0].text, root[0].tail}  # type: ignore[union-attr,index]  # no fault
    assert len(texts) == 1
    return str(texts.pop())


def calendar() -> str:
    lines = safe_text(f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{APART}\r\nEND:VEVENT\r\nEND:VCALENDAR".encode())
    return next(line for line in lines.splitlines() if line.startswith("SUMMARY")).partition(":")[2]


@pytest.mark.parametrize("read", [workbook, word_table, text_table, xml, calendar])
def test_p22_letters_and_their_accents_are_read_as_one_character(read: Callable[[], str]) -> None:
    assert read() == WHOLE
