"""A school's year, lived in browsers on the real stack: an empty school gets its calendar, its timetable and its plans,
and teaches a week that does not go as planned; the family sees all of it.

The timetable and the plan are those of real schools.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import urlsplit

import icalendar
import pytest
import requests
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.living import DAY, Life, opened, reloaded_until, slips
from tests.e2e.stack import Stack, on_the_real_stack, password_in
from tests.gradebook.homework.readers import attached
from tests.gradebook.timetable_import.test_real_files import SHEET
from tests.identity.small_bundle import SmallBundle
from tests.shared import shared

pytestmark = [
    pytest.mark.e2e, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600), on_the_real_stack,
]  # fmt: skip

PLAN = "plans/ktp_informatika_10.xlsx"
CLASS = "10А"
STUDENTS = ("Белова Анна", "Волков Глеб", "Громова Дарья", "Ершов Илья", "Зимина Ксения", "Котов Лев")
LITERATURE, INFORMATICS = "Лебедева Инна", "Ильин Олег"
#: Weekday and number of lessons of 10А by the sheet.
TAUGHT, STOOD_IN, CANCELLED, GROUPS = (2, 2), (3, 1), (5, 5), (3, 6)


@pytest.fixture
def life(browser: Browser, stack: Stack) -> Iterator[Life]:
    life = Life(browser, stack)
    yield life
    life.close()


def test_an_empty_school_lives_a_week_of_its_first_year(life: Life) -> None:
    for name in (SHEET, PLAN):
        shared(name)
    the_director_becomes_the_methodologist(life)
    the_year_gets_terms_holidays_and_bells(life)
    the_timetable_comes_from_the_sheet(life)
    people_come_with_a_bundle_and_get_passwords(life)
    the_courses_get_teachers(life)
    the_plan_comes_from_its_file(life)
    the_class_is_split_into_groups(life)
    lessons_are_stood_in_for_and_cancelled(life)
    the_week_is_taught(life)
    the_timetable_changes_in_mid_term(life)
    a_day_is_cancelled(life)
    the_family_sees_all_of_it(life)
    the_phone_s_calendar_has_it_too(life)


# --- the school ------------------------------------------------------------------------------------


def the_director_becomes_the_methodologist(life: Life) -> None:
    """The operator makes the school and its director; everything else is done in the browser."""
    login, password = password_in(life.stack.lyceum("school", "create", "Школа новая", "--director", "Новикова Анна"))
    page = life.comes("office", login, password)
    page.get_by_role("link", name="Пользователи").click()
    row = page.get_by_role("row", name="Новикова Анна")
    row.locator("summary").click()
    row.get_by_label("Роль, которую назначить").select_option("methodologist")
    row.get_by_role("button", name="Назначить").click()
    expect(page.get_by_role("row", name="Новикова Анна")).to_contain_text("методист")
    life.comes_back("office", login)


def the_year_gets_terms_holidays_and_bells(life: Life) -> None:
    page = life.at("office", "/year")
    form = page.locator("#new")
    form.get_by_label("Название").fill("Первый год")
    form.get_by_label("Первый день").fill(str(life.monday - 30 * DAY))
    form.get_by_label("Последний день").fill(str(life.last_day))
    form.get_by_role("button", name="Создать год").click()
    opened(page, "Разделить год на учебные периоды")
    form = page.locator("#terms-new")
    pause = (life.monday - 9 * DAY, life.monday - 4 * DAY)
    terms = (("1 четверть", life.monday - 30 * DAY, pause[0] - DAY), ("2 четверть", pause[1] + DAY, life.last_day))
    for place, (title, first, last) in enumerate(terms):
        form.get_by_label("Название").nth(place).fill(title)
        form.get_by_label("Первый день").nth(place).fill(str(first))
        form.get_by_label("Последний день").nth(place).fill(str(last))
    form.get_by_label("На что").select_option("quarters")
    form.get_by_role("button", name="Сохранить").click()
    opened(page, "Добавить каникулы или выходной")
    form = page.locator("#off")
    form.get_by_label("Название").fill("Каникулы")
    form.get_by_label("Первый день").fill(str(pause[0]))
    form.get_by_label("Последний день").fill(str(pause[1]))
    form.get_by_role("button", name="Добавить").click()
    expect(page.locator(".forms-of-year")).to_contain_text("Каникулы (каникулы)")
    life.looked_at("office", "year")
    page.get_by_role("link", name="Звонки").click()
    page.locator("#new").get_by_label("Название").fill("Обычные")
    page.locator("#new").get_by_role("button", name="Добавить").click()
    expect(page.get_by_role("heading", level=2, name="Обычные")).to_be_visible()
    life.looked_at("office", "bells")


def the_timetable_comes_from_the_sheet(life: Life) -> None:
    """Its classes and subjects, none of which are there, are offered for creation."""
    page = life.at("office", "/year/timetable/import")
    page.get_by_label("Действует с").fill(str(life.monday))
    page.get_by_label("Файл", exact=True).set_input_files(shared(SHEET))
    page.get_by_role("button", name="Посмотреть").click()
    changes = page.get_by_role("region", name="Что изменит файл")
    expect(changes).to_contain_text("Будет создано классов: 35")
    life.looked_at("office", "timetable-file")
    page.get_by_role("button", name="Взять расписание").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание взято из файла.")
    life.at("office", "/year/timetable")
    page.get_by_label("Класс", exact=True).select_option(CLASS)
    page.get_by_role("button", name="Показать").click()
    expect(page.locator("#cell-{}-{}".format(*TAUGHT))).to_contain_text("Литература")
    expect(page.locator("#cell-{}-{}".format(*GROUPS)).locator(".entry")).to_have_count(2)
    life.looked_at("office", "timetable")


def people_come_with_a_bundle_and_get_passwords(life: Life) -> None:
    """The class of the bundle is the one that the timetable has made."""
    page = life.at("office", "/import")
    page.get_by_label("Архив OneRoster").set_input_files(
        {"name": "Школа.zip", "mimeType": "application/zip", "buffer": bundle(life.monday - 30 * DAY)}
    )
    page.get_by_role("button", name="Загрузить").click()
    expect(page.locator("#state")).to_contain_text("завершена", timeout=60_000)
    life.looked_at("office", "import")
    page.get_by_role("link", name="Пользователи").click()
    page.get_by_role("button", name="Выдать учётные данные всем найденным").click()
    page.get_by_role("button", name=re.compile("Выдать учётные данные|Только тем")).first.click()
    expect(page.locator(".slip").first).to_be_visible(timeout=60_000)
    given = slips(page)
    life.looked_at("office", "slips")
    life.at("office", "/people?query=Белова")
    page.get_by_role("row", name="Белова Мария").get_by_role("link", name="Согласия").click()
    page.get_by_role("button", name=re.compile("Внести согласие.*дневник")).first.click()
    for name in (LITERATURE, INFORMATICS, "Белова Мария"):
        life.comes(name, *given[name])


def bundle(since: date) -> bytes:
    """What the school's information system holds of a class, a mother and two teachers."""
    made = SmallBundle("living-school")  # other tests of the stack import schools of their own
    made.row("orgs", made.org)["name"] = "Школа новая"
    for file in ("users", "classes", "enrollments", "academicSessions", "courses"):
        made.tables[file] = []
    for file in ("categories", "lineItems", "results"):
        made.without(file)
    made.add("academicSessions", sourcedId="y", title="Первый год", type="schoolYear", startDate=str(since),
             endDate=str(since + 90 * DAY), parentSourcedId="", schoolYear=str(since.year + 1))  # fmt: skip
    made.add("courses", sourcedId="home", schoolYearSourcedId="y", title="Классное руководство", orgSourcedId=made.org)
    made.klass("10a", CLASS, "homeroom", courseSourcedId="home", termSourcedIds="y")
    for place, name in enumerate(STUDENTS):
        made.user(f"s{place}", "student", name, agentSourcedIds="" if place else "mother")
        made.enrol(f"e{place}", "10a", f"s{place}", beginDate=str(since))
    made.user("mother", "parent", "Белова Мария", email="mother@family.example")
    for place, name in enumerate((LITERATURE, INFORMATICS)):
        made.user(f"t{place}", "teacher", name)
    return made.zip()


