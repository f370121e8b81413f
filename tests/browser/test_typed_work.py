"""Nothing typed into the journal is lost: by going back, by loading anew, by a session or a service that is away."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Dialog, Page, expect
from uuid_utils.compat import uuid7

from kernel.errors import Unavailable
from services.gradebook.marks import tables as marks_tables
from tests.browser.conftest import DESKTOP, Visitor
from tests.gateway.site import Site
from tests.kit.people import PASSWORD, TODAY, id_of
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")


@pytest.fixture(scope="module", autouse=True)
def control(door: Site, school: School) -> UUID:
    """A second kind of work."""
    kind = uuid7()
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.add(
            marks_tables.KindOfWork(school_id=school.id, id=kind, name="Контрольная работа", weight=2, is_answer=False)
        )
    return kind


@pytest.fixture
def lesson(door: Site, school: School) -> UUID:
    """A lesson of today's that no other test writes to, in which Vera was absent."""
    found = school.add_lesson(uuid7(), school.algebra, TODAY, next(NUMBERS))
    absent = {"absences": [{"student_id": str(id_of(school.vera)), "code": "Б"}]}
    assert door.asking(school.homeroom_a).put(f"/lessons/{found}/check", json=absent).status_code == 200
    return found


NUMBERS = iter(range(3, 21))


def given(door: Site, school: School, lesson: UUID, **marks: str) -> dict[str, str]:
    """Marks that stand in the lesson: name of the student → the mark's id."""
    entries = [{"student_id": str(id_of(getattr(school, name))), "value": value} for name, value in marks.items()]
    answer = door.asking(school.teacher).post(f"/lessons/{lesson}/marks", json={"marks": entries})
    assert answer.status_code == 201, answer.text
    return {name: mark["id"] for name, mark in zip(marks, answer.json["marks"], strict=True)}


def kept(door: Site, school: School, lesson: UUID) -> dict[str, str | None]:
    names = {str(id_of(one)): name for name, one in vars(school).items() if name in ("anna", "boris", "vera")}
    found = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
    return {names[mark["student_id"]]: mark["value"] for mark in found}


def mark(page: Page, school: School, name: str):
    return page.locator(f"[name='value-{id_of(getattr(school, name))}']")


def save(page: Page) -> None:
    page.get_by_role("button", name="Сохранить отметки").click()


