"""Files as office programs make them, and files that no office program would make."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import docx
import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
WORKSHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def xlsx(
    rows: Iterable[Sequence[Any]], merged: Sequence[str] = (), name: str = "План", more: Sequence[str] = ()
) -> bytes:
    """A workbook with these rows on its first sheet; empty sheets of the names `more` follow."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    for area in merged:
        sheet.merge_cells(area)
    for title in more:
        book.create_sheet(title)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def exported(rows: Iterable[Sequence[Any]], merged: Iterable[str] = (), hidden: bool = False) -> bytes:
    """A workbook as АСУ РСО exports it: one sheet with these rows, or that sheet `hidden` beside an empty one."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Лист1"
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    if hidden:
        book.create_sheet("Пусто")
        sheet.sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def docx_of(*tables: Sequence[Sequence[Any]], merged: Sequence[tuple[int, int, int, int]] = ()) -> bytes:
    """A document with these tables; `merged` areas are (top, left, bottom, right) of the first."""
    document = docx.Document()
    document.add_paragraph("Пояснительная записка")
    for rows in tables:
        table = document.add_table(len(rows), len(rows[0]))
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                table.cell(row, column).text = str(value)
    for top, left, bottom, right in merged:
        table = document.tables[0]
        text = table.cell(top, left).text
        table.cell(top, left).merge(table.cell(bottom, right)).text = text
    packed = io.BytesIO()
    document.save(packed)
    return packed.getvalue()


def changed(packed: bytes, parts: dict[str, str | bytes | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same zip with other bytes in some parts, parts more, or parts gone (None)."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(result, "w", method) as target:
        for name in source.namelist():
            content = parts.get(name, source.read(name))
            if content is not None:
                target.writestr(name, content)
        for name in parts.keys() - set(source.namelist()):
            target.writestr(name, parts[name] or "")
    return result.getvalue()


def with_cells(xml: str, after: str = "") -> bytes:
    """A workbook whose sheet has exactly this in its `sheetData`, and this after it."""
    return changed(xlsx([["x"]]), {SHEET: f"{WORKSHEET}<sheetData>{xml}</sheetData>{after}</worksheet>"})
