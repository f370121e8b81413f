"""What is said of a column from the grid, and work that is owed in a cell."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from services.gradebook.marks.rules.owed import text
from tests.browser.grid.journal import Grid, sheet_of
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def test_a_column_is_hidden_and_made_to_help_by_one_key_and_leads_back(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    page, day = grid.page, TODAY + timedelta(days=3)
    grid.cell("Смирнова").click()
    grid.press("F8")
    dialog = page.locator("#sheet-of-column")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Учитывать, только если повышает средний балл").check()
    dialog.get_by_label("День").fill(day.isoformat())
    dialog.get_by_label("Время").fill("14:05")
    grid.visitor.look("column-dialog")
    assert grid.visitor.barriers() == []
    dialog.get_by_role("button", name="Сохранить, как учитывается столбец").click()
    page.wait_for_selector("table[data-ready=yes]")
    expect(page.get_by_text("Сохранено, как учитывается столбец.")).to_be_visible()
    (column,) = [one for one in sheet_of(door, school)["columns"] if one["lesson_id"] == str(lesson)]
    assert column["only_if_helps"]
    grid.cell("Смирнова").click()
    expect(page.locator("#sheet-focus")).to_contain_text(f"скрыто от семей до {day:%d.%m.%Y}, 14:05")
    grid.press("F8")
    expect(dialog.get_by_label("День")).to_have_value(day.isoformat())
    expect(dialog.get_by_label("Учитывать, только если повышает средний балл")).to_be_checked()
    dialog.get_by_role("button", name="Оставить как было").click()
    expect(dialog).to_be_hidden()


def test_a_point_is_typed_stays_after_reading_anew_and_is_closed_by_a_mark(
    grid: Grid, door: Site, school: School
) -> None:
    page, point = grid.page, text(TODAY + timedelta(days=2), TODAY)
    anna = grid.cell("Смирнова")
    anna.click()
    grid.keys(f"2 {point}")
    grid.press("Enter")
    grid.saved()
    expect(anna).to_have_text(f"2 {point}")
    page.reload()
    page.wait_for_selector("table[data-ready=yes]")
    anna = grid.cell("Смирнова")
    expect(anna).to_have_text(f"2 {point}")
    expect(page.locator("#owed")).to_contain_text("Смирнова Анна")
    grid.visitor.look("grid-owed")
    assert grid.visitor.barriers() == []
    boris = grid.cell("Кузнецов")
    boris.click()
    grid.keys(".")
    grid.press("Enter")
    grid.saved()
    expect(boris).to_have_text(".")
    boris.click()
    grid.keys("4")
    grid.press("Enter")
    grid.saved()
    expect(boris).to_have_text("4")
    assert [one[2] for one in sheet_of(door, school)["owed"]] == [str(TODAY + timedelta(days=2))]
