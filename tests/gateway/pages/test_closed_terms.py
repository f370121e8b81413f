"""Pages of lessons and marks whose term is closed: they offer no change and say why; what was typed is kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


class Closed(NamedTuple):
    """A lesson ten days ago with a mark, and the form of its page while its term was open."""

    lesson: UUID
    mark: str
    day: date
    pages: dict[str, str]


@pytest.fixture
def closed(door: Site, school: School) -> Closed:
    """The term ended four days ago: since today it is closed."""
    day = TODAY - timedelta(days=10)
    lesson = school.add_lesson(uuid7(), school.algebra, day, 1)
    given = {"lesson_id": str(lesson), "student_id": str(school.anna.person_id), "value": "5"}
    mark = answered(door.asking(school.teacher).post("/marks", json=given), 201)["id"]
    answered(door.asking(school.homeroom_a).put(f"/lessons/{lesson}/check", json={"absences": [
        {"student_id": str(school.vera.person_id), "code": "О", "minutes": 7}
    ]}))  # fmt: skip
    school.end_term(4)
    pages = {
        "day": f"/day/{day}", "column": f"/lessons/{lesson}/marks", "mark": f"/mark/{mark}", "check": f"/check/{lesson}"
    }  # fmt: skip
    return Closed(lesson, mark, day, pages)


def test_d06_pages_of_a_closed_term_offer_no_change_and_say_why(door: Site, school: School, closed: Closed) -> None:
    teacher, homeroom = door.visit(school.teacher), door.visit(school.homeroom_a)
    why = ("«I»", "Открыть урок снова может методист")
    day = shown(teacher.get(closed.pages["day"]), *why)
    assert not any(f'name="{field}-' in day for field in ("topic", "homework", "homework_due"))
    assert "value-" not in shown(teacher.get(closed.pages["column"]), *why)
    assert 'name="reason"' not in shown(teacher.get(closed.pages["mark"]), *why)
    check = shown(homeroom.get(closed.pages["check"]), *why, "Попова Вера: О, 7 мин")
    assert "code-" not in check
    for client, address in ((teacher, closed.pages["column"]), (homeroom, closed.pages["check"])):
        assert address not in client.get(closed.pages["day"]).text
    journal = shown(teacher.get(f"/journal/{school.algebra}", follow_redirects=True), *why)
    assert closed.pages["column"] not in journal
    assert closed.pages["check"] not in shown(homeroom.get(f"/journal/{school.algebra}", follow_redirects=True), *why)
    assert closed.pages["mark"] in journal, "the history can be read"


def test_d06_what_was_typed_while_the_term_closed_is_kept_and_the_refusal_is_told(
    door: Site, school: School, closed: Closed
) -> None:
    teacher, anna = door.visit(school.teacher), school.anna.person_id
    homeroom = door.visit(school.homeroom_a)
    sent = {
        "Производная": send(teacher, "/day", closed.pages["day"], **{
            f"version-{closed.lesson}": "1", f"topic-{closed.lesson}": "Производная", f"homework-{closed.lesson}": "",
            f"homework_due-{closed.lesson}": ""}),
        "у доски": send(teacher, "/day", closed.pages["column"], **{
            f"value-{school.boris.person_id}": "4", f"comment-{school.boris.person_id}": "у доски"}),
        "Опечатка": send(teacher, "/day", closed.pages["mark"], value="4", reason="Опечатка", version="1"),
        'value="13"': send(homeroom, "/day", closed.pages["check"], **{f"code-{anna}": "О", f"minutes-{anna}": "13"}),
    }  # fmt: skip
    for typed, answer in sent.items():
        assert typed in shown(answer, "«I»", "Открыть урок снова может методист", status=409)
