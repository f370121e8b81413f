"""A year's courses as the methodologist sets them up in a browser (clause 4.2)."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from cli.building import calendar, write
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def test_a_year_gets_its_curriculum_and_courses(visitor: Visitor, door: Site, school: School, lived_in: None) -> None:
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto("/year/subjects")
    for name in ("Физика", "Информатика и вычислительная техника"):
        page.fill("#name", name)
        page.get_by_role("button", name="Добавить").click()
        expect(page.get_by_role("status")).to_contain_text(name)
    assert visitor.barriers_on_every_device("year-subjects") == []
    visitor.goto("/year/curriculum")
    page.get_by_label("Физика, 7 класс").fill("2")
    page.keyboard.press("Tab")
    page.keyboard.type("2,5")
    page.get_by_label("Информатика и вычислительная техника, 7 класс").fill("много")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_label("Информатика и вычислительная техника, 7 класс")).to_have_value("много")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("curriculum-refused") == []
    page.get_by_label("Информатика и вычислительная техника, 7 класс").fill("1")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_have_text("Сохранено.")
    expect(page.get_by_label("Физика, 8 класс")).to_have_value("2,5")
    visitor.goto("/year/courses")
    expect(page.get_by_role("row", name="7А")).to_contain_text("нет курса: Информатика")
    assert visitor.barriers_on_every_device("courses-of-all-classes") == []
    page.get_by_role("link", name="7А").click()
    page.get_by_role("link", name="Физика").click()
    page.get_by_label("Учитель 1").select_option(str(school.teacher.person_id))
    assert visitor.barriers_on_every_device("course-new") == []
    page.get_by_role("button", name="Создать курс").click()
    expect(page.get_by_role("status").first).to_contain_text("Курс «Физика 7А» создан.")
    assert visitor.barriers_on_every_device("courses-of-a-class") == []
    page.get_by_role("link", name="Физика 7А").click()
    expect(page.get_by_role("region", name="Ученики: 3")).to_contain_text("Смирнова Анна")
    assert visitor.barriers_on_every_device("course") == []


def test_a_teacher_divides_a_class_without_a_script_and_the_journal_shows_the_days(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    page = visitor.page
    visitor.sign_in(school.teacher)
    visitor.goto(f"/journal/{school.algebra}")
    page.get_by_role("link", name="Группы").click()
    page.get_by_role("button", name="Разделить по алфавиту").click()
    expect(page.get_by_role("status")).to_contain_text("Ничего ещё не сохранено")
    page.get_by_role("radio", name="Попова Вера: группа 2").focus()
    page.keyboard.press("Space")
    assert visitor.barriers_on_every_device("groups-by-alphabet") == []
    page.get_by_role("button", name="Сохранить группы").click()
    expect(page.get_by_role("status")).to_have_text("Группы сохранены.")
    expect(page.get_by_role("radio", name="Попова Вера: группа 2")).to_be_checked()
    assert visitor.barriers_on_every_device("groups") == []
    visitor.goto(f"/journal/{school.algebra}")
    row = page.get_by_role("row", name="Попова Вера")
    expect(row.locator("td.outside")).not_to_have_count(0)
    assert visitor.barriers_on_every_device("journal-of-a-group") == []


def test_the_next_year_is_shown_before_it_is_taken(visitor: Visitor, school: School, lived_in: None) -> None:
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {uuid7(): span}))
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/year/next")
    expect(page.get_by_role("row", name="7А → 8А")).to_contain_text("Алгебра")
    page.get_by_text("какие").first.click()
    assert visitor.barriers_on_every_device("next-year") == []
    page.get_by_role("button", name="Подготовить").click()
    expect(page.get_by_role("status").first).to_contain_text("Скопировано: курсов — ")
    assert visitor.barriers_on_every_device("next-year-taken") == []
    for name, path in (("courses", "/year/courses"), ("timetable", "/year/timetable")):
        page = visitor.goto(f"{path}?year={year_id}")
        expect(page.locator("main")).to_contain_text("8А (сейчас 7А)")
        assert visitor.barriers_on_every_device(f"later-year-{name}") == []
