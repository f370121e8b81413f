"""What the journal asks its teacher: a refused cell, the reason of a change, two at one cell."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP
from tests.browser.grid.journal import Grid, Network, enter, kept, revisions
from tests.gateway.site import Site
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def test_a_refused_cell_says_why_until_it_is_corrected(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    cell = grid.type("Кузнецов", "9")
    grid.type("Попова", "4")
    expect(cell).to_have_attribute("data-state", "refused")
    expect(cell).to_have_attribute("aria-invalid", "true")
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("Кузнецов Борис")
    expect(needs).to_contain_text("нет на шкале")
    assert grid.visitor.barriers_on_every_device("grid-refused") == []
    grid.page.set_viewport_size(DESKTOP)
    grid.page.reload()
    grid.ready()
    expect(grid.cell("Кузнецов")).to_have_text("9")
    needs.get_by_role("button", name="Исправить").click()
    grid.press("Control+KeyA")
    grid.page.keyboard.type("5")
    grid.press("Enter")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "4"}


def test_the_reason_of_changes_is_asked_once_for_all(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    for name in ("Кузнецов", "Попова"):
        grid.type(name, "5")
    grid.saved()
    for name in ("Кузнецов", "Попова"):
        grid.type(name, "4")
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("5 → 4")
    expect(grid.page.locator("td[data-state=asked]")).to_have_count(2)
    assert grid.visitor.barriers_on_every_device("grid-asked") == []
    grid.page.set_viewport_size(DESKTOP)
    needs.get_by_role("button", name="Описка").click()
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "4", "Попова Вера": "4"}
    assert revisions(door, school, lesson) == 4


def test_two_teachers_at_one_cell_are_both_shown_and_one_chooses(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    for name, text in (("Смирнова", "5"), ("Кузнецов", "5"), ("Попова", "2")):
        grid.type(name, text)
    expect(grid.state()).to_contain_text("Ждут сохранения: 3")
    enter(door, school, lesson, school.teacher, anna="3", boris="4", vera="2")
    network.mode = "well"
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    expect(grid.page.locator("td[data-state=conflict]")).to_have_count(2)  # the same from two sides is none
    needs = grid.page.get_by_role("region", name="Нужно ваше решение")
    expect(needs).to_contain_text("вы ввели «5», а здесь уже сохранено «3» (Иванова М.")
    assert grid.visitor.barriers_on_every_device("grid-conflict") == []
    grid.page.set_viewport_size(DESKTOP)
    needs.get_by_role("button", name="Оставить «3»").click()
    needs.get_by_role("button", name="Поставить «5»").click()
    expect(grid.page.locator("td[data-state=asked]")).to_have_count(1)
    needs.get_by_role("button", name="Описка").click()
    grid.saved()
    grid.visitor.complaints.clear()  # the browser notes what was not carried
    assert kept(door, school, lesson) == {"Смирнова Анна": "3", "Кузнецов Борис": "5", "Попова Вера": "2"}
