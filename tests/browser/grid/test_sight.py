"""The journal is for everybody: no barriers, heads and names stay in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP
from tests.browser.grid.journal import Grid

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def test_the_grid_has_no_barrier_while_it_is_typed_into(grid: Grid) -> None:
    assert grid.visitor.barriers_on_every_device("grid") == []
    grid.page.set_viewport_size(DESKTOP)
    grid.cell("Кузнецов").click()
    grid.page.keyboard.type("5")
    assert grid.visitor.barriers_on_every_device("grid-editing") == []
    grid.press("Escape", "Shift+ArrowDown")
    assert grid.visitor.barriers_on_every_device("grid-range") == []


def test_todays_column_is_in_sight_and_heads_and_names_stay(grid: Grid) -> None:
    expect(grid.page.locator("thead th[data-start]")).to_be_in_viewport(ratio=0.9)
    screen, last = grid.page.locator(".grid-scroll"), grid.page.locator(".grid tbody th").last
    screen.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    expect(grid.page.locator(".grid thead th").last).to_be_in_viewport(ratio=0.9)
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport(ratio=0.9)
