"""The document itself: what can be read on which page of it."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from kernel.names import Name
from services.printing.documents import render
from services.printing.documents.rules import spread
from services.printing.documents.rules.spread import UNPRINTABLE
from tests.printing.documents.pages import absence, brought, names_of, page, printed


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
    for text in ("Лицей № 1", "Классный журнал", "Алгебра 7А", "I полугодие: 01.09.2026 – 30.12.2026"):
        assert text in words(title)
    assert "Распечатано 31.12.2026" in words(title)
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
def test_marks_that_came_along_stand_below_the_topics_of_the_last_spread(tmp_path: Path) -> None:
    made = page(2, 30)
    made["brought"] = [brought(made, 0, (date(2026, 9, 14), "5"), school="Школа № 5")]
    _, _, right, _, right_again = read(render.rendered("journal", printed(made, "Белов Олег", "Юдина Анна")), tmp_path)
    assert "Белов Олег: 5 (14.09). Откуда: Школа № 5 (справка № 12)." in words(right_again)
    assert "Откуда" not in right


@pytest.mark.pdf
def test_a_term_without_lessons_says_so_where_their_topics_would_stand(tmp_path: Path) -> None:
    *_, right = read(render.rendered("journal", printed(page(2, 0, []))), tmp_path)
    assert "Уроков за этот период в журнале нет." in words(right)


@pytest.mark.pdf
def test_a_class_of_sixty_goes_on_over_pages_and_its_topics_stay_on_the_right(tmp_path: Path) -> None:
    pages = read(render.rendered("journal", printed(page(60, 3))), tmp_path)
    (topics,) = [at for at, text in enumerate(pages, 1) if "Темы и домашние задания" in text]
    assert topics % 2 == 1
    (last,) = [at for at, text in enumerate(pages, 1) if "Ученик 59" in text]
    assert "Фамилия, имя, отчество" in pages[last - 1], "the head of the table stands on every page"


@pytest.mark.pdf
def test_a_course_without_lessons_or_students_is_a_page_all_the_same(tmp_path: Path) -> None:
    for data in (printed(page(2, 0)), printed(page(0, 2)), printed(page())):
        assert "Темы и домашние задания" in read(render.rendered("journal", data), tmp_path)[2]


#: Where the columns of topics and homework begin and end, in points from the left edge of a right page: 18 mm are for
#: the binding, 19 for dates, 10 are free at the end.
TOPICS, HOMEWORK, END = 104.9, 335.9, 566.9
WIDTH, HEIGHT = 595.3, 841.9
BOUND, FREE = 51.0, 28.3
#: How far a letter may reach over the space that it is given, such as the hook of an f.
HOOK = 1.0
FILE = "самостоятельная_работа_по_теме_решение_линейных_уравнений_вариант_1_и_2.docx"


Box = tuple[float, float, float, float, str]


def boxes(document: bytes, folder: Path) -> list[Box]:
    """The words of all pages: left, top, right, bottom, text."""
    return [box for page_of_words in pages_of_boxes(document, folder) for box in page_of_words]


def pages_of_boxes(document: bytes, folder: Path) -> list[list[Box]]:
    """The words of each page."""
    path = folder / "document.pdf"
    path.write_bytes(document)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True)
    return [
        [
            (*map(float, edges), html.unescape(text))
            for *edges, text in re.findall(
                r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', one
            )
        ]
        for one in re.findall(r"<page .*?</page>", done.stdout, re.DOTALL)
    ]


@pytest.mark.pdf
def test_d20_a_groups_cover_names_the_group_and_a_subject_that_its_title_does_not(tmp_path: Path) -> None:
    made = page(1, 1)
    made["course"]["title"] = "Алгебра, 7А, 1-я группа"
    cover = words(read(render.rendered("journal", printed(made)), tmp_path)[0])
    assert "Алгебра, 7А, 1-я группа" in cover
    assert "Предмет" not in cover
    made["course"]["title"] = "Занимательные задачи"
    cover = words(read(render.rendered("journal", printed(made)), tmp_path)[0])
    assert "Занимательные задачи, 7А Предмет: Алгебра" in cover


@pytest.mark.pdf
def test_d20_pages_are_numbered_at_their_free_edge_but_for_the_cover(tmp_path: Path) -> None:
    cover, left, right = pages_of_boxes(render.rendered("journal", printed(page(1, 1))), tmp_path)
    assert max(bottom for _, _, _, bottom, _ in left) == max(bottom for _, _, _, bottom, _ in right)
    feet = [[box for box in one if box[1] > HEIGHT - 40] for one in (left, right)]
    assert [[box[4] for box in foot] for foot in feet] == [["2", "Лицей", "№", "1"], ["Лицей", "№", "1", "3"]]
    assert feet[0][0][0] == pytest.approx(FREE, abs=HOOK)
    assert feet[1][-1][2] == pytest.approx(WIDTH - FREE, abs=HOOK)
    assert cover[-1][4] == "ведётся.", "no foot under the last line of the cover"


@pytest.mark.pdf
def test_d20_long_words_that_fit_are_hyphenated_or_kept_whole_and_never_just_cut(tmp_path: Path) -> None:
    made = page(1, 2)
    compound = "Применяем информационно-коммуникационные средства на уроках"
    made["lessons"][0].update(topic=compound, homework=f"{'а ' * 21}учебно-исследовательская")
    made["lessons"][1].update(topic=f"{'а ' * 24}рентгеноэлектрокардиография")
    texts = [box[4] for box in boxes(render.rendered("journal", printed(made)), tmp_path)]
    for whole in ("информационно-коммуникационные", "исследовательская"):
        assert any(text.endswith(whole) for text in texts), whole
    (first,) = [text for text in texts if text.startswith("рентген")]
    assert first == "рентгеноэлектрокар\u00ad", "hyphenated between syllables, as the line has no room for all of it"
    assert "диография" in texts


@pytest.mark.pdf
def test_d20_a_usual_name_has_its_full_size_where_lessons_are_few(tmp_path: Path) -> None:
    widths = []
    for name in ("Ким Константин Ли", "Мельников Константин Владиславович"):
        found = boxes(render.rendered("journal", printed(page(1, 14), name)), tmp_path)
        widths += [right - left for left, _, right, _, text in found if text == "Константин"]
    assert widths[0] == pytest.approx(widths[1], abs=0.1)


def test_d20_a_fingerprint_is_of_what_a_document_says_and_not_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    data = printed(page(1, 1))
    of = render.fingerprint("journal", data)
    assert render.fingerprint("journal", dict(reversed(data.items())) | {"made_on": "01.01.2027"}) == of
    assert render.fingerprint("journal", data | {"school": "Лицей № 2"}) != of


def test_d20_another_look_is_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of = render.fingerprint("journal", {})
    (tmp_path / "journal.typ").write_text("Another look.")
    monkeypatch.setattr(render, "TEMPLATES", tmp_path)
    assert render.fingerprint("journal", {}) != of


@pytest.mark.pdf
def test_p35_word_off_the_page_is_broken_within_its_column(tmp_path: Path) -> None:
    made = page(1, 1)
    made["lessons"][0].update(topic="Щ" * 60, homework=f"Повторить: {FILE}")
    words = boxes(render.rendered("journal", printed(made)), tmp_path)
    (start,) = [at for at, word in enumerate(words) if word[4] == "Повторить:"]
    topic = [word for word in words if set(word[4]) == {"Щ"}]
    assert "".join(word[4] for word in topic) == "Щ" * 60
    assert all(left > TOPICS and right < HOMEWORK for left, _, right, _, _ in topic)
    homework = [word for word in words[start:] if word[0] > HOMEWORK][:4]
    assert "".join(word[4] for word in homework).startswith(f"Повторить:{FILE}")
    assert all(right < END for _, _, right, _, text in homework if text in f"Повторить: {FILE}")


@pytest.mark.pdf
def test_nothing_is_printed_off_the_paper_however_long_its_words(tmp_path: Path) -> None:
    long = "Щ" * 200
    made = page(2, 1, [(0, 0, "незач/незач/осв")])
    made["course"].update(title=long, subject=long)
    made["term"]["title"] = "Ж" * 80
    made["lessons"][0].update(topic=long, homework=long)
    names = {one: Name(long, long, long) for one in names_of(made)}
    made_on = date(2026, 12, 31)
    data = spread.journal(made, names=names, checks=(), school="Щ" * 300, class_name="Щ" * 60, made_on=made_on)
    for number, page_of_words in enumerate(pages_of_boxes(render.rendered("journal", data), tmp_path), 1):
        begin, end = (BOUND, WIDTH - FREE) if number % 2 else (FREE, WIDTH - BOUND)
        for left, top, right, bottom, text in page_of_words:
            assert begin - HOOK < left < right < end + HOOK, text
            assert 0 < top < bottom < HEIGHT, text


@pytest.mark.pdf
def test_marks_of_direction_do_not_turn_a_line_around(tmp_path: Path) -> None:
    made = page(1, 1)
    made["lessons"][0]["topic"] = "\u202eСтепень\u202c \u2067числа\u2069"
    assert "Степень числа" in words("".join(read(render.rendered("journal", printed(made)), tmp_path)))


@pytest.mark.pdf
def test_what_looks_like_a_program_is_printed_letter_for_letter(tmp_path: Path) -> None:
    """Typst has functions that read files, and markup of its own."""
    made = page(1, 3)
    typed = ('#read("/etc/passwd") *x* _y_ $z$', "=1+1 @a <b> {{ 7 * 7 }} \\u{41} // нет", '#include "/etc/passwd"')
    for lesson, text in zip(made["lessons"], typed, strict=True):
        lesson["topic"] = lesson["homework"] = text
    text = words("".join(read(render.rendered("journal", printed(made)), tmp_path))).replace("“", '"').replace("”", '"')
    assert "root:" not in text
    for part in ("#read(", "*x* _y_ $z$", "=1+1 @a <b>", "{{ 7 * 7 }}", "\\u{41}", "// нет", "#include"):
        assert part in text, part


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
