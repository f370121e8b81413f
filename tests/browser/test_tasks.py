"""What daily tasks cost, counted from the signed-in first page: no more than they did when they were counted first."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from uuid_utils.compat import uuid7

from tests.browser.conftest import Visitor
from tests.browser.counting import Counted
from tests.gateway.site import Site
from tests.kit.jobs import carry_out_due
from tests.kit.people import TODAY
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")


def test_t1_topic_and_homework_of_a_lesson_of_today(visitor: Visitor, door: Site, school: School) -> None:
    """The day on which it is due is proposed: nobody types it."""
    counted = Counted(visitor.sign_in(school.teacher))
    page, done, topic, homework = counted.page, counted.loads, "Квадрат суммы двух чисел, повторение", "№ 101, 5"
    counted.type(page.locator(f"[name='topic-{school.lesson}']"), topic)
    counted.type(page.locator(f"[name='homework-{school.lesson}']"), homework)
    counted.follow(page.get_by_role("button", name="Сохранить", exact=True).first)
    expect(page.get_by_role("status")).to_be_visible()
    assert counted.clicks <= 3
    assert counted.keys == len(topic + homework) == 44
    assert counted.loads - done <= 1
    kept = door.asking(school.teacher).get(f"/lessons/{school.lesson}").json
    assert (kept["topic"], kept["homework"]) == (topic, homework)


def test_t2_marks_of_a_column_by_the_keyboard(visitor: Visitor, door: Site, school: School) -> None:
    """It was 75 keys for 23 students: 7 to the first field, a digit for each, two between two of them, Enter."""
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY, 8)
    counted = Counted(visitor.sign_in(school.teacher))
    page, done = counted.page, counted.loads
    counted.follow(page.locator(f"main a[href='/lessons/{lesson}/marks']"))
    fields = page.locator(".mark-input")
    expect(fields).to_have_count(3)
    for number, digit in enumerate("543"):
        counted.tab_to(fields.nth(number))
        counted.press(digit)
    with page.expect_event("domcontentloaded"):
        counted.press("Enter")
    assert counted.clicks <= 1
    assert counted.keys <= 3 + 2 * 2 + 1, "the keyboard is at the first field already"
    assert counted.loads - done <= 2
    assert len(door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]) == 3


def test_t3_one_mark_is_corrected(visitor: Visitor, school: School) -> None:
    counted = Counted(visitor.sign_in(school.teacher))
    page, done = counted.page, counted.loads
    counted.follow(page.locator("main").get_by_role("link", name="Журнал").first)
    expect(page.locator("table[data-ready]")).to_be_visible()
    counted.click(page.locator("tr", has_text="Кузнецов").locator("a.given").first)
    counted.press("5")
    counted.press("Enter")
    counted.click(page.get_by_role("button", name="Описка"))
    expect(page.locator("#sheet-state")).to_have_text("Всё сохранено.")
    assert counted.clicks <= 3
    assert counted.keys <= 2
    assert counted.loads - done <= 1


def test_t5_t6_a_parent_reads_today_and_last_week_and_goes_from_child_to_child(
    visitor: Visitor, school: School
) -> None:
    counted = Counted(visitor.sign_in(school.other_mother))
    page, done = counted.page, counted.loads
    expect(page.locator(".days")).to_contain_text("сегодня")
    counted.follow(page.get_by_role("link", name="Предыдущая неделя"))
    expect(page.locator(".days")).to_contain_text("Алгебра")
    assert (counted.clicks, counted.keys, counted.loads - done) == (1, 0, 1)
    week, children = page.url.partition("date=")[2], page.get_by_role("navigation", name="Дети")
    other = children.locator("a:not([aria-current])")
    name = other.inner_text().partition(",")[0]
    counted.follow(other)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert week in page.url
    assert (counted.clicks, counted.keys, counted.loads - done) == (2, 0, 2)


def test_t7_slips_for_the_parents_of_a_class(visitor: Visitor, school: School) -> None:
    counted = Counted(visitor.sign_in(school.methodologist))
    page, done = counted.page, counted.loads
    counted.follow(page.get_by_role("link", name="Пользователи"))
    counted.choose(page.locator("#class_id"), label="7А")
    counted.choose(page.locator("#role"), label="родитель")
    counted.follow(page.get_by_role("button", name="Найти"))
    counted.follow(page.get_by_role("button", name="Выдать учётные данные всем найденным"))
    counted.follow(page.get_by_role("button", name="Всем, с заменой паролей: 3"))
    carry_out_due(visitor.door.bus.services["identity"])
    expect(page.locator(".slip")).to_have_count(3)
    assert (counted.clicks, counted.keys) == (8, 0), "it was 52 clicks and 12 keys, and 18 pages"
    assert counted.loads - done <= 5


def test_t8_the_consent_of_one_parent(visitor: Visitor, school: School) -> None:
    """It could not be entered in the browser at all."""
    counted = Counted(visitor.sign_in(school.methodologist))
    page, done = counted.page, counted.loads
    counted.follow(page.get_by_role("link", name="Пользователи"))
    counted.type(page.locator("#query"), "Соколов")
    counted.follow(page.get_by_role("button", name="Найти"))
    counted.follow(page.get_by_role("link", name=re.compile("Согласия.*Соколов Глеб")))
    counted.follow(page.get_by_role("button", name="Внести согласие").first)
    expect(page.get_by_role("status")).to_have_text("Согласие внесено.")
    assert (counted.clicks, counted.keys, counted.loads - done) == (5, 7, 4)


def test_t4_absences_of_a_day_of_four_lessons_and_three_students(visitor: Visitor, door: Site, school: School) -> None:
    lessons = [school.lesson, *(school.add_lesson(uuid7(), school.algebra, TODAY, number) for number in (4, 5, 6))]
    counted = Counted(visitor.sign_in(school.homeroom_a))
    page, done = counted.page, counted.loads
    counted.follow(page.get_by_role("link", name="Журналы"))
    counted.follow(page.get_by_role("link", name="Все доступные мне"))
    counted.follow(page.get_by_role("link", name="Алгебра", exact=True))
    for lesson in lessons:
        counted.follow(page.locator(f"main a[href='/check/{lesson}']"))
        for student, code in ((school.anna, "Б"), (school.boris, "Н"), (school.vera, "О")):
            counted.choose(page.locator(f"[name='code-{student.person_id}']"), value=code)
        counted.type(page.locator(f"[name='minutes-{school.vera.person_id}']"), "15")
        counted.follow(page.get_by_role("button", name="Сохранить посещаемость"))
        expect(page.get_by_role("status")).to_be_visible()
    visitor.look("t4-check")
    assert counted.clicks <= 44
    assert counted.keys <= 8
    assert counted.loads - done <= 16
    for lesson in lessons:
        found = door.asking(school.homeroom_a).get(f"/lessons/{lesson}/check").json
        assert len(found["absences"]) == 3


def test_t9_the_methodologist_prints_one_journal_page(visitor: Visitor, school: School) -> None:
    counted = Counted(visitor.sign_in(school.methodologist))
    page, done = counted.page, counted.loads
    counted.follow(page.get_by_role("link", name="Печать"))
    counted.choose(page.locator("#course"), label="Алгебра")
    counted.choose(page.locator("#term"), index=0)
    counted.follow(page.get_by_role("button", name="Сформировать"))
    visitor.door.carry()
    link = page.get_by_role("link", name="PDF").first
    expect(link).to_be_visible()
    with page.expect_download():
        counted.click(link)
    assert counted.clicks <= 7
    assert counted.keys == 0
    assert counted.loads - done <= 3


def test_t10_d09_the_director_sees_on_one_page_whose_lessons_have_no_topic(
    visitor: Visitor, door: Site, school: School
) -> None:
    """Of courses that go by a plan; it was two clicks and two pages for each journal, judged by eye."""
    school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=1), 7)
    plan_of(door, school)
    counted = Counted(visitor.sign_in(school.director))
    page, done = counted.page, counted.loads
    counted.follow(page.get_by_role("link", name="Учебный год"))
    counted.follow(page.get_by_role("link", name="План и факт"))
    expect(page.locator("tr", has_text="Алгебра")).to_contain_text(re.compile(r"уроков без темы: \d+"))
    assert (counted.clicks, counted.keys, counted.loads - done) == (2, 0, 2)


def plan_of(door: Site, school: School) -> None:
    """A plan by which algebra goes."""
    office = door.asking(school.methodologist)
    subject = office.get("/associations").json["subjects"][0]["subject_id"]
    topics = [{"section": "", "topic": f"Тема {number}", "hours": "1", "content": "", "control": "", "homework": ""}
              for number in range(1, 9)]  # fmt: skip
    year = office.get("/calendar").json["years"][0]["id"]
    plan = office.post("/plans", json={"subject_id": subject, "grade": 7, "year_id": year, "topics": topics}).json
    assert office.post(f"/plans/{plan['id']}/submit", headers={"If-Match": '"1"'}).status_code == 200
    goes = {"course_ids": [str(school.algebra)]}
    answer = office.put(f"/plans/{plan['id']}/courses", json=goes, headers={"If-Match": '"2"'})
    assert answer.status_code == 200, answer.text


def test_t11_a_student_is_offered_no_journal_and_refused_at_its_address(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.boris)
    staff = [
        "/courses", f"/journal/{school.algebra}", f"/lessons/{school.lesson}/marks", f"/check/{school.lesson}",
        "/people", "/day", "/print", "/import", "/changes",
    ]  # fmt: skip
    offered = {one.get_attribute("href") for one in page.get_by_role("link").all()}
    assert not offered & set(staff)
    for path in staff:
        answer = page.goto(visitor.address + path)
        assert answer is not None
        assert answer.status == 403, path
        expect(page.get_by_role("heading", level=1)).to_have_text("Нет доступа")
    visitor.complaints.clear()  # the browser notes the statuses 403
