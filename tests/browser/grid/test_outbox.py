"""What is typed waits for the network: none, a lost answer, attendance away, a page that was closed."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import expect

from kernel.errors import Unavailable
from kernel.waiting import eventually
from tests.browser.grid.journal import KEPT, Grid, Network, kept, revisions
from tests.gateway.site import Site
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in", "both")


def test_what_is_typed_without_a_network_outlives_a_reload_and_a_crash_and_is_sent_once(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    for name, text in (("Смирнова", "5"), ("Кузнецов", "н"), ("Попова", "3")):
        grid.type(name, text)
    expect(grid.page.locator("td[data-state=waiting]")).to_have_count(3)
    expect(grid.state()).to_contain_text("Нет связи с журналом. Ждут сохранения: 3")
    assert grid.visitor.barriers_on_every_device("grid-offline") == []
    grid.page.reload()
    grid.ready()
    expect(grid.cell("Попова")).to_have_text("3")
    expect(grid.cell("Попова")).to_have_attribute("aria-label", re.compile("3, (ещё не сохранено|сохраняется)"))
    assert kept(door, school, lesson) == {}
    crashed, context = grid.page, grid.page.context
    crashed.close()
    network.mode = "well"
    grid.open(context.new_page())
    grid.saved()
    assert kept(door, school, lesson) == {"Смирнова Анна": "5", "Кузнецов Борис": "Н", "Попова Вера": "3"}
    assert revisions(door, school, lesson) == 2
    assert grid.page.evaluate(KEPT) == []
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_an_entry_whose_answer_was_lost_is_repeated_before_its_correction(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "loses answers")
    cell = grid.type("Кузнецов", "5")
    eventually(lambda: grid.looked() and network.lost, 20, "an answer that was lost")
    grid.type("Кузнецов", "4")
    network.mode = "well"
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    expect(cell).to_have_attribute("data-state", "asked", timeout=20_000)  # a change of one's own, not a conflict
    grid.page.get_by_role("button", name="Описка").click()
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "4"}
    assert revisions(door, school, lesson) == 2
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_marks_are_saved_while_attendance_is_away_and_the_absence_follows(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    away = Unavailable("The service {service} is away.", rule="no-route", service="attendance")
    with door.bus.without("attendance", away):
        cell = grid.type("Кузнецов", "о 5")
        expect(cell).to_have_attribute("data-state", "waiting")
        expect(grid.state()).to_contain_text("Ждут сохранения: 1")
        marks = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
        assert [mark["value"] for mark in marks] == ["5"]
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    grid.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "О 5"}
    assert revisions(door, school, lesson) == 1


def test_while_the_journal_is_away_cells_wait_and_are_saved_once_when_it_is_back(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    with door.bus.without("gradebook", away):
        for name, text in (("Смирнова", "5"), ("Кузнецов", "н"), ("Попова", "3")):
            grid.type(name, text)
        expect(grid.page.locator("td[data-state=waiting]")).to_have_count(3)
        expect(grid.state()).to_contain_text("Ждут сохранения: 3")
    assert kept(door, school, lesson) == {}
    grid.page.evaluate("dispatchEvent(new Event('online'))")
    grid.saved()
    assert kept(door, school, lesson) == {"Смирнова Анна": "5", "Кузнецов Борис": "Н", "Попова Вера": "3"}
    assert revisions(door, school, lesson) == 2
    grid.visitor.complaints.clear()  # the browser notes the answers


def test_a_page_that_is_closed_while_it_saves_saves_once(grid: Grid, door: Site, school: School, lesson: UUID) -> None:
    network, context = Network(grid.page.context, "loses answers"), grid.page.context
    for name, text in (("Смирнова", "5"), ("Кузнецов", "4")):
        grid.type(name, text)
    eventually(lambda: grid.looked() and network.lost, 20, "an answer that was lost")
    grid.page.close()
    network.mode = "well"
    grid.open(context.new_page())
    grid.saved()
    assert kept(door, school, lesson) == {"Смирнова Анна": "5", "Кузнецов Борис": "4"}
    assert revisions(door, school, lesson) == 2
    assert grid.page.evaluate(KEPT) == []
    grid.visitor.complaints.clear()  # the browser notes what was not carried


def test_another_page_of_the_browser_sends_what_a_closed_one_left_and_shows_it(
    grid: Grid, door: Site, school: School, lesson: UUID
) -> None:
    network = Network(grid.page.context, "is away")
    other = grid.page.context.new_page()
    there = Grid(grid.visitor, school, lesson, other).open()
    grid.type("Кузнецов", "5")
    expect(there.cell("Кузнецов")).to_have_text("5")
    grid.page.close()
    network.mode = "well"
    other.evaluate("dispatchEvent(new Event('online'))")
    there.saved()
    assert kept(door, school, lesson) == {"Кузнецов Борис": "5"}
    grid.visitor.complaints.clear()  # the browser notes what was not carried
