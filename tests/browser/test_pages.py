"""People's ways through the pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from gateway.pages.methodologist.prints import PAGE
from kernel.errors import Unavailable
from kernel.waiting import eventually
from services.identity.people import tables as people_tables
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.gateway.pages.prints import old_orders
from tests.gateway.site import Site
from tests.identity.small_bundle import SmallBundle
from tests.kit.jobs import carry_out_due
from tests.kit.people import PASSWORD, ZONE
from tests.kit.town import School

pytestmark = pytest.mark.usefixtures("lived_in")


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page(visitor: Visitor, school: School) -> None:
    page = visitor.goto("/courses")
    expect(page).to_have_url(re.compile("/login"))
    visitor.look("login")
    page.fill("#login", visitor.door.login(school.teacher))
    page.fill("#password", "not the password")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    visitor.complaints.clear()  # the browser notes the status 401
    visitor.look("login-refused")
    page.fill("#password", PASSWORD)
    page.click("main button")
    expect(page).to_have_url(re.compile("/courses$"))
    visitor.look("courses")


def test_a_teacher_fills_in_the_day(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.teacher)
    expect(page).to_have_url(re.compile("/day$"))
    lesson = page.locator(f"#lesson-{school.lesson}")
    lesson.get_by_label("Тема").fill("Разложение на множители")
    lesson.get_by_label("Домашнее задание").fill("№ 215–219")
    lesson.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_have_text("Сохранено: 2. Алгебра.")
    expect(page.locator(f"#lesson-{school.lesson}").get_by_label("Тема")).to_have_value("Разложение на множители")
    visitor.look("day")


def test_a_teacher_sets_a_column_of_marks_and_changes_one(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{school.lesson}/marks")
    page.fill(f"[name='value-{school.anna.person_id}']", "5")
    page.fill(f"[name='value-{school.boris.person_id}']", "9")
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("alert")).to_contain_text("Отметки «9» нет на шкале 1–5.")
    expect(page.locator(f"[name='value-{school.anna.person_id}']")).to_have_value("5")
    visitor.complaints.clear()  # the browser notes the status 422
    visitor.look("column-refused")
    page.fill(f"[name='value-{school.boris.person_id}']", "4")
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page).to_have_url(re.compile("/journal/"))
    expect(page.get_by_role("status")).to_have_text("Выставлено отметок: 2.")
    visitor.look("journal")
    page.locator("tr", has_text="Кузнецов").locator("a.given[href*='/mark/']").last.click()
    page.get_by_role("link", name="История отметки").click()
    page.fill("#value", "5")
    page.fill("#reason", "Опечатка")
    page.get_by_role("button", name="Изменить отметку").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("5")
    expect(page.locator("table")).to_contain_text("Опечатка")
    visitor.look("mark")


def test_the_homeroom_teacher_checks_who_was_there(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.homeroom_a)
    page = visitor.goto(f"/check/{school.lesson}")
    page.select_option(f"[name='code-{school.vera.person_id}']", "О")
    page.fill(f"[name='minutes-{school.vera.person_id}']", "5")
    page.get_by_role("button", name="Сохранить посещаемость").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.locator(f"[name='code-{school.vera.person_id}']")).to_have_value("О")
    visitor.look("check")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_parent_reads_the_diary_on_a_phone(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.other_mother)
    expect(page).to_have_url(re.compile("/diary/"))
    page.get_by_role("navigation", name="Дети").get_by_role("link", name="Попова Вера").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Попова Вера")
    page.get_by_role("link", name="Предыдущая неделя").click()
    expect(page).to_have_url(re.compile("date="))
    expect(page.locator(".days")).to_contain_text("Алгебра")
    visitor.look("diary-phone")
    assert visitor.fits()
    page.get_by_role("link", name="Все отметки").click()
    expect(page).to_have_url(re.compile("/marks/"))
    visitor.look("marks-phone")
    assert visitor.fits()


def test_a_parent_reads_the_diary_on_a_desktop(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.mother)
    page.get_by_role("link", name="Предыдущая неделя").click()
    expect(page).to_have_url(re.compile("date="))
    expect(page.locator(".days")).to_contain_text("Алгебра")
    visitor.look("diary")
    page.get_by_role("link", name="Все отметки").click()
    expect(page.locator("table")).to_contain_text("Алгебра")
    visitor.look("marks")


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_teacher_works_on_a_phone_and_no_page_is_wider_than_it(visitor: Visitor, school: School) -> None:
    visitor.goto("/login")
    visitor.look("login-phone")
    visitor.sign_in(school.teacher)
    paths = {"day": "/day", "journal": f"/journal/{school.algebra}", "column": f"/lessons/{school.lesson}/marks"}
    for name, path in paths.items():
        page = visitor.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        visitor.look(f"{name}-phone")
        assert visitor.fits(), path


def test_the_methodologist_orders_a_journal_page_and_takes_it(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/print")
    page.select_option("#course", label="Алгебра")
    page.get_by_role("button", name="Сформировать").click()
    visitor.door.carry()
    link = page.get_by_role("link", name="PDF")
    expect(link).to_be_visible()
    visitor.look("print")
    with page.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_d20_an_order_of_the_same_leads_to_its_row_and_older_orders_to_pages_of_their_own(
    visitor: Visitor, door: Site, school: School
) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/print")
    page.get_by_role("button", name="Сформировать").click()
    expect(page.locator("#jobs tr")).to_have_count(1)
    door.carry()
    old_orders(door, school, PAGE)
    page.get_by_role("button", name="Сформировать").click()
    expect(page.get_by_role("status")).to_contain_text("ничего не изменилось, документ – в первой строке")
    expect(page.locator("#jobs tr").first).to_contain_text("Алгебра, I")
    expect(page.locator("#jobs tr").first.get_by_role("link", name="PDF")).to_be_visible()
    assert visitor.barriers_on_every_device("print-same") == []
    page.get_by_role("link", name="Более ранние заказы").click()
    expect(page.locator("#jobs tr")).to_have_count(1)
    assert visitor.barriers_on_every_device("print-older") == []
    page.get_by_role("link", name="Новые заказы").click()
    expect(page.locator("#jobs tr")).to_have_count(PAGE)


def test_the_methodologist_issues_credentials_shown_once(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.methodologist)
    expect(page).to_have_url(re.compile("/people"))
    page.fill("#query", "Смирнова")
    page.get_by_role("button", name="Найти").click()
    page.get_by_label("Выбрать: Смирнова Анна").check()
    visitor.look("people-chosen")
    page.get_by_role("button", name="Выдать учётные данные выбранным").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Заменить действующие пароли?")
    expect(page.locator("main")).to_contain_text("Смирнова Анна")
    assert visitor.barriers_on_every_device("credentials-question") == []
    page.get_by_role("button", name="Выдать новые пароли").click()
    expect(page.locator("[data-job]")).to_be_visible()
    visitor.look("credentials-waiting")
    carry_out_due(visitor.door.bus.services["identity"])
    expect(page.locator(".slip")).to_have_count(1)
    expect(page.locator(".slip")).to_contain_text("Смирнова Анна")
    password = page.locator(".slip code").last.inner_text()
    page.reload()
    expect(page.locator(".slip code").last).to_have_text(password)
    assert visitor.barriers_on_every_device("slips") == []


def test_d14_d21_a_classs_credentials_take_a_search_one_question_and_print_without_the_frame(
    visitor: Visitor, school: School
) -> None:
    page = visitor.sign_in(school.methodologist)
    page.select_option("#class_id", label="7А")
    page.select_option("#role", label="родитель")
    page.get_by_role("button", name="Найти").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator("tbody")).to_contain_text("Кузнецов Борис, 7А")
    assert visitor.barriers_on_every_device("people") == []
    page.set_viewport_size(DESKTOP)
    page.get_by_role("button", name="Выдать учётные данные всем найденным").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Выдать учётные данные всем найденным?")
    assert visitor.barriers_on_every_device("credentials-everybody") == []
    page.get_by_role("button", name="Всем, с заменой паролей: 3").click()
    expect(page.locator("[data-job]")).to_be_visible()
    carry_out_due(visitor.door.bus.services["identity"])
    expect(page.locator(".slip")).to_have_count(3)
    expect(page.locator(".slip").first).to_contain_text("родитель")
    assert visitor.barriers_on_every_device("slips-of-class") == []
    page.set_viewport_size(DESKTOP)
    page.emulate_media(media="print")
    visitor.look("slips-printed")
    for frame in ("header", "footer", "main .no-print"):
        expect(page.locator(frame).first).to_be_hidden()
    expect(page.locator(".slip").first).to_be_visible()


def test_d07_a_director_is_asked_before_a_directors_role_is_taken(visitor: Visitor, school: School) -> None:
    school.person("director", name="Вторая Анна")
    visitor.sign_in(school.director)
    page = visitor.goto("/people?query=Вторая")
    page.locator("summary").click()
    visitor.look("people-of-the-director")
    page.get_by_role("button", name="Снять роль").click()
    expect(page.locator("main")).to_contain_text("Вторая Анна: директор")
    assert visitor.barriers_on_every_device("role-question") == []
    page.get_by_role("button", name="Да, снять").click()
    expect(page.get_by_role("status")).to_have_text("Сохранено.")


def test_the_methodologist_reads_what_became_of_the_letters_about_a_student(visitor: Visitor, school: School) -> None:
    visitor.door.carry()
    page = visitor.sign_in(school.methodologist)
    page.get_by_role("link", name="Письма").click()
    expect(page.locator("tbody")).to_contain_text("об отметке")
    page.get_by_label("Имя ученика").fill("Смирнова")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Письма: Смирнова Анна")
    expect(page.locator("tbody")).not_to_contain_text("Кузнецов")
    assert visitor.barriers_on_every_device("letters") == []


@pytest.mark.parametrize("visitor", [PHONE], indirect=True)
def test_a_student_changes_the_own_password(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.vera)
    page.get_by_role("link", name="Пароль").click()
    page.get_by_label("Прежний пароль").fill("not the password")
    page.get_by_label("Новый пароль", exact=True).fill("стрижи летят в августе")
    page.get_by_label("Новый пароль ещё раз").fill("стрижи летят в августе")
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page.get_by_label("Прежний пароль")).to_be_focused()
    visitor.complaints.clear()  # the browser notes the status 403
    visitor.look("password-refused")
    assert visitor.barriers() == []
    page.get_by_label("Прежний пароль").fill(PASSWORD)
    page.get_by_label("Новый пароль", exact=True).fill("стрижи летят в августе")
    page.get_by_label("Новый пароль ещё раз").fill("стрижи летят в августе")
    page.get_by_role("button", name="Сменить пароль").click()
    expect(page.get_by_role("status")).to_contain_text("Пароль изменён.")


def test_the_methodologist_enters_a_consent_and_withdraws_it_after_a_question(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/people?query=Соколов")
    page.get_by_role("link", name=re.compile("Согласия.*Соколов Глеб")).click()
    page.get_by_role("button", name="Внести согласие").first.click()
    expect(page.get_by_role("status")).to_have_text("Согласие внесено.")
    row = page.locator("tr", has_text="письма по электронной почте")
    sure = row.get_by_role("button", name="Да, отозвать")
    expect(sure).to_be_hidden()
    row.locator("summary").click()
    expect(row).to_contain_text("больше не получит")
    assert visitor.barriers_on_every_device("consents") == []
    sure.click()
    expect(page.get_by_role("status")).to_have_text("Согласие отозвано.")
    expect(row).to_contain_text("отозвано")


def test_the_methodologist_reads_the_faults_of_a_bundle(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/import")
    bundle = SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    page.set_input_files("#bundle", {"name": "школа.zip", "mimeType": "application/zip", "buffer": bundle.zip()})
    page.get_by_role("button", name="Загрузить").click()
    expect(page).to_have_url(re.compile("/import/"))
    visitor.door.carry()
    expect(page.get_by_role("heading", name=re.compile("Ошибки"))).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("users.csv")
    visitor.look("import-faults")


def waiting_import(visitor: Visitor, school: School) -> Page:
    """The page of an import that has only been handed in."""
    visitor.sign_in(school.methodologist)
    asking = visitor.door.asking(school.methodologist)
    started = asking.post("/imports?dry_run=true", data=SmallBundle().zip(), content_type="application/zip").json
    page = visitor.goto(f"/import/{started['id']}")
    expect(page.get_by_role("status")).to_contain_text("ждёт очереди")
    return page


def test_the_page_of_an_import_follows_it_in_its_place(visitor: Visitor, school: School) -> None:
    page = waiting_import(visitor, school)
    link = page.get_by_role("link", name="Загрузить другой архив")
    link.focus()
    visitor.door.carry()
    expect(page.get_by_role("status")).to_contain_text("Проверка завершена")
    expect(page.get_by_role("heading", name="Что изменится")).to_be_visible()
    expect(link).to_be_focused()


def test_the_page_of_an_import_outlives_a_service_that_was_away(visitor: Visitor, school: School) -> None:
    page = waiting_import(visitor, school)
    link = page.get_by_role("link", name="Загрузить другой архив")
    link.focus()
    away = Unavailable("The service {service} is away.", rule="no-route", service="identity")
    with (
        visitor.door.bus.without("identity", away),
        page.expect_response(lambda answer: answer.status == 503),
    ):
        pass
    expect(page.get_by_role("status")).to_contain_text("ждёт очереди")
    visitor.door.carry()
    expect(page.get_by_role("status")).to_contain_text("Проверка завершена")
    expect(link).to_be_focused()
    visitor.complaints.clear()  # the browser notes the status 503


def test_the_page_of_an_import_asks_to_sign_in_again_when_the_session_has_ended(
    visitor: Visitor, school: School
) -> None:
    page = waiting_import(visitor, school)
    page.context.clear_cookies()
    expect(page).to_have_url(re.compile("/login"))
    visitor.door.carry()
    visitor.complaints.clear()  # the browser notes the status 401


def test_the_pages_speak_english_too(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    visitor.page.get_by_role("link", name="English").click()
    expect(visitor.page.get_by_role("link", name="Journals")).to_be_visible()
    assert visitor.page.locator("html").get_attribute("lang") == "en"


def test_the_interactive_page_of_the_api_shows_every_operation(visitor: Visitor) -> None:
    page = visitor.goto("/api/docs")
    expect(page.locator(".opblock").first).to_be_visible(timeout=20_000)
    paths = visitor.door.app.test_client().get("/api/v1/openapi.json").json["paths"]
    operations = sum(method in ("get", "post", "put", "patch", "delete") for path in paths.values() for method in path)
    # of so many operations the page holds those alone that are in sight
    seen: set[str] = set()

    def further() -> bool:
        seen.update(page.locator(".opblock").evaluate_all("all => all.map((one) => one.id)"))
        page.mouse.wheel(0, 500)
        return len(seen) == operations

    eventually(further, 60, "every operation came into sight")
    visitor.look("api-docs")


def test_a_bundle_that_would_end_much_is_shown_as_what_it_does_and_waits_for_a_yes(
    visitor: Visitor, school: School
) -> None:
    school.brought()
    visitor.sign_in(school.methodologist)
    hand_over(visitor, SmallBundle("org-ends").zip())  # the school's own classes are not in it
    page = visitor.page
    expect(page.get_by_role("status")).to_contain_text("ждёт вашего подтверждения")
    expect(page.locator("#question")).to_contain_text("Классов завершается: 2")
    visitor.look("import-asks")
    sure, go = page.get_by_label("Числа выше прочитаны"), page.get_by_role("button", name="Всё равно загрузить")
    go.click()
    expect(sure).to_be_focused()  # the browser asks for the tick
    sure.check()
    go.click()
    expect(page.get_by_role("status")).to_contain_text("ждёт очереди")


def test_what_stands_in_the_way_of_undoing_an_import_is_named_and_then_it_is_undone(
    visitor: Visitor,
) -> None:
    school = School(visitor.door.town)  # imports of the others' would stand in the way
    visitor.sign_in(school.methodologist)
    hand_over(visitor, SmallBundle("org-undo").zip())
    page = visitor.page
    page.get_by_label("Числа выше прочитаны").check()
    page.get_by_role("button", name="Всё равно загрузить").click()
    visitor.door.carry()
    page.reload()  # rather than wait until the page asks again by itself
    expect(page.get_by_role("status")).to_contain_text("Загрузка завершена")
    with school.identity.unit_of_work.of(school.id) as session:
        boris = session.scalars(select(people_tables.Person).where(people_tables.Person.source_id == "boris")).one()
        boris.email = "boris@example.org"
    page.get_by_role("button", name="Отменить загрузку…").click()
    visitor.door.carry()
    page.reload()  # rather than wait until the page asks again by itself
    expect(page.get_by_role("status")).to_contain_text("кое-что мешает")
    expect(page.locator("main")).to_contain_text("Кузнецов Борис")
    visitor.look("import-undo-refused")
    with school.identity.unit_of_work.of(school.id) as session:
        session.get_one(people_tables.Person, (school.id, boris.id)).email = None
    page.get_by_role("button", name="Проверить ещё раз").click()
    visitor.door.carry()
    page.reload()  # rather than wait until the page asks again by itself
    expect(page.get_by_role("status")).to_contain_text("Пока ничего не отменено")
    visitor.look("import-undo-asks")
    page.get_by_label("Числа выше прочитаны").check()
    page.get_by_role("button", name="Отменить загрузку").click()
    visitor.door.carry()
    page.reload()  # rather than wait until the page asks again by itself
    expect(page.get_by_role("status")).to_contain_text("Загрузка отменена")
    visitor.goto("/import")
    visitor.look("imports-undone")


def hand_over(visitor: Visitor, bundle: bytes) -> None:
    """Hand a bundle in, and have it carried out."""
    page = visitor.goto("/import")
    page.set_input_files("#bundle", {"name": "школа.zip", "mimeType": "application/zip", "buffer": bundle})
    page.get_by_role("button", name="Загрузить").click()
    expect(page).to_have_url(re.compile("/import/"))
    visitor.door.carry()


def test_p24_twins_and_namesakes_are_told_apart_in_the_journal(visitor: Visitor, school: School) -> None:
    names = ["Близнецов Илья Петрович", "Близнецов Иван Петрович", "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич"]
    for name in names:
        school.join(name)
    page = visitor.sign_in(school.teacher)
    visitor.goto(f"/journal/{school.algebra}")
    heads = page.locator("table.grid tbody th").all_inner_texts()
    assert len(heads) == len(set(heads))
    assert {"Близнецов Иван", "Близнецов Илья", "Тёзкин Олег Ильич", "Тёзкин Олег Юрьевич"} <= set(heads)
    assert visitor.barriers_on_every_device("twins") == []


def test_p34_zone_of_a_school_is_changed_on_its_page(visitor: Visitor, school: School) -> None:
    page = visitor.sign_in(school.director)
    visitor.goto("/school")
    page.get_by_label("Другой часовой пояс").fill("Asia/Kamchatka")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("status")).to_contain_text("Сохранено")
    expect(page.locator("table")).to_contain_text("Asia/Kamchatka")
    assert visitor.barriers_on_every_device("school") == []
    page.get_by_label("Другой часовой пояс").fill(ZONE)
    page.get_by_role("button", name="Сохранить").click()
