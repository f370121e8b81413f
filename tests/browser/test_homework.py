"""Homework in a browser: files, links, tasks and the load of the day; nothing typed is lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Visitor
from tests.gateway.site import Site
from tests.gradebook.homework.readers import attached
from tests.kit.people import TODAY
from tests.kit.town import School


def test_a_teacher_gives_homework_with_files_and_the_parent_reads_it(
    visitor: Visitor, door: Site, school: School
) -> None:
    page = visitor.sign_in(school.teacher)
    section = page.locator(f"#lesson-{school.lesson}")
    section.get_by_label("Домашнее задание").fill("№ 5–9, прочитать § 12")
    section.get_by_label("Займёт минут").fill("170")
    expect(section.locator(".alert-warning")).to_contain_text("Превышение: 20")
    section.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    visitor.goto(f"/day/{TODAY}")
    expect(section.locator(".alert-warning")).to_contain_text("Превышение: 20")
    assert visitor.barriers_on_every_device("homework-load") == []
    section.get_by_label("Займёт минут").fill("45")
    expect(section.locator(".alert-warning")).to_have_count(0)
    section.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    page.locator(f"#lesson-{school.lesson}").get_by_role("link", name="Файлы, ссылки").click()
    page.get_by_label("Ссылки, по одной в строке").fill("Видео урока https://example.org/5")
    page.get_by_label("Что сделать").fill("Повторить дроби")
    page.get_by_text("Кому", exact=True).click()
    page.get_by_label("Смирнова Анна").check()
    page.set_input_files(
        "#files-new",
        [
            {"name": "Задание на понедельник.pdf", "mimeType": "application/pdf", "buffer": attached.PDF},
            {"name": "игра.exe", "mimeType": "application/octet-stream", "buffer": b"MZ\x90"},
        ],
    )
    page.get_by_role("button", name="Сохранить", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("Файлы такого вида, как «игра.exe», не принимаются")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("homework-refused") == []
    expect(page.get_by_label("Ссылки, по одной в строке")).to_have_value("Видео урока https://example.org/5")
    page.get_by_label("Её видите только вы").fill("Спросить Анну")
    page.get_by_role("button", name="Сохранить", exact=True).last.click()
    expect(page.get_by_role("status").filter(has_text="Сохранено")).to_be_visible()
    page.get_by_role("button", name=re.compile("Убрать")).click()
    page.get_by_text("Убранные").click()
    assert visitor.barriers_on_every_device("homework") == []
    page.get_by_role("button", name=re.compile("Вернуть")).click()
    expect(page.get_by_role("link", name="Задание на понедельник.pdf")).to_be_visible()
    page.get_by_role("link", name="Кто, что и когда задал").click()
    expect(page.get_by_text("файл возвращён: Задание на понедельник.pdf")).to_be_visible()
    assert visitor.barriers_on_every_device("homework-history") == []


def test_the_parent_finds_it_in_the_diary_and_saves_the_file(visitor: Visitor, door: Site, school: School) -> None:
    page = visitor.sign_in(school.mother, f"/login?next=/diary?date={TODAY}")
    expect(page.get_by_text("Повторить дроби").first).to_be_visible()
    expect(page.get_by_role("link", name="Видео урока").first).to_have_attribute("href", "https://example.org/5")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Задание на понедельник.pdf").first.click()
    assert saved.value.suggested_filename == "Задание на понедельник.pdf"
    assert visitor.barriers_on_every_device("homework-diary") == []


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_student_ticks_it_on_a_phone_and_the_page_stays_there(visitor: Visitor, door: Site, school: School) -> None:
    page = visitor.sign_in(school.anna, f"/login?next=/diary?date={TODAY}")
    box = page.get_by_role("button", name=re.compile("Сделано.*Алгебра")).first
    expect(box).to_have_attribute("aria-pressed", "false")
    size = box.bounding_box()
    assert size is not None
    assert size["height"] >= 44, "a thumb hits it"
    box.click()
    expect(box).to_have_attribute("aria-pressed", "true")
    expect(box).to_be_in_viewport()
    assert visitor.barriers_on_every_device("homework-ticked") == []
    page.set_viewport_size(PHONE)
    box.click()
    expect(box).to_have_attribute("aria-pressed", "false")
    expect(box).to_be_in_viewport()
