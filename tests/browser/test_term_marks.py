"""Term marks in a browser: set beside the computed ones, handed in, checked, locked, seen by the family, corrected."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from contracts.gradebook.openings import Openings
from kernel.clock import now
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")


def field(page: Page, school: School, name: str, what: str = "value") -> str:
    person = {"Анна": school.anna, "Борис": school.boris, "Вера": school.vera}[name].person_id
    return f"[name='{what}-{person}']"


def test_a_class_lives_from_marks_to_the_lock_and_a_correction(visitor: Visitor, door: Site, school: School) -> None:
    page = visitor.sign_in(school.teacher, f"/journal/{school.algebra}")
    page.get_by_role("link", name="Отметки за период").click()
    expect(page.get_by_text("без отметки: 3").first).to_be_visible()
    page.get_by_role("button", name="Взять расчётные, где пусто").click()
    expect(page.get_by_text("пока ничего не сохранено")).to_be_visible()
    expect(page.locator(field(page, school, "Анна"))).to_have_value("5")
    page.fill(field(page, school, "Борис"), "5")
    page.fill(field(page, school, "Вера"), "н/а")
    assert visitor.barriers_on_every_device("term-marks-filled") == []
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Кузнецов Борис: По расчёту выходит 3: укажите, почему выставлено 5."
    )
    expect(page.get_by_text("Сохранено отметок за период: 2.")).to_be_visible()
    expect(page.locator(field(page, school, "Борис"))).to_have_value("5")
    assert visitor.barriers_on_every_device("term-marks-refused") == []
    visitor.complaints.clear()  # the browser notes the status 422
    page.fill(field(page, school, "Борис", "reason"), "Решила контрольная работа")
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_text("отличается от расчётной")).to_be_visible()
    page.get_by_role("button", name="Сдать отметки").click()
    expect(page.get_by_text("теперь их видят семьи")).to_be_visible()
    expect(page.get_by_text("сданы", exact=True)).to_be_visible()

    page.locator(f"tr:has({field(page, school, 'Борис')}) a").first.click()
    expect(page.get_by_role("heading", name="Из чего сложилась")).to_be_visible()
    expect(page.get_by_text("Решила контрольная работа")).to_be_visible()
    assert visitor.barriers_on_every_device("term-mark-explained") == []

    _english_handed_in(door, school)
    page = _as(visitor, school.homeroom_a, "/courses")
    page.get_by_label("Отметки за период").get_by_role("link", name="7А").click()
    assert visitor.barriers_on_every_device("class-term-marks") == []
    page.get_by_role("button", name="Отметки проверены").click()
    expect(page.get_by_text("Отметки за период проверены.")).to_be_visible()
    page = _as(visitor, school.methodologist, f"/classes/{school.class_a}/term-marks")
    page.get_by_role("button", name="Закрыть отметки за период").click()
    expect(page.get_by_text("Отметки за период закрыты.")).to_be_visible()
    page.get_by_role("link", name="Открыть уроки").click()
    expect(page.get_by_label("Чьи уроки")).to_have_value(f"class:{school.class_a}")

    page = _as(visitor, school.teacher, f"/journal/{school.algebra}/term-marks")
    page.fill(field(page, school, "Борис"), "4")
    page.fill(field(page, school, "Борис", "reason"), "Ошибка при вводе")
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("alert")).to_contain_text("Отметки класса 7А закрыты. Открыть их снова может методист.")
    visitor.complaints.clear()  # as above
    call(
        door.town.gradebook, Openings.open_lessons, school.methodologist, of="course", of_id=school.algebra,
        first=TODAY - timedelta(days=1), last=TODAY + timedelta(days=200), until=now() + timedelta(days=1),
        reason="Ошибка в отметке",
    )  # fmt: skip
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_text("Сохранено отметок за период: 1.")).to_be_visible()
    expect(page.get_by_text("закрыты", exact=True)).to_be_visible()

    page = _as(visitor, school.other_mother, f"/marks/{school.boris.person_id}")
    page.get_by_role("link", name="Отметки за период").click()
    expect(page.locator("main")).to_contain_text("изменена, было 5")
    assert visitor.barriers_on_every_device("family-term-marks") == []
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Как получилось")).to_be_visible()
    expect(page.get_by_role("heading", name="История")).to_have_count(0)
    page.get_by_label("Дополнительные отметки").fill("5 5")
    page.get_by_label("Желаемая отметка").select_option("4")
    page.get_by_role("button", name="Рассчитать").click()
    expect(page.get_by_role("status")).to_contain_text("С этими отметками: 4, средний балл 3,75.")
    expect(page.get_by_role("status")).to_contain_text("Цель: оценка «4». Она уже достигнута")
    assert visitor.barriers_on_every_device("family-term-mark-explained") == []
    page.get_by_label("Дополнительные отметки").fill("7")
    page.get_by_role("button", name="Рассчитать").click()
    expect(page.get_by_role("alert")).to_contain_text("Отметки «7» нет на шкале 1–5.")
    visitor.complaints.clear()  # as above


def _english_handed_in(door: Site, school: School) -> None:
    """The other course of the class is handed in by its teacher."""
    teacher = door.asking(school.other_teacher)
    path = f"/courses/{school.english}/term-marks"
    rows = teacher.get(path, query_string={"term_id": str(school.term)}).json["rows"]
    entries = [{"student_id": one["student_id"], "value": one["computed"]["text"]} for one in rows]
    given = {"term_id": str(school.term), "entries": entries}
    answers = teacher.post(path, json=given).json["answers"]
    assert {one["state"] for one in answers} == {"saved"}
    handed_in = teacher.post(f"{path}/hand-in", json={"term_id": str(school.term)})
    assert handed_in.status_code == 200, handed_in.text


def _as(visitor: Visitor, actor: object, path: str) -> Page:
    """Another person at the same computer."""
    visitor.page.get_by_role("button", name=re.compile("Выйти")).click()
    visitor.page.wait_for_url("**/login")
    return visitor.sign_in(actor, path)


def test_the_years_marks_are_set_from_the_terms_and_open_to_them(visitor: Visitor, door: Site, school: School) -> None:
    page = visitor.sign_in(school.teacher, f"/journal/{school.algebra}/term-marks?kind=year")
    expect(page.get_by_role("heading", name="Годовые отметки: Алгебра")).to_be_visible()
    page.get_by_role("button", name="Взять расчётные, где пусто").click()
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_text("Сохранено отметок за период: 3.")).to_be_visible()
    expect(page.get_by_label("Виды отметок").get_by_role("link", name="Годовые отметки")).to_have_attribute(
        "aria-current", "page"
    )
    assert visitor.barriers_on_every_device("year-marks") == []
    page.get_by_role("button", name="Сдать отметки").click()
    expect(page.get_by_text("теперь их видят семьи")).to_be_visible()
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="Из чего сложилась")).to_be_visible()
    assert visitor.barriers_on_every_device("year-mark-explained") == []
    page = _as(visitor, school.other_mother, f"/marks/{school.boris.person_id}/terms")
    expect(page.locator("main")).to_contain_text("Год")
    assert visitor.barriers_on_every_device("family-year-marks") == []
    page = _as(visitor, school.homeroom_a, f"/classes/{school.class_a}/term-marks?kind=year")
    expect(page.get_by_role("heading", name="Годовые отметки, 7А")).to_be_visible()
    assert visitor.barriers_on_every_device("class-year-marks") == []
