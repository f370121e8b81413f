"""The school year, as its methodologist sets it up and others look at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visitor
from tests.gateway.site import Site
from tests.kit.town import School

#: A sheet of A4 between its margins, at 96 points an inch.
SHEET = {"width": 718, "height": 1047}


def open_form(page: Page, name: str) -> None:
    """Open a form by the keyboard."""
    page.locator("summary").get_by_text(name, exact=True).focus()
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def year(door: Site, school: School) -> str:
    """A year of quarters and half-years, with holidays, moved and short days."""
    office = door.asking(school.methodologist)
    span = {"title": "2040/2041", "starts_on": "2040-09-01", "ends_on": "2041-08-31"}
    made = office.post("/years", json=span).json
    path = f"/years/{made['id']}"
    terms = {
        "quarters": ["2040-09-01", "2040-10-26", "2040-11-06", "2040-12-28", "2041-01-09", "2041-03-22", "2041-04-01",
                     "2041-05-25"],
        "half-years": ["2040-09-01", "2040-12-28", "2041-01-09", "2041-05-25"],
    }  # fmt: skip
    for version, (division, days) in enumerate(terms.items(), start=1):
        words = "четверть" if division == "quarters" else "полугодие"
        rows = [
            {"title": f"{number + 1} {words}", "starts_on": days[2 * number], "ends_on": days[2 * number + 1]}
            for number in range(len(days) // 2)
        ]
        office.put(f"{path}/terms", json={"division": division, "terms": rows}, headers={"If-Match": f'"{version}"'})
    grades = [{"grade": one, "days_a_week": 5 if one < 8 else 6} for one in range(1, 12)]
    office.put(f"{path}/grades", json={"grades": grades}, headers={"If-Match": '"3"'})
    days = {
        "days_off": [
            {"kind": "holidays", "name": "Осенние каникулы", "first": "2040-10-27", "last": "2040-11-05"},
            {"kind": "holidays", "name": "Зимние каникулы", "first": "2040-12-29", "last": "2041-01-08"},
            {"kind": "holidays", "name": "Дополнительные каникулы", "first": "2041-02-11", "last": "2041-02-17",
             "grades": [1]},
            {"kind": "holidays", "name": "Весенние каникулы", "first": "2041-03-23", "last": "2041-03-31"},
            {"kind": "closed", "name": "Карантин", "first": "2040-12-10", "last": "2040-12-12"},
        ],
        "moved_days": [{"date": "2040-11-10", "weekday": 1, "grades": [1, 2, 3, 4, 5, 6, 7]}],
        "short_days": [{"date": "2040-12-28"}],
    }  # fmt: skip
    saved = office.patch(f"{path}/days", json=days, headers={"If-Match": '"4"'})
    assert saved.status_code == 200, saved.text
    return str(made["id"])


def test_d10_the_year_in_twelve_months_has_no_barrier_and_says_in_words_what_its_colours_say(
    visitor: Visitor, school: School, year: str
) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/year?year={year}")
    expect(page.locator("table.month")).to_have_count(12)
    november = page.get_by_role("table", name="ноябрь 2040")
    expect(november.get_by_role("cell", name="5 каникулы: Осенние каникулы")).to_be_visible()
    expect(november.get_by_role("cell", name="10 1–7 классы – занятия по расписанию понедельника")).to_be_visible()
    december = page.get_by_role("table", name="декабрь 2040")
    expect(december.get_by_role("cell", name="10 нерабочий день: Карантин")).to_be_visible()
    expect(page.locator(".legend")).to_contain_text("праздничный день")
    assert visitor.barriers_on_every_device("year") == []
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    assert visitor.barriers_on_every_device("year-open") == []
    page.goto(f"{visitor.address}/year?year={year}&grade=1")
    february = page.get_by_role("table", name="февраль 2041")
    expect(february.get_by_role("cell", name="12 каникулы: Дополнительные каникулы")).to_be_visible()
    page.emulate_media(media="print")
    page.set_viewport_size(SHEET)
    visitor.look("year-print")
    expect(page.get_by_text("Кто менял календарь")).to_be_hidden()


def test_d10_a_form_of_the_year_is_filled_in_by_the_keyboard_and_keeps_what_was_refused(
    visitor: Visitor, school: School, year: str
) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/year?year={year}")
    open_form(page, "Добавить каникулы или выходной")
    form = page.locator("#off")
    form.get_by_label("Название").fill("Ещё осенние")
    form.get_by_label("Первый день").fill("2040-11-05")
    form.get_by_label("Последний день").fill("2040-11-06")
    form.get_by_label("Классы").fill("5–6")
    page.keyboard.press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("У «Ещё осенние» есть общие дни с «Осенние каникулы»")
    expect(form.get_by_label("Классы")).to_have_value("5–6")
    assert visitor.barriers_on_every_device("year-refused") == []
    visitor.complaints.clear()  # the browser says that the form was refused
    form.get_by_label("Первый день").fill("2040-11-06")
    form.get_by_role("button", name="Добавить").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Сохранено.")
    expect(page.locator(".forms-of-year")).to_contain_text("Ещё осенние (каникулы), 06.11.2040, 5, 6 классы")


def test_d10_a_file_of_public_holidays_is_looked_at_and_taken(
    visitor: Visitor, school: School, year: str, tmp_path: Path
) -> None:
    file = tmp_path / "2041.xml"
    file.write_text(
        '<calendar year="2041"><holidays><holiday id="1" title="День Победы"/></holidays><days>'
        '<day d="05.09" t="1" h="1"/><day d="05.10" t="1" f="05.09"/><day d="05.08" t="2"/><day d="05.32" t="1"/>'
        "</days></calendar>",
        encoding="utf-8",
    )
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/year?year={year}")
    open_form(page, "Праздники из файла")
    page.locator("#file").get_by_label("Файл", exact=True).set_input_files(file)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Дни из файла: 2040/2041")
    expect(page.locator("main")).to_contain_text("Дня «05.32» в 2041 году нет.")
    assert visitor.barriers_on_every_device("year-days-file") == []
    page.get_by_role("button", name="Взять всё").click()
    expect(page.locator(".forms-of-year")).to_contain_text("День Победы (праздничный день), 09.05.2041 – 10.05.2041")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_d10_an_empty_school_makes_its_first_year_on_a_phone(visitor: Visitor, door: Site, school: School) -> None:
    other = School(school.town)
    visitor.sign_in(other.methodologist)
    page = visitor.goto("/year")
    page.locator("#new summary").click()
    page.locator("#new").get_by_label("Название").fill("2050/2051")
    page.locator("#new").get_by_label("Первый день").fill("2050-09-01")
    page.locator("#new").get_by_label("Последний день").fill("2051-08-31")
    page.get_by_role("button", name="Создать год").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Учебный год 2050/2051")
    open_form(page, "Разделить год на учебные периоды")
    visitor.look("year-new-phone")
    form = page.locator("#terms-new")
    form.get_by_label("Название").first.fill("Год")
    form.get_by_label("Первый день").first.fill("2050-09-01")
    form.get_by_label("Последний день").first.fill("2051-05-25")
    form.get_by_label("На что").select_option("year")
    form.get_by_role("button", name="Сохранить").click()
    expect(page.locator("main")).to_contain_text("Учебные дни (недели): весь год")


def test_d10_bells_are_kept_by_kind_of_day_and_shift_on_a_page_without_barriers(
    visitor: Visitor, door: Site, school: School, year: str
) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/year/bells?year={year}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Звонки 2040/2041")
    visitor.look("bells-empty")
    form = page.locator("#new")
    form.get_by_label("Название").fill("Обычные")
    form.get_by_label("Начало, строка 2").fill("09:00")
    form.get_by_label("Название").press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("Урок 2 начинается в 09:00 – раньше, чем урок 1")
    visitor.complaints.clear()  # the browser says that the form was refused
    assert visitor.barriers_on_every_device("bells-refused") == []
    form.get_by_label("Начало, строка 2").fill("09:20")
    form.get_by_role("button", name="Добавить").click()
    expect(page.get_by_role("status")).to_have_text("Сохранено.")
    for title, days, weekday in (("Понедельник", "обычные дни", "понедельник"), ("Короткие", "сокращённые дни", "")):
        open_form(page, "Добавить звонки")
        form.get_by_label("Название").fill(title)
        form.get_by_label("Дни", exact=True).select_option(days)
        if weekday:
            form.get_by_label(weekday).check()
        form.get_by_role("button", name="Добавить").click()
        expect(page.get_by_role("heading", level=2, name=title)).to_be_visible()
    assert visitor.barriers_on_every_device("bells") == []
    page.locator("summary").get_by_text("Изменить…").first.click()
    assert visitor.barriers_on_every_device("bells-open") == []
    # by then today's classes have left the school
    expect(page.locator("#shift")).to_have_count(0)
    years = door.asking(school.methodologist).get("/calendar").json["years"]
    visitor.goto(f"/year/bells?year={next(one['id'] for one in years if one['id'] != year)}")
    page.locator("#shift summary").click()
    page.get_by_label("7Б").check()
    page.locator("#shift").get_by_role("button", name="Сохранить").click()
    expect(page.get_by_label("7Б")).to_be_checked()
    assert visitor.barriers_on_every_device("bells-shift") == []
