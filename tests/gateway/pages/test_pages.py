"""The pages: what each role comes for, by forms that work without scripts."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.identity.sessions import SessionRevoked
from kernel.clock import now
from services.identity.credentials.tables import CredentialOrder
from tests.gateway.site import Site, csrf
from tests.identity.small_bundle import SmallBundle
from tests.kit.jobs import carry_out_due
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

#: What a browser would run; JSON in a script's place is data.
INLINE = re.compile(
    r"<script(?![^>]*\ssrc=)(?! type=.application/json.)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


def send(client: FlaskClient, page: str, action: str | None = None, **form: Any) -> Any:
    """Fill in and send the form of a page."""
    return client.post(action or page, data={"csrf_token": csrf(client, page), "request_key": str(uuid7()), **form})


def described(lesson: UUID, version: int = 1, **typed: str) -> dict[str, str]:
    """What the form of the day sends of a lesson, of which this version was shown, and other words than these."""
    return {f"version-{lesson}": str(version), **{f"{name}-{lesson}": value for name, value in typed.items()}}


def shown(answer: Any, *texts: str, status: int = 200) -> str:
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "text/html"
    for text in texts:
        assert text in answer.text
    return str(answer.text)


def marks_of(door: Site, school: School) -> list[str]:
    """The marks of today's algebra lesson."""
    (year,) = door.asking(school.teacher).get("/calendar").json["years"]
    page = door.asking(school.teacher).get(f"/courses/{school.algebra}/journal?term_id={year['terms'][0]['id']}")
    return [mark["value"] for mark in page.json["marks"]]


# --- coming in and going out -------------------------------------------------------------------------


def test_a_stranger_is_sent_to_sign_in_and_back(door: Site, school: School) -> None:
    client = door.app.test_client()
    away = client.get("/courses?all=1")
    assert (away.status_code, away.headers["Location"]) == (303, "/login?next=/courses?all%3D1")
    form = {"login": door.login(school.teacher), "password": PASSWORD, "next": "/courses?all=1"}
    back = send(client, "/login", **form)
    assert (back.status_code, back.headers["Location"]) == (303, "/courses?all=1")


@pytest.mark.parametrize(
    "goal", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "day", "/a\nb"]
)
def test_signing_in_leads_nowhere_but_to_our_pages(door: Site, school: School, goal: str) -> None:
    client = door.app.test_client()
    form = {"login": door.login(school.teacher), "password": PASSWORD, "next": goal}
    assert send(client, "/login", **form).headers["Location"] == "/"


def test_a_wrong_password_is_told_on_the_page_and_opens_nothing(door: Site, school: School) -> None:
    client = door.app.test_client()
    answer = send(client, "/login", login=door.login(school.teacher), password="not the password")
    text = shown(answer, "Неверный логин или пароль", status=401)
    assert "not the password" not in text
    assert client.get("/day").status_code == 303


def test_cookies_of_a_session_are_for_the_door_alone_and_go_with_the_browser(door: Site, school: School) -> None:
    client = door.app.test_client()
    answer = send(client, "/login", login=door.login(school.teacher), password=PASSWORD)
    cookies = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(("access=", "refresh="))]
    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Max-Age" not in cookie
    staying = send(
        door.app.test_client(), "/login", login=door.login(school.teacher), password=PASSWORD, own_device="1"
    )
    assert all(
        "Max-Age" in one for one in staying.headers.getlist("Set-Cookie") if one.startswith(("access=", "stay="))
    )


