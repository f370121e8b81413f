"""A block of a spreadsheet is pasted into the journal."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP
from tests.browser.grid.journal import Grid, kept
from tests.gateway.site import Site
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true }));
        }""",
        text,
    )


def test_a_block_that_is_pasted_is_shown_with_what_cannot_be_read(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    page = grid.page
    grid.cell("Кузнецов").click()
    paste(page, "5\nж\n")
    dialog = page.get_by_role("dialog", name="Вставка в журнал")
    expect(dialog).to_contain_text("Нельзя вставить: 1.")
    expect(dialog.locator("td.unread")).to_contain_text("ж")
    assert grid.visitor.barriers_on_every_device("grid-paste") == []
    page.set_viewport_size(DESKTOP)
    dialog.get_by_role("button", name="Вставить то, что можно: 1").click()
    expect(grid.cell("Кузнецов")).to_have_text("5")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.cell("Попова").click()
    paste(page, "4")
    expect(grid.cell("Попова")).to_have_text("4")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "4"}


def test_a_block_that_can_be_read_is_pasted_without_a_question(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    grid.cell("Кузнецов").click()
    paste(grid.page, "5\r\nн\r\n")
    expect(grid.cell("Попова")).to_have_text(re.compile("[нН]"))
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5", "Попова Вера": "Н"}
