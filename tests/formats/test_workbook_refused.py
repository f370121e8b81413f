"""Workbooks that are refused, damaged or too large."""

import zipfile
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formats.workbook import read_workbook
from tests.examples import examples
from tests.formats.cost import rules_at_bearable_cost
from tests.formats.made import SHEET, WORKSHEET, changed, docx_of, with_cells, xlsx
from tests.formats.workbooks import refusal, sheets


def compound(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "".join(streams).encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not-a-container"),
        (b"PK", "not-a-container"),
        ("№;Тема;Часы\n".encode(), "not-a-container"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not-a-container"),
        (b"%PDF-1.7", "not-a-container"),
        (compound("Workbook"), "old-format"),
        (compound("EncryptedPackage"), "encrypted"),
        (b"PK\x03\x04" + b"\0" * 100, "damaged"),
        (xlsx([["x"]])[:-30], "damaged"),
    ],
)
def test_what_only_bears_the_name_of_a_workbook_is_refused(content: bytes, rule: str) -> None:
    assert refusal(content) == rule


def test_other_kinds_of_documents_are_refused() -> None:
    assert refusal(docx_of([["Тема", "Часы"]])) == "not-a-workbook"
    assert refusal(changed(xlsx([["x"]]), {"_rels/.rels": None})) == "not-a-workbook"
    assert refusal(changed(xlsx([["x"]]), {"_rels/.rels": "<Relationships/>"})) == "not-a-workbook"


def test_a_refusal_is_said_in_both_languages() -> None:
    (fault,) = read_workbook(compound("Workbook")).faults
    assert fault.reason.said("ru") == (
        "Файл старого формата (XLS или DOC). Откройте его и сохраните как XLSX или DOCX."
    )
    assert fault.reason.said("en") == ("The file has the old format (XLS or DOC). Open it and save it as XLSX or DOCX.")
    assert fault.place == ""


def test_a_damaged_part_is_refused_with_its_name() -> None:
    reading = read_workbook(changed(xlsx([["x"]]), {SHEET: "<worksheet><sheetData>"}))
    assert [(fault.place, fault.rule) for fault in reading.faults] == [(SHEET, "bad-xml")]
    gone = changed(xlsx([["x"]]), {SHEET: None})
    assert [(fault.place, fault.rule) for fault in read_workbook(gone).faults] == [(SHEET, "damaged")]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE worksheet [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE worksheet SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "_rels/.rels", "xl/styles.xml"])
def test_document_types_and_entities_are_refused_in_any_part(declaration: str, part: str) -> None:
    content = changed(xlsx([["x"]]), {part: f"{declaration}<worksheet>&a;</worksheet>"})
    assert refusal(content) == "declares-entities"


def row(number: int, cells: int) -> str:
    return f'<row r="{number}">' + "<c><v>1</v></c>" * cells + "</row>"


def test_the_last_row_and_column_that_are_taken() -> None:
    assert len(sheets(with_cells(row(20_000, 1)))[0].rows) == 20_000
    assert refusal(with_cells(row(20_001, 1))) == "too-many-rows"
    assert sheets(with_cells(row(1, 500)))[0].width == 500
    assert refusal(with_cells(row(1, 501))) == "too-many-columns"


def test_formatted_cells_without_value_do_not_count() -> None:
    assert sheets(with_cells(row(1, 1) + '<row r="1048576"><c r="XFD1048576" s="1"/></row>'))[0].rows == (
        (Decimal(1),),
    )


def test_two_values_far_apart_are_refused() -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="19999"><c r="SF19999"><v>1</v></c></row>'
    assert refusal(with_cells(far)) == "too-many-cells"
    assert refusal(with_cells('<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>')) == "too-many-rows"


@pytest.mark.slow
def test_long_texts_that_many_cells_share_are_refused() -> None:
    long = "x" * 40_000
    cell = f'<c t="inlineStr"><is><t>{long}</t></is></c>'
    assert refusal(with_cells(f"<row>{cell}</row>" * 450)) == "too-many-cells"
    merged = '<mergeCells><mergeCell ref="A1:A450"/></mergeCells>'
    assert refusal(with_cells(f"<row>{cell}</row>" + '<row r="450"><c><v>1</v></c></row>', merged)) == "too-many-cells"


