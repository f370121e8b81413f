"""A thematic plan in a browser: made by keyboard, refused, in conflict."""

from __future__ import annotations

import re
from uuid import UUID

from playwright.sync_api import expect

from kernel.auth import Actor
from services.gradebook.courses.tables import Course
from services.gradebook.plans.tables import Plan, PlanCourse
from tests.browser.conftest import Visitor
from tests.gateway.pages.test_plans import copies
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School


def head_of(door: Site, school: School) -> Actor:
    """The head of the association of the school's one subject."""
    office, person = door.asking(school.methodologist), school.person("plan_head")
    chosen = {"subject_ids": [office.get("/associations").json["subjects"][0]["subject_id"]]}
    assert office.put(f"/associations/{id_of(person)}", json=chosen).status_code == 200
    return person


def test_a_head_makes_a_plan_by_keyboard_and_meets_a_refusal_and_a_conflict(
    visitor: Visitor, door: Site, school: School
) -> None:
    head = head_of(door, school)
    page = visitor.sign_in(head)
    page.get_by_role("link", name="Планы", exact=True).click()
    page.get_by_label("Название").fill("Алгебра 7, базовый уровень")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Алгебра 7, базовый уровень")
    page.get_by_label("Тема, строка 1").fill("Степень с натуральным показателем")
    page.get_by_label("Добавить строку ниже, строка 1").press("Enter")
    expect(page.get_by_label("Тема, строка 2")).to_be_focused()
    page.keyboard.type("Одночлены и многочлены")
    page.get_by_label("Часы, строка 2").fill("0,3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Строка 2")
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("plan-refused") == []
    page.get_by_label("Часы, строка 2").fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Сохранено.")
    plan_id = re.sub(r".*/", "", page.url)
    office = door.asking(school.methodologist)
    plan = {"title": "Алгебра 7", "topics": [{"topic": "Другое"}]}
    assert office.put(f"/plans/{plan_id}", json=plan, headers={"If-Match": '"2"'}).status_code == 200
    page.get_by_label("Домашнее задание, строка 1").fill("§ 1")
    page.get_by_role("button", name="Сохранить", exact=True).first.click()
    expect(page.get_by_role("alert")).to_contain_text("Кто-то уже изменил этот план")
    visitor.complaints.clear()  # the browser notes the status 412
    assert visitor.barriers_on_every_device("plan-conflict") == []
    page.get_by_role("button", name="Сохранить и отправить методисту").click()
    expect(page.get_by_text("отправлен", exact=True)).to_be_visible()
    assert visitor.barriers_on_every_device("plan-submitted") == []