def the_courses_get_teachers(life: Life) -> None:
    for subject, teacher in (("Литература", LITERATURE), ("Информатика", INFORMATICS)):
        page = life.at("office", "/year/courses")
        page.get_by_role("link", name=CLASS, exact=True).click()
        titles = page.get_by_role("table").get_by_role("link", name=re.compile(f"^{subject} {CLASS}"))
        for title in titles.all_inner_texts():
            page.get_by_role("table").get_by_role("link", name=title, exact=True).click()
            page.get_by_label("Учитель 1", exact=True).select_option(label=teacher)
            page.get_by_role("button", name="Сохранить").click()
            expect(page.get_by_role("status")).to_contain_text("Сохранено.")
            page.get_by_role("link", name="Все курсы класса").click()
    expect(page.get_by_role("row", name=f"Литература {CLASS}")).to_contain_text("Лебедева")
    life.looked_at("office", "courses")


def the_plan_comes_from_its_file(life: Life) -> None:
    """The head of the association is not there yet: the methodologist takes the plan, and attaches it."""
    page = life.at("office", "/year/plans")
    form = page.get_by_role("region", name="План из файла на Первый год")
    form.get_by_label("Предмет").select_option(label="Информатика")
    form.get_by_label("Класс").select_option("10")
    form.get_by_label("Файл").set_input_files(shared(PLAN))
    form.get_by_role("button", name="Просмотреть файл").click()
    life.looked_at("office", "plan-file")
    page.get_by_role("button", name="Взять как черновик").click()
    page.get_by_role("button", name="Сохранить и отправить методисту").click()
    page.get_by_role("link", name="Курсы плана").click()
    for box in page.get_by_label(re.compile(f"Информатика {CLASS}")).all():
        box.check()
    page.get_by_role("region", name="Курсы, которые идут по этому плану").get_by_role("button").click()
    expect(page.get_by_text("прикреплён к курсам")).to_be_visible()
    life.looked_at("office", "plan-courses")


