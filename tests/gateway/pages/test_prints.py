"""The page of print jobs: orders, what they lead to, older ones, and why one failed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from gateway.pages.methodologist.prints import PAGE
from services.gradebook.calendar.tables import Term
from tests.gateway.pages.prints import old_orders
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.town import School


@pytest.fixture
def office(door: Site, school: School) -> FlaskClient:
    return door.visit(school.methodologist)


def term_of(door: Site, school: School) -> str:
    term_id: str = door.asking(school.teacher).get("/calendar").json["years"][0]["terms"][0]["id"]
    return term_id


def order(door: Site, school: School, office: FlaskClient) -> Any:
    """The page on which an order of algebra's pages ends."""
    answer = send(office, "/print", course_id=str(school.algebra), term_id=term_of(door, school))
    assert answer.status_code == 303, answer.text
    return office.get(answer.headers["Location"])


def rows(page: Any) -> list[str]:
    """What stands in each row of the table."""
    body = re.search(r"<tbody.*?</tbody>", page.text, re.DOTALL)
    assert body is not None
    found = re.findall(r"<tr.*?</tr>", body[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def test_d20_an_order_of_what_is_being_made_or_printed_leads_to_its_row_and_says_so(
    door: Site, school: School, office: FlaskClient
) -> None:
    first = order(door, school, office)
    assert len(rows(first)) == 1
    assert "перв" not in first.text
    waits = order(door, school, office)
    assert re.search(
        r"«Алгебра, I» уже готовится по заказу от \d\d\.\d\d\.\d{4} \d\d:\d\d: смотрите первую строку", waits.text
    )
    assert len(rows(waits)) == 1
    door.carry()
    printed = order(door, school, office)
    assert re.search(
        r"«Алгебра, I»: с заказа \d\d\.\d\d\.\d{4} \d\d:\d\d ничего не изменилось, документ – в первой строке",
        printed.text,
    )
    assert len(rows(printed)) == 1
    assert 'class="table-info"' in printed.text
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    changed = order(door, school, office)
    assert len(rows(changed)) == 2
    assert "перв" not in changed.text


def test_d20_an_old_order_that_is_led_to_stands_first_once(door: Site, school: School, office: FlaskClient) -> None:
    order(door, school, office)
    door.carry()
    old_orders(door, school, PAGE)
    assert not any("Алгебра" in row for row in rows(office.get("/print")))
    led = rows(order(door, school, office))
    assert "Алгебра, I" in led[0]
    assert sum("Алгебра, I" in row for row in led) == 1


def test_d20_orders_stand_on_pages_and_the_document_of_the_oldest_is_reached(
    door: Site, school: School, office: FlaskClient
) -> None:
    order(door, school, office)
    door.carry()
    old_orders(door, school, 2 * PAGE)
    seen, address = [], "/print"
    while True:
        page = office.get(address)
        shown(page)
        seen += rows(page)
        older = re.search(r'rel="next" href="([^"]+)">Более ранние заказы', page.text)
        assert ("Новые заказы" in page.text) == (address != "/print")
        if older is None:
            break
        address = older[1].replace("&amp;", "&")
    assert len(seen) == 2 * PAGE + 1
    assert [row.split(" – ")[0].split()[1] for row in seen[:2]] == [str(2 * PAGE), str(2 * PAGE - 1)]
    link = re.search(r'href="(/print/[^"]+/document)"', page.text)
    assert link is not None
    document = office.get(link[1])
    assert (document.status_code, document.data[:4]) == (200, b"%PDF")


@pytest.mark.parametrize(
    ("language", "said"), [("ru", "Не найдено: учебный период."), ("en", "There is no such term.")]
)
def test_d20_why_an_order_failed_is_told_in_the_readers_language(
    door: Site, school: School, office: FlaskClient, language: str, said: str
) -> None:
    order(door, school, office)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(Term))
    door.carry()
    (row,) = rows(office.get("/print", headers={"Accept-Language": language}))
    assert said in row


@pytest.mark.parametrize(
    ("language", "waits", "failed"),
    [
        ("ru", "Документ ещё готовится.", "Документа нет: сформировать его не удалось."),
        ("en", "The document is still being made.", "There is no document: it could not be made."),
    ],
)
def test_d20_a_document_that_is_not_there_is_told_without_words_of_programs(
    door: Site, school: School, office: FlaskClient, language: str, waits: str, failed: str
) -> None:
    place = re.search(r"same=(.+)", order_again(door, school, office))
    assert place is not None
    address = f"/print/{place[1]}/document"
    assert waits in shown(office.get(address, headers={"Accept-Language": language}), status=409)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(delete(Term))
    door.carry()
    assert failed in shown(office.get(address, headers={"Accept-Language": language}), status=409)


def order_again(door: Site, school: School, office: FlaskClient) -> str:
    """The address of a page that an order of the same leads to."""
    order(door, school, office)
    answer = send(office, "/print", course_id=str(school.algebra), term_id=term_of(door, school))
    return str(answer.headers["Location"])
