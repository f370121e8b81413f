"""Homework in the diary that students tick as done: the boxes, the place the page comes back to, who has none."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from tests.gateway.pages.test_diary import EARLIER, card, give
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

BOX = re.compile(r'<form method="post" class="tick" action="([^"]+)">.*?</form>', re.DOTALL)


@pytest.fixture
def action(door: Site, school: School) -> str:
    """Algebra's homework is due today, and can be ticked at this address."""
    lesson_id = school.add_lesson(uuid7(), school.algebra, EARLIER, 1)
    give(door, school, lesson_id, "№ 5")
    return f"/diary/homework/{lesson_id}/done"


def press(door: Site, school: School, action: str, who: Any = None) -> Any:
    """Press the box of today's homework."""
    client, page = door.visit(who or school.anna), f"/diary/{school.anna.person_id}?date={TODAY}"
    (box,) = [one[0] for one in BOX.finditer(client.get(page).text) if one[1] == action]
    fields = dict(re.findall(r'name="(done|date|day)" value="([^"]+)"', box))
    return send(client, page, action, **fields)


def test_a_student_ticks_homework_and_takes_that_back_and_the_page_stays_where_it_was(
    door: Site, school: School, action: str
) -> None:
    anna, lesson = school.anna.person_id, action.split("/")[3]
    monday = TODAY - timedelta(days=TODAY.weekday())
    back = press(door, school, action)
    assert back.status_code == 303
    assert back.headers["Location"] == f"/diary/{anna}?date={monday}#due-{lesson}-{TODAY}"
    page = shown(door.visit(school.anna).get(back.headers["Location"]))
    assert page.count(f'id="due-{lesson}-{TODAY}"') == 1
    assert re.search('aria-pressed="true"[^>]*>.*?Сделано.*?: Алгебра', page, re.DOTALL)
    assert re.search(r"Сделано : Алгебра \d", card(door, f"/diary/{anna}", TODAY, school.anna))
    press(door, school, action)
    assert not re.search(r"Сделано : Алгебра \d", card(door, f"/diary/{anna}", TODAY, school.anna))


def test_parents_read_when_it_was_done_and_have_no_box_and_staff_read_nothing(
    door: Site, school: School, action: str
) -> None:
    press(door, school, action)
    path = f"/diary/{school.anna.person_id}"
    told = card(door, path, TODAY, school.mother)
    assert re.search(r"№ 5 ✓ сделано \d", told)
    assert "✓ сделано" in card(door, f"{path}?date={EARLIER}", EARLIER, school.mother), "also where it was given"
    for actor in (school.mother, school.homeroom_a, school.director):
        assert BOX.search(shown(door.visit(actor).get(path))) is None
    for actor in (school.homeroom_a, school.director):
        assert "сделано" not in card(door, path, TODAY, actor)
    refused = send(door.visit(school.mother), "/password", action, done="yes")
    assert refused.status_code == 403


def test_homework_that_was_changed_since_says_so_and_can_be_ticked_again(
    door: Site, school: School, action: str
) -> None:
    press(door, school, action)
    body, lesson = {"homework": "№ 5, 6"}, action.split("/")[3]
    answer = door.asking(school.teacher).patch(f"/lessons/{lesson}", json=body, headers={"If-Match": '"2"'})
    assert answer.status_code == 200, answer.text
    path = f"/diary/{school.anna.person_id}"
    for actor in (school.anna, school.mother):
        assert "позже задание изменилось" in card(door, path, TODAY, actor)
    press(door, school, action)
    assert "позже задание изменилось" not in card(door, path, TODAY, school.anna)


def test_homework_of_others_cannot_be_ticked_and_looks_as_if_it_did_not_exist(door: Site, school: School) -> None:
    for lesson_id in (school.shared_lesson, uuid7()):
        answer = send(door.visit(school.anna), "/password", f"/diary/homework/{lesson_id}/done", done="yes")
        assert answer.status_code == 404
