"""A parent whose children go to two schools, and who teaches in one of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from kernel.auth import Actor
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables
from tests.browser.conftest import PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")

GYMNASIUM = "Муниципальное общеобразовательное учреждение «Гимназия № 5»"


@pytest.fixture(scope="module")
def elsewhere(door: Site) -> School:
    """Another school of the town."""
    made = School(door.town)
    with door.town.identity.unit_of_work.of(made.id) as session:
        session.get_one(schools_tables.School, made.id).name = GYMNASIUM
    return made


def join(door: Site, first: Actor, *others: Actor) -> None:
    """Let the first's account be these people of other schools, too."""
    with door.town.identity.unit_of_work.everywhere() as session:
        for other in others:
            session.get_one(people_tables.Person, (other.tenant_id, other.person_id)).account_id = first.account_id


def press(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Главное меню").get_by_role("link", name=name).click()


def shows(page: Page, name: str) -> None:
    expect(page.locator("main")).to_contain_text(name)
    expect(page.get_by_role("navigation", name="Дети").locator("[aria-current]")).to_contain_text(name)


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_parent_of_two_schools_picks_a_child_and_stays_with_it(
    visitor: Visitor, school: School, elsewhere: School, door: Site
) -> None:
    join(door, school.mother, elsewhere.other_mother)
    page = visitor.sign_in(school.mother)
    shows(page, "Смирнова Анна")
    expect(page.get_by_role("navigation", name="Дети")).to_contain_text(GYMNASIUM)
    visitor.look("two-schools-diary")
    assert visitor.fits()
    assert visitor.barriers() == []
    page.get_by_role("link", name=re.compile("Попова Вера")).click()
    shows(page, "Попова Вера")
    expect(page.locator("header .site")).to_have_text(GYMNASIUM)
    press(page, "Отметки")
    shows(page, "Попова Вера")
    page.get_by_role("link", name="Итоговые отметки").or_(page.get_by_role("link", name="Отметки за")).first.click()
    shows(page, "Попова Вера")
    press(page, "Неделя")
    shows(page, "Попова Вера")
    page.get_by_role("link", name=re.compile("календарь")).click()
    shows(page, "Попова Вера")
    page.get_by_role("link", name="Пароль").click()
    press(page, "Дневник")
    shows(page, "Попова Вера")
    assert visitor.fits()
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.look("two-schools-diary-desktop")


def test_a_teacher_goes_to_the_diary_of_a_child_in_another_school_and_back(
    visitor: Visitor, school: School, elsewhere: School, door: Site
) -> None:
    join(door, school.teacher, elsewhere.glebs_mother)
    page = visitor.sign_in(school.teacher)
    expect(page).to_have_url(re.compile("/day"))
    press(page, "Дневник")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Соколов Глеб")
    expect(page.locator("header .site")).to_have_text(GYMNASIUM)
    press(page, "Отметки")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Соколов Глеб")
    page.get_by_label("Школа", exact=True).select_option(label="Лицей")
    page.get_by_role("button", name="Сменить").click()
    expect(page).to_have_url(re.compile("/day"))
    visitor.look("two-schools-teacher")
