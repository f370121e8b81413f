"""Cells written without the template engine are what it would write: escaped, with the marks of each cell."""

from __future__ import annotations

from gateway.pages.teacher.grid import Cell, Row


def link(mark_id: str, student_id: str) -> str:
    return f"/mark/{mark_id}?student={student_id}&term=1"


def test_a_cell_holds_absence_and_marks_with_links_and_titles() -> None:
    marks = [{"id": "m1", "value": "5", "title": 'at the "board" <i>'}, {"id": "m2", "value": "4/3", "title": ""}]
    row = Row("s1", "Anna", [Cell(None, []), Cell(None, [], outside=True), Cell("<О>", marks)], None)
    assert row.html(link, "Absent & late", "Not in it") == (
        '<td></td><td class="outside" title="Not in it"></td>'
        '<td><span class="absent" title="Absent &amp; late">&lt;О&gt;</span>'
        ' <a class="given" href="/mark/m1?student=s1&amp;term=1" title="at the &#34;board&#34; &lt;i&gt;">'
        '<span class="mark-5">5</span></a>'
        ' <a class="given" href="/mark/m2?student=s1&amp;term=1" title="">'
        '<span class="mark-4">4</span>/<span class="mark-3">3</span></a></td>'
    )


def test_cells_are_not_escaped_again() -> None:
    assert hasattr(Row("s1", "Anna", [], None).html(link, "", ""), "__html__")
