"""The printed page itself: read by pdftotext, and looked at as a picture of the right size."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from services.printing import render
from tests.printing.test_spread import mark, printed

pytestmark = pytest.mark.pdf


def read(document: bytes, folder: Path, *options: str) -> str:
    path = folder / "page.pdf"
    path.write_bytes(document)
    done = subprocess.run(
        ["pdftotext", "-layout", *options, str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_marks_stand_on_the_left_page_and_topics_on_the_right_one(tmp_path: Path):
    document = render.rendered("journal", printed(3, mark("l0", "s1", "5"), mark("l2", "s1", "3")))
    assert render.pages_of(document) == 3
    left, right = (read(document, tmp_path, "-f", page, "-l", page) for page in ("2", "3"))
    assert "Абрамов Иван" in left
    assert "сентябрь" in left
    assert "4.50" in left
    assert "Тема 1" in right
    assert "§2" in right.replace(" ", "")
    assert "Абрамов" not in right
    assert "Классный журнал" in read(document, tmp_path, "-f", "1", "-l", "1")


def test_each_spread_opens_on_an_even_page(tmp_path: Path):
    document = render.rendered("journal", printed(60))
    assert render.pages_of(document) == 7
    for page in ("2", "4", "6"):
        assert "Фамилия и имя" in read(document, tmp_path, "-f", page, "-l", page)


def test_a_page_without_lessons_or_students_can_be_printed():
    data: dict[str, Any] = printed(0)
    data["spreads"][0]["rows"] = []
    assert render.pages_of(render.rendered("journal", data)) == 3


def test_what_stands_in_a_topic_is_text_and_no_markup(tmp_path: Path):
    data = printed(1)
    data["spreads"][0]["lessons"][0]["topic"] = '#import "x.typ" $x$ *жирно* <a>'
    assert '#import "x.typ" $x$ *жирно* <a>' in read(render.rendered("journal", data), tmp_path)


def test_a_letter_that_no_font_has_fails_rather_than_print_a_gap():
    data = printed(1)
    data["school"] = "Лицей \U0001faa8"
    with pytest.raises(render.NotRendered):
        render.rendered("journal", data)


def test_the_file_declares_archival_pdf():
    document = render.rendered("journal", printed(1))
    assert b"pdfaid:part" in document
    assert document.startswith(b"%PDF-1.7")
