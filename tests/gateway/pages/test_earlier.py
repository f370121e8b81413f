"""The journal and the term marks as they stood at an earlier moment: the way there, what is told, what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from kernel.clock import now
from tests.gateway.answers import answered, refused
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site
from tests.kit.people import TODAY, id_of
from tests.kit.town import School
from tests.noon import NOON_ZONE


def local(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(NOON_ZONE))


def address(school: School, moment: datetime | None = None, page: str = "then") -> str:
    """The page as it stood at a moment of the school's clock; that of the form, where none is named."""
    asked: dict[str, Any] = {"term": school.term}
    if moment is not None:
        asked |= {"day": local(moment).date(), "time": local(moment).time()}
    return f"/journal/{school.algebra}/{page}?{urlencode(asked)}"


@pytest.fixture
def changed(door: Site, school: School) -> datetime:
    """Anna has a 2 in place of a 5, which stood at this moment."""
    teacher = door.asking(school.teacher)
    given = {"lesson_id": str(school.lesson), "student_id": id_of(school.anna), "value": "5", "comment": "у доски"}
    mark = answered(teacher.post("/marks", json=given), 201)
    moment = now()
    body = {"value": "2", "reason": "Опечатка"}
    answered(teacher.patch(f"/marks/{mark['id']}", json=body, headers={"If-Match": '"1"'}))
    return moment


def test_who_keeps_the_school_finds_the_form_on_the_journal_and_the_term_marks(door: Site, school: School) -> None:
    for path, form in (("", "/then"), ("/term-marks", "/term-marks/then")):
        page = f"/journal/{school.algebra}{path}?term={school.term}"
        action = f'action="/journal/{school.algebra}{form}"'
        for who in (school.methodologist, school.director):
            assert action in shown(door.visit(who).get(page), "Как было на дату…", 'type="time"')
        assert action not in shown(door.visit(school.teacher).get(page))


def test_the_journal_stands_as_it_stood_and_nothing_is_typed_in_it(
    door: Site, school: School, changed: datetime
) -> None:
    client = door.visit(school.methodologist)
    said = f"Записи, какими они были {local(changed).day} "
    page = shown(client.get(address(school, changed)), said, f"{local(changed):%H:%M}", "К сегодняшнему журналу")
    assert '<span class="mark-5">5</span>' in page
    assert '<span class="mark-2">2</span>' not in page
    assert '<td class="sum" data-figure="mean">5</td>' in page or 'data-figure="mean">5,00<' in page
    assert f'href="/journal/{school.algebra}?term={school.term}"' in page
    assert 'method="post"' not in page.partition("<main")[2]
    assert "<script" not in page.partition("<main")[2].partition("</main>")[0]
    assert f"/lessons/{school.lesson}/marks" not in page
    assert "Отсутствовал" not in page
    today = shown(client.get(f"/journal/{school.algebra}?term={school.term}"))
    assert '<span class="mark-2">2</span>' in today
    before = shown(client.get(address(school, changed - timedelta(days=1))))
    assert "mark-5" not in before