def test_more_faults_than_anyone_reads_are_counted() -> None:
    reading = read_workbook(with_cells("<row>" + '<c t="e"><v>#REF!</v></c>' * 203 + "</row>"))
    assert len(reading.faults) == 201
    assert reading.faults[-1].rule == "more-faults"
    assert reading.faults[-1].reason.said("ru") == "Показаны не все замечания: их ещё 3."
    assert reading.faults[-1].reason.said("en") == "Not all faults are shown: there are 3 more."


@given(st.binary(max_size=300))
def test_random_bytes_never_raise(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        assert read_workbook(start + content).refused


MADE = xlsx([["№", "Тема", 1, date(2026, 9, 3)], ["a", True, 0.5, time(8)]], merged=["A1:A2"])


#: Not packed, so that flipped bytes reach the XML, though checksums stop most of them.
STORED = changed(MADE, {}, method=zipfile.ZIP_STORED)


@given(st.lists(st.tuples(st.integers(0, len(STORED) - 1), st.integers(0, 255)), min_size=1, max_size=8))
@settings(max_examples=examples(150), deadline=None)  # some changes make the file larger, none may take long
def test_flipped_bytes_never_raise(changes: list[tuple[int, int]]) -> None:
    content = bytearray(STORED)
    for index, byte in changes:
        content[index] = byte
    reading = read_workbook(bytes(content))
    assert reading.refused == (reading.value is None)
    assert all(fault.reason.said("ru") and fault.reason.said("en") for fault in reading.faults)


MARKUP = '<row r="2"><c r="B2" s="1" t="s"><v>1</v></c><c r="C2"><f>1</f><v>46268.5</v></c></row>'


@given(st.lists(st.tuples(st.integers(0, len(MARKUP)), st.sampled_from('<>/="12ABcrvst&;#-.e ')), max_size=6))
@settings(max_examples=examples(150), deadline=None)
def test_mistyped_markup_never_raises(changes: list[tuple[int, str]]) -> None:
    markup = MARKUP
    for index, character in changes:
        markup = markup[:index] + character + markup[index + 1 :]
    reading = read_workbook(with_cells(markup))
    assert reading.refused == (reading.value is None)


LAUGHS = "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12))


def bomb(name: str) -> bytes:
    if name == "parts that unpack to gigabytes":
        return changed(xlsx([["x"]]), {f"xl/media/{number}.bin": b"\0" * 8 * 1024**2 for number in range(12)})
    if name == "200,000 rows of 20":
        return with_cells("".join(row(number, 20) for number in range(1, 200_001)))
    if name == "200,000 short rows":
        return with_cells("".join(row(number, 5) for number in range(1, 200_001)))
    if name == "as much as is taken":
        return with_cells("".join(row(number, 9) for number in range(1, 20_001)))
    if name == "a million merged cells":
        merged = "".join(f'<mergeCell ref="A{number}:B{number}"/>' for number in range(1, 500_001))
        return with_cells(row(1, 1), f"<mergeCells>{merged}</mergeCells>")
    if name == "millions of empty cells":
        return with_cells("<c/>" * 4_000_000)
    if name == "a billion laughs":
        xml = f'<!DOCTYPE x [<!ENTITY a "lol">{LAUGHS}]>{WORKSHEET}<sheetData><c t="str"><v>&m;</v></c></sheetData>'
        return changed(xlsx([["x"]]), {SHEET: xml + "</worksheet>"})
    raise AssertionError(name)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("parts that unpack to gigabytes", ["unpacks-too-large"]),
        ("200,000 rows of 20", ["part-too-large"]),
        ("200,000 short rows", ["too-many-rows"]),
        ("as much as is taken", []),
        ("a million merged cells", ["too-many-merged"]),
        ("millions of empty cells", ["too-many-elements"]),
        ("a billion laughs", ["declares-entities"]),
    ],
)
def test_a_bomb_takes_no_more_than_two_seconds_and_200_megabytes(name: str, rules: list[str], tmp_path: Path) -> None:
    assert rules_at_bearable_cost(read_workbook, bomb(name), tmp_path) == rules
