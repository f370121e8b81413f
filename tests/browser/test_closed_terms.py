"""A term that closes while a teacher is typing: the refusal is told, what was typed stays, and pages say why."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import Visitor
from tests.gateway.answers import answered
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")
#: A day on which there was a lesson with a topic and homework, too.
HELD_ON = TODAY - timedelta(days=8)
WHY = re.compile(r"«I»[^«»]+Открыть урок снова может методист")


class Held(NamedTuple):
    """A lesson of the term, and a mark in it."""

    lesson: UUID
    mark: str


@pytest.fixture(scope="module")
def held(door: Site, school: School, lived_in: None) -> Held:
    lesson = school.add_lesson(uuid7(), school.algebra, HELD_ON, 5)
    given = {"lesson_id": str(lesson), "student_id": str(school.anna.person_id), "value": "5"}
    mark = answered(door.asking(school.teacher).post("/marks", json=given), 201)["id"]
    return Held(lesson, mark)


def end_term(door: Site, school: School, days_ago: int) -> None:
    school.end_term(days_ago)
    door.app.extensions["lyceum-kept"].forget()


def told_why(visitor: Visitor, page: Page, name: str) -> None:
    """The page says why nothing can be changed, and has no field."""
    expect(page.locator("main")).to_contain_text(WHY)
    expect(page.locator("main input:visible:not([type=date]), main textarea:visible")).to_have_count(0)
    assert visitor.barriers_on_every_device(name) == []


def test_d06_marks_typed_while_the_term_closes_are_refused_and_stay_in_their_fields(
    visitor: Visitor, door: Site, school: School, held: Held
) -> None:
    end_term(door, school, 3)
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{held.lesson}/marks")
    field = page.locator(f"[name='value-{school.boris.person_id}']")
    field.fill("4")
    end_term(door, school, 4)
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("alert")).to_contain_text(WHY)
    expect(field).to_have_value("4")
    visitor.complaints.clear()  # the browser notes the status 409
    assert visitor.barriers_on_every_device("closed-refused") == []


@pytest.mark.parametrize("who", ["teacher", "homeroom_a"])
def test_d06_a_closed_term_is_read_and_offers_no_change(
    visitor: Visitor, door: Site, school: School, held: Held, who: str
) -> None:
    end_term(door, school, 4)
    visitor.sign_in(getattr(school, who))
    page = visitor.goto(f"/journal/{school.algebra}")
    told_why(visitor, page, f"closed-journal-{who}")
    expect(page.locator("thead a")).to_have_count(0)
    told_why(visitor, visitor.goto(f"/mark/{held.mark}"), f"closed-mark-{who}")
    if who == "teacher":
        told_why(visitor, visitor.goto(f"/day/{HELD_ON}"), "closed-day")
        told_why(visitor, visitor.goto(f"/lessons/{held.lesson}/marks"), "closed-column")
    else:
        told_why(visitor, visitor.goto(f"/check/{held.lesson}"), "closed-check")
