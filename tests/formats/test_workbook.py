"""Workbooks: values as a person sees them, faults at their places, and files made to harm."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from formats import workbook
from formats.workbook import Area, Sheet, Workbook, cell_text, column_letters, place, read_workbook
from tests.examples import examples
from tests.formats.made import SHEET, WORKSHEET, changed, with_cells, xlsx
from tests.formats.workbooks import faults, only, sheets
from tests.shared import SHARED, shared

MOMENT = datetime.combine(date(2026, 9, 3), time(8, 30))


def test_values_come_as_plain_values() -> None:
    row = ["Тема", 2, 1.5, date(2026, 9, 3), MOMENT, time(8, 30), True, False, None, "конец"]
    (sheet,) = sheets(xlsx([row], name="Лист1"))
    assert sheet.name == "Лист1"
    assert not sheet.hidden
    assert sheet.rows == (
        ("Тема", Decimal(2), Decimal("1.5"), date(2026, 9, 3), MOMENT, time(8, 30), True, False, None, "конец"),
    )
    assert [type(value) for value in sheet.rows[0][1:5]] == [Decimal, Decimal, date, datetime]


@pytest.mark.parametrize(
    ("stored", "number"),
    [
        ("0.30000000000000004", "0.3"),
        ("0.1", "0.1"),
        ("1e+20", "100000000000000000000"),
        ("2.50", "2.5"),
        ("-4", "-4"),
        ("1E-3", "0.001"),
        ("123456789.25", "123456789.25"),
        ("0", "0"),
        ("7.0", "7"),
    ],
)
def test_numbers_are_decimals_without_the_noise_of_binary_ones(stored: str, number: str) -> None:
    value = only(with_cells(f"<row><c><v>{stored}</v></c></row>"))
    assert format(value, "f") == number


@pytest.mark.parametrize("stored", ["abc", "nan", "inf", "1e999", "1e999999999", "--1"])
def test_what_is_no_number_is_a_fault_at_its_cell(stored: str) -> None:
    content = with_cells(f'<row r="3"><c r="B3"><v>{stored}</v></c><c r="C3"><v>1</v></c></row>')
    assert faults(content) == [("План!B3", "bad-number")]
    assert sheets(content)[0].rows[2] == (None, None, Decimal(1))


@given(st.decimals(-(10**9), 10**9, places=3))
@settings(max_examples=examples(25))
def test_any_number_of_a_plan_survives(number: Decimal) -> None:
    assert only(with_cells(f"<row><c><v>{float(number)!r}</v></c></row>")) == number


@given(st.dates(date(1900, 3, 1), date(2200, 1, 1)), st.times().map(lambda at: at.replace(microsecond=0)))
@settings(max_examples=examples(25), deadline=None)  # a workbook is written and packed for each
def test_any_date_and_moment_survives(day: date, at: time) -> None:
    moment = datetime.combine(day, at)
    row = sheets(xlsx([[day, moment]]))[0].rows[0]
    assert row == (day, moment if at != time() else day)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("dd.mm.yyyy", date(2026, 9, 3)),
        ("d mmmm", date(2026, 9, 3)),
        ("mmmm", date(2026, 9, 3)),
        ("[$-419]d mmm;@", date(2026, 9, 3)),
        ('yyyy"г."', date(2026, 9, 3)),
        ("DD.MM.YY", date(2026, 9, 3)),
        ("General", Decimal(46268)),
        ("0.00", Decimal(46268)),
        ('0" ч. (day)"', Decimal(46268)),
        ("#,##0\\d", Decimal(46268)),
        ("[Red]0", Decimal(46268)),
        ("[h]:mm", Decimal(46268)),
        ("0;dd", Decimal(46268)),
        ("@", Decimal(46268)),
    ],
)
def test_the_format_of_a_number_says_whether_it_is_a_date(code: str, value: object) -> None:
    book = openpyxl.Workbook()
    cell = book.active["A1"]
    cell.value, cell.number_format = 46268, code
    packed = io.BytesIO()
    book.save(packed)
    assert only(packed.getvalue()) == value


STYLES = '<styleSheet><cellXfs>{}</cellXfs><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs></styleSheet>'


def styled(stored: str, number_format: int, workbook_pr: str = "") -> bytes:
    """A1 with a stored number under a number format that is known by its number."""
    content = with_cells(f'<row><c s="1"><v>{stored}</v></c></row>')
    parts: dict[str, Any] = {"xl/styles.xml": STYLES.format(f'<xf numFmtId="0"/><xf numFmtId="{number_format}"/>')}
    if workbook_pr:
        parts["xl/workbook.xml"] = (
            '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<workbookPr {workbook_pr}/><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>'
        )
    return changed(content, parts)


@pytest.mark.parametrize(
    ("number_format", "stored", "value"),
    [
        *((date_format, "46268", date(2026, 9, 3)) for date_format in (14, 15, 16, 17, 22, 27, 31, 36, 50, 58)),
        *((other, "46268", Decimal(46268)) for other in (0, 1, 13, 23, 26, 37, 44, 48, 49, 59)),
        *((time_format, "0.5", time(12)) for time_format in (18, 19, 20, 21, 32, 35, 45, 46, 47)),
        (14, "0.5", time(12)),
        (20, "0", time(0)),
        (20, "1", Decimal(1)),
        (46, "1.25", Decimal("1.25")),
        (14, "46268.354166666664", MOMENT),
        (14, "46268.99999999", date(2026, 9, 4)),
        (14, "1", date(1900, 1, 1)),
        (14, "59", date(1900, 2, 28)),
        (14, "61", date(1900, 3, 1)),
        (14, "2958465", date(9999, 12, 31)),
    ],
)
def test_formats_known_by_their_number(number_format: int, stored: str, value: object) -> None:
    content = styled(stored, number_format)
    assert only(content) == value
    assert faults(content) == []


@pytest.mark.parametrize("stored", ["-1", "60", "0", "2958466", "1e15"])
def test_a_number_that_is_no_day_is_a_fault(stored: str) -> None:
    content = styled(stored, 14)
    assert [fault.rule for fault in read_workbook(content).faults] == ["bad-date"]
    assert read_workbook(content).faults[0].place.endswith("!A1")
    assert sheets(content)[0].rows == ()


def test_days_may_be_counted_from_1904() -> None:
    assert only(styled("0", 14, 'date1904="1"')) == date(1904, 1, 1)
    assert only(styled("44806", 14, 'date1904="true"')) == date(2026, 9, 3)
    assert only(styled("46268", 14, 'date1904="0"')) == date(2026, 9, 3)
    assert faults(styled("2958465", 14, 'date1904="1"')) == [("A!A1", "bad-date")]


def test_a_formula_gives_its_last_result_and_is_a_fault_without_one() -> None:
    content = with_cells(
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1"><f>1+1</f><v></v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c><c r="E1" t="str"><f>A1</f><v>да</v></c><c r="F1"/></row>'
    )
    assert sheets(content)[0].rows == ((Decimal(2), None, None, None, "да"),)
    reading = read_workbook(content)
    assert [(fault.place[-2:], fault.rule) for fault in reading.faults] == [
        ("B1", "formula-without-value"),
        ("C1", "formula-without-value"),
    ]
    assert not reading.faults[0].fatal
    assert reading.faults[0].reason.said("ru") == (
        "Формула не посчитана. Откройте файл в табличном редакторе и сохраните его заново."
    )


def test_an_error_value_is_a_fault_that_names_it() -> None:
    reading = read_workbook(with_cells('<row><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="str"><v>#N/A</v></c></row>'))
    assert reading.value is not None
    assert reading.value.sheets[0].rows == ((None, "#N/A"),)
    (fault,) = reading.faults
    assert fault.rule == "error-value"
    assert fault.reason.said("ru") == "В ячейке ошибка #DIV/0!."
    assert fault.reason.said("en") == "The cell holds the error #DIV/0!."


def test_texts_are_joined_from_runs_without_readings_and_escapes() -> None:
    strings = (
        "<sst><si><r><t>Тема </t></r><r><t>урока</t></r><rPh><t>reading</t></rPh></si>"
        "<si><t>a_x000D_b_x0041_\x09c</t></si><si><t></t></si><si><t>d_xD800_e_x0000_</t></si></sst>"
    )
    content = changed(
        with_cells(
            '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c>'
            '<c t="inlineStr"><is><r><t>x</t></r><rPh><t>no</t></rPh><r><t>y</t></r></is></c></row>'
        ),
        {"xl/sharedStrings.xml": strings},
    )
    relations = "xl/_rels/workbook.xml.rels"
    with_relation = changed(content, {relations: _with_shared_strings(content, relations)})
    assert sheets(with_relation)[0].rows == (("Тема урока", "abA\tc", None, "de", "xy"),)


def _with_shared_strings(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = archive.read(name).decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    kept = written.replace(kind, "was-there")
    added = f'<Relationship Id="rId77" Type="{kind}" Target="sharedStrings.xml"/></Relationships>'
    return kept.replace("</Relationships>", added)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ('<c t="s"><v>99999</v></c>', "bad-cell"),
        ('<c t="s"><v>-1</v></c>', "bad-cell"),
        ('<c t="s"><v>x</v></c>', "bad-cell"),
        ('<c t="d"><v>2026-13-45</v></c>', "bad-cell"),
        ('<c t="unheard"><v>1</v></c>', "error-value"),
    ],
)
def test_a_cell_that_refers_to_nothing_is_a_fault(cell: str, rule: str) -> None:
    reading = read_workbook(with_cells(f"<row>{cell}</row>"))
    assert [fault.rule for fault in reading.faults] == [rule]


def test_dates_written_as_text_of_the_standard() -> None:
    row = '<row><c t="d"><v>2026-09-03</v></c><c t="d"><v>2026-09-03T08:30:00</v></c></row>'
    assert sheets(with_cells(row))[0].rows == ((date(2026, 9, 3), MOMENT),)


def test_cells_without_references_follow_one_another() -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row r='4'><c r='C4'><v>3</v></c><c><v>4</v></c></row>"
    rows += "<row><c r='bad ref'><v>5</v></c></row>"
    none = (None,) * 4
    assert sheets(with_cells(rows))[0].rows == (
        (Decimal(1), Decimal(2), None, None),
        none,
        none,
        (None, None, Decimal(3), Decimal(4)),
        (Decimal(5), None, None, None),
    )


def test_a_merged_area_has_its_value_in_the_first_cell_and_can_be_filled() -> None:
    content = xlsx([["Дата", "", "Тема"], ["план", "факт", ""]], merged=["A1:B1", "C1:C2"])
    (sheet,) = sheets(content)
    assert set(sheet.merged) == {Area(0, 0, 0, 1), Area(0, 2, 1, 2)}
    assert sheet.rows == (("Дата", None, "Тема"), ("план", "факт", None))
    assert sheet.filled().rows == (("Дата", "Дата", "Тема"), ("план", "факт", "Тема"))
    assert sheet.filled().merged == sheet.merged


def test_a_merged_area_beyond_the_last_value_is_clipped_or_left_out() -> None:
    after = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="D9:E9"/><mergeCell ref="B2:A1"/></mergeCells>'
    (sheet,) = sheets(with_cells("<row><c><v>1</v></c></row><row><c/><c><v>2</v></c></row>", after))
    assert sheet.merged == (Area(0, 0, 1_048_575, 16_383),)
    assert sheet.filled().rows == ((Decimal(1),) * 2,) * 2


def test_hidden_sheets_and_the_order_of_sheets_are_kept() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Первый"
    book.create_sheet("Второй").sheet_state = "hidden"
    book.create_sheet("Третий").sheet_state = "veryHidden"
    packed = io.BytesIO()
    book.save(packed)
    found = [(sheet.name, sheet.hidden, sheet.rows, sheet.width) for sheet in sheets(packed.getvalue())]
    assert found == [("Первый", False, (), 0), ("Второй", True, (), 0), ("Третий", True, (), 0)]


def test_texts_and_places_are_those_a_person_sees() -> None:
    sheet = Sheet("Лист1", (("  Тема\xa0 урока\n ", Decimal("2.5")), (date(2026, 9, 3), None)))
    assert sheet.text(0, 0) == "Тема урока"
    assert sheet.text(0, 1) == "2,5"
    assert sheet.text(1, 0) == "03.09.2026"
    assert [sheet.text(1, 1), sheet.text(2, 0), sheet.text(0, 2), sheet.text(-1, 0), sheet.text(0, -1)] == [""] * 5
    assert place(sheet, 6, 1) == "Лист1!B7"
    assert place(Sheet("", ()), 0, 26) == "AA1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MOMENT, "03.09.2026 08:30"),
        (time(8, 30), "08:30"),
        (True, "ИСТИНА"),
        (False, "ЛОЖЬ"),
        (None, ""),
        (Decimal(12), "12"),
        ("а  б\nв", "а б\nв"),
    ],
)
def test_each_kind_of_value_has_a_text(value: Any, text: str) -> None:
    assert cell_text(value) == text


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_spreadsheets_name_them(column: int, letters: str) -> None:
    assert column_letters(column) == letters


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize("path", sorted(SHARED.glob("[pt]*/*.xlsx")), ids=lambda path: path.name)
def test_real_files_read_as_another_reader_reads_them(path: Path) -> None:
    other = CalamineWorkbook.from_path(str(path))
    reading = read_workbook(path.read_bytes())
    assert reading.value is not None
    assert reading.faults == ()
    assert [sheet.name for sheet in reading.value.sheets] == other.sheet_names
    for index, sheet in enumerate(reading.value.sheets):
        theirs = other.get_sheet_by_index(index)
        areas = {Area(*first, *last) for first, last in theirs.merged_cell_ranges or ()}
        assert set(sheet.merged) <= areas
        for y, values in enumerate(theirs.to_python(skip_empty_area=False)):
            for x, value in enumerate(values):
                own = sheet.cell(y, x)
                assert ("" if own is None else float(own) if isinstance(own, Decimal) else own) == value


def test_real_files_are_there() -> None:
    assert len(list(shared(".").glob("[pt]*/*.xlsx"))) >= 2


# ---------------------------------------------------------------- files made to harm


def test_names_of_the_reader_are_there_for_other_readers() -> None:
    assert isinstance(read_workbook(xlsx([["x"]])).value, Workbook)
    assert set(workbook.__all__) >= {"read_workbook", "Workbook", "Sheet", "Area", "place"}


def hidden(rows: list[list[Any]], row: Sequence[int] = (), column: Sequence[str] = (), merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Лист1"
    for values in rows:
        sheet.append(values)
    for number in row:
        sheet.row_dimensions[number].hidden = True
    for letter in column:
        sheet.column_dimensions[letter].hidden = True
    if merged:
        sheet.merge_cells(merged)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("rows", "columns", "left", "ru", "en"),
    [
        ([2], [], (("а", "б"), (None, None), ("д", "е")),
         "Скрытые строки не прочитаны: 2.", "Hidden rows were not read: 2."),
        ([1, 2], [], ((None, None), (None, None), ("д", "е")),
         "Скрытые строки не прочитаны: 1–2.", "Hidden rows were not read: 1–2."),
        ([], ["B"], (("а", None), ("в", None), ("д", None)),
         "Скрытые столбцы не прочитаны: B.", "Hidden columns were not read: B."),
        ([1, 3], ["A"], ((None, None), (None, "г"), (None, None)),
         "Скрытые строки (1, 3) и столбцы (A) не прочитаны.", "Hidden rows (1, 3) and columns (A) were not read."),
    ],
)  # fmt: skip
def test_p20_hidden_rows_and_columns_are_empty_and_told(
    rows: list[int], columns: list[str], left: tuple[tuple[Any, ...], ...], ru: str, en: str
) -> None:
    reading = read_workbook(hidden([["а", "б"], ["в", "г"], ["д", "е"]], rows, columns))
    assert reading.value is not None
    assert reading.value.sheets[0].rows == left
    (fault,) = reading.faults
    assert (fault.place, fault.rule) == ("Лист1", "hidden-cells")
    assert (fault.reason.said("ru"), fault.reason.said("en")) == (ru, en)


def test_p20_hidden_rows_without_values_are_not_told() -> None:
    assert read_workbook(hidden([["а"], [], ["б"]], [2, 7], ["C"])).faults == ()


def test_p20_a_row_of_no_height_and_a_column_of_no_width_are_hidden() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2" ht="0"><c r="A2"><v>3</v></c></row>'
    content = changed(
        xlsx([["x"]]),
        {SHEET: f'{WORKSHEET}<cols><col min="2" max="2" width="0"/></cols><sheetData>{rows}</sheetData></worksheet>'},
    )
    (sheet,) = sheets(content)
    assert sheet.rows == ((Decimal(1), None), (None, None))
    assert faults(content) == [("План", "hidden-cells")]


def test_p20_a_merged_value_that_begins_in_a_hidden_row_is_shown_in_the_next_one() -> None:
    (sheet,) = sheets(hidden([["Пн", 1], [None, 2], [None, 3]], [1], merged="A1:A3"))
    assert sheet.rows[1] == ("Пн", Decimal(2))
    assert sheet.filled().text(2, 0) == "Пн"


def test_p20_very_many_hidden_rows_are_listed_in_part() -> None:
    reading = read_workbook(hidden([["а"]] * 60, range(1, 60, 2)))
    assert reading.faults[0].reason.said("ru").endswith("37, 39, ….")
