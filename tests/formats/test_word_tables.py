"""Tables of documents as sheets."""

import io
import zipfile

import pytest

from formats.container import opened
from formats.faults import Unreadable
from formats.sheets import Area, Sheet
from formats.word_tables import word_tables
from tests.formats.made import docx_of


def tables(body: str) -> list[Sheet]:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document xmlns:w='w'>{body}</w:document>")
    return word_tables(opened(packed.getvalue()))


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


def test_an_empty_table_and_a_document_without_tables() -> None:
    assert tables(table())[0].rows == ()
    assert tables("<w:p/>") == []
    assert word_tables(opened(docx_of())) == []


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
