"""What pages say is what a school says, and no form is answered with less than everything that is wrong in it."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from uuid_utils.compat import uuid7

from cli.building import courses, write
from kernel.errors import Unavailable
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.lessons.tables import Lesson
from services.gradebook.people.tables import ClassCopy
from tests.gateway.pages.test_pages import described, marks_of, send, shown
from tests.gateway.site import Site, csrf
from tests.identity.small_bundle import SmallBundle
from tests.kit.people import TODAY, add_operator
from tests.kit.town import School

UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-")


def words(answer: Any) -> str:
    """What a page shows, without its tags."""
    shown = re.sub(r"<(script|title)\b.*?</\1>", "", answer.text, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", shown)))


@pytest.fixture
def first_grade(door: Site, school: School) -> None:
    """Algebra is taught in grade 1."""
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.get_one(courses_tables.Course, (school.id, school.algebra)).grade = 1


# --- the words --------------------------------------------------------------------------------------


def test_texts_a_column_sent_empty_is_told_as_such(door: Site, school: School) -> None:
    sent = send(door.visit(school.teacher), f"/lessons/{school.lesson}/marks", **{f"value-{school.anna.person_id}": ""})
    assert "Проверьте введённое. Не выставлено ни одной отметки" in words(sent)
    assert sent.status_code == 422


def test_texts_no_access_and_its_code(door: Site, school: School) -> None:
    page = words(door.visit(school.mother).get("/people"))
    assert "Нет доступа" in page
    assert "Код обращения" in page


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("teacher", "/lessons/{}/marks"), ("teacher", "/mark/{}"), ("teacher", "/journal/{}"), ("boris", "/diary/{}"),
        ("teacher", "/courses?term=x"), ("mother", "/marks/{}?term=x"), ("teacher", "/lessons/17/marks"),
    ],
)  # fmt: skip
def test_texts_no_id_is_shown_to_people(door: Site, school: School, who: str, path: str) -> None:
    answer = door.visit(getattr(school, who)).get(path.format(uuid7()))
    shown_words = words(answer).partition("Код обращения")[0]
    assert not UUID.search(shown_words)
    assert "UUID" not in shown_words


def test_texts_attendance_is_noted_not_marked(door: Site, school: School) -> None:
    client, path = door.visit(school.homeroom_a), f"/check/{school.lesson}"
    assert "Посещаемость ещё не отмечена." in words(client.get(path))
    send(client, path)
    assert "Новое сохранение заменит прежние сведения." in words(client.get(path))


def test_texts_a_change_by_another_is_told_once_and_what_stands_there_now(door: Site, school: School) -> None:
    client, path = door.visit(school.teacher), f"/day/{TODAY}"
    for topic in ("Дроби", "Степени"):
        sent = send(client, path, **described(school.lesson, topic=topic))
    told = words(sent)
    assert told.count("изменил кто-то другой") == 1
    assert "Сейчас сохранено: Дроби" in told


def test_texts_a_changed_mark_is_told_with_who_and_when(door: Site, school: School) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "3"}
    path = f"/mark/{door.asking(school.teacher).post('/marks', json=mark).json['id']}"
    client = door.visit(school.teacher)
    for value in ("4", "5"):
        sent = send(client, path, value=value, comment="", reason="Опечатка", version="1")
    told = words(sent)
    assert told.count("изменил кто-то другой") == 1
    assert re.search(r"Сейчас: 4, Иванова М., \d\d\.\d\d\.\d{4} \d\d:\d\d", told), told


def test_texts_people_importing_and_printing_are_called_as_schools_call_them(door: Site, school: School) -> None:
    office = door.visit(school.methodologist)
    people = words(office.get("/people"))
    assert "Пользователи" in people
    assert "Фамилия, имя, отчество" in people
    assert "Загрузить" in words(office.get("/import"))
    assert "Загрузка данных" in people
    assert "Сформировать" in words(office.get("/print"))
    assert "Назначить" in words(door.visit(school.director).get("/people"))


def test_texts_an_import_is_told_in_words_of_one_gender_and_without_names_of_rules(door: Site, school: School) -> None:
    client, unfit = door.visit(school.methodologist), SmallBundle("org-texts")
    unfit.row("users", "boris")["role"] = "wizard"
    bad = send(client, "/import", bundle=(io.BytesIO(unfit.zip()), "школа.zip"))
    door.carry()
    told = words(client.get(bad.headers["Location"]))
    assert "Загрузка отклонена: ничего не записано." in told
    assert "Файл Строка Поле Что не так users.csv" in told
    good = send(client, "/import", bundle=(io.BytesIO(SmallBundle().zip()), "школа.zip"), dry_run="true")
    door.carry()
    told = words(client.get(good.headers["Location"]))
    assert "Проверка завершена: ничего не записано." in told
    assert "Что изменится" in told
    assert "Что изменилось" not in told
    kinds = ("Пользователи", "Роли", "Родители и дети", "Классы", "Зачисления в классы", "Учебные годы и периоды",
             "Предметы", "Курсы", "Ученики и учителя курсов", "Виды работ", "Столбцы журнала", "Отметки")  # fmt: skip
    for kind in kinds:
        assert f" {kind} " in told
    assert re.search(r"завершена \(только проверка\) ", words(client.get("/import")))


@pytest.mark.parametrize(
    ("days", "asked", "kept"),
    [(0, "Он состоялся?", "Состоялся: оставить"), (1, "Он состоится?", "Состоится: оставить")],
)
def test_texts_of_a_lesson_to_come_it_is_asked_whether_it_will_be_held(
    door: Site, school: School, days: int, asked: str, kept: str
) -> None:
    day = TODAY + timedelta(days=days)
    lesson = school.add_lesson(uuid7(), school.algebra, day, 6)
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.get_one(Lesson, (school.id, lesson)).state = "outside"
        session.get_one(Lesson, (school.id, lesson)).entry_id = uuid7()
    client = door.visit(school.teacher)
    shown(client.get(f"/day/{day}"), asked)
    shown(client.get(f"/lessons/{lesson}/outside"), asked, kept)


def test_texts_a_class_in_which_no_term_marks_are_set_is_told_so_and_none_are_locked(
    door: Site, school: School
) -> None:
    place = f"/classes/{school.class_a}/term-marks"
    assert "Отметки закрыты" not in shown(door.visit(school.methodologist).get(place), "<table")
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.get_one(ClassCopy, (school.id, school.class_a)).grade = 1
        for course in session.query(courses_tables.Course):
            course.grade = 1
    for who in (school.methodologist, school.homeroom_a):
        page = shown(door.visit(who).get(place), "У этого класса нет курсов, по которым выставляют отметки за период.")
        assert "Отметки закрыты" not in page
        assert "<table" not in page


def test_texts_one_teacher_is_one(door: Site, school: School) -> None:
    page = words(door.visit(school.teacher).get(f"/journal/{school.algebra}", follow_redirects=True))
    assert "Учитель: Иванова М." in page


def test_texts_staff_without_a_diary_are_not_told_of_a_consent(door: Site, school: School) -> None:
    assert "согласие" in words(door.visit(school.father).get("/diary", follow_redirects=True))
    for who in (school.methodologist, school.teacher):
        page = words(door.visit(who).get("/diary"))
        assert "для родителей и учеников" in page
        assert "согласие" not in page


def test_texts_a_withdrawn_consent_is_told_and_nothing_of_other_families(door: Site, school: School) -> None:
    told = [door.visit(school.mother).get(f"/{page}/{one}") for page in ("diary", "marks")
            for one in (school.boris.person_id, uuid7())]  # fmt: skip
    assert {answer.status_code for answer in told} == {404}
    assert all("Дневник закрыт" in words(answer) for answer in told)
    assert len({words(answer) for answer in told}) == 1, "whether there is such a student is not told"


def test_texts_the_school_stands_first(door: Site, school: School) -> None:
    page = door.visit(school.teacher).get("/courses").text
    assert re.search(r"<title>Журналы · Лицей</title>", page), "the school of the tests is called so"
    assert '<a class="site' in page
    assert "<title>Вход · Электронный журнал и дневник</title>" in door.app.test_client().get("/login").text


def test_texts_times_of_an_operator_say_that_they_are_utc(door: Site, school: School) -> None:
    operator = door.visit(add_operator(school.identity))
    assert re.search(r"\d\d:\d\d UTC", words(operator.get("/sign-ins")))
    assert "UTC" not in words(door.visit(school.methodologist).get("/sign-ins"))


def test_texts_a_part_that_is_away_is_named_as_people_know_it(door: Site, school: School) -> None:
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    client = door.visit(school.teacher)
    with door.bus.without("gradebook", away):
        told = words(client.get("/courses"))
    assert "Раздел «журнал» сейчас не работает." in told
    assert "gradebook" not in told


# --- nothing typed is lost, nothing wrong is hidden ---------------------------------------------------


def test_d05_what_was_typed_while_a_part_was_away_is_sent_again_and_saved_once(door: Site, school: School) -> None:
    client, path = door.visit(school.teacher), f"/lessons/{school.lesson}/marks"
    page = client.get(path).text
    account = re.search(r'name="account" value="([^"]+)"', page)
    assert account
    away = Unavailable("The service {service} is away.", rule="no-route", service="gradebook")
    form = {"csrf_token": csrf(client, path), "account": account[1], "request_key": "typed-once-by-the-teacher",
            "kind_id": "", f"value-{school.anna.person_id}": "5"}  # fmt: skip
    own = {"Sec-Fetch-Site": "same-origin"}
    with door.bus.without("gradebook", away):
        lost = client.post(path, data=form, headers=own)
    again = shown(lost, "Введённое, возможно, ещё не сохранено.", status=503)
    assert "не потеряны" not in again
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', again[again.index("<main") :]))
    assert fields.items() >= {k: v for k, v in form.items() if k != "csrf_token"}.items()
    for _ in range(2):
        assert client.post(path, data=fields, headers=own).status_code == 303
    assert marks_of(door, school) == ["5"]


def test_d06_after_marks_of_another_term_its_journal_is_shown(door: Site, school: School) -> None:
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        term = session.query(calendar_tables.Term).one()
        year_id, starts_on = term.year_id, term.starts_on
        term.starts_on = TODAY - timedelta(days=1)
        earlier = uuid7()
        session.add(
            calendar_tables.Term(
                school_id=school.id, id=earlier, year_id=year_id, title="Раньше", division=term.division,
                starts_on=starts_on, ends_on=TODAY - timedelta(days=2),
            )
        )  # fmt: skip
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=9), 1)
    sent = send(door.visit(school.teacher), f"/lessons/{lesson}/marks", **{f"value-{school.anna.person_id}": "5"})
    assert sent.headers["Location"] == f"/journal/{school.algebra}?term={earlier}"


@pytest.mark.usefixtures("first_grade")
def test_d15_neither_marks_nor_homework_are_offered_in_grade_1(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    own = f'name="topic-{school.lesson}"'
    day = shown(client.get("/day"), "Домашних заданий здесь нет: в 1 классе по п. 2.5 регламента", own)
    assert f"/lessons/{school.lesson}/marks" not in day
    assert 'name="homework-' not in day
    column = shown(client.get(f"/lessons/{school.lesson}/marks"), "Отметок здесь нет: в 1 классе по п. 2.5 регламента")
    assert "value-" not in column
    journal = shown(client.get(f"/journal/{school.algebra}", follow_redirects=True))
    assert f"/lessons/{school.lesson}/marks" not in journal
    saved = send(client, f"/day/{TODAY}", **described(school.lesson, topic="Буква А"))
    assert saved.status_code == 303


def test_d15_other_grades_are_offered_both(door: Site, school: School) -> None:
    day = shown(door.visit(school.teacher).get("/day"), f'name="homework-{school.lesson}"')
    assert f"/lessons/{school.lesson}/marks" in day


def test_d16_all_faults_of_a_column_are_told_at_once_at_their_students(door: Site, school: School) -> None:
    students = (school.anna, school.boris, school.vera)
    typed = dict(zip(students, ("6", "4", "5-/н"), strict=True))
    form = {f"value-{one.person_id}": value for one, value in typed.items()}
    answer = send(door.visit(school.teacher), f"/lessons/{school.lesson}/marks", **form)
    text = shown(answer, "Отметки «6» нет на шкале 1–5.", "код посещаемости", "введённое осталось в полях", status=422)
    marked = set(re.findall(r'<tr class="faulty">\s*<th[^>]* id="student-([^"]+)"', text))
    assert marked == {str(school.anna.person_id), str(school.vera.person_id)}
    assert text.count("autofocus") == 1, "the first of them has the keyboard"
    assert marks_of(door, school) == []


def test_d16_a_second_mark_is_told_at_its_student(door: Site, school: School) -> None:
    client, path = door.visit(school.teacher), f"/lessons/{school.lesson}/marks"
    for value in ("5", "4"):
        answer = send(client, path, **{f"value-{one.person_id}": value for one in (school.anna, school.boris)})
    text = shown(answer, "Тем временем здесь сохранено 5; вы ввели 4.", status=412)
    assert text.count('<tr class="faulty">') == 2
    assert "Смирнова Анна : Тем временем здесь сохранено 5; вы ввели 4." in words(answer)


def test_d16_all_faults_of_a_check_are_told_at_once_at_their_students(door: Site, school: School) -> None:
    anna, boris, vera = (str(one.person_id) for one in (school.anna, school.boris, school.vera))
    client, path = door.visit(school.homeroom_a), f"/check/{school.lesson}"
    answer = send(client, path, **{f"code-{anna}": "Б", f"minutes-{anna}": "5", f"code-{vera}": "О"})
    text = shown(answer, "Смирнова Анна", "Попова Вера", status=422)
    assert set(re.findall(r'id="fault-([^"]+)"', text)) == {anna, vera}
    lone = shown(send(client, path, **{f"code-{boris}": "", f"minutes-{boris}": "7"}), status=422)
    assert re.findall(r'id="fault-([^"]+)"', lone) == [boris]
    assert "Минуты указаны без кода" in lone
    assert 'value="7"' in lone


def test_d18_a_day_without_lessons_shows_the_next_one_and_what_is_open(door: Site, school: School) -> None:
    day = TODAY - timedelta(days=3)
    for back, number in ((20, 1), (5, 2)):
        open_lesson = school.add_lesson(uuid7(), school.algebra, TODAY - timedelta(days=back), number)
    page = shown(door.visit(school.teacher).get(f"/day/{day}"), "В этот день у вас нет уроков.", "Следующий урок")
    assert f'href="/day/{TODAY}"' in page
    assert re.findall(r'href="/day/[^"]+#lesson-([^"]+)"', page) == [str(open_lesson)]
    last = shown(door.visit(school.teacher).get(f"/day/{TODAY + timedelta(days=5)}"))
    assert "Дальше уроков не запланировано." in last
    assert f"#lesson-{school.tomorrows_lesson}" not in last, "what is to come lacks nothing yet"


def test_d20_a_print_is_named_for_people(door: Site, school: School) -> None:
    asking = door.asking(school.methodologist)
    term = asking.get("/calendar").json["years"][0]["terms"][0]
    job = asking.post("/print-jobs", json={"course_id": str(school.algebra), "term_id": term["id"]}).json
    door.carry()
    answer = door.visit(school.methodologist).get(f"/print/{job['id']}/document")
    name = job["title"].replace("/", " ") + ".pdf"
    assert f"filename*=UTF-8''{quote(name, safe='')}" in answer.headers["Content-Disposition"]
    answer.close()


def test_c_the_class_is_not_said_twice(door: Site, school: School) -> None:
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.get_one(courses_tables.Course, (school.id, school.algebra)).title = "Алгебра, 7А"
    day = words(door.visit(school.teacher).get("/day"))
    assert day.count("7А") == 1
    diary = words(door.visit(school.mother).get(f"/diary/{school.anna.person_id}"))
    assert "Алгебра" in diary
    assert "Алгебра, 7А" not in diary


def test_c_a_long_list_of_journals_has_links_to_each_class(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    assert "#class-" not in client.get("/courses").text
    gradebook = door.town.gradebook.unit_of_work
    with gradebook.of(school.id) as session:
        year = session.query(calendar_tables.Year).one().id
    taught = [courses.Taught(uuid7(), f"Курс {number}", (school.class_a, school.class_b)[number % 2], (), ())
              for number in range(31)]  # fmt: skip
    write(gradebook, school.id, courses.courses(year, TODAY, taught))
    page = client.get("/courses").text
    links = re.findall(r'href="#(class-[^"]+)">([^<]+)<', page)
    assert [name for _, name in links] == ["7А", "7Б"]
    assert all(page.count(f'id="{place}"') == 1 for place, _ in links)


def test_c_a_students_own_pages_say_the_class_once_in_their_heading(door: Site, school: School) -> None:
    with door.town.gradebook.unit_of_work.of(school.id) as session:
        session.get_one(courses_tables.Course, (school.id, school.algebra)).title = "Алгебра, 7А, 2-я группа"
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.boris.person_id), "value": "5"}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    for who in (school.boris, school.other_mother):
        for path in ("diary", "marks"):
            page = words(door.visit(who).get(f"/{path}/{school.boris.person_id}"))
            assert "Алгебра, 2-я группа" in page
            assert page.partition("Кузнецов Борис, 7А")[1:] != ("", "")


def test_texts_levels_and_time_zones_are_said_in_russian(door: Site, school: School) -> None:
    page = words(door.visit(school.methodologist).get("/year/policy"))
    assert "«оптимальный» от 0,8, «допустимый» от 0,6, «критический» от 0" in page
    assert "optimal" not in page
    zone = send(door.visit(school.director), "/school", time_zone="Asia/Kamchatka")
    assert zone.status_code == 303
    assert "Петропавловск-Камчатский (Asia/Kamchatka)" in words(door.visit(school.director).get("/school"))


def test_t4b_a_check_of_another_teachers_lesson_is_corrected_from_its_journal(door: Site, school: School) -> None:
    link = f'href="/check/{school.lesson}"'
    client = door.visit(school.homeroom_a)
    for sign in ("?", "✓"):
        page = client.get(f"/journal/{school.algebra}", follow_redirects=True)
        assert re.search(rf"{link}[^>]*>{re.escape(sign)}</a>", page.text)
        send(client, f"/check/{school.lesson}")
    assert link not in door.visit(school.director).get(f"/journal/{school.algebra}", follow_redirects=True).text


def test_d03_the_head_of_a_childs_page_keeps_the_child_and_another_child_the_week(door: Site, school: School) -> None:
    client, vera, boris = door.visit(school.other_mother), school.vera.person_id, school.boris.person_id
    day = TODAY - timedelta(days=7)
    for one in (vera, boris):
        page = client.get(f"/diary/{one}?date={day}").text
        head = page[page.index("<header") : page.index("</header>")]
        assert f'href="/marks/{one}"' in head
        assert f'href="/diary/{one}"' in head
    assert re.search(f'href="/diary/{vera}\\?[^"]*date={day}"', page)


def test_d11_a_mark_says_its_date_kind_and_comment_in_words_and_leads_to_what_it_was(
    door: Site, school: School
) -> None:
    """By touch nobody reads what stands in a title alone."""
    mark = {
        "lesson_id": str(school.lesson),
        "student_id": str(school.anna.person_id),
        "value": "3",
        "comment": "у доски",
    }
    asking = door.asking(school.teacher)
    mark_id = asking.post("/marks", json=mark).json["id"]
    changed = {"value": "4", "comment": "у доски", "reason": "Опечатка"}
    assert asking.patch(f"/marks/{mark_id}", json=changed, headers={"If-Match": '"1"'}).status_code == 200
    client = door.visit(school.mother)
    for path, date in ((f"/marks/{school.anna.person_id}", f"{TODAY.day} "), (f"/diary/{school.anna.person_id}", "")):
        answer = client.get(path)
        page = shown(answer)
        assert re.search(rf"{date}.*4 – Ответ на уроке\. у доски ?\(?была 3, стала 4", words(answer))
        assert "title=" not in page.partition("<main")[2]
        assert f'href="/mark/{mark_id}?student={school.anna.person_id}"' in page
    history = f"/mark/{mark_id}?student={school.anna.person_id}"
    page = shown(client.get(history), "Смирнова Анна", "3", "4", "у доски", f'href="/marks/{school.anna.person_id}"')
    assert "Опечатка" not in page, "the reason is among teachers"