def test_the_term_marks_stand_as_they_stood(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/courses/{school.algebra}/term-marks"
    student = {"student_id": id_of(school.anna)}
    body = {"term_id": str(school.term), "entries": [{**student, "value": "н/а", "comment": "Мало отметок"}]}
    answered(teacher.post(path, json=body))
    moment = now()
    body["entries"] = [{**student, "value": None, "version": 1}]
    answered(teacher.post(path, json=body))
    client = door.visit(school.director)
    page = shown(client.get(address(school, moment, "term-marks/then")), "К сегодняшним отметкам", "Мало отметок")
    assert "<strong>н/а</strong>" in page
    assert 'method="post"' not in page.partition("<main")[2]
    assert "<strong>н/а</strong>" not in shown(client.get(address(school, now(), "term-marks/then")))


def of_class(school: School, moment: datetime | None = None, **more: Any) -> str:
    """The term marks of 7A as they stood; the form, where no moment is named."""
    asked: dict[str, Any] = {"term": school.term, **more}
    if moment is not None:
        asked |= {"day": local(moment).date(), "time": local(moment).time()}
    return f"/classes/{school.class_a}/term-marks/then?{urlencode(asked)}"


def test_the_term_marks_of_a_class_stand_as_they_stood(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/courses/{school.algebra}/term-marks"
    student = {"student_id": id_of(school.anna)}
    body = {"term_id": str(school.term), "entries": [{**student, "value": "н/а", "comment": "Справка"}]}
    answered(teacher.post(path, json=body))
    moment = now()
    body["entries"] = [{**student, "value": None, "version": 1}]
    answered(teacher.post(path, json=body))
    client = door.visit(school.methodologist)
    today = shown(client.get(f"/classes/{school.class_a}/term-marks?term={school.term}"), "Как было на дату…")
    assert f'action="/classes/{school.class_a}/term-marks/then"' in today
    assert "<strong>н/а</strong>" not in today
    page = shown(client.get(of_class(school, moment)), "К сегодняшним отметкам", f"{local(moment):%H:%M}", "Смирнова")
    assert "<strong>н/а</strong>" in page
    assert 'method="post"' not in page.partition("<main")[2]
    assert f"/students/{id_of(school.anna)}" not in page, "what a figure is made of is today's"
    course = address(school, moment, "term-marks/then").partition("?")[0]
    assert f'href="{course}?day={local(moment).date()}' in page, "a course leads to its page of the same moment"
    assert "<strong>н/а</strong>" not in shown(client.get(of_class(school, now())))
    homeroom = door.visit(school.homeroom_a)
    assert "<strong>н/а</strong>" in shown(homeroom.get(of_class(school, moment)))
    assert "/term-marks/then" not in shown(homeroom.get(f"/classes/{school.class_a}/term-marks"))


REFUSED = {
    f"day={TODAY + timedelta(days=2)}&time=10:00": "Этот момент ещё не наступил",
    "day=1990-01-01&time=10:00": "",
    "day=2026-10-03": "Укажите день и время",
    "time=14:05": "Укажите день и время",
    "day=2026-10-03&time=25:00": "Укажите день и время",
    "day=03.10.2026&time=14:05": "",
}


def test_a_moment_that_cannot_be_told_is_refused_in_the_form(door: Site, school: School) -> None:
    client = door.visit(school.methodologist)
    for page in (address(school), address(school, page="term-marks/then"), of_class(school)):
        for query, told in REFUSED.items():
            text = shown(client.get(f"{page}&{query}"), told, 'role="alert"', status=422)
            for name, value in (one.split("=") for one in query.split("&")):
                assert f'name="{name}" value="{value}"' in text, "what was typed stays"


def test_the_form_begins_with_the_time_of_the_school(door: Site, school: School) -> None:
    page = shown(door.visit(school.methodologist).get(address(school)), "Показать, как было")
    assert f'name="day" value="{local(now()).date()}"' in page
    assert '<table class="grid"' not in page


def test_others_find_no_earlier_record_either(door: Site, school: School, changed: datetime) -> None:
    for who, status in ((school.other_teacher, 404), (school.mother, 403), (school.anna, 403)):
        for page in ("then", "term-marks/then"):
            answer = door.visit(who).get(address(school, changed, page))
            assert answer.status_code == status
            assert "mark-5" not in answer.text
        assert door.visit(who).get(of_class(school, changed)).status_code == status


def test_the_api_takes_the_moment_in_the_query(door: Site, school: School, changed: datetime) -> None:
    director = door.asking(school.director)
    course, term = f"/courses/{school.algebra}", f"term_id={school.term}"
    figure = f"{course}/students/{id_of(school.anna)}/term-mark"
    for path in (f"{course}/journal", f"{course}/sheet", f"{course}/term-marks", figure):
        found = answered(director.get(f"{path}?{term}&{urlencode({'as_of': local(changed).isoformat()})}"))
        assert datetime.fromisoformat(found["as_of"]["moment"]) == changed
        assert found != answered(director.get(f"{path}?{term}"))
        refused(director.get(f"{path}?{term}&as_of=2026-10-03T14:05:00"), 422)
    of_student, of_class_a = f"/students/{id_of(school.anna)}", f"/classes/{school.class_a}/term-marks"
    for path in (f"{of_student}/marks", f"{of_student}/term-marks", of_class_a):
        query = urlencode({"as_of": local(changed).isoformat()})
        found = answered(director.get(f"{path}?{query}"))
        assert datetime.fromisoformat(found["as_of"]["moment"]) == changed
        assert found != answered(director.get(path))
        refused(director.get(f"{path}?as_of=2026-10-03T14:05:00"), 422)
        refused(door.asking(school.mother).get(f"{path}?{query}"), 403)
    page = answered(director.get(f"{course}/journal?{term}&{urlencode({'as_of': local(changed).isoformat()})}"))
    assert [mark["value"] for mark in page["marks"]] == ["5"]
    sheet = answered(director.get(f"{course}/sheet?{term}&{urlencode({'as_of': local(changed).isoformat()})}"))
    assert (sheet["missing"], [cell[2] for cell in sheet["cells"]]) == ([], ["5"])
    assert {row["missed"] for row in sheet["rows"]} == {None}
