"""The list of journals and other choices of courses, beside a year that is prepared."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from cli.building import calendar, write
from contracts.gradebook.courses import Courses
from contracts.identity.classes import Classes
from tests.gateway.answers import answered
from tests.gateway.pages.test_next_year import FINGERPRINT
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.calls import call
from tests.kit.people import TODAY
from tests.kit.town import School


def prepared(door: Site, school: School, *, terms: bool) -> UUID:
    """A later year with the courses of class 7A."""
    year_id, span = uuid7(), (TODAY + timedelta(days=250), TODAY + timedelta(days=500))
    write(school.town.gradebook.unit_of_work, school.id, calendar.year(year_id, span, {uuid7(): span} if terms else {}))
    api, office = door.asking(school.methodologist), door.visit(school.methodologist)
    (now,) = [one["id"] for one in answered(api.get("/calendar"))["years"] if one["id"] != str(year_id)]
    page = office.get("/year/next").text
    form = {"year": now, "to": str(year_id), "fingerprint": FINGERPRINT.findall(page)[0], "teachers": "yes"}
    assert send(office, "/year/next", **form, class_ids=str(school.class_a)).status_code == 303
    return year_id


def test_journals_are_those_of_the_year_that_goes_on_and_another_year_can_be_chosen(door: Site, school: School) -> None:
    year_id = prepared(door, school, terms=True)
    (new,) = answered(door.asking(school.teacher).get(f"/courses?mine=true&year_id={year_id}"))["courses"]
    for who in (school.teacher, school.methodologist, school.homeroom_a):
        page = shown(door.visit(who).get("/courses?all=1"), f"/journal/{school.algebra}?term=", 'id="choice-year"')
        assert new["id"] not in page
    later = shown(door.visit(school.teacher).get(f"/courses?year={year_id}"), f"/journal/{new['id']}?term=")
    assert str(school.algebra) not in later
    assert 'name="all"' not in later
    every = shown(door.visit(school.teacher).get(f"/courses?all=1&year={year_id}"), 'name="all" value="1"')
    assert f'href="/courses?year={year_id}"' in every


def test_a_year_without_terms_says_why_its_journals_do_not_open_and_who_can_change_it(
    door: Site, school: School
) -> None:
    year_id = prepared(door, school, terms=False)
    page = shown(door.visit(school.teacher).get(f"/courses?year={year_id}"), "журналы откроются")
    assert f"/year?year={year_id}" not in page
    shown(door.visit(school.methodologist).get(f"/courses?year={year_id}"), f'href="/year?year={year_id}"')


def test_a_page_of_journals_asks_for_the_courses_of_one_year_once(door: Site, school: School) -> None:
    year_id = prepared(door, school, terms=True)
    visit = door.visit(school.teacher)
    visit.get("/courses")
    asked = len(door.bus.calls)
    visit.get(f"/courses?year={year_id}")
    assert [method for method, _ in door.bus.calls[asked:]].count(repr(Courses.courses)) == 1


def test_what_is_printed_or_opened_is_chosen_among_courses_that_have_begun(door: Site, school: School) -> None:
    year_id = prepared(door, school, terms=True)
    (new,) = answered(door.asking(school.methodologist).get(f"/courses?year_id={year_id}"))["courses"]
    for page in ("/print", "/openings"):
        text = shown(door.visit(school.methodologist).get(page), str(school.algebra))
        assert new["id"] not in text


def test_a_later_year_calls_classes_by_the_grade_they_have_then_and_leaves_graduates_out(
    door: Site, school: School
) -> None:
    call(school.town.identity, Classes.make_classes, school.methodologist, classes=[{"name": "11В"}])
    school.town.carry()
    year_id, office = prepared(door, school, terms=True), door.visit(school.methodologist)
    for page in ("/year/courses", "/year/courses/new", "/year/timetable"):
        # 7Б has no courses there: it moves as 7А does
        text = shown(office.get(f"{page}?year={year_id}"), "8А (сейчас 7А)", "8Б (сейчас 7Б)")
        assert "11В" not in text, page
        now = shown(office.get(page), "7А", "11В")
        assert "(сейчас" not in now, page
    shown(office.get(f"/year/courses?year={year_id}&class_id={school.class_a}"), "Курсы: 8А (сейчас 7А)")
    shown(door.visit(school.teacher).get(f"/courses?year={year_id}"), "8А (сейчас 7А)")


def test_only_another_year_costs_a_question_for_its_courses(door: Site, school: School) -> None:
    year_id, office = prepared(door, school, terms=True), door.visit(school.methodologist)
    for page, times in (("/year/timetable", 0), (f"/year/timetable?year={year_id}", 1)):
        office.get(page)
        asked = len(door.bus.calls)
        office.get(page)
        methods = [method for method, _ in door.bus.calls[asked:]]
        assert methods.count(repr(Courses.courses)) == times, page