def answer(page: Page, *, leave: bool) -> list[str]:
    """Answer the browser's question whether to leave a page; returns the kinds of questions as they come."""
    asked: list[str] = []

    def on_dialog(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if leave:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", on_dialog)
    return asked


# --- the column


def test_d04_a_column_is_corrected_with_one_reason(
    visitor: Visitor, door: Site, school: School, lesson: UUID, control: UUID
) -> None:
    given(door, school, lesson, anna="5", boris="3", vera="4")
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    expect(mark(page, school, "anna")).to_have_value("5")
    expect(page.locator("tr", has_text="Попова Вера")).to_contain_text("На уроке отсутствует, а отметка стоит")
    assert visitor.barriers_on_every_device("d04-column") == []
    page.set_viewport_size(DESKTOP)
    reason = page.get_by_label("Причина изменения")
    expect(reason).to_be_hidden()
    mark(page, school, "anna").fill("4")
    expect(reason).to_be_visible()
    mark(page, school, "boris").fill("")
    save(page)
    question = page.locator("#question")
    expect(question).to_contain_text("Кузнецов Борис: 3")
    expect(page.get_by_label("Да, снять эти отметки")).to_be_focused()
    assert visitor.barriers_on_every_device("d04-column-question") == []
    page.set_viewport_size(DESKTOP)
    page.keyboard.press("Space")
    save(page)
    expect(page.locator("#reason-fault")).to_be_visible()
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("d04-column-reason") == []
    page.set_viewport_size(DESKTOP)
    expect(page.get_by_label("Да, снять эти отметки")).to_be_checked()
    reason.select_option("Описка")
    save(page)
    expect(page.get_by_role("status")).to_have_text("Изменено: 1. Снято: 1.")
    assert kept(door, school, lesson) == {"anna": "4", "boris": None, "vera": "4"}


def test_d04_the_note_about_an_absent_student_follows_the_field(visitor: Visitor, school: School, lesson: UUID) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    row = page.locator("tr", has_text="Попова Вера")
    expect(row.get_by_text("На уроке отсутствует, а отметка стоит")).to_be_hidden()
    mark(page, school, "vera").fill("4")
    expect(row.get_by_text("На уроке отсутствует, а отметка стоит")).to_be_visible()


def test_d04_a_conflict_is_told_with_both_values(visitor: Visitor, door: Site, school: School, lesson: UUID) -> None:
    ids = given(door, school, lesson, anna="5", boris="3")
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    mark(page, school, "anna").fill("4")
    page.get_by_label("Причина изменения").select_option("Описка")
    changed = {"value": "2", "reason": "Описка"}
    door.asking(school.teacher).patch(f"/marks/{ids['anna']}", json=changed, headers={"If-Match": '"1"'})
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Смирнова Анна: Тем временем здесь сохранено 2; вы ввели 4.")
    expect(mark(page, school, "anna")).to_have_value("4")
    visitor.complaints.clear()  # the browser notes the status 412
    assert visitor.barriers_on_every_device("d04-column-conflict") == []
    save(page)
    expect(page.get_by_role("status")).to_have_text("Изменено: 1.")


def test_d13_another_kind_of_work_has_its_own_column_and_the_journal_names_it(
    visitor: Visitor, door: Site, school: School, lesson: UUID, control: UUID
) -> None:
    given(door, school, lesson, boris="3")
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    page.get_by_label("Вид работы").select_option("Контрольная работа (× 2)")
    page.get_by_role("button", name="Показать").click()
    expect(page).to_have_url(re.compile(f"kind={control}"))
    expect(mark(page, school, "boris")).to_have_value("")
    mark(page, school, "boris").fill("5")
    save(page)
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 1.")
    expect(page.locator("thead .work").first).to_have_text("КР")
    expect(page.locator("main")).to_contain_text("КР – Контрольная работа (× 2)")
    assert visitor.barriers_on_every_device("d13-journal") == []
    page.goto(f"{visitor.address}/lessons/{lesson}/marks")
    page.get_by_role("navigation", name="Столбцы этого урока").get_by_role("link", name="Контрольная").click()
    expect(mark(page, school, "boris")).to_have_value("5")
    assert visitor.barriers_on_every_device("d13-column") == []


def test_d05_back_after_saving_shows_what_is_saved(visitor: Visitor, door: Site, school: School, lesson: UUID) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    mark(page, school, "anna").click()
    page.keyboard.type("5")
    save(page)
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 1.")
    ids = door.asking(school.teacher).get(f"/lessons/{lesson}/marks").json["marks"]
    changed = {"value": "4", "reason": "Описка"}
    door.asking(school.teacher).patch(f"/marks/{ids[0]['id']}", json=changed, headers={"If-Match": '"1"'})
    page.go_back()
    expect(page).to_have_url(re.compile("/lessons/"))
    expect(mark(page, school, "anna")).to_have_value("4")  # what somebody else made of it, not what was typed
    save(page)
    expect(page.get_by_role("status")).to_have_text("Изменений не было.")
    assert kept(door, school, lesson) == {"anna": "4"}


def test_d05_the_browser_asks_before_typed_marks_are_left(
    visitor: Visitor, door: Site, school: School, lesson: UUID
) -> None:
    visitor.sign_in(school.teacher)
    visitor.goto("/courses")
    page = visitor.goto(f"/lessons/{lesson}/marks")
    asked = answer(page, leave=False)
    mark(page, school, "anna").click()
    page.keyboard.type("5")
    page.get_by_role("link", name="Мой день").click()
    page.evaluate("history.back()")
    page.evaluate("location.reload()")
    expect(mark(page, school, "anna")).to_have_value("5")
    assert asked == ["beforeunload"] * 3
    save(page)
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 1.")
    assert len(asked) == 3, "what is sent is not left"
    page.go_back()
    page.get_by_role("link", name="Мой день").click()
    expect(page).to_have_url(re.compile("/day"))
    assert len(asked) == 3, "nothing was typed"


def test_d05_the_browser_asks_before_typed_absences_are_left_for_another_lesson(
    visitor: Visitor, school: School, lesson: UUID
) -> None:
    visitor.sign_in(school.homeroom_a)
    page = visitor.goto(f"/check/{school.lesson}")
    asked = answer(page, leave=False)
    page.locator(f"[name='minutes-{id_of(school.anna)}']").click()
    page.keyboard.type("5")
    page.locator(f"main a[href='/check/{lesson}']").click()
    expect(page.locator(f"[name='minutes-{id_of(school.anna)}']")).to_have_value("5")
    assert asked == ["beforeunload"]


def test_d05_a_double_click_saves_once(visitor: Visitor, door: Site, school: School, lesson: UUID) -> None:
    ids = given(door, school, lesson, anna="5")
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{lesson}/marks")
    mark(page, school, "anna").fill("4")
    mark(page, school, "boris").fill("3")
    page.get_by_label("Причина изменения").select_option("Описка")
    page.get_by_role("button", name="Сохранить отметки").dblclick()
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 1. Изменено: 1.")
    assert kept(door, school, lesson) == {"anna": "4", "boris": "3"}
    history = door.asking(school.teacher).get(f"/marks/{ids['anna']}/history").json["revisions"]
    assert len(history) == 2


def with_something_typed(visitor: Visitor, school: School, lesson: UUID, page_of: str) -> Page:
    """The teacher's page of a column or of the day, with a mark or a topic typed and not saved."""
    page = visitor.sign_in(school.teacher)
    if page_of == "column":
        visitor.goto(f"/lessons/{lesson}/marks")
        mark(page, school, "anna").fill("5")
    else:
        visitor.goto("/day")
        page.locator(f"#topic-{lesson}").fill("Степени")
    return page


@pytest.mark.parametrize("page_of", ["column", "day"])
def test_d05_what_was_typed_when_the_session_ended_is_sent_after_signing_in(
    visitor: Visitor, door: Site, school: School, lesson: UUID, page_of: str
) -> None:
    page = with_something_typed(visitor, school, lesson, page_of)
    page.context.clear_cookies()
    page.locator("main form[data-unsaved] .btn-primary").last.click()
    expect(page.locator("main")).to_contain_text("Введённое ещё не сохранено")
    visitor.look(f"d05-{page_of}-signed-out")
    with page.expect_popup() as popup:
        page.get_by_role("link", name=re.compile("Войти")).click()
    other = popup.value
    other.fill("#login", visitor.door.login(school.teacher))
    other.fill("#password", PASSWORD)
    other.click("main button")
    expect(other.get_by_role("link", name="Мой день")).to_be_visible()
    other.close()
    again = page.get_by_role("button", name="Отправить ещё раз")
    with page.expect_navigation():
        again.click()
    if again.is_visible():  # the form's protection was the earlier session's
        again.click()
    expect(page.get_by_role("status")).to_contain_text(
        "Выставлено отметок: 1." if page_of == "column" else "Сохранено:"
    )
    visitor.complaints.clear()  # the browser notes the statuses 401 and 400


@pytest.mark.parametrize("page_of", ["column", "day"])
def test_d05_what_was_typed_while_the_journal_was_away_is_sent_again(
    visitor: Visitor, door: Site, school: School, lesson: UUID, page_of: str
) -> None:
    page = with_something_typed(visitor, school, lesson, page_of)
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    with door.bus.without("gradebook", away):
        page.locator("main form[data-unsaved] .btn-primary").last.click()
        expect(page.locator("main")).to_contain_text("Введённое, возможно, ещё не сохранено.")
    visitor.complaints.clear()  # the browser notes the status 503
    page.get_by_role("button", name="Отправить ещё раз").click()
    expect(page.get_by_role("status")).to_contain_text(
        "Выставлено отметок: 1." if page_of == "column" else "Сохранено:"
    )


# --- the day


def test_d05_one_button_saves_every_lesson_that_was_changed(
    visitor: Visitor, door: Site, school: School, lesson: UUID
) -> None:
    page = visitor.sign_in(school.teacher)
    visitor.goto("/day")
    page.locator(f"#topic-{school.lesson}").fill("Формулы")
    page.locator(f"#topic-{lesson}").fill("Степени")
    page.locator(f"#lesson-{lesson}").get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("2. Алгебра")
    expect(page.locator(f"#topic-{school.lesson}")).to_have_value("Формулы")
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Степени")
    assert visitor.barriers_on_every_device("d05-day") == []


def test_d05_a_conflict_and_a_fault_of_the_day_stand_at_their_lessons(
    visitor: Visitor, door: Site, school: School, lesson: UUID
) -> None:
    other = school.add_lesson(uuid7(), school.algebra, TODAY, next(NUMBERS))
    page = visitor.sign_in(school.teacher)
    visitor.goto("/day")
    page.locator(f"#topic-{lesson}").fill("Моя тема")
    page.locator(f"#homework-{other}").fill("№ 8")
    page.locator(f"#due-{other}").fill("2020-01-01")
    page.locator(f"#topic-{school.lesson}").fill("Сохранится")
    topic = {"topic": "Чужая тема"}
    door.asking(school.teacher).patch(f"/lessons/{lesson}", json=topic, headers={"If-Match": '"1"'})
    page.get_by_role("button", name="Сохранить весь день").click()
    expect(page.get_by_role("alert")).to_contain_text("Сохранено не всё.")
    expect(page.get_by_role("alert")).to_contain_text("Сохранено: 2. Алгебра.")
    expect(page.locator(f"#lesson-{lesson}")).to_contain_text("Сейчас сохранено: Чужая тема")
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Моя тема")
    expect(page.locator(f"#due-{other}")).to_have_value("2020-01-01")
    expect(page.locator(f"#topic-{lesson}")).to_be_focused()
    visitor.complaints.clear()  # the browser notes the status 412
    assert visitor.barriers_on_every_device("d05-day-refused") == []
    page.locator(f"#due-{other}").fill("")
    page.get_by_role("button", name="Сохранить весь день").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено:")
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Моя тема")


def test_d05_back_and_loading_anew_after_saving_the_day_show_what_is_saved(
    visitor: Visitor, door: Site, school: School, lesson: UUID
) -> None:
    page = visitor.sign_in(school.teacher)
    visitor.goto("/courses")
    visitor.goto("/day")
    page.locator(f"#topic-{lesson}").click()
    page.keyboard.type("Степени")
    page.locator(f"#lesson-{lesson}").get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено")
    door.asking(school.teacher).patch(f"/lessons/{lesson}", json={"topic": "Чужая тема"}, headers={"If-Match": '"2"'})
    page.reload()
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Чужая тема")
    page.go_back()
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Чужая тема")


def test_d05_the_browser_asks_before_a_typed_topic_is_left(visitor: Visitor, school: School, lesson: UUID) -> None:
    page = visitor.sign_in(school.teacher)
    visitor.goto("/day")
    asked = answer(page, leave=False)
    page.locator(f"#topic-{lesson}").click()
    page.keyboard.type("Степени")
    page.get_by_role("link", name="Журналы").click()
    expect(page.locator(f"#topic-{lesson}")).to_have_value("Степени")
    assert asked == ["beforeunload"]
