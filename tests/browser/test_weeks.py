"""Weeks of lessons on a screen, a phone and paper, and with a keyboard alone."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pikepdf
import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from uuid_utils.compat import uuid7

from services.gradebook.lessons.tables import Lesson
from tests.browser.conftest import PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

MONDAY = TODAY - timedelta(days=TODAY.weekday())
on_a_phone = pytest.mark.parametrize("visitor", [PHONE], indirect=True, ids=["phone"])


def stand(school: School, lesson_id: UUID, **how: Any) -> None:
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == lesson_id).values(**how))


@pytest.fixture(scope="module", autouse=True)
def full_week(door: Site, school: School) -> None:
    """Seven lessons on six days, one cancelled, one moved, one with a substitute, two groups at once."""
    office = door.asking(school.methodologist)
    rooms = office.patch("/classrooms", json={"classrooms": [{"name": "214"}, {"name": "Спортзал"}]}).json["classrooms"]
    (year,) = office.get("/calendar").json["years"]
    bells = [{"number": one, "starts": f"{7 + one:02}:30", "ends": f"{8 + one:02}:10"} for one in range(1, 8)]
    rung = {"title": "Обычные", "valid_from": year["starts_on"], "bells": bells}
    answer = office.put(f"/years/{year['id']}/bells", json=rung, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text
    added = []
    for ahead in range(6):
        for number in range(1, 8):
            course_id = school.english if number == 3 else school.algebra
            if (ahead == TODAY.weekday() and number in (2, 3)) or (ahead == TODAY.weekday() + 1 and number == 1):
                continue  # the school's own
            lesson_id = school.add_lesson(uuid7(), course_id, MONDAY + timedelta(days=ahead), number)
            stand(school, lesson_id, classroom_id=UUID(rooms[number % 2]["id"]))
            added.append(lesson_id)
    stand(school, added[8], state="cancelled", reason="Карантин в классе")
    stand(school, added[16], state="cancelled", moved_to=MONDAY + timedelta(days=3), moved_number=7)
    stand(school, added[22], teacher_id=school.homeroom_a.person_id, reason="Курсы повышения квалификации")
    school.add_lesson(uuid7(), school.english, MONDAY + timedelta(days=4), 2)


def test_the_days_stand_side_by_side_and_rows_of_one_number_at_one_height(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.vera)
    page = visitor.goto(f"/week/students/{school.vera.person_id}")
    days = page.locator(".week .day")
    expect(days).to_have_count(6)
    tops = {round(days.nth(day).bounding_box()["y"]) for day in range(6)}  # type: ignore[index]  # they are seen
    assert len(tops) == 1
    for number in (1, 4, 7):
        rows = [days.nth(day).locator("li").nth(number - 1).bounding_box() for day in range(6)]
        assert len({round(row["y"]) for row in rows if row}) == 1, f"the rows of lesson {number}"
    expect(page.locator("del")).to_have_count(2)
    assert visitor.barriers_on_every_device("week-of-student") == []


@on_a_phone
def test_a_phone_lists_the_days_from_today_on(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.vera)
    page = visitor.goto(f"/week/students/{school.vera.person_id}")
    boxes = [one.bounding_box() for one in page.locator(".week .day").all()]
    assert len({round(box["x"]) for box in boxes if box}) == 1, "they stand below each other"
    today = page.locator(".week .day.is-today")
    if today.count():
        top = min(box["y"] for box in boxes if box)
        assert today.bounding_box()["y"] == top  # type: ignore[index]  # it is seen
    visitor.look("week-phone")


@pytest.mark.parametrize("whose", ["class", "teacher"])
def test_a_week_is_printed_on_one_lying_sheet(visitor: Visitor, school: School, whose: str) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto("/week" if whose == "teacher" else f"/week/classes/{school.class_a}")
    visitor.look(f"week-{whose}")
    with pikepdf.open(io.BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
        (sheet,) = printed.pages
        _, _, width, height = (float(one) for one in sheet.mediabox)
        assert (round(width), round(height)) == (842, 595), "A4, lying"


def test_another_week_is_found_by_the_keyboard(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto("/week")
    page.get_by_role("link", name="Другие недели").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="7А", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("7А")
    page.get_by_role("link", name="Следующая неделя").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("На этой неделе уроков нет")).to_be_visible()


def test_the_calendars_address_is_made_and_renewed(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.mother)
    page = visitor.goto(f"/week/students/{school.anna.person_id}")
    page.get_by_role("link", name="В календарь телефона").click()
    page.get_by_role("button", name="Создать адрес").click()
    first = page.get_by_label("Скопируйте его сейчас").input_value()
    assert visitor.barriers_on_every_device("calendar-made") == []
    page.get_by_role("button", name="Создать новый адрес").click()
    second = page.get_by_label("Скопируйте его сейчас").input_value()
    assert first != second
    statuses = [page.request.get(visitor.address + urlsplit(one).path).status for one in (first, second)]
    assert statuses == [404, 200]
    page.get_by_role("button", name="Отключить подписку").click()
    expect(page.get_by_role("status")).to_have_text("Адрес больше не действует.")
    assert page.request.get(visitor.address + urlsplit(second).path).status == 404


def test_free_classrooms_have_no_barrier(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto("/classrooms/free?number=2")
    expect(page.get_by_role("link", name="214")).to_be_visible()
    assert visitor.barriers_on_every_device("free-classrooms") == []
