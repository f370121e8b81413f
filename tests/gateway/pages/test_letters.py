"""The page of letters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from kernel.clock import now
from services.notifications.deliveries.tables import Delivery
from services.notifications.messages.rules.news import NOTHING_TO_TELL, TOLD_BEFORE
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


@pytest.fixture
def written(door: Site, school: School) -> None:
    """Letters about a mark: Anna's to her mother and father, Boris's and Vera's to the mother of both."""
    mark(door, school, (school.anna, school.boris, school.vera))


def mark(door: Site, school: School, students: tuple[Any, ...], days_ago: int = 1) -> None:
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=days_ago), 4)
    marks = [{"student_id": str(student.person_id), "value": "4"} for student in students]
    answered(door.asking(school.teacher).post(f"/lessons/{lesson}/marks", json={"marks": marks}), 201)
    door.carry()


def set_outcome(door: Site, school: School, **values: Any) -> None:
    """What became of every letter about Anna."""
    with door.bus.services["notifications"].unit_of_work.of(school.id) as session:
        session.execute(update(Delivery).where(Delivery.student_id == school.anna.person_id).values(**values))


@pytest.mark.usefixtures("written")
def test_letters_are_shown_with_names_and_what_they_were_about(door: Site, school: School) -> None:
    for who in (school.methodologist, school.director, school.person("deputy")):
        page = shown(door.visit(who).get("/letters"), "Смирнова Анна", "Кузнецов Борис", "Попова Вера")
        assert page.count("об отметке") == 4
        assert page.count("ещё нет: ждёт очереди") == 4
        assert "Иванова Мария" in page
        assert str(school.anna.person_id) not in page


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ({"state": "sent", "sent_at": now()}, "да, "),
        ({"state": "gone", "reason": "no-consent"}, "нет согласия представителя на письма"),
        ({"state": "gone", "reason": TOLD_BEFORE}, "то же сообщило более раннее письмо"),
        ({"state": "gone", "reason": NOTHING_TO_TELL}, "то, о чём было письмо, снято"),
        ({"state": "gone", "reason": "rejected-550"}, "возможно, адрес неверен"),
        ({"state": "due", "reason": "server-421", "attempts": 1}, "почтовый сервер школы"),
        ({"state": "due", "reason": "letter-failed", "attempts": 1}, "ошибка системы"),
    ],
)
def test_what_became_of_a_letter_is_told_in_words(
    door: Site, school: School, outcome: dict[str, Any], words: str
) -> None:
    set_outcome(door, school, **outcome)
    page = shown(door.visit(school.methodologist).get("/letters?name=Смирнова"), words)
    assert page.count(words) == 2
    assert outcome.get("reason", "no reason") not in page
    assert "Кузнецов" not in page


@pytest.mark.usefixtures("written")
def test_letters_are_found_by_the_students_name_and_by_what_became_of_them(door: Site, school: School) -> None:
    set_outcome(door, school, state="sent", sent_at=now())
    client = door.visit(school.methodologist)
    sent = shown(client.get("/letters?state=sent"), "Смирнова Анна")
    assert "Кузнецов" not in sent
    several = shown(client.get("/letters?name=ов"), "выберите одного", f"student={school.boris.person_id}")
    assert "об отметке" not in several
    chosen = shown(client.get(f"/letters?student={school.boris.person_id}"), '<h1 class="h3">Письма: Кузнецов Борис')
    assert chosen.count("об отметке") == 1
    shown(client.get("/letters?name=Никто"), "Никого не найдено.")
    shown(client.get(f"/letters?student={school.gleb.person_id}"), "Таких писем нет.")


@pytest.mark.usefixtures("written")
def test_parents_see_their_own_letters_and_choose_a_child(door: Site, school: School) -> None:
    page = shown(door.visit(school.other_mother).get("/letters"), "Кузнецов Борис", "Попова Вера")
    assert page.count("об отметке") == 2
    one = shown(door.visit(school.other_mother).get(f"/letters?student={school.vera.person_id}"))
    assert one.count("об отметке") == 1
    others = shown(door.visit(school.other_mother).get(f"/letters?student={school.anna.person_id}"))
    assert "Смирнова" not in others
    father = shown(door.visit(school.father).get("/letters"))
    assert father.count("об отметке") == 1
    assert "Смирнова" not in father, "the father did not consent to the portal"


def test_letters_are_on_pages_of_fifty(door: Site, school: School) -> None:
    for day in range(26):
        mark(door, school, (school.anna,), days_ago=day)
    client = door.visit(school.methodologist)
    first = shown(client.get("/letters"), "Более ранние письма")
    assert first.count("об отметке") == 50
    after = first.split("after=", 1)[1].split('"', 1)[0]
    last = shown(client.get(f"/letters?after={after}"))
    assert last.count("об отметке") == 2
    assert "Более ранние письма" not in last


@pytest.mark.parametrize("who", ["teacher", "boris"])
def test_letters_are_for_the_administration_and_parents(door: Site, school: School, who: str) -> None:
    client = door.visit(getattr(school, who))
    assert client.get("/letters").status_code == 403
    assert 'href="/letters"' not in client.get("/", follow_redirects=True).text


@pytest.mark.usefixtures("written")
def test_letters_of_another_school_are_not_there(door: Site, school: School) -> None:
    elsewhere = School(door.school.town)
    page = shown(door.visit(elsewhere.methodologist).get("/letters"), "Таких писем нет.")
    assert "Смирнова" not in page
    asked = door.visit(elsewhere.methodologist).get(f"/letters?student={school.anna.person_id}")
    assert "Смирнова" not in shown(asked, "Таких писем нет.")
