"""A timetable made in a browser, with the keyboard: what collides is named first, and an edit can be taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import expect
from sqlalchemy import update
from uuid_utils.compat import uuid7

from services.gradebook.lessons.tables import Lesson
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def test_a_class_gets_its_week_and_collisions_are_named_before_saving(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto("/year/classrooms")
    page.get_by_label("Добавить кабинеты").fill("214\n9\nСпортзал")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("textbox", name="Номер или название: 9")).to_have_value("9")
    page.get_by_role("checkbox", name="Несколько классов сразу: Спортзал").check()
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("checkbox", name="Несколько классов сразу: Спортзал")).to_be_checked()
    assert visitor.barriers_on_every_device("classrooms") == []
    visitor.goto("/year/timetable")
    assert visitor.barriers_on_every_device("timetable-of-the-school") == []
    page.get_by_label("Класс", exact=True).select_option("7А")
    page.get_by_role("button", name="Показать").click()
    cell = page.get_by_label("Курс, понедельник, 2-й урок")
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("214")
    expect(page.get_by_label("Кабинет, понедельник, 2-й урок")).to_have_value("214")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание сохранено. Уроков добавлено:")
    expect(page.get_by_role("cell", name="каб. 214")).to_contain_text("Алгебра")
    assert visitor.barriers_on_every_device("timetable-of-a-class") == []
    other = page.get_by_label("Курс, понедельник, 2-й урок")
    other.select_option("Алгебра")
    page.get_by_label("Кабинет, понедельник, 2-й урок").fill("214")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert")).to_contain_text("кабинет 214 занят дважды")
    expect(page.get_by_label("Кабинет, понедельник, 2-й урок")).to_have_value("214")
    visitor.complaints.clear()  # the browser notes the status 409
    assert visitor.barriers_on_every_device("timetable-collides") == []
    page.get_by_label("Кабинет, понедельник, 2-й урок").fill("999")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Кабинета «999» нет")
    visitor.complaints.clear()  # the browser notes the status 422
    page.get_by_label("Кабинет, понедельник, 2-й урок").fill("9")
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("у одних и тех же учеников два урока")
    visitor.complaints.clear()  # as above
    page.get_by_role("button", name="Сохранить всё равно").click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание сохранено.")
    expect(page.get_by_role("status").last).to_contain_text("у одних и тех же учеников два урока")
    page.get_by_role("link", name="Кто менял расписание").click()
    assert visitor.barriers_on_every_device("timetable-edits") == []
    page.get_by_role("button", name="Отменить № 2").click()
    expect(page.get_by_role("status").first).to_contain_text("пустых убрано")
    visitor.goto("/year/timetable")
    expect(page.get_by_role("heading", name="Накладки")).to_have_count(0)


def test_a_place_gets_several_lessons_at_once_and_a_typed_day_says_its_week(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto(f"/year/timetable?class={school.class_a}")
    first = page.get_by_label("Курс, вторник, 3-й урок", exact=True)
    another = page.get_by_role("button", name="ещё один урок здесь – вторник, 3-й урок")
    expect(another).to_be_hidden()
    first.select_option("Алгебра")
    page.get_by_label("Недели, вторник, 3-й урок", exact=True).select_option("1")
    another.click()
    second = page.get_by_label("Курс, вторник, 3-й урок, 2-я запись")
    expect(second).to_be_focused()
    expect(second).to_have_value("")
    second.select_option("Алгебра")
    page.get_by_label("Недели, вторник, 3-й урок, 2-я запись").select_option("2")
    assert visitor.barriers_on_every_device("timetable-two-in-a-place") == []
    for field, told in (("Действует с", "#parity-from"), ("Действующее на", "#parity")):
        was = page.locator(told).inner_text()
        day = page.get_by_label(field)
        day.fill(str(TODAY + timedelta(days=14)))
        expect(page.locator(told)).to_have_text(was)
        day.fill(str(TODAY + timedelta(days=7)))
        expect(page.locator(told)).to_have_text({"чётная неделя": "нечётная неделя"}.get(was, "чётная неделя"))
    page.get_by_role("button", name="Сохранить", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("Расписание сохранено.")
    page.get_by_label("Действующее на").fill(str(TODAY + timedelta(days=8)))
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("checkbox", name="вторник, 3-й урок")).to_have_count(2)


def test_a_lesson_is_cancelled_and_another_stood_in_for_and_everybody_sees_it(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    page = visitor.page
    visitor.sign_in(school.methodologist)
    visitor.goto(f"/changes?date={TODAY}")
    row = page.get_by_role("row", name="Алгебра")
    page.get_by_label("Замещает: Алгебра, 2").select_option(str(school.homeroom_b.person_id))
    page.get_by_label("Причина: Алгебра, 2").fill("больничный")
    other = page.get_by_label("Состояние: Английский, 3")
    other.select_option("перенесён на…")
    page.get_by_label("Перенос на урок №: Английский, 3").fill("2")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("alert")).to_contain_text("Укажите, на какой день перенесён урок")
    expect(page.get_by_label("Причина: Алгебра, 2")).to_have_value("больничный")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("changes-refused") == []
    other.select_option("отменён")
    page.get_by_label("Причина: Английский, 3").fill("мороз")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено.")
    expect(row.get_by_label("Замещает")).to_have_value(str(school.homeroom_b.person_id))
    assert visitor.barriers_on_every_device("changes") == []
    page.get_by_label("Все изменения по").fill(str(TODAY + timedelta(days=6)))
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("row", name="Английский")).to_contain_text("мороз")
    expect(page.get_by_role("row", name="Алгебра")).to_contain_text("замещает")
    assert visitor.barriers_on_every_device("changes-of-days") == []
    visitor.sign_in(school.homeroom_b)
    visitor.goto("/day")
    expect(page.get_by_role("heading", name="Алгебра")).to_be_visible()
    page.get_by_label("Тема").fill("Дроби")
    page.get_by_role("button", name="Сохранить").first.click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено")
    visitor.sign_in(school.other_teacher)
    visitor.goto("/day")
    expect(page.get_by_role("heading", name="Английский")).to_contain_text("отменён")
    expect(page.get_by_label("Тема")).to_have_count(0)
    assert visitor.barriers_on_every_device("day-with-a-cancelled-lesson") == []
    visitor.sign_in(school.other_mother)
    visitor.goto(f"/diary/{school.vera.person_id}")
    today = page.get_by_role("region", name="сегодня")
    expect(today.get_by_role("listitem").filter(has_text="Английский")).to_contain_text("отменён")
    expect(today.get_by_role("listitem").filter(has_text="Английский")).to_contain_text("мороз")
    expect(today.get_by_role("listitem").filter(has_text="Алгебра")).to_contain_text("больничный")
    assert visitor.barriers_on_every_device("diary-with-changes") == []


def test_the_changes_of_a_large_school_are_short_on_a_phone(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    day = TODAY + timedelta(days=4)
    for number in range(40):
        school.add_lesson(uuid7(), school.algebra, day, number)
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/changes?date={day}")
    expect(page.get_by_role("navigation", name="Части списка").first).to_contain_text("Уроки 1–12 из")
    assert visitor.barriers_on_every_device("changes-in-parts") == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("html").bounding_box()["height"] < 5000
    page.get_by_role("link", name="Следующие").first.click()
    expect(page.get_by_role("navigation", name="Части списка").first).to_contain_text("Уроки 13–24 из")


def test_a_teacher_is_asked_about_a_lesson_that_the_timetable_has_no_more(
    visitor: Visitor, door: Site, school: School, lived_in: None
) -> None:
    lesson = school.add_lesson(uuid4(), school.algebra, TODAY, 6)
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == lesson).values(state="outside", entry_id=uuid4()))
    page = visitor.page
    visitor.sign_in(school.teacher)
    visitor.goto("/day")
    section = page.locator(f"#lesson-{lesson}")
    expect(section).to_contain_text("вне расписания")
    section.get_by_role("link", name="Он состоялся?").click()
    assert visitor.barriers_on_every_device("outside") == []
    page.get_by_role("button", name="Не состоялся: убрать").click()
    expect(page.get_by_role("status")).to_have_text("Сохранено.")
    expect(section).to_have_count(0)
