"""The methodologist opens closed lessons; their teacher sees until when, says why something is late, and saves it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import Visitor
from tests.gateway.pages.test_openings import vote
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")
HELD_ON = TODAY - timedelta(days=8)


@pytest.fixture(scope="module")
def lesson(door: Site, school: School, lived_in: None) -> UUID:
    """A lesson without a topic whose days are over; what is late needs a reason."""
    vote(school, edit_days=7, late_reason=True)
    return school.add_lesson(uuid7(), school.algebra, HELD_ON, 6)


def test_a_closed_lesson_is_opened_written_in_and_closed_again(visitor: Visitor, school: School, lesson: UUID) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/day/{HELD_ON}")
    expect(page.locator("main")).to_contain_text("Срок исправления, заданный школой, истёк")
    expect(page.locator(f"#topic-{lesson}")).to_have_count(0)
    assert visitor.barriers_on_every_device("window-closed-day") == []
    visitor.goto(f"/lessons/{lesson}/marks")
    assert visitor.barriers_on_every_device("window-closed-column") == []
    page.context.clear_cookies()

    visitor.sign_in(school.methodologist)
    page = visitor.goto("/openings")
    page.get_by_label("Чьи уроки").select_option(f"class:{school.class_a}")
    page.get_by_label("Причина").fill("Болезнь учителя: тетради проверены после больничного листа")
    page.get_by_role("button", name="Открыть эти уроки").click()
    expect(page.get_by_role("status").first).to_contain_text("Открыто")
    visitor.goto(f"/openings?lesson={lesson}")
    page.get_by_label("Причина").fill("Ошибка в теме")
    assert visitor.barriers_on_every_device("openings-lesson") == []
    page.get_by_role("button", name="Открыть эти уроки").click()
    page.get_by_role("row", name="Ошибка в теме").get_by_role("button", name="Закрыть").click()
    expect(page.locator("#history + table")).to_contain_text("Ошибка в теме")
    assert visitor.barriers_on_every_device("openings") == []
    page.context.clear_cookies()

    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/day/{HELD_ON}")
    section = page.locator(f"#lesson-{lesson}")
    expect(section).to_contain_text("Открыто до")
    page.locator(f"#topic-{lesson}").fill("Производная")
    section.get_by_role("button", name="Сохранить").click()
    expect(section).to_contain_text("укажите, почему запись внесена позже")
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Производная")
    visitor.complaints.clear()  # the browser notes the status 422
    expect(section.get_by_label("Причина")).to_be_focused()
    assert visitor.barriers_on_every_device("late-reason-day") == []
    section.get_by_label("Причина").select_option("Болезнь учителя")
    section.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").first).to_contain_text("Сохранено")
    page = visitor.goto(f"/lessons/{lesson}/homework/history")
    expect(page.locator("main")).to_contain_text("с опозданием")
    assert visitor.barriers_on_every_device("late-history") == []
    visitor.goto(f"/lessons/{lesson}/marks")
    assert visitor.barriers_on_every_device("late-reason-column") == []
