"""The calendar schedule of a year: read by everybody, changed by the methodologist, with its history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from contracts.gradebook.calendar import Calendar
from contracts.gradebook.lessons import Lessons
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar import queries
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

#: A year behind that of the school.
FIRST, LAST = date(2040, 9, 1), date(2041, 8, 31)


def change(school: Any, method: Any, actor: Any = None, **command: Any) -> dict[str, Any]:
    return call(school.service, method, actor or school.methodologist, **command)


def made(school: Any) -> dict[str, Any]:
    """A year in which nothing stands yet."""
    return change(school, Calendar.make_year, title=" 2040/41 ", starts_on=FIRST, ends_on=LAST)


def with_quarters(school: Any) -> dict[str, Any]:
    year = made(school)
    terms = [
        {"title": "I", "starts_on": FIRST, "ends_on": date(2040, 10, 26)},
        {"title": "II", "starts_on": date(2040, 11, 6), "ends_on": date(2040, 12, 28)},
    ]
    return change(school, Calendar.set_terms, year_id=year["id"], division="quarters", terms=terms, version=1)


def shown(school: Any, year_id: Any, actor: Any = None) -> dict[str, Any]:
    return call(school.service, Calendar.schedule, actor or school.parent, year_id=year_id)


@on_both
def test_d10_an_empty_school_gets_a_year_with_its_terms_weeks_and_days(school: Any) -> None:
    year = with_quarters(school)
    assert (year["title"], year["version"]) == ("2040/41", 2)
    assert [(term["title"], term["division"], term["by_hand"]) for term in year["terms"]] == [
        ("I", "quarters", True), ("II", "quarters", True),
    ]  # fmt: skip
    grades = [{"grade": 1, "division": "", "days_a_week": 5}, {"grade": 7, "division": "quarters", "days_a_week": 6}]
    year = change(school, Calendar.set_grades, year_id=year["id"], grades=grades, version=2)
    assert [(one["grade"], one["division"], one["days_a_week"], one["said"]) for one in year["grades"]] == [
        (1, "quarters", 5, True), (7, "quarters", 6, True),
    ]  # fmt: skip
    year = change(
        school, Calendar.change_days, year_id=year["id"], version=3,
        days_off=[{"kind": "holidays", "name": "Осенние", "first": "2040-10-27", "last": "2040-11-05"},
                  {"kind": "closed", "name": "Карантин", "first": "2040-09-10", "last": "2040-09-11", "grades": [7]}],
        moved_days=[{"date": "2040-11-10", "weekday": 1, "grades": [1]}],
        short_days=[{"date": "2040-12-28"}],
    )  # fmt: skip
    assert year["version"] == 4
    assert shown(school, year["id"]) == year
    closed = next(run for run in year["days"] if run["first"] == "2040-09-10")
    assert closed["told"] == [
        {"state": "school", "name": "", "weekday": None, "grades": [1]},
        {"state": "closed", "name": "Карантин", "weekday": None, "grades": [7]},
    ]
    assert (year["days"][0]["first"], year["days"][-1]["last"]) == ("2040-09-01", "2041-08-31")
    first, seventh = year["grades"]
    assert first["terms"][1]["days"] == 39 + 1  # a Saturday is worked by Monday's timetable
    assert seventh["terms"][0] == {"term_id": year["terms"][0]["id"], "days": 46, "weeks": "7.7"}
    days_off = {one["name"]: one["id"] for one in year["days_off"]}
    removed = [days_off["Карантин"], year["moved_days"][0]["id"], year["short_days"][0]["id"]]
    year = change(school, Calendar.change_days, year_id=year["id"], version=4, removed=removed)
    assert [one["name"] for one in year["days_off"]] == ["Осенние"]
    assert (year["moved_days"], year["short_days"]) == ([], [])
    assert shown(school, year["id"]) == year


@on_both
def test_d10_every_change_is_kept_with_who_made_it_and_what_differs(school: Any) -> None:
    year = with_quarters(school)
    day = {"kind": "holidays", "name": "Осенние", "first": "2040-10-27", "last": "2040-11-05", "grades": []}
    year = change(school, Calendar.change_days, year_id=year["id"], version=2, days_off=[day])
    day["id"] = year["days_off"][0]["id"]
    year = change(school, Calendar.change_days, year_id=year["id"], version=3, days_off=[{**day, "last": "2040-11-04"}])
    change(school, Calendar.change_year, year_id=year["id"], version=4, title="2040", starts_on=FIRST, ends_on=LAST)
    found = call(school.service, Calendar.calendar_changes, school.deputy, year_id=year["id"])["changes"]
    assert [(one["version"], one["what"]) for one in found] == [
        (5, "year"), (4, "days"), (3, "days"), (2, "terms"), (1, "year"),
    ]  # fmt: skip
    assert {one["changed_by"] for one in found} == {str(school.methodologist.person_id)}
    assert (found[0]["before"]["year"]["title"], found[0]["after"]["year"]["title"]) == ("2040/41", "2040")
    assert found[1]["before"] == {"days_off": [day]}
    assert found[1]["after"] == {"days_off": [{**day, "last": "2040-11-04"}]}
    assert (found[2]["before"], found[2]["after"]) == ({"days_off": []}, {"days_off": [day]})
    same = change(school, Calendar.change_days, year_id=year["id"], version=5, days_off=[{**day, "last": "2040-11-04"}])
    assert same["version"] == 5, "what changes nothing is no version"


def test_d10_of_two_who_change_a_year_the_second_is_told_what_is_there(school: Any) -> None:
    year = with_quarters(school)
    present = shown(school, year["id"])
    stale: dict[Any, dict[str, Any]] = {
        Calendar.change_year: {"title": "x", "starts_on": FIRST, "ends_on": LAST},
        Calendar.set_terms: {"division": "quarters", "terms": []},
        Calendar.set_grades: {"grades": []},
        Calendar.change_days: {"short_days": [{"date": "2040-12-28"}]},
    }
    for method, command in stale.items():
        with pytest.raises(Stale) as refused:
            change(school, method, year_id=year["id"], version=1, **command)
        assert refused.value.params["present"] == present
    assert shown(school, year["id"]) == present


def test_d10_a_refused_change_writes_nothing(school: Any) -> None:
    year = with_quarters(school)
    days = [
        {"kind": "holidays", "name": "Осенние", "first": "2040-10-27", "last": "2040-11-05"},
        {"kind": "holidays", "name": "Летние", "first": "2041-06-01", "last": "2041-09-01"},
    ]
    with pytest.raises(Invalid) as refused:
        change(school, Calendar.change_days, year_id=year["id"], version=2, days_off=days)
    assert [fault.field for fault in refused.value.faults] == ["days_off.1.last"]
    with pytest.raises(Invalid):
        made(school)  # the same days again
    overlapping = {"title": "Ещё год", "starts_on": date(2040, 8, 1), "ends_on": date(2040, 9, 1)}
    with pytest.raises(Invalid):
        change(school, Calendar.make_year, **overlapping)
    with pytest.raises(Invalid):
        change(
            school, Calendar.change_year, year_id=school.year_id, version=1, title="x", starts_on=FIRST, ends_on=LAST
        )
    assert shown(school, year["id"]) == year


def test_d10_only_the_methodologist_changes_and_everybody_of_the_school_reads(school: Any, another_school: Any) -> None:
    year = with_quarters(school)
    for reader in (school.student, school.parent, school.teacher, school.director):
        assert shown(school, year["id"], reader) == year
    for actor in (school.director, school.deputy, school.teacher, school.parent):
        with pytest.raises(Forbidden):
            change(school, Calendar.change_days, actor, year_id=year["id"], version=2)
    with pytest.raises(Forbidden):
        call(school.service, Calendar.calendar_changes, school.teacher, year_id=year["id"])
    for method in (Calendar.schedule, Calendar.calendar_changes):
        with pytest.raises(NotFound):
            call(school.service, method, another_school.methodologist, year_id=year["id"])
    with pytest.raises(NotFound):
        change(another_school, Calendar.change_days, year_id=year["id"], version=2)


def divisions(school: Any) -> dict[str, str]:
    with school.service.unit_of_work.of(school.id) as session:
        course = courses_tables.Course
        return {row.title: row.division for row in session.execute(select(course.title, course.division))}


def test_d10_courses_go_by_the_terms_that_their_grade_goes_by(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(calendar_tables.Term).values(division="quarters"))
        session.execute(update(courses_tables.Course).values(division="quarters"))
    half = {"title": "Полугодие", "starts_on": school.day(-100), "ends_on": school.day(100)}
    year_id = school.year_id
    year = change(school, Calendar.set_terms, year_id=year_id, division="half-years", terms=[half], version=1)
    assert set(divisions(school).values()) == {"quarters"}, "grades 1 and 7 go by quarters, as is usual"
    said = [{"grade": 7, "division": "half-years", "days_a_week": 6}]
    change(school, Calendar.set_grades, year_id=year_id, grades=said, version=year["version"])
    assert divisions(school) == {
        "Algebra 7A": "half-years", "Biology 7A": "half-years", "Reading 1B": "quarters", "Choir": "quarters",
    }  # fmt: skip
    with pytest.raises(Conflict) as refused:
        change(school, Calendar.set_terms, year_id=year_id, division="quarters", terms=[], version=3)
    assert refused.value.rule == "division-in-use"
    assert refused.value.params["courses"] == "Choir, Reading 1B"


def test_d10_other_rooms_ask_for_the_calendar_of_a_grade_by_one_statement(school: Any, engine: Engine) -> None:
    year = with_quarters(school)
    for offset in range(20):
        day = {"kind": "closed", "name": f"Карантин {offset}", "first": f"2040-09-{offset + 3:02}",
               "last": f"2040-09-{offset + 3:02}", "grades": [7]}  # fmt: skip
        change(school, Calendar.change_days, year_id=year["id"], version=2 + offset, days_off=[day])
    with school.service.unit_of_work.of(school.id) as session, statements(engine) as sent:
        calendar = queries.school_calendar(session, year["id"], 7)
        assert len(sent) == 1, sent
        assert not calendar.is_school_day(date(2040, 9, 12))
        assert calendar.is_school_day(date(2040, 9, 24))
        assert queries.school_calendar(session, year["id"], 8).is_school_day(date(2040, 9, 12))
        with pytest.raises(NotFound):
            queries.school_calendar(session, school.course_id, 7)


def test_d10_a_change_of_many_days_costs_as_many_statements_as_one_of_few(school: Any, engine: Engine) -> None:
    year = with_quarters(school)

    def cost(version: int, month: int, days: int) -> int:
        off = [{"kind": "closed", "name": f"{day}", "first": f"2040-{month}-{day:02}", "last": f"2040-{month}-{day:02}"}
               for day in range(1, days + 1)]  # fmt: skip
        with statements(engine) as sent:
            change(school, Calendar.change_days, year_id=year["id"], version=version, days_off=off)
        return len(sent)

    assert cost(2, 10, 3) == cost(3, 11, 28) <= 6


def test_d10_a_lesson_by_hand_asks_the_calendar_that_the_school_keeps(school: Any, engine: Engine) -> None:
    tuesday = next(day for day in map(school.day, range(-9, 0)) if day.isoweekday() == 2)
    closed = {"kind": "closed", "name": "Карантин", "first": tuesday, "last": tuesday, "grades": [7]}
    change(school, Calendar.change_days, year_id=school.year_id, version=1, days_off=[closed])
    lesson = {"course_id": school.course_id, "date": tuesday, "number": 3}
    with pytest.raises(Invalid) as refused:
        call(school.service, Lessons.add_lesson, school.teacher, **lesson)
    assert (refused.value.rule, refused.value.params["name"]) == ("day-off", "Карантин")
    of_first_grade = {**lesson, "course_id": school.first_course_id}
    call(school.service, Lessons.add_lesson, school.teacher, **of_first_grade, works_anyway=True)
    with statements(engine) as sent:
        call(school.service, Lessons.add_lesson, school.teacher, **lesson, works_anyway=True)
    assert len(sent) <= 6, sent