def test_a_session_goes_on_by_its_refresh_token_when_the_access_token_has_expired(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    client.set_cookie("access", door.token(school.teacher, seconds=-1))
    first = client.get("/day")
    assert first.status_code == 200
    assert any(cookie.startswith("refresh=") for cookie in first.headers.getlist("Set-Cookie"))
    assert client.get("/day").status_code == 200


def test_signing_out_takes_the_cookies_back_and_ends_the_session(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    access = client.get_cookie("access")
    assert access is not None
    gone = send(client, "/day", "/logout")
    assert (gone.status_code, gone.headers["Location"]) == (303, "/login")
    assert client.get_cookie("access") is None
    assert client.get("/day").status_code == 303
    kept = door.app.test_client()
    kept.set_cookie("access", access.value)
    assert kept.get("/day").status_code == 303


def test_a_session_revoked_elsewhere_is_sent_to_sign_in(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    access = client.get_cookie("access")
    assert access is not None
    session_id = door.bus.verifier.claims(access.value).session_id
    assert session_id is not None
    door.bus.announce(SessionRevoked(session_id=session_id))
    assert client.get("/day").headers["Location"].startswith("/login")


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_form_without_its_protection_is_refused_and_changes_nothing(
    door: Site, school: School, token: str | None
) -> None:
    client = door.visit(school.teacher)
    form = {f"value-{school.anna.person_id}": "5"} | ({} if token is None else {"csrf_token": token})
    shown(client.post(f"/lessons/{school.lesson}/marks", data=form), "Форма устарела", status=400)
    assert marks_of(door, school) == []


@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("teacher", "/day"),
        ("methodologist", "/people"),
        ("director", "/courses"),
        ("mother", "/diary"),
        ("anna", "/diary"),
    ],
)
def test_each_role_comes_to_its_own_first_page(door: Site, school: School, who: str, page: str) -> None:
    client = door.visit(getattr(school, who))
    first = client.get("/")
    assert (first.status_code, first.headers["Location"]) == (303, page)
    assert client.get("/", follow_redirects=True).status_code == 200


# --- what every page is ------------------------------------------------------------------------------


def pages_of(door: Site, school: School) -> dict[str, list[str]]:
    term = door.asking(school.teacher).get("/calendar").json["years"][0]["terms"][0]["id"]
    lesson, anna = school.lesson, school.anna.person_id
    return {
        "teacher": ["/day", "/courses", f"/journal/{school.algebra}?term={term}", f"/lessons/{lesson}/marks"],
        "homeroom_a": [f"/check/{lesson}", f"/diary/{anna}"],
        "methodologist": ["/people", "/import", "/print", "/courses"],
        "director": ["/people", "/print"],
        "mother": [f"/diary/{anna}", f"/marks/{anna}"],
    }


@pytest.mark.parametrize("who", ["teacher", "homeroom_a", "methodologist", "director", "mother"])
def test_no_page_holds_inline_scripts_styles_or_what_is_elsewhere(door: Site, school: School, who: str) -> None:
    client = door.visit(getattr(school, who))
    for path in pages_of(door, school)[who]:
        for language in ("ru", "en"):
            client.set_cookie("language", language)
            answer = client.get(path)
            text = shown(answer, f'<html lang="{language}">', "<h1")
            assert not INLINE.search(text), path
            assert not re.search(r'(?:src|href)="(?:https?:)?//', text), path
            assert "script-src 'self'; style-src 'self';" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "no-store"


def test_the_language_is_chosen_by_a_link_and_stays(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    shown(client.get("/day"), "Мой день")
    chosen = client.get("/language/en?next=/day")
    assert (chosen.status_code, chosen.headers["Location"]) == (303, "/day")
    shown(client.get("/day"), "My day")
    assert client.get("/language/xx").status_code == 404


def test_what_people_write_is_shown_as_text(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    send(client, f"/day/{TODAY}", **described(school.lesson, topic="<script>alert(1)</script>"))
    text = shown(client.get(f"/day/{TODAY}"), "&lt;script&gt;alert(1)&lt;/script&gt;")
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("mother", "/day", 403),
        ("mother", "/courses", 403),
        ("mother", "/people", 403),
        ("teacher", "/import", 403),
        ("teacher", "/nothing", 404),
        ("teacher", "/lessons/17/marks", 422),
        ("teacher", "/day/yesterday", 422),
        ("teacher", "/day?date=9999-12-31", 422),
        ("teacher", "/day/0001-01-01", 422),
    ],
)
def test_a_refusal_is_a_page_that_says_what_to_do(door: Site, school: School, who: str, path: str, status: int) -> None:
    answer = door.visit(getattr(school, who)).get(path)
    shown(answer, answer.headers["X-Request-Id"], "На главную", status=status)


# --- the teacher -------------------------------------------------------------------------------------


def test_a_teacher_fills_in_the_day(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    path = f"/day/{TODAY}"
    saved = send(client, path, at=str(school.lesson), **described(school.lesson, topic="Дроби", homework="№ 5"))
    assert (saved.status_code, saved.headers["Location"]) == (303, f"{path}#lesson-{school.lesson}")
    shown(client.get(path), "Сохранено: 2. Алгебра.", ">Дроби</textarea>", "№ 5")


def test_who_saves_second_is_told_and_keeps_what_was_typed(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    path = f"/day/{TODAY}"
    send(client, path, **described(school.lesson, topic="Дроби"))
    late = send(client, path, **described(school.lesson, topic="Степени"))
    shown(late, "Этот урок уже изменил кто-то другой.", ">Степени</textarea>", "Сейчас сохранено: Дроби", status=412)


def test_marks_are_set_by_form_once_though_it_is_sent_twice(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    path = f"/lessons/{school.lesson}/marks"
    form = {
        "csrf_token": csrf(client, path), "request_key": "one-double-click", f"value-{school.anna.person_id}": "5",
        f"value-{school.boris.person_id}": " 4 ", f"value-{school.vera.person_id}": "", "kind_id": "",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(path, data=form).status_code == 303
    assert sorted(marks_of(door, school)) == ["4", "5"]
    journal = client.get(f"/journal/{school.algebra}", follow_redirects=True)
    shown(journal, "Выставлено отметок: 2.", "Смирнова Анна", "Кузнецов Борис")


def test_a_wrong_mark_is_told_beside_its_student_and_nothing_is_lost(door: Site, school: School) -> None:
    client = door.visit(school.teacher)
    path = f"/lessons/{school.lesson}/marks"
    answer = send(client, path, **{f"value-{school.anna.person_id}": "5", f"value-{school.boris.person_id}": "9"})
    text = shown(answer, f'id="fault-{school.boris.person_id}"', 'value="5"', 'value="9"', status=422)
    assert text.count("Отметки «9» нет на шкале 1–5.") == 2, "above the form and beside the student"
    assert f'id="fault-{school.anna.person_id}"' not in text
    assert marks_of(door, school) == []


def test_an_absence_typed_as_a_mark_is_told_where_absences_are_entered(door: Site, school: School) -> None:
    client, student = door.visit(school.teacher), school.anna.person_id
    answer = send(client, f"/lessons/{school.lesson}/marks", **{f"value-{student}": "н"})
    shown(answer, f'id="fault-{student}"', "«Н» — код посещаемости", "«Кто отсутствовал»", status=422)
    assert marks_of(door, school) == []


def test_a_mark_is_changed_and_taken_back_with_its_history(door: Site, school: School) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "3"}
    mark_id = door.asking(school.teacher).post("/marks", json=mark).json["id"]
    client, path = door.visit(school.teacher), f"/mark/{mark_id}"
    shown(client.get(path), 'list="reasons"', '<datalist id="reasons"><option value="Описка">')
    assert send(client, path, value="4", comment="", reason="Опечатка", version="1").status_code == 303
    shown(client.get(path), "Опечатка", "Отметка изменена.")
    assert send(client, path, take_back="1", comment="", reason="Не тому", version="2").status_code == 303
    shown(client.get(path), "снята")
    shown(send(client, path, value="5", comment="", reason="?", version="3"), status=422)
    imports = (("5", "import", "из загрузки данных", "3"), ("4", "undo", "загрузка данных отменена", "4"))
    for value, reason, words, version in imports:
        assert send(client, path, value=value, comment="", reason=reason, version=version).status_code == 303
        shown(client.get(path), words)


@pytest.mark.parametrize(
    ("value", "spans"),
    [
        ("2", ["mark-2>2"]),
        ("2-/5", ["mark-2>2-", "mark-5>5"]),
        ("н/а/2/зач", ["mark-н/а>н/а", "mark-2>2", "mark-зач>зач"]),
    ],
)
def test_each_mark_of_a_cell_has_its_own_colour_and_the_cell_reads_as_it_is_written(
    door: Site, school: School, value: str, spans: list[str]
) -> None:
    anna = school.anna.person_id
    mark = {"lesson_id": str(school.lesson), "student_id": str(anna), "value": value}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    for user, path in (
        (school.teacher, f"/journal/{school.algebra}"),
        (school.mother, f"/diary/{anna}?date={TODAY}"),
        (school.mother, f"/marks/{anna}"),
    ):
        text = shown(door.visit(user).get(path, follow_redirects=True))
        found = re.findall(r'<span class="(?:badge-mark )?(mark-[^"]+)"[^>]*>([^<]*)</span>', text)
        assert [f"{name}>{written}" for name, written in found] == spans
        assert value in re.sub("<[^>]+>", "", text)


@pytest.mark.parametrize("form", ["/lessons/{}/marks", "/check/{}"])
def test_the_form_of_a_lesson_has_a_title_of_its_own(door: Site, school: School, form: str) -> None:
    client = door.visit(school.homeroom_a)
    today, tomorrow = (
        re.findall("<title>(.+)</title>", client.get(form.format(lesson)).text)
        for lesson in (school.lesson, school.tomorrows_lesson)
    )
    assert today[0].startswith(f"Алгебра, {TODAY:%d.%m.%Y}: ")
    assert today != tomorrow


def test_the_homeroom_teacher_enters_who_was_absent(door: Site, school: School) -> None:
    client, path = door.visit(school.homeroom_a), f"/check/{school.lesson}"
    vera = school.vera.person_id
    assert send(client, path, **{f"code-{vera}": "О", f"minutes-{vera}": "7"}).status_code == 303
    shown(client.get(path), 'value="О" selected', 'value="7"')
    shown(send(client, path, **{f"code-{vera}": "О", f"minutes-{vera}": "много"}), status=422)


# --- families ----------------------------------------------------------------------------------------


def test_a_parent_reads_the_diary_and_chooses_among_children(door: Site, school: School) -> None:
    client = door.visit(school.other_mother)
    page = client.get("/diary", follow_redirects=True)
    shown(page, "Кузнецов Борис", "Попова Вера", "Алгебра")
    shown(client.get(f"/diary/{school.vera.person_id}?date={TODAY}"), "Попова Вера", "Английский")
    shown(client.get(f"/marks/{school.vera.person_id}"), "Попова Вера")


def test_means_are_written_as_the_language_writes_decimals(door: Site, school: School) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "4"}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    client = door.visit(school.mother)
    shown(client.get(f"/marks/{school.anna.person_id}"), "<strong>4,00</strong>")
    client.set_cookie("language", "en")
    shown(client.get(f"/marks/{school.anna.person_id}"), "<strong>4.00</strong>")


def test_a_mean_explains_itself_in_the_language_of_the_family(door: Site, school: School) -> None:
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "4-/зач"}
    assert door.asking(school.teacher).post("/marks", json=mark).status_code == 201
    client = door.visit(school.mother)
    path = f"/marks/{school.anna.person_id}"
    shown(client.get(path), "= 4 / 1", "Учтено: 4- × 1.", "Не учтено: зач — это не числовая отметка.", "4 / 1 = 4.")
    client.set_cookie("language", "en")
    shown(client.get(path), "Counted: 4- × 1.", "how it came about")


def test_another_familys_diary_is_a_page_that_is_not_there(door: Site, school: School) -> None:
    client = door.visit(school.mother)
    one, none = client.get(f"/diary/{school.boris.person_id}"), client.get(f"/diary/{uuid7()}")
    assert one.status_code == none.status_code == 404
    assert "Кузнецов" not in one.text


def test_a_parent_without_consent_is_told_what_to_do(door: Site, school: School) -> None:
    shown(door.visit(school.father).get("/diary", follow_redirects=True), "методист")


def test_a_parent_with_children_in_two_schools_sees_both(door: Site, school: School) -> None:
    other = School(door.town)
    client = door.app.test_client()
    client.set_cookie("access", door.token(school.mother, other.glebs_mother))
    shown(client.get(f"/diary/{school.anna.person_id}"), "Алгебра")
    shown(client.get(f"/diary/{other.gleb.person_id}?school={other.id}"), "Английский")
    assert client.get(f"/diary/{other.gleb.person_id}?school={school.id}").status_code == 404


# --- the methodologist -------------------------------------------------------------------------------


def test_people_are_found_and_their_contacts_entered(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    text = shown(client.get("/people?query=Смирнова"), "Смирнова Анна")
    assert "Кузнецов" not in text
    action = f"/people/{school.mother.person_id}/contact"
    assert send(client, "/people", action, email="new@example.org", phone="").status_code == 303
    shown(client.get("/people?role=parent"), "new@example.org")
    shown(send(client, "/people", action, email="no address"), status=422)


def test_d02_s10_slips_with_new_passwords_are_asked_about_made_and_shown_again_by_f5(
    door: Site, school: School
) -> None:
    client, identity = door.visit(school.methodologist), door.bus.services["identity"]
    chosen = [str(school.anna.person_id), str(school.boris.person_id)]
    asked = send(client, "/people", "/credentials", person_ids=chosen)
    question = shown(asked, "уже имеют пароль: 2.", "Смирнова Анна", "Кузнецов Борис")
    form = {"replace": "yes", **dict(re.findall(r'name="(csrf_token|request_key)" value="([^"]+)"', question))}
    meant = {**form, "person_ids": re.findall(r'name="person_ids" value="([^"]+)"', question)}
    ordered = [client.post("/credentials", data=meant) for _ in range(2)]
    (page,) = {one.headers["Location"] for one in ordered}
    assert "<code>" not in shown(client.get(page), "data-job=", "job.js")
    carry_out_due(identity)
    text = shown(client.get(page), "Смирнова Анна", "Кузнецов Борис", "http://lyceum.example/", "четверти часа")
    login, password = re.findall(r"<code>([^<]+)</code>", text)[:2]
    assert password in shown(client.get(page)), "F5"
    assert send(door.app.test_client(), "/login", login=login, password=password).status_code == 303
    assert door.visit(school.director).get(page).status_code == 404
    with identity.unit_of_work.everywhere() as session:
        session.execute(update(CredentialOrder).values(shown_at=now() - timedelta(minutes=16)))
    assert "<code>" not in shown(client.get(page), "уже были показаны")
    identity.forget_orders()
    assert "<code>" not in shown(client.get(page), "были показаны")
    shown(send(client, "/people", "/credentials"), "Сначала выберите", status=422)


def test_the_director_gives_a_role(door: Site, school: School) -> None:
    client = door.visit(school.director)
    action = f"/people/{school.teacher.person_id}/roles"
    assert send(client, "/people", action, role="methodologist", held="yes").status_code == 303
    shown(client.get("/people?role=methodologist"), str(school.teacher.person_id))


def test_a_bundle_is_handed_in_and_its_faults_are_read(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    good = send(client, "/import", bundle=(io.BytesIO(SmallBundle().zip()), "школа.zip"), dry_run="true")
    assert good.status_code == 303
    shown(client.get(good.headers["Location"]), "школа.zip", 'http-equiv="refresh"')
    door.carry()
    text = shown(client.get(good.headers["Location"]), "alert-success")
    assert "http-equiv" not in text
    unfit = SmallBundle()
    unfit.row("users", "boris")["role"] = "wizard"
    bad = send(client, "/import", bundle=(io.BytesIO(unfit.zip()), "школа.zip"))
    door.carry()
    shown(client.get(bad.headers["Location"]), "alert-danger", "users.csv")
    unreadable = SmallBundle().without("users").zip()
    refused = send(client, "/import", bundle=(io.BytesIO(unreadable), "школа.zip"))
    shown(refused, "alert-danger", "<code>users.csv</code>", status=422)
    shown(send(client, "/import", bundle=(io.BytesIO(), "")), status=422)


def test_a_journal_page_is_ordered_watched_and_taken(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    term = door.asking(school.teacher).get("/calendar").json["years"][0]["terms"][0]["id"]
    assert send(client, "/print", course_id=str(school.algebra), term_id=term).status_code == 303
    shown(client.get("/print"), "Алгебра, I", "ждёт", 'http-equiv="refresh"')
    door.carry()
    text = shown(client.get("/print"), "готов")
    link = re.search(r'href="(/print/[^"]+/document)"', text)
    assert link is not None
    document = client.get(link.group(1))
    assert (document.status_code, document.data[:4]) == (200, b"%PDF")
    shown(send(client, "/print", course_id="algebra", term_id=term), status=422)
    assert "<select" not in shown(door.visit(school.director).get("/print"), "Алгебра, I")


def test_an_import_is_undone_on_its_page_and_shown_as_undone_by_whom(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    handed = send(client, "/import", bundle=(io.BytesIO(SmallBundle("org-undo").zip()), "не тот.zip"))
    place = handed.headers["Location"]
    door.carry()
    question = dict(re.findall(r'name="(people|classes|enrolments|replaced)" value="(\d+)"', client.get(place).text))
    assert send(client, place, f"{place}/confirm", **question).status_code == 303
    door.carry()
    shown(client.get("/import"), "не тот.zip", "Отменить загрузку…")
    looked = send(client, place, f"{place}/undo")
    assert looked.headers["Location"] == f"{place}/undo"
    shown(client.get(f"{place}/undo"), "Проверяется, что мешает", 'http-equiv="refresh"')
    door.carry()
    shown(client.get(f"{place}/undo"), "Пока ничего не отменено", "Пользователи", "Отметки")
    assert send(client, f"{place}/undo", f"{place}/undo/confirm").status_code == 303
    door.carry()
    for page in (place, f"{place}/undo", "/import"):
        shown(client.get(page), "отменил(а): Иванова Мария")
    shown(send(client, place, f"{place}/undo"), "Эта загрузка уже отменена", status=409)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/courses", "Журналы"),
        ("/journal/{course}", "Журналы"),
        ("/year", "Учебный год"),
        ("/year/plans", "Учебный год"),
        ("/changes", "Учебный год"),
        ("/openings", "Учебный год"),
        ("/classrooms/free", "Неделя"),
        ("/people", "Пользователи"),
        ("/letters", "Письма"),
        ("/week/others", "Неделя"),
        ("/classes/{class_id}/term-marks", "Журналы"),
        ("/import", "Загрузка данных"),
    ],
)
def test_the_masthead_tells_of_which_part_a_page_is(door: Site, school: School, path: str, link: str) -> None:
    place = path.format(course=school.algebra, class_id=school.class_a)
    page = shown(door.visit(school.methodologist).get(place, follow_redirects=True))
    (head,) = re.findall(r"<nav aria-label=\"Главное меню\".*?</nav>", page, re.DOTALL)
    assert re.findall(r'aria-current="\w+">([^<]+)</a>', head) == [link]
