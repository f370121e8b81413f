"""The page of the school year: twelve months, what is counted, and forms that change it."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.town import School

#: A year behind that of the school.
SPAN = {"title": "2040/2041", "starts_on": "2040-09-01", "ends_on": "2041-08-31"}
QUARTERS = {
    "division": "quarters",
    "title-0": "1-я четверть", "starts_on-0": "2040-09-01", "ends_on-0": "2040-10-26", "id-0": "",
    "title-1": "2-я четверть", "starts_on-1": "2040-11-06", "ends_on-1": "2040-12-28", "id-1": "",
    "title-2": "", "starts_on-2": "", "ends_on-2": "", "id-2": "",
}  # fmt: skip


def year_of(client: FlaskClient, path: str = "/year", **form: Any) -> str:
    """Send a form, and return the address that it leads to."""
    sent = send(client, "/year", path, **form)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"])


def made(client: FlaskClient) -> str:
    """The id of a year with two quarters."""
    year_id = year_of(client, **SPAN).partition("year=")[2]
    year_of(client, f"/year/{year_id}/terms", version=1, **QUARTERS)
    return year_id


def test_d10_the_methodologist_sets_up_a_year_on_its_page(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    grades = {"division-7": "quarters", "days-7": "5", "division-9": "", "days-9": "6", "days-10": ""}
    year_of(client, f"/year/{year_id}/grades", version=2, **grades)
    holidays = {"what": "off", "kind": "holidays", "name": "Осенние каникулы"}
    year_of(client, f"/year/{year_id}/days", version=3, first="2040-10-27", last="2040-11-05", grades="", **holidays)
    year_of(client, f"/year/{year_id}/days", version=4, what="moved", date="2040-11-10", weekday="1", grades="7, 9")
    address = year_of(client, f"/year/{year_id}/days", version=5, what="short", date="2040-12-28", grades="")
    page = shown(
        client.get(address), "Сохранено.", "Учебный год 2040/2041", "сентябрь 2040",
        "Осенние каникулы (каникулы), 27.10.2040 – 05.11.2040, все классы",
        "10.11.2040 занятия по расписанию понедельника, 7, 9 классы", "28.12.2040 сокращённый день, все классы",
    )  # fmt: skip
    assert page.count('<table class="month">') == 12
    assert '<td class="cal-holidays" title="каникулы: Осенние каникулы">27<' in page
    assert '<td class="cal-public" title="праздничный день">4<' in page
    assert '40 <span class="quiet">(8,0)</span>' in page, "39 days of the second quarter, and the moved Saturday"
    of_seventh = client.get(f"{address}&grade=7").text
    assert '<td class="cal-weekend" title="выходной">15<' in of_seventh  # a Saturday of September


def test_d10_a_day_is_changed_and_removed_where_it_is_listed(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    quarantine = {"what": "off", "kind": "closed", "name": "Карантин", "first": "2040-09-10", "grades": "7"}
    year_of(client, f"/year/{year_id}/days", version=2, last="", **quarantine)
    schedule = answered(door.asking(school.methodologist).get(f"/years/{year_id}"))
    (day,) = schedule["days_off"]
    assert (day["first"], day["last"], day["grades"]) == ("2040-09-10", "2040-09-10", [7])
    path = f"/year/{year_id}/days/{day['id']}"
    page = client.get(year_of(client, path, version=3, **{**quarantine, "grades": "7–9"}, last="2040-09-11")).text
    assert "Карантин (нерабочий день), 10.09.2040 – 11.09.2040, 7–9 классы" in page
    page = client.get(year_of(client, path, version=4, remove="yes")).text
    assert 'name="remove"' not in page
    history = page[page.index('id="history"') :]
    assert history.index("Карантин (нерабочий день), 10.09.2040 – 11.09.2040") > 0
    assert "Карантин (нерабочий день), 10.09.2040, 7 класс" in history


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        (
            "/terms",
            QUARTERS | {"ends_on-0": "2040-11-06", "ends_on-1": "2041-09-01"},
            ["«2-я четверть» начинается", "«2-я четверть» – за пределами года"],
        ),
        ("/terms", QUARTERS | {"ends_on-1": ""}, ["Не указана дата."]),
        ("/days", {"what": "off", "kind": "holidays", "name": "Зимние", "first": "2040-12-31", "last": "2040-12-30",
                   "grades": "1-4"}, ["«Зимние»: конец раньше начала."]),
        ("/days", {"what": "off", "kind": "holidays", "name": "Зимние", "first": "2040-12-31", "last": "",
                   "grades": "перваки"}, ["Запишите классы так: 1–4, 9."]),
        ("/days", {"what": "moved", "date": "2042-01-01", "weekday": "1", "grades": ""}, ["– за пределами года"]),
    ],
)  # fmt: skip
def test_d10_what_was_typed_stays_where_a_form_is_refused(
    door: Site, school: School, path: str, form: dict[str, str], told: list[str]
) -> None:
    client = door.visit(school.methodologist)
    year_id = year_of(client, **SPAN).partition("year=")[2]
    page = shown(send(client, "/year", f"/year/{year_id}{path}", version=1, **form), *told, status=422)
    for value in form.values():
        assert f'value="{value}"' in page
    assert page.count("<details open") + page.count(' open id="') >= 1
    assert answered(door.asking(school.methodologist).get(f"/years/{year_id}"))["version"] == 1


def test_d10_of_two_methodologists_the_second_sees_what_is_saved_and_keeps_what_was_typed(
    door: Site, school: School
) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    form = {"what": "off", "kind": "holidays", "name": "Осенние каникулы", "first": "2040-10-27", "last": "2040-11-05"}
    year_of(client, f"/year/{year_id}/days", version=2, grades="", **form)
    late = {**form, "name": "Мои каникулы", "first": "2040-12-29", "last": "2040-12-31"}
    page = shown(
        send(client, "/year", f"/year/{year_id}/days", version=2, grades="5", **late),
        "Осенние каникулы (каникулы), 27.10.2040 – 05.11.2040", 'value="Мои каникулы"', 'value="2040-12-29"',
        "сохранённое сейчас", status=412,
    )  # fmt: skip
    assert 'name="version" value="3"' in page
    year_of(client, f"/year/{year_id}/days", version=3, grades="5", **late)


def test_d10_an_empty_school_is_offered_a_year_and_the_administration_reads(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    reader = door.visit(school.director)
    page = shown(reader.get(f"/year?year={year_id}"), "Учебный год 2040/2041", "1-я четверть")
    assert 'method="post" action="/year' not in page
    assert 'href="/year"' in page
    family = door.visit(school.mother)
    page = shown(family.get("/year"), "Учебный год")
    assert 'href="/year"' not in page, "a family may look, but it is no item of its menu"
    assert "Кто менял" not in page


def test_d10_the_year_that_goes_on_is_shown_first(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    made(client)
    page = client.get("/year").text
    assert "Учебный год 2040/2041" not in page.partition("<main")[2].partition("</h1>")[0]
    assert str(date.today().year) in page  # noqa: DTZ011  # the year alone


XML = (
    '<calendar year="2040"><holidays><holiday id="1" title="День народного единства"/></holidays><days>'
    '<day d="11.04" t="1" h="1"/><day d="11.05" t="1" f="11.04"/><day d="13.01" t="1"/></days></calendar>'
)


def handed_in(client: FlaskClient, year_id: str, content: str, name: str = "2040.xml", **form: str) -> Any:
    file = (io.BytesIO(content.encode()), name)
    chosen = {"kind": "holidays", "grades": "", **form}
    return send(client, "/year", f"/year/{year_id}/days-file", file=file, **chosen)


def test_d10_a_file_of_public_holidays_is_shown_and_then_taken(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    sent = handed_in(client, year_id, XML)
    assert sent.status_code == 303, sent.text
    page = shown(
        client.get(sent.headers["Location"]), "Дни из файла", "Дня «13.01» в 2040 году нет.",
        "День народного единства (праздничный день), 04.11.2040 – 05.11.2040, все классы", "Взять всё",
    )  # fmt: skip
    form = dict(re.findall(r'type="hidden" name="(version|file|kind|grades)" value="([^"]*)"', page))
    assert form["version"] == "2"
    form_of_days = {
        "what": "off",
        "kind": "closed",
        "name": "Карантин",
        "first": "2040-09-10",
        "last": "",
        "grades": "",
    }
    year_of(client, f"/year/{year_id}/days", version=2, **form_of_days)
    late = send(client, "/year", f"/year/{year_id}/days-file/taken", **form)
    page = shown(late, "Ниже – то, что файл изменил бы сейчас.", status=412)
    form["version"] = "3"
    page = client.get(year_of(client, f"/year/{year_id}/days-file/taken", **form)).text
    assert "День народного единства (праздничный день), 04.11.2040 – 05.11.2040" in page
    again = client.get(handed_in(client, year_id, XML).headers["Location"])
    shown(again, "Ничего: все его дни уже есть в календаре.")


@pytest.mark.parametrize(
    ("content", "form", "told"),
    [
        ("\x00\x01\x02\x03", {}, "Это не календарь: нужен производственный календарь (XML) или файл iCalendar (ICS)."),
        ("", {}, "Файл пуст."),
        (XML, {"grades": "все"}, "Запишите классы так: 1–4, 9."),
    ],
)
def test_d10_a_file_that_is_no_calendar_is_refused_where_it_was_handed_in(
    door: Site, school: School, content: str, form: dict[str, str], told: str
) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    shown(handed_in(client, year_id, content, **form), told, 'id="file"', status=422)


def test_d10_a_file_that_cannot_be_read_is_told_by_its_places_and_not_offered(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    page = client.get(handed_in(client, year_id, XML.replace("2040", "2030")).headers["Location"]).text
    assert "Это календарь 2030 года, а учебный год идёт с 01.09.2040 по 31.08.2041." in page
    assert "Взять всё" not in page
    english = door.asking(school.methodologist, **{"Accept-Language": "en"})
    told = english.post(f"/years/{year_id}/days-file", data={"file": (io.BytesIO(XML.encode()), "a.xml")})
    assert answered(told)["faults"][0]["en"] == "There is no day “13.01” in 2040."


# --- bells -----------------------------------------------------------------------------------------

BELLS = {
    "title": "Обычные", "shift": "1", "kind": "usual", "valid_from": "2040-09-01",
    "number-0": "1", "starts-0": "08:30", "ends-0": "09:10", "number-1": "2", "starts-1": "09:20", "ends-1": "10:00",
    "number-2": "3", "starts-2": "", "ends-2": "",
}  # fmt: skip


def test_d10_bells_are_added_changed_and_removed_on_their_page(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    shown(client.get(f"/year/bells?year={year_id}"), "Звонки 2040/2041", "Звонков пока нет", 'value="08:30"')
    page = client.get(year_of(client, f"/year/{year_id}/bells", version=2, **BELLS)).text
    assert "первая смена, обычные дни, с 01.09.2040" in page
    assert "08:30–09:10" in page
    assert "09:20–10:00" in page
    found = answered(door.asking(school.mother).get(f"/years/{year_id}/bells"))
    (schedule,) = found["schedules"]
    path = f"/year/{year_id}/bells/{schedule['id']}"
    monday = BELLS | {"title": "С классным часом", "weekday": "1", "kind": "short", "shift": "2"}
    page = client.get(year_of(client, path, version=3, **monday)).text
    assert "вторая смена, сокращённые дни: пн, с 01.09.2040" in page
    assert "С классным часом; 1: 08:30–09:10, 2: 09:20–10:00" in client.get(f"/year?year={year_id}").text
    page = client.get(year_of(client, path, version=4, remove="yes")).text
    assert "С классным часом" not in page
    reader = door.visit(school.director).get(f"/year/bells?year={year_id}").text
    assert 'method="post" action="/year' not in reader


def test_d10_wrong_bells_are_refused_with_what_was_typed(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    year_id = made(client)
    wrong = BELLS | {"starts-1": "09:05", "ends-0": "08:20", "weekday": "3"}
    page = shown(
        send(client, "/year", f"/year/{year_id}/bells", version=2, **wrong),
        "Урок 1 заканчивается раньше, чем начинается.", 'value="09:05"', 'value="08:20"', 'value="Обычные"',
        status=422,
    )  # fmt: skip
    assert re.search(r'name="weekday" value="3" checked', page)
    shown(
        send(client, "/year", f"/year/{year_id}/bells", version=1, **BELLS), "сохранённое сейчас", 'value="08:30"',
        status=412,
    )  # fmt: skip


def test_d10_classes_of_the_second_shift_are_chosen_and_told(door: Site, school: School) -> None:
    client, api = door.visit(school.methodologist), door.asking(school.methodologist)
    year_id = answered(api.get("/calendar"))["years"][0]["id"]
    classes = answered(api.get("/classes"))["classes"]
    chosen = {"class": [one["id"] for one in classes[:2]]}
    address = year_of(client, f"/year/{year_id}/second-shift", version=1, **chosen)
    page = client.get(address).text
    assert page.count(" checked>") == 2
    names = ", ".join(sorted(one["name"] for one in classes[:2]))
    assert names in client.get(f"/year?year={year_id}").text
    assert names in door.visit(school.director).get(address).text


def test_d10_a_teachers_day_and_the_diary_say_when_lessons_are(door: Site, school: School) -> None:
    office = door.asking(school.methodologist)
    year = answered(office.get("/calendar"))["years"][0]
    bells = [{"number": one, "starts": f"{7 + one:02}:30", "ends": f"{8 + one:02}:10"} for one in range(1, 8)]
    command = {"title": "Обычные", "valid_from": year["starts_on"], "bells": bells}
    answered(office.put(f"/years/{year['id']}/bells", json=command, headers={"If-Match": '"1"'}))
    lesson = answered(door.asking(school.teacher).get(f"/lessons/{school.lesson}"))
    time = f"{7 + lesson['number']:02}:30–{8 + lesson['number']:02}:10"
    assert time in door.visit(school.teacher).get(f"/day/{lesson['date']}").text
    assert time in door.visit(school.anna).get(f"/diary/{school.anna.person_id}?date={lesson['date']}").text