def the_class_is_split_into_groups(life: Life) -> None:
    """The sheet says that the class has two groups, the teacher says who is in which."""
    page = life.at(INFORMATICS, "/courses")
    page.get_by_role("link", name=re.compile(f"Информатика {CLASS}")).first.click()
    page.get_by_role("link", name="Группы").click()
    page.get_by_label("С какого дня").fill(str(life.monday))
    page.get_by_role("button", name="Разделить по алфавиту").click()
    page.get_by_role("button", name="Сохранить группы").click()
    expect(page.get_by_role("status")).to_have_text("Группы сохранены.")
    life.looked_at(INFORMATICS, "groups")


# --- a week ----------------------------------------------------------------------------------------


def lessons_are_stood_in_for_and_cancelled(life: Life) -> None:
    page, of = changes_of(life, STOOD_IN)
    page.get_by_label(f"Замещает: {of}").select_option(label="Ильин О.")
    page.get_by_label(f"Причина: {of}").fill("курсы")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено.")
    page, of = changes_of(life, CANCELLED)
    page.get_by_label(f"Состояние: {of}").select_option("отменён")
    page.get_by_label(f"Причина: {of}").fill("концерт")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено.")
    life.looked_at("office", "changes")


def changes_of(life: Life, place: tuple[int, int]) -> tuple[Page, str]:
    """The page of a day's changes for the class, and what it calls the lesson of literature."""
    page = life.at("office", f"/changes?date={life.day_of(place[0])}")
    page.get_by_label("Класс").select_option(CLASS)
    page.get_by_role("button", name="Показать").click()
    of = f"Литература {CLASS}, {place[1]}"
    reloaded_until(page, lambda: page.get_by_label(f"Состояние: {of}"), "the lesson is laid")
    return page, of


def the_week_is_taught(life: Life) -> None:
    """With a topic, homework, a file and marks; whoever stands in writes one lesson, and a topic is the plan's."""
    page = lesson_on(life, LITERATURE, TAUGHT)
    described(page, "Гроза: Катерина", "Действие 4, выписать приметы")
    page.get_by_role("link", name="Файлы, ссылки").click()
    page.set_input_files("#files-new", {"name": "Вопросы.pdf", "mimeType": "application/pdf", "buffer": attached.PDF})
    page.get_by_role("button", name="Сохранить", exact=True).last.click()
    expect(page.get_by_role("link", name="Вопросы.pdf")).to_be_visible()
    life.looked_at(LITERATURE, "homework")
    page = lesson_on(life, LITERATURE, TAUGHT)
    page.get_by_role("link", name="Выставить отметки").click()
    page.get_by_label(STUDENTS[0], exact=True).fill("5")
    page.get_by_label(STUDENTS[1], exact=True).fill("4-")
    said_why_late(page)
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("status").first).to_be_visible()
    life.at(LITERATURE, f"/day?date={life.day_of(TAUGHT[0])}")
    life.looked_at(LITERATURE, "day")
    page = lesson_on(life, INFORMATICS, STOOD_IN)
    described(page, "Гроза: Кабаниха", "")
    life.looked_at(INFORMATICS, "day-of-substitute")
    page = lesson_on(life, INFORMATICS, GROUPS)
    said_why_late(page)
    page.get_by_role("button", name=re.compile("Взять из плана")).first.click()
    expect(page.get_by_role("status").filter(has_text="Сохранено").first).to_be_visible()


def lesson_on(life: Life, who: str, place: tuple[int, int]) -> Page:
    """The teacher's day with the lesson."""
    page = life.at(who, f"/day?date={life.day_of(place[0])}")
    reloaded_until(page, lambda: page.get_by_label("Тема"), "the lesson is laid")
    return page


def described(page: Page, topic: str, homework: str) -> None:
    page.get_by_label("Тема").first.fill(topic)
    page.get_by_label("Домашнее задание").first.fill(homework)
    said_why_late(page)
    page.get_by_role("button", name="Сохранить", exact=True).first.click()
    expect(page.get_by_role("status").filter(has_text="Сохранено").first).to_be_visible()


