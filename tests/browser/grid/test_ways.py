"""From cells of the journal to the pages that explain them: what a figure is made of, what stood there before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from kernel.auth import Actor
from tests.browser.conftest import DESKTOP, Visitor
from tests.browser.grid.journal import Grid
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def test_a_mean_is_reached_by_arrows_follows_what_is_typed_and_opens_by_enter(grid: Grid) -> None:
    page = grid.page
    row = page.locator("table.grid tbody tr", has_text="Кузнецов")
    mean = row.locator("[data-figure=mean]")
    before = mean.inner_text()
    grid.type("Кузнецов", "5")
    grid.saved()
    expect(mean).not_to_have_text(before)
    grid.cell("Кузнецов").click()
    grid.press("End", "ArrowLeft", "ArrowLeft")
    expect(mean).to_be_focused()
    assert page.locator("table.grid [tabindex='0']").count() == 1
    said = rf"Кузнецов Борис, Средний балл, {mean.inner_text()}, .*Enter: как получилось"
    expect(page.locator("#sheet-live")).to_have_text(re.compile(said))
    expect(page.locator("#sheet-focus").get_by_role("link", name="Что, если")).to_be_visible()
    assert grid.visitor.barriers_on_every_device("grid-figure") == []
    grid.press("Enter")
    page.wait_for_url("**/students/*/term-mark?*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Кузнецов Борис")
    page.get_by_role("link", name="Журнал", exact=False).last.click()
    grid.ready()


def test_without_scripts_a_mean_and_an_absence_are_links(
    visitor: Visitor, browser: Browser, school: School, both: Actor
) -> None:
    context = browser.new_context(locale="ru-RU", java_script_enabled=False)
    plain = Visitor(context, visitor.address, visitor.door, set())
    page = plain.sign_in(both)
    plain.goto(f"/journal/{school.algebra}")
    page.locator("table.grid tbody tr", has_text="Смирнова").locator("[data-figure=mean] a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Смирнова Анна")
    plain.goto(f"/journal/{school.algebra}")
    page.locator("table.grid tbody tr", has_text="Попова").get_by_role("link", name="Б").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Попова Вера")
    expect(page.get_by_role("main")).to_contain_text("отсутствует по болезни")
    context.close()


def test_one_key_opens_the_history_of_a_mark_of_an_absence_and_of_a_topic(grid: Grid) -> None:
    page = grid.page
    grid.type("Кузнецов", "5")
    grid.type("Попова", "н")
    grid.saved()
    grid.open()
    dialog, journal = page.locator("#sheet-history"), page.url
    grid.cell("Смирнова").click()
    grid.press("F4")
    expect(dialog).to_contain_text("никто не отмечал")  # her class was checked by the absence: she was there
    grid.press("Escape")
    expect(dialog).to_be_hidden()
    expect(grid.cell("Смирнова")).to_be_focused()
    grid.cell("Кузнецов").click()
    focus = page.locator("#sheet-focus")
    expect(focus.get_by_role("link")).to_have_text(
        ["История отметки", "История посещаемости", "Выставить отметки", "Кто отсутствовал"]
    )
    grid.press("F4")
    expect(dialog).to_contain_text("Кузнецов Борис")
    expect(dialog.get_by_role("button", name="Закрыть историю")).to_be_focused()
    assert grid.visitor.barriers_on_every_device("grid-history") == []
    page.set_viewport_size(DESKTOP)
    grid.press("Enter")
    expect(grid.cell("Кузнецов")).to_be_focused()
    assert page.url == journal
    grid.cell("Попова").click()
    grid.press("F4")
    expect(dialog).to_contain_text("Н – отсутствует")
    dialog.get_by_role("link", name="Открыть страницу истории").click()
    page.wait_for_url("**/absence?*")
    expect(page.get_by_role("main")).to_contain_text("Н – отсутствует")
    assert grid.visitor.barriers_on_every_device("absence-history") == []
    page.set_viewport_size(DESKTOP)
    page.get_by_role("link", name="К журналу").click()
    grid.ready()
    grid.press("Home", "Control+ArrowUp", "ArrowUp", "F4")
    expect(dialog).to_contain_text("Формулы сокращённого умножения")


def test_a_history_that_cannot_be_shown_in_the_grid_is_a_page(grid: Grid) -> None:
    page = grid.page
    grid.type("Кузнецов", "5")
    grid.saved()

    def another(route: Route) -> None:
        """Something else than the page of a history, as where the session is over."""
        if route.request.is_navigation_request():
            route.continue_()
        else:
            route.fulfill(body="<h1>Вход</h1>", content_type="text/html")

    page.route("**/mark/*", another)
    grid.cell("Кузнецов").click()
    grid.press("F4")
    page.wait_for_url("**/mark/*")
    expect(page.get_by_role("main")).to_contain_text("Кузнецов Борис")