def test_a_plan_comes_from_a_file_whose_columns_are_named(visitor: Visitor, door: Site, school: School) -> None:
    page = visitor.sign_in(head_of(door, school), "/login?next=/year/plans")
    content = "Что делаем;Сколько часов на это уходит;Дома\nДроби;2;№ 1\nДоли;много;№ 2\n".encode()
    page.set_input_files("#file-itself", {"name": "КТП 7.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Просмотреть файл").click()
    expect(page.get_by_role("alert")).to_contain_text("Плана в файле не нашлось")
    assert visitor.barriers_on_every_device("plan-file-refused") == []
    page.get_by_label("Прочитан как, A").select_option(label="Тема")
    page.get_by_label("Прочитан как, B").select_option(label="Часы")
    page.get_by_role("button", name="Прочитать ещё раз").click()
    expect(page.get_by_text("Часы «много» не читаются")).to_be_visible()
    assert visitor.barriers_on_every_device("plan-file") == []
    page.get_by_role("button", name="Взять как черновик").click()
    expect(page.get_by_label("Тема, строка 2")).to_have_value("Доли")
    assert visitor.barriers_on_every_device("plan-from-file") == []
    visitor.goto("/year/plans")
    assert visitor.barriers_on_every_device("plans") == []


def test_a_teacher_takes_a_topic_by_one_key_and_catches_up(visitor: Visitor, door: Site, school: School) -> None:
    office = door.asking(school.methodologist)
    subject = office.get("/associations").json["subjects"][0]["subject_id"]
    year = office.get("/calendar").json["years"][0]["id"]
    rows = [{"topic": "Степень с натуральным показателем", "hours": "2", "homework": "§ 1", "control": "Тест"},
            *({"topic": f"Тема {number}", "section": "Многочлены"} for number in range(8)),
            {"topic": "Резерв", "hours": "2"}]  # fmt: skip
    command = {"subject_id": subject, "grade": 7, "year_id": year, "title": "План 7А", "topics": rows}
    plan = office.post("/plans", json=command).json
    office.post(f"/plans/{plan['id']}/submit", headers={"If-Match": '"1"'})
    goes = {"course_ids": [str(school.algebra)]}
    assert office.put(f"/plans/{plan['id']}/courses", json=goes, headers={"If-Match": '"2"'}).status_code == 200
    page = visitor.sign_in(school.teacher, "/login?next=/day")
    button = page.get_by_role("button", name="Взять из плана: Степень с натуральным показателем (1 из 2)")
    page.get_by_text("Другие темы").first.click()
    assert visitor.barriers_on_every_device("day-offer") == []
    button.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Сохранено")
    expect(page.get_by_label("Тема").first).to_have_value("Степень с натуральным показателем")
    assert visitor.barriers_on_every_device("day-taken") == []
    visitor.goto("/plans/progress")
    assert visitor.barriers_on_every_device("progress") == []
    page.get_by_role("link", name="Алгебра").click()
    assert visitor.barriers_on_every_device("course-plan") == []
    page.get_by_role("button", name="Сохранить меры").click()
    expect(page.get_by_text("объединена с предыдущей").or_(page.get_by_text("не проводится")).first).to_be_visible()
    assert visitor.barriers_on_every_device("course-plan-saved") == []


#: Where the first line of each cell of a row ends, from the top.
FIRST_LINES = """row => [...row.cells].map((cell) => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT, (one) => one.data.trim() ? 1 : 2);
    const first = document.createRange();
    first.selectNodeContents(texts.nextNode());
    return first.getClientRects()[0].bottom;
})"""


def test_c_the_words_of_a_row_stand_on_one_line(visitor: Visitor, door: Site, school: School) -> None:
    """Also where one of them is a link that is easy to hit, and of several lines."""
    office = door.asking(school.methodologist)
    subject = office.get("/associations").json["subjects"][0]["subject_id"]
    year = office.get("/calendar").json["years"][0]["id"]
    for title in ("Алгебра", "Алгебра с углублённым изучением " * 5):
        plan = {"subject_id": subject, "grade": 9, "year_id": year, "title": title, "topics": [{"topic": "А"}]}
        assert office.post("/plans", json=plan).status_code == 201
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/year/plans?grade=9")
    rows = page.locator("main table tbody tr")
    assert rows.count() >= 2
    for row in rows.all():
        lines = row.evaluate(FIRST_LINES)
        assert max(lines) - min(lines) < 3, row.inner_text()


def test_plans_and_progress_of_a_large_school_are_short_on_a_phone(
    visitor: Visitor, door: Site, school: School
) -> None:
    office = door.asking(school.methodologist)
    ids = {name: office.get(path).json for name, path in (("years", "/calendar"), ("subjects", "/associations"))}
    subject, year = ids["subjects"]["subjects"][0]["subject_id"], ids["years"]["years"][0]["id"]
    plan = office.post(
        "/plans", json={"subject_id": subject, "grade": 7, "year_id": year, "topics": [{"topic": "А"}]}
    ).json
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        made = session.get_one(Plan, (school.id, UUID(plan["id"])))
        copies(session, made, 120, grade=lambda at: at % 11 + 1, title="Алгебра, план {}".format)
        course = session.get_one(Course, (school.id, school.algebra))
        of_class = [school.class_a, school.class_b] * 60
        for one in copies(session, course, 120, title="Курс {}".format, class_id=of_class.__getitem__):
            session.add(PlanCourse(school_id=school.id, course_id=one.id, plan_id=made.id, version=1))
    page = visitor.sign_in(school.methodologist)
    for path, name in (("/year/plans", "plans-in-parts"), ("/plans/progress", "progress-in-parts")):
        visitor.goto(path)
        expect(page.get_by_role("navigation", name="Части списка").first).to_be_visible()
        assert visitor.barriers_on_every_device(name) == []
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.locator("html").bounding_box()["height"] < 9000
    page.get_by_role("link", name="7Б →").first.click()
    expect(page.get_by_role("heading", name="7Б")).to_be_visible()
    page.get_by_role("link", name="Следующие").first.click()
    expect(page.get_by_role("heading", name="7Б")).to_be_visible()
    expect(page.get_by_text("Курсы 31–60 из 60").first).to_be_visible()
