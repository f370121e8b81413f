"""Tables of documents as sheets."""

import io
import zipfile

import pytest

from formats.container import Container, opened
from formats.faults import Faults, Unreadable
from formats.sheets import Area, Sheet
from formats.word_tables import word_tables
from tests.formats.made import docx_of
from tests.formats.readings import said


def document(body: str, parts: dict[str, str] | None = None) -> Container:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='w'>{body}</w:document>")
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return opened(packed.getvalue())


def tables(body: str) -> list[Sheet]:
    faults = Faults()
    found = word_tables(document(body), faults)
    assert faults.all() == ()
    return found


def cell(text: str = "", properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def refusal(body: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as raised:
        tables(body)
    return raised.value.fault.place, raised.value.fault.rule


def test_cells_across_and_down_and_columns_left_out() -> None:
    across, down = "<w:gridSpan w:val='2'/>", "<w:vMerge/>"
    (sheet,) = tables(
        table(
            cell("a", "<w:vMerge w:val='restart'/>") + cell("b", across) + cell("c"),
            cell("", down) + cell("d") + cell("e", "<w:vMerge w:val='restart'/>"),
            cell("", "<w:vMerge w:val='continue'/>") + cell("f") + cell("", down),
            "<w:trPr><w:gridBefore w:val='2'/></w:trPr>" + cell("g") + cell("h"),
        )
    )
    assert sheet.name == "Таблица 1"
    assert sheet.rows == (
        ("a", "b", None, "c"),
        (None, "d", "e", None),
        (None, "f", None, None),
        (None, None, "g", "h"),
    )
    assert set(sheet.merged) == {Area(0, 0, 2, 0), Area(0, 1, 0, 2), Area(1, 2, 2, 2)}


def test_a_cell_that_goes_on_from_nothing_begins_there() -> None:
    (sheet,) = tables(table(cell("a", "<w:vMerge/>")))
    assert sheet.rows == (("a",),)
    assert sheet.merged == ()


def test_paragraphs_breaks_and_tabs_of_a_cell() -> None:
    text = "<w:tc><w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r></w:p>"
    (sheet,) = tables(table(text + "<w:p><w:r><w:t>e</w:t><w:instrText>no</w:instrText></w:r></w:p></w:tc>"))
    assert sheet.cell(0, 0) == "a b\nc\nd\ne"


def test_only_outer_tables_count_and_text_between_them_is_left_out() -> None:
    inner = table(cell("x") + cell("y"))
    outer = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p>{inner}</w:tc></w:tr></w:tbl>"
    first, second = tables(f"<w:p><w:r><w:t>no</w:t></w:r></w:p>{outer}<w:p/>{table(cell('b'))}")
    assert first.rows == (("a\nx\ny",),)
    assert (second.name, second.rows) == ("Таблица 2", (("b",),))


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def runs(*runs: str) -> str:
    return f"<w:tc><w:p>{''.join(runs)}</w:p></w:tc>"


def run(content: str) -> str:
    return f"<w:r>{content}</w:r>"


def test_p18_a_hyphen_that_does_not_break_is_one_and_a_soft_one_is_none() -> None:
    words = "<w:t>Научно</w:t><w:noBreakHyphen/><w:t>попу</w:t><w:softHyphen/><w:t>лярный</w:t>"
    (sheet,) = tables(table(runs(run("<w:t>3</w:t><w:noBreakHyphen/><w:t>4</w:t>")) + runs(run(words))))
    assert sheet.rows == (("3\u20114", "Научно\u2011популярный"),)


def test_p19_what_was_moved_or_deleted_with_changes_tracked_is_read_where_it_went() -> None:
    moved = run("<w:t>Б</w:t>")
    (sheet,) = tables(
        table(
            cell("А"),
            f"<w:trPr><w:del w:id='1'/></w:trPr>{runs(f'<w:moveFrom>{moved}</w:moveFrom>')}",
            cell("В"),
            f"<w:trPr><w:ins w:id='2'/></w:trPr>{runs(f'<w:moveTo>{moved}</w:moveTo>')}",
            runs(run("<w:t>Г</w:t>"), "<w:del><w:r><w:delText>Д</w:delText></w:r></w:del>", f"<w:ins>{moved}</w:ins>"),
            runs("<w:moveFrom><w:r><w:t>Е</w:t><w:tab/></w:r></w:moveFrom>", run("<w:t>Ж</w:t>")),
        )
    )
    assert sheet.rows == (("А",), ("В",), ("Б",), ("ГБ",), ("Ж",))


def test_p19_a_cell_that_begins_in_a_deleted_row_begins_below_it_and_one_above_ends_above() -> None:
    first, down = "<w:vMerge w:val='restart'/>", "<w:vMerge/>"
    deleted = "<w:trPr><w:del w:id='1'/></w:trPr>"
    (sheet,) = tables(
        table(
            cell("a", first) + cell("b"),
            deleted + cell("", down) + cell("c", first),
            cell("", down) + cell("d", down),
            deleted + cell("e") + cell("f"),
        )
    )
    assert sheet.rows == (("a", "b"), (None, None))
    assert set(sheet.merged) == {Area(0, 0, 1, 0), Area(0, 1, 1, 1)}


def test_properties_from_before_a_tracked_change_say_nothing() -> None:
    before = "<w:tcPrChange><w:tcPr><w:gridSpan w:val='3'/></w:tcPr></w:tcPrChange>"
    (sheet,) = tables(table(cell("a", before) + cell("b")))
    assert sheet.rows == (("a", "b"),)


def test_a_text_box_is_read_in_one_of_its_forms() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>в рамке</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = table(runs(run("<w:t>а </w:t>" + both))).replace("<w:tbl>", "<w:tbl xmlns:mc='mc'>", 1)
    (sheet,) = tables(body)
    assert sheet.rows == (("а \nв рамке",),)


@pytest.mark.parametrize(("value", "shown"), [("<w:vanish/>", "б"), ("<w:vanish w:val='0'/>", "аб")])
def test_hidden_text_is_left_out(value: str, shown: str) -> None:
    (sheet,) = tables(table(runs(run(f"<w:rPr>{value}</w:rPr><w:t>а</w:t>"), run("<w:t>б</w:t>"))))
    assert sheet.rows == ((shown,),)


def test_p20_hidden_rows_of_a_document_are_left_out_and_told() -> None:
    faults = Faults()
    hidden = "<w:trPr><w:hidden/></w:trPr>" + cell("старое")
    content = document(
        table(cell("а"), hidden, cell("б"), hidden, "<w:trPr><w:hidden w:val='false'/></w:trPr>" + cell("в"))
    )
    (sheet,) = word_tables(content, faults)
    assert sheet.rows == (("а",), ("б",), ("в",))
    (fault,) = faults.all()
    assert (fault.place, fault.rule) == ("Таблица 1", "hidden-rows")
    assert said(fault) == (
        "В таблице есть скрытые строки (2): они не прочитаны.",
        "The table has hidden rows (2): they were not read.",
    )


NUMBERING = """<w:numbering xmlns:w='w'>
<w:abstractNum w:abstractNumId='7'>
<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%1.'/></w:lvl>
<w:lvl w:ilvl='1'><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.%2)'/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId='8'>
<w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/><w:lvlText w:val='•'/></w:lvl></w:abstractNum>
<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='8'/></w:num>
<w:num w:numId='3'><w:abstractNumId w:val='7'/>
<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num>
</w:numbering>"""
STYLES = """<w:styles xmlns:w='w'><w:style w:styleId='Номер'>
<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>
</w:style></w:styles>"""


def listed(number: int, level: int = 0) -> str:
    return f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>"


def test_numbers_that_word_counts_itself_stand_in_their_cells() -> None:
    properties = [listed(1), listed(1), listed(1, 1), listed(1, 1), listed(1), listed(1, 1),
                  listed(2), listed(0), listed(3), listed(3),
                  "<w:pStyle w:val='Номер'/>", "<w:pStyle w:val='Номер'/>" + listed(0), listed(4), ""]  # fmt: skip
    rows = [f"<w:tc>{paragraph('', one)}</w:tc>" for one in properties]
    rows.insert(1, "<w:trPr><w:del/></w:trPr>" + rows[0])
    parts = {"word/numbering.xml": NUMBERING, "word/styles.xml": STYLES}
    (sheet,) = word_tables(document(table(*rows), parts), Faults())
    assert [sheet.text(row, 0) for row in range(len(sheet.rows))] == [
        "1.", "2.", "2.I)", "2.II)", "3.", "3.I)", "", "", "5.", "6.", "7.", "", "", ""
    ]  # fmt: skip


def test_a_counted_number_stands_before_its_text_and_outside_of_tables_counts_as_well() -> None:
    body = paragraph("Введение", listed(1)) + table(f"<w:tc>{paragraph('Дроби', listed(1))}</w:tc>")
    (sheet,) = word_tables(document(body, {"word/numbering.xml": NUMBERING}), Faults())
    assert sheet.rows == (("2. Дроби",),)


def test_an_empty_table_and_a_document_without_tables() -> None:
    assert tables(table())[0].rows == ()
    assert tables("<w:p/>") == []
    assert word_tables(opened(docx_of()), Faults()) == []


@pytest.mark.slow
def test_the_most_rows_columns_and_cells_that_are_taken() -> None:
    empty = "<w:tc/>"
    assert len(tables(table(*[empty] * 20_000))[0].rows) == 20_000
    assert refusal(table(*[empty] * 20_001)) == ("", "too-many-rows")
    assert tables(table(cell("a", "<w:gridSpan w:val='500'/>")))[0].width == 500
    assert refusal(table(cell("a", "<w:gridSpan w:val='501'/>"))) == ("", "too-many-columns")
    wide = cell("a", "<w:gridSpan w:val='500'/>")
    assert len(tables(table(*[wide] * 2000))[0].rows) == 2000
    assert refusal(table(*[wide] * 2001)) == ("Таблица 1", "too-many-cells")


def test_p19_a_cell_that_ends_in_a_deleted_row_ends_above_it() -> None:
    deleted = "<w:trPr><w:del w:id='1'/></w:trPr>"
    (sheet,) = tables(
        table(cell("a", "<w:vMerge w:val='restart'/>"), deleted + cell("", "<w:vMerge/>"), cell("b"), cell("c"))
    )
    assert sheet.rows == (("a",), ("b",), ("c",))
    assert sheet.merged == ()