def said_why_late(page: Page) -> None:
    """The day of the story is a past one, so the school wants to know why it comes now."""
    for reason in page.get_by_label("Причина", exact=True).all():
        reason.select_option(index=1)


def the_timetable_changes_in_mid_term(life: Life) -> None:
    """From the week after on literature is on Saturdays instead of Tuesdays."""
    since = life.day_of(1, ahead=1)
    page = life.at("office", f"/year/timetable?date={since}")
    page.get_by_label("Класс", exact=True).select_option(CLASS)
    page.get_by_role("button", name="Показать").click()
    page.locator("#cell-{}-{}".format(*TAUGHT)).get_by_label("убрать").check()
    page.get_by_label("Курс, суббота, 1-й урок").select_option(label=f"Литература {CLASS}")
    page.get_by_label("Действует с").fill(str(since))
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("status").or_(page.get_by_role("alert")).first).to_be_visible()
    if (despite := page.get_by_role("button", name="Сохранить всё равно")).count():
        despite.click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание сохранено.")
    life.looked_at("office", "timetable-changed")


def a_day_is_cancelled(life: Life) -> None:
    page = life.at("office", "/year")
    opened(page, "Добавить каникулы или выходной")
    form = page.locator("#off")
    form.get_by_label("Что это").select_option("closed")
    form.get_by_label("Название").fill("Мороз")
    form.get_by_label("Первый день").fill(str(life.day_of(3, ahead=1)))
    form.get_by_role("button", name="Добавить").click()
    expect(page.locator(".forms-of-year")).to_contain_text("Мороз (нерабочий день)")


# --- the family ------------------------------------------------------------------------------------


def the_family_sees_all_of_it(life: Life) -> None:
    page = life.at("Белова Мария", "/diary")
    for _ in range((life.today - life.monday).days // 7):
        page.get_by_role("link", name="Предыдущая неделя").click()
    days = {weekday: day_in_diary(page, life.day_of(weekday)) for weekday in range(1, 6)}
    taught = days[2].get_by_role("listitem").filter(has_text="Литература")
    expect(taught).to_contain_text("Гроза: Катерина")
    expect(taught).to_contain_text("5")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Вопросы.pdf").first.click()
    assert saved.value.suggested_filename == "Вопросы.pdf"
    stood_in = days[3].get_by_role("listitem").filter(has_text="Литература")
    expect(stood_in).to_contain_text("Действие 4, выписать приметы")
    expect(stood_in).to_contain_text("Гроза: Кабаниха")
    expect(stood_in).to_contain_text(f"ведёт {INFORMATICS}")
    expect(days[3].get_by_role("listitem").filter(has_text="Информатика")).to_have_count(1)
    cancelled = days[5].get_by_role("listitem").filter(has_text="Литература")
    expect(cancelled).to_contain_text("отменён")
    expect(cancelled).to_contain_text("концерт")
    life.looked_at("Белова Мария", "diary")
    page.get_by_role("link", name="Следующая неделя").click()
    moved = day_in_diary(page, life.day_of(6, ahead=1)).get_by_role("listitem").filter(has_text="Литература")
    reloaded_until(page, lambda: moved, "the lesson has moved")
    expect(day_in_diary(page, life.day_of(2, ahead=1)).get_by_text("Литература")).to_have_count(0)
    expect(day_in_diary(page, life.day_of(3, ahead=1))).to_contain_text("Уроков нет")
    life.looked_at("Белова Мария", "diary-after")


def day_in_diary(page: Page, day: date) -> Locator:
    return page.locator(f"section[aria-labelledby='day-{day}']")


def the_phone_s_calendar_has_it_too(life: Life) -> None:
    """What an independent library reads at the secret address."""
    page = life.at("Белова Мария", "/week")
    page.get_by_role("link", name="В календарь телефона").click()
    page.get_by_role("button", name="Создать адрес").click()
    address = page.get_by_label("Скопируйте его сейчас").input_value()
    life.looked_at("Белова Мария", "feed")
    answer = requests.get(life.stack.address + urlsplit(address).path, timeout=30)
    lessons = [
        (event.decoded("DTSTART").date(), str(event["SUMMARY"]), str(event.get("STATUS", "")))
        for event in icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
        if str(event["SUMMARY"]) != "Классный час"  # the eighth lesson, at which no bell rings
    ]
    days = {day for day, *_ in lessons}
    assert life.day_of(2) in days
    assert life.day_of(3, ahead=1) not in days
    assert any(
        day == life.day_of(5) and "Литература" in title and state == "CANCELLED" for day, title, state in lessons
    )
