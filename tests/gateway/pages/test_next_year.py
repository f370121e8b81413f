"""The page on which the next year is prepared (clause 4.2)."""

from __future__ import annotations

import re
from datetime import timedelta

from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.next_year import NextYear
from contracts.gradebook.plans import Plans
from services.identity.classes.tables import SchoolClass
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School

FINGERPRINT = re.compile(r'name="fingerprint" value="([0-9a-f]{64})"')


BELLS = {"title": "Обычные", "valid_from": str(TODAY), "bells": [{"number": 1, "starts": "08:30", "ends": "09:10"}]}


def test_what_would_be_copied_is_shown_with_its_numbers_and_taken_once_seen(door: Site, school: School) -> None:
    api, pages = door.asking(school.methodologist), door.visit(school.methodologist)
    shown(pages.get("/year/next"), "Следующего года пока нет")
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {uuid7(): span}))
    (now,) = [one["id"] for one in api.get("/calendar").json["years"] if one["id"] != str(year_id)]
    version = api.get(f"/years/{now}/bells").json["version"]
    answered(api.put(f"/years/{now}/bells", json=BELLS, headers={"If-Match": f'"{version}"'}))
    page = shown(
        pages.get("/year/next"), "7А → 8А", "Алгебра", "ничего не копируется", "расписаний — 1",
        "Тематические планы: копировать нечего",
    )  # fmt: skip
    form = {
        "year": now, "to": str(year_id), "fingerprint": FINGERPRINT.findall(page)[0], "teachers": "yes",
        "class_ids": str(school.class_a), "bells": "yes", "plans": "yes",
    }  # fmt: skip
    answered(api.post("/subjects", json={"name": "Физика"}), 201)
    shown(send(pages, "/year/next", **{**form, "fingerprint": "0" * 64}), "посмотрите на числа ещё раз", status=412)
    taken = send(pages, "/year/next", **form)
    assert (taken.status_code, taken.headers["Location"]) == (303, f"/year/next?year={now}&to={year_id}#left")
    told = "Скопировано: курсов — 1, назначений учителей — 1, учеников в курсах — 3, расписаний звонков — 1."
    after = shown(pages.get(taken.headers["Location"]), told, "Курсов уже есть: 1.", "Звонки: копировать нечего")
    (bells,) = api.get(f"/years/{year_id}/bells").json["schedules"]
    assert bells["title"] == "Обычные"
    (algebra,) = api.get(f"/courses?year_id={year_id}").json["courses"]
    assert (algebra["title"], algebra["grade"], algebra["class_id"]) == ("Алгебра", 8, str(school.class_a))
    again = FINGERPRINT.findall(after)[0]
    assert send(pages, "/year/next", **{**form, "fingerprint": again}).status_code == 303
    assert "Скопировано: курсов" not in shown(pages.get("/year/next"), "уже есть: 1", "Ничего не скопировано: среди")
    rest = {**form, "fingerprint": again, "class_ids": str(school.class_b), "across": "yes"}
    assert send(pages, "/year/next", **rest).status_code == 303
    done = shown(pages.get("/year/next"), "Копировать больше нечего")
    assert "Подготовить" not in done
    assert "ничего не копируется" not in done


def test_what_is_left_to_do_for_the_later_year_is_said_as_it_is_with_links(door: Site, school: School) -> None:
    api, pages = door.asking(school.methodologist), door.visit(school.methodologist)
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {}))
    page = left(pages.get("/year/next").text)
    for text in (
        "Учебные периоды: ещё не введены", "Каникулы: ещё не введены", "не указаны ни для одной параллели",
        "Тематические планы: пока нет", "составляется заново",
    ):  # fmt: skip
        assert text in page, text
    links = pages.get("/year/next").text.partition('id="left"')[2]
    for address in ("/year", "/year/plans", "/year/courses", "/year/timetable"):
        assert f'href="{address}?year={year_id}"' in links, address
    version = answered(api.get(f"/years/{year_id}"))["version"]
    off = {"kind": "holidays", "name": "Осенние", "first": str(span[0]), "last": str(span[0])}
    days = {"days_off": [off]}
    answered(api.patch(f"/years/{year_id}/days", json=days, headers={"If-Match": f'"{version}"'}))
    physics = answered(api.post("/subjects", json={"name": "Физика"}), 201)["id"]
    plan = {"subject_id": physics, "grade": 8, "year_id": str(year_id), "title": "Физика 8"}
    answered(api.post("/plans", json=plan), 201)
    page = left(pages.get("/year/next").text)
    assert "Каникулы: введено: 1" in page
    asked = len(door.bus.calls)
    pages.get("/year/next")
    methods = [method for method, _ in door.bus.calls[asked:]]
    assert [methods.count(repr(one)) for one in (Calendar.schedule, Plans.plans, NextYear.next_year)] == [1, 1, 1]
    assert "просмотреть и сдать: 1; сданных, которые нужно прикрепить к курсам: 0; прикреплённых: 0" in page


def left(page: str) -> str:
    """The words of what is left to do."""
    section = page.partition('id="left"')[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split()).replace(" :", ":")


def test_the_bells_of_a_later_year_know_its_classes_by_their_names_of_then(door: Site, school: School) -> None:
    pages = door.visit(school.methodologist)
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {}))
    now, then = (f'for="class-{school.class_a}">{name}</label>' for name in ("7А", "8А (сейчас 7А)"))
    assert then not in shown(pages.get("/year/bells"), now)
    assert now not in shown(pages.get(f"/year/bells?year={year_id}"), then)
    with school.identity.unit_of_work.of(school.id) as session:
        row = session.get_one(SchoolClass, (school.id, school.class_b))
        row.name, row.grade = "11Б", 11
    assert "11Б" not in shown(pages.get(f"/year/bells?year={year_id}"), then), "it has left by then"
