"""A computer that others use: signing out, a session that is over, another teacher."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from kernel.auth import Actor
from kernel.waiting import eventually
from tests.browser.conftest import Visitor
from tests.browser.grid.journal import KEPT, Grid, Network, kept
from tests.gateway.site import Site
from tests.kit.people import PASSWORD
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Выйти").click()


def sign_in(visitor: Visitor, page: Page, actor: Actor) -> None:
    page.fill("#login", visitor.door.login(actor))
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login" not in url)


def test_signing_out_asks_about_what_is_not_saved_and_leaves_nothing(
    grid: Grid, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    Network(grid.page.context, "is away")
    cell = grid.type("Кузнецов", "5")
    expect(cell).to_have_attribute("data-state", "waiting")
    # a cell shows what was typed before the disk has it
    eventually(lambda: grid.page.evaluate(KEPT), 10, "the entry in the browser's outbox")
    assert grid.page.evaluate(KEPT) == [{"owner": str(both.account_id), "readable": False}]
    grid.answer(accept=False)
    sign_out(grid.page)
    eventually(lambda: grid.looked() and grid.asked, 10, "the question")
    assert "записей: 1" in grid.asked[0]
    expect(cell).to_have_text("5")
    grid.page.goto(f"{grid.visitor.address}/day")  # from any page
    grid.answer(accept=True)
    sign_out(grid.page)
    grid.page.wait_for_url("**/login")
    assert grid.page.evaluate(KEPT) == []
    assert kept(door, school, lesson) == {}
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_signing_out_first_sends_what_waits(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    network = Network(grid.page.context, "is away")
    cell = grid.type("Кузнецов", "5")
    expect(cell).to_have_attribute("data-state", "waiting")
    network.mode = "well"
    sign_out(grid.page)
    grid.page.wait_for_url("**/login")
    assert grid.asked == []
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_what_one_teacher_typed_never_goes_out_under_anothers_name(
    grid: Grid, door: Site, school: School, lesson: UUID, both: Actor
) -> None:
    page, context = grid.page, grid.page.context
    context.clear_cookies()  # the session is over
    cell = grid.type("Кузнецов", "5")
    expect(grid.state()).to_contain_text("Сеанс закончился. Ждут сохранения: 1")
    other = Grid(grid.visitor, school, lesson, context.new_page())
    other.page.goto(f"{grid.visitor.address}/login")
    sign_in(grid.visitor, other.page, school.teacher)
    other.open()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(grid.state()).to_contain_text("Вошёл другой пользователь. Ждут сохранения: 1")
    expect(cell).to_have_attribute("data-state", "waiting")
    expect(other.page.locator("#sheet-others")).to_contain_text("ждут отправки записи другого пользователя: 1")
    expect(other.cell("Кузнецов")).to_have_text("")
    other.saved()
    assert kept(door, school, lesson) == {}
    page.close()
    sign_out(other.page)
    other.page.wait_for_url("**/login")
    sign_in(grid.visitor, other.page, both)
    other.open()
    other.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes the statuses 401 and 409
