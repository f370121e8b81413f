"""The document itself: what can be read on which page of it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from kernel.names import Name
from services.printing.documents import render
from services.printing.documents.rules import spread
from services.printing.documents.rules.spread import UNPRINTABLE
from tests.printing.documents.pages import absence, names_of, page, printed


def read(document: bytes, folder: Path) -> list[str]:
    """The text of each page."""
    path = folder / "document.pdf"
    path.write_bytes(document)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.pdf
def test_marks_stand_on_the_left_page_and_topics_on_the_right(tmp_path: Path) -> None:
    made = page(30, 40, [(0, 0, "3"), (0, 0, "5"), (0, 1, "2"), (1, 1, "незач")])
    data = printed(made, "Белов Олег", "Ёлкина Анна", checks=(absence(made, 0, 1, "Н"),))
    document = render.rendered("journal", data)
    title, left, right, left_again, right_again = read(document, tmp_path)
    assert render.pages_of(document) == 5
    for text in ("Лицей № 1", "Классный журнал", "Алгебра, 7А класс", "I полугодие: 01.09.2026 – 30.12.2026"):
        assert text in words(title)
    assert "Учитель: Титова Ольга" in words(title)
    assert "1 Белов Олег 3/5" in words(left)
    assert "2 Ёлкина Анна Н 2 незач" in words(left)
    assert "30 Ученик 29" in words(left)
    assert "сентябрь" in left
    assert "балл" not in left
    assert "балл" in left_again
    assert "Белов Олег 4,25" in words(left_again)
    assert "01.09.2026 Тема 1: степень и её свойства § 1, № 100" in words(right)
    assert "Тема 20:" in right
    assert "Тема 21:" not in right
    assert "Тема 40:" in right_again


@pytest.mark.pdf
def test_a_class_of_sixty_goes_on_over_pages_and_its_topics_stay_on_the_right(tmp_path: Path) -> None:
    pages = read(render.rendered("journal", printed(page(60, 3))), tmp_path)
    (topics,) = [at for at, text in enumerate(pages, 1) if "Темы и домашние задания" in text]
    assert topics % 2 == 1
    (last,) = [at for at, text in enumerate(pages, 1) if "Ученик 59" in text]
    assert "Фамилия и имя" in pages[last - 1], "the head of the table stands on every page"


@pytest.mark.pdf
def test_a_course_without_lessons_or_students_is_a_page_all_the_same(tmp_path: Path) -> None:
    for data in (printed(page(2, 0)), printed(page(0, 2)), printed(page())):
        assert "Темы и домашние задания" in read(render.rendered("journal", data), tmp_path)[2]


#: Where the columns of topics and homework begin and end, in points from the left edge: 12 mm of margin, 19 of dates.
TOPICS, HOMEWORK, END = 87.9, 324.6, 561.3
WIDTH, HEIGHT = 595.3, 841.9
MARGIN = 34.0
#: How far a letter may reach over the space that it is given, such as the hook of an f.
HOOK = 1.0
FILE = "самостоятельная_работа_по_теме_решение_линейных_уравнений_вариант_1_и_2.docx"


def boxes(document: bytes, folder: Path) -> list[tuple[float, float, float, float, str]]:
    """The words of all pages: left, top, right, bottom, text."""
    path = folder / "document.pdf"
    path.write_bytes(document)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    found = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', done.stdout)
    return [(*map(float, edges), html.unescape(text)) for *edges, text in found]


@pytest.mark.pdf
def test_p35_word_off_the_page_is_broken_within_its_column(tmp_path: Path) -> None:
    made = page(1, 1)
    made["lessons"][0].update(topic="Щ" * 60, homework=f"Повторить: {FILE}")
    words = boxes(render.rendered("journal", printed(made)), tmp_path)
    (start,) = [at for at, word in enumerate(words) if word[4] == "Повторить:"]
    topic = [word for word in words if set(word[4]) == {"Щ"}]
    assert "".join(word[4] for word in topic) == "Щ" * 60
    assert all(left > TOPICS and right < HOMEWORK for left, _, right, _, _ in topic)
    homework = words[start : start + 4]
    assert "".join(word[4] for word in homework).startswith(f"Повторить:{FILE}")
    assert all(left > HOMEWORK and right < END for left, _, right, _, text in homework if text in f"Повторить: {FILE}")


@pytest.mark.pdf
def test_nothing_is_printed_off_the_paper_however_long_its_words(tmp_path: Path) -> None:
    long = "Щ" * 200
    made = page(2, 1, [(0, 0, "незач/незач/осв")])
    made["course"].update(title=long, subject=long)
    made["term"]["title"] = "Ж" * 80
    made["lessons"][0].update(topic=long, homework=long)
    names = {one: Name(long, long, long) for one in names_of(made)}
    data = spread.journal(made, names=names, checks=(), school="Щ" * 300, class_name="Щ" * 60)
    for left, top, right, bottom, text in boxes(render.rendered("journal", data), tmp_path):
        assert MARGIN - HOOK < left < right < WIDTH - MARGIN + HOOK, text
        assert 0 < top < bottom < HEIGHT, text


@pytest.mark.pdf
def test_marks_of_direction_do_not_turn_a_line_around(tmp_path: Path) -> None:
    made = page(1, 1)
    made["lessons"][0]["topic"] = "\u202eСтепень\u202c \u2067числа\u2069"
    assert "Степень числа" in words("".join(read(render.rendered("journal", printed(made)), tmp_path)))


@pytest.mark.pdf
def test_long_homework_is_printed_to_its_end(tmp_path: Path) -> None:
    made = page(1, 24)
    for lesson in made["lessons"]:
        lesson["homework"] = "упражнение " * 150 + "конец"
    text = "".join(read(render.rendered("journal", printed(made)), tmp_path))
    assert text.count("конец") == 24


def test_the_document_is_for_the_archive_and_carries_its_fonts(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    path.write_bytes(render.rendered("journal", printed(page(2, 2, [(0, 0, "5")]))))
    with pikepdf.open(path) as opened:
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        fonts = [font for one in opened.pages for font in one.Resources.get("/Font", {}).values()]
        assert fonts
        assert all("/FontFile3" in font.DescendantFonts[0].FontDescriptor for font in fonts)


def test_every_character_that_is_let_through_can_be_printed() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    made = page(1, 1)
    data = printed(made)
    data["spreads"][0]["lessons"][0]["topic"] = " ".join(UNPRINTABLE.sub("", every))
    assert render.rendered("journal", data).startswith(b"%PDF")


def test_a_character_that_no_font_has_fails_the_rendering() -> None:
    data = printed(page(1, 1))
    data["spreads"][0]["lessons"][0]["topic"] = "😀"
    with pytest.raises(render.NotRendered, match="could not be displayed"):
        render.rendered("journal", data)


def test_a_rendering_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LONGEST", 0.01)
    with pytest.raises(render.NotRendered, match="longer than"):
        render.rendered("journal", printed(page(1, 1)))


def test_the_renderer_runs_without_the_machinery_of_services() -> None:
    loaded = "print([name for name in sys.modules if name.startswith('kernel')])"
    program = f"import services.printing.documents.render, sys; {loaded}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


#: A service's process is patched by eventlet: while it waits for a document, its other work goes on.
GREEN = """
import kernel.running.green, eventlet, json, sys
from services.printing.documents import render
data, beats = json.load(sys.stdin), []
def beat():
    while True:
        beats.append(1)
        eventlet.sleep(0.005)
eventlet.spawn(beat)
print(render.rendered("journal", data)[:4].decode(), len(beats) > 2)
render.LONGEST = 0.01
try:
    render.rendered("journal", data)
except render.NotRendered as error:
    print(error)
"""


@pytest.mark.slow
def test_a_service_goes_on_while_its_document_is_rendered() -> None:
    data = json.dumps(printed(page(30, 100)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", GREEN], input=data, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["%PDF True", "It took longer than 0.01 seconds."]
