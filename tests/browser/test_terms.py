"""A school with half-years beside quarters, as people choose between them."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")


@pytest.fixture(scope="module")
def halves(door: Site, school: School) -> dict[str, UUID]:
    """The school's algebra goes by these half-years, its English by a quarter."""
    found = school.go_by_half_years(school.algebra)
    door.app.extensions["lyceum-kept"].forget()
    return found


def offered(page: Page) -> list[str]:
    """The terms that can be chosen now."""
    titles = page.locator("select[name^=term] option").evaluate_all(
        "options => options.filter(one => !one.closest('optgroup')?.disabled).map(one => one.textContent)"
    )
    return [title.partition(" (")[0] for title in titles]


def test_p02_a_print_offers_the_terms_of_the_chosen_course(
    visitor: Visitor, school: School, halves: dict[str, UUID]
) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/print")
    expect(page.locator("#term")).to_have_value(str(halves["1-е полугодие"]))
    assert offered(page) == ["1-е полугодие"]
    page.select_option("#course", label="Английский")
    assert offered(page) == ["I четверть"]
    page.select_option("#course", label="Алгебра")
    expect(page.locator("#term")).to_have_value(str(halves["1-е полугодие"]))
    assert visitor.barriers_on_every_device("print-terms") == []
    page.get_by_role("button", name="Сформировать").click()
    expect(page.locator("#jobs")).to_contain_text("Алгебра, 1-е полугодие")


def test_p02_a_journal_and_a_family_see_half_years(visitor: Visitor, school: School, halves: dict[str, UUID]) -> None:
    visitor.sign_in(school.director)
    page = visitor.goto("/courses")
    row = page.get_by_role("row", name=re.compile("Алгебра"))
    expect(row).to_contain_text("Полугодия")
    assert visitor.barriers_on_every_device("courses-terms") == []
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Алгебра")
    expect(page.locator("main")).to_contain_text("1-е полугодие")
    assert offered(page) == ["1-е полугодие", "2-е полугодие"]
    visitor.look("journal-half-year")
    page.goto(f"{visitor.address}/marks/{id_of(school.vera)}")
    expect(page.locator("optgroup")).to_have_count(2)
    assert visitor.barriers_on_every_device("marks-terms") == []
