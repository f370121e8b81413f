"""The page on which the next year is prepared (clause 4.2)."""

from __future__ import annotations

import re
from datetime import timedelta

from uuid_utils.compat import uuid7

from cli.building import calendar, write
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
        pages.get("/year/next"), "7А → 8А", "Алгебра", "Пока ничего не скопировано", "расписаний — 1",
        "тематические планы: 0",
    )  # fmt: skip
    form = {
        "year": now, "to": str(year_id), "fingerprint": FINGERPRINT.findall(page)[0], "teachers": "yes",
        "class_ids": str(school.class_a), "bells": "yes", "plans": "yes",
    }  # fmt: skip
    answered(api.post("/subjects", json={"name": "Физика"}), 201)
    shown(send(pages, "/year/next", **{**form, "fingerprint": "0" * 64}), "посмотрите на числа ещё раз", status=412)
    assert send(pages, "/year/next", **form).status_code == 303
    shown(pages.get(f"/year/courses?year={year_id}"), "курсов — 1, назначений учителей — 1, учеников в курсах — 3")
    (bells,) = api.get(f"/years/{year_id}/bells").json["schedules"]
    assert bells["title"] == "Обычные"
    (algebra,) = api.get(f"/courses?year_id={year_id}").json["courses"]
    assert (algebra["title"], algebra["grade"], algebra["class_id"]) == ("Алгебра", 8, str(school.class_a))
    shown(pages.get("/year/next"), "уже есть: 1")
