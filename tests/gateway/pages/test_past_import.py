"""The page on which marks of past years are taken from report cards: names matched, looked at, taken, undone."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from uuid_utils.compat import uuid7

from cli.building import write
from gateway.composed import past_files
from services.gradebook.calendar import tables as calendar_tables
from tests.formats.made import exported
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.pages.test_timetable_import import field_of, form_of
from tests.gateway.site import Site
from tests.gradebook.past_import.conftest import ENDS, FIRST, LAST, PRINTED
from tests.gradebook.past_import.files import Card, cards
from tests.kit.people import id_of
from tests.kit.town import School

PAGE = "/import/past"
CARD: Card = {"Алгебра": ("4", "3", "4", "5", "4"), "Музыка": ("5", "", "", "", "0")}


@pytest.fixture
def kept(school: School) -> School:
    """The school keeps the year before, with its quarters."""
    year_id = uuid7()
    year = {"id": year_id, "title": "Прошлый год", "starts_on": FIRST, "ends_on": LAST}
    terms = [
        {
            "id": uuid7(), "year_id": year_id, "title": f"{number}-я четверть", "division": "quarters",
            "starts_on": day.replace(day=1), "ends_on": day,
        }
        for number, day in enumerate(ENDS, 1)
    ]  # fmt: skip
    rows = [(calendar_tables.Year, [year]), (calendar_tables.Term, terms)]
    write(school.town.gradebook.unit_of_work, school.id, rows)
    return school


def handed_in(client: FlaskClient, *contents: bytes) -> Any:
    files = [(io.BytesIO(content), f"табель-{place}.xlsx") for place, content in enumerate(contents)]
    return send(client, PAGE, PAGE, file=files)


def looked_at(client: FlaskClient, school: School, *contents: bytes) -> str:
    """The page that shows the first file, as one of class 7А."""
    sent = handed_in(client, *contents)
    assert sent.status_code == 303, sent.text
    page = shown(client.get(sent.headers["Location"]), "Загрузка прошлых лет", f"учебный год {PRINTED}")
    form = {**form_of(page), "class": str(school.class_a)}
    return shown(send(client, PAGE, f"{PAGE}/names", **form), "Названы так же, как у нас: 1")


def card_of(student: str, **more: str) -> bytes:
    return cards({student: CARD}, **{"name": "6А", "year": PRINTED, **more})


def test_a_file_is_looked_at_its_names_are_told_then_it_is_taken_and_undone(door: Site, kept: School) -> None:
    client = door.visit(kept.methodologist)
    page = looked_at(client, kept, card_of("Смирнова Анна"), card_of("Кузнецов Борис"))
    assert "Прежде чем взять файл, укажите, что это: 2" in page
    assert "ждут ещё: 1" in page
    form = form_of(page)
    form |= {field_of(form, name): "new" for name in ("Алгебра", "Музыка")}
    page = shown(send(client, PAGE, f"{PAGE}/names", **form), "Отметок добавится: <strong>6</strong>")
    for text in ("Лист1!G7", "«0» – не отметка за период", "Будет создано курсов: <strong>2</strong>", "Взять отметки"):
        assert text in page, text
    document = "Табель АСУ РСО от 01.06.2025"
    taken = send(client, PAGE, f"{PAGE}/taken", **{**form_of(page), "document": document})
    assert taken.status_code == 303, taken.text
    following = shown(client.get(taken.headers["Location"]), "Добавлено отметок: 6")
    assert "Кузнецов Борис" in following, "the next file follows"
    listed = shown(client.get(PAGE), document)
    action = re.search(r'action="(/import/past/[0-9a-f-]+/undo)"', listed)
    assert action is not None
    undone = send(client, PAGE, action[1])
    assert undone.status_code == 303
    shown(client.get(PAGE), "Снято отметок: 6")
    again = send(client, PAGE, action[1])
    shown(again, "Эту загрузку уже отменили.", status=409)


def test_marks_of_an_earlier_year_are_chosen_by_the_year(door: Site, kept: School) -> None:
    client = door.visit(kept.methodologist)
    form = form_of(looked_at(client, kept, card_of("Смирнова Анна")))
    form |= {field_of(form, name): "new" for name in ("Алгебра", "Музыка")}
    page = shown(send(client, PAGE, f"{PAGE}/names", **form))
    send(client, PAGE, f"{PAGE}/taken", **{**form_of(page), "document": "Табель"})
    family = door.visit(kept.mother)
    address = f"/marks/{id_of(kept.anna)}/terms"
    now = shown(family.get(address), f"{FIRST.year}/{LAST.year}")
    assert "1-я четверть" not in now
    year = re.search(rf'href="({address}\?year=[0-9a-f-]+)">{FIRST.year}/{LAST.year}<', now)
    assert year is not None, now
    then = shown(family.get(year[1]), "1-я четверть", "Алгебра 6А")
    assert then.count("Табель") == 1, "one document is said once, under the table"


def test_what_was_changed_meanwhile_is_shown_before_it_is_taken(door: Site, kept: School) -> None:
    client = door.visit(kept.methodologist)
    form = form_of(looked_at(client, kept, card_of("Смирнова Анна")))
    form |= {field_of(form, name): "new" for name in ("Алгебра", "Музыка")}
    stale = send(client, PAGE, f"{PAGE}/taken", **form, document="Табель")
    shown(stale, "что-то изменилось", "Отметок добавится: <strong>6</strong>", status=412)


@pytest.mark.parametrize(
    ("content", "status", "text"),
    [
        (b"", 422, "пуст"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, 422, "Это не отчёт АСУ РСО"),
        (b"PK\x03\x04broken", 200, "Файл взять нельзя"),
        (exported([["Расписание"]]), 200, "Это не табель успеваемости АСУ РСО"),
        (card_of("Смирнова Анна", year="2001/2002"), 200, "Такой учебный год здесь не заведён"),
        (card_of("Смирнова Анна", name="5Я"), 200, "В том году такого класса не было"),
    ],
    ids=["empty", "picture", "broken", "another table", "no such year", "no such class"],
)
def test_a_file_that_cannot_be_taken_is_answered_in_words(
    door: Site, kept: School, content: bytes, status: int, text: str
) -> None:
    client = door.visit(kept.methodologist)
    sent = handed_in(client, content)
    if sent.status_code == 303:
        sent = client.get(sent.headers["Location"])
    page = shown(sent, text, status=status)
    assert "Взять отметки" not in page


def test_a_file_that_is_too_large_is_refused_and_no_more_than_some_are_taken_at_once(
    door: Site, kept: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = door.visit(kept.methodologist)
    monkeypatch.setattr(past_files, "LARGEST_PAST", 1000)  # the tests' client would leave a file of 10 MB open
    large = handed_in(client, b"PK\x03\x04" + b"x" * 1000)
    assert large.status_code == 413
    many = handed_in(client, *[card_of("Смирнова Анна")] * 11)
    shown(many, "не больше 10 файлов", status=422)


def test_the_page_is_the_methodologists(door: Site, kept: School) -> None:
    for actor in (kept.teacher, kept.director, kept.mother):
        assert door.visit(actor).get(PAGE).status_code == 403
    shown(door.visit(kept.methodologist).get("/import"), "Загрузка прошлых лет")
