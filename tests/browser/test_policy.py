"""The school's policy, as its methodologist drafts it and its director adopts it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.town import School

THRESHOLDS = "Пороги отметок за период"
DECISION = "протокол педсовета № 1 от 28.08.2026"


@pytest.fixture(scope="module")
def marked(door: Site, school: School, lived_in: None) -> None:
    """Marks in the present term, of which something would change."""


def open_rule(page: Page, name: str) -> None:
    """Open the form of a rule by the keyboard."""
    page.locator(".policy-rule").filter(has=page.get_by_role("heading", name=name)).locator("summary").first.focus()
    page.keyboard.press("Enter")


def test_a_policy_is_drafted_previewed_and_adopted(visitor: Visitor, school: School, marked: None) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/year")
    page.get_by_role("navigation", name="Учебный год").get_by_role("link", name="Правила оценивания").click()
    expect(page.get_by_role("heading", name="Правила по умолчанию")).to_be_visible()
    assert visitor.barriers_on_every_device("policy") == []
    page.get_by_role("button", name="Начать проект").click()
    expect(page.get_by_role("heading", name="Проект версии 1")).to_be_visible()
    open_rule(page, THRESHOLDS)
    rule = page.locator("[id='rule-terms.thresholds']")
    best = rule.get_by_label("От среднего балла, строка 1").first
    best.fill("почти 5")
    page.keyboard.press("Enter")
    expect(rule.get_by_role("alert")).to_contain_text("напишите число, например 4,65, а не «почти 5»")
    visitor.complaints.clear()  # the browser says that the form was refused
    expect(best).to_have_value("почти 5")
    assert visitor.barriers_on_every_device("policy-refused") == []
    best.fill("4,65")
    rule.get_by_role("button", name="Сохранить").press("Enter")
    expect(page.get_by_role("status").first).to_have_text("Сохранено.")
    expect(rule).to_contain_text("«5» от 4,65")
    expect(rule).to_contain_text("не по умолчанию")
    open_rule(page, "Срок выставления отметки")
    mark_days = page.locator("[id='rule-keeping.mark_days']")
    mark_days.get_by_label("Классы").last.fill("10–11")
    mark_days.get_by_label("Контрольная работа").last.check()
    mark_days.get_by_label("Значение").last.fill("5")
    mark_days.get_by_role("button", name="Сохранить").press("Enter")
    expect(mark_days).to_contain_text("в 10, 11 классах, за работы: «Контрольная работа»: 5")
    open_rule(page, "Срок выставления отметки")
    assert visitor.barriers_on_every_device("policy-draft") == []
    page.get_by_role("link", name="Что изменится").click()
    expect(page.get_by_role("heading", name="Что изменит версия 1")).to_be_visible()
    expect(page.get_by_text("Версию на этой странице утверждает директор.")).to_be_visible()
    assert visitor.barriers_on_every_device("policy-preview") == []


def test_the_director_adopts_it_and_it_stays_in_the_list(visitor: Visitor, school: School, marked: None) -> None:
    visitor.sign_in(school.director)
    page = visitor.goto("/year/policy")
    page.get_by_role("link", name="Что изменится").click()
    page.get_by_label("Каким решением").fill(DECISION)
    assert visitor.barriers_on_every_device("policy-adopt") == []
    page.get_by_role("button", name="Утвердить версию 1").click()
    expect(page.get_by_role("status").first).to_have_text("Правила утверждены.")
    expect(page.get_by_role("heading", name="Версия 1, с")).to_contain_text("действует")
    page.locator("summary").get_by_text("Что изменилось").press("Enter")
    expect(page.locator("main")).to_contain_text("Порог отметки «5» за период: было 4,5; стало 4,65")
    expect(page.locator("main")).to_contain_text(DECISION)
    assert visitor.barriers_on_every_device("policy-adopted") == []
