"""Bells and shifts: set by the methodologist, read by everybody, shown with lessons."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine

from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from kernel.errors import Forbidden, Invalid, NotFound, Stale
from services.gradebook.bells import queries
from services.gradebook.lessons import tables as lessons_tables
from tests.kit.calls import call, statements
from tests.kit.databases import on_both

BELLS = [{"number": 1, "starts": "08:30", "ends": "09:10"}, {"number": 2, "starts": "09:20", "ends": "10:00"}]


def ask(school: Any, method: Any, actor: Any = None, **command: Any) -> dict[str, Any]:
    return call(school.service, method, actor or school.methodologist, year_id=school.year_id, **command)


def usual(school: Any, **more: Any) -> dict[str, Any]:
    return {"title": " Обычные ", "valid_from": school.day(-100), "bells": BELLS, **more}


@on_both
def test_d10_bells_are_added_changed_and_removed_with_their_history(school: Any) -> None:
    found = ask(school, Bells.set_bells, version=1, **usual(school, weekdays=[5, 1, 5]))
    (schedule,) = found["schedules"]
    assert schedule == {
        "id": schedule["id"], "title": "Обычные", "shift": 1, "weekdays": [1, 5], "short": False,
        "valid_from": school.day(-100).isoformat(), "bells": BELLS,
    }  # fmt: skip
    assert found["version"] == 2
    assert ask(school, Bells.bells, school.parent) == found
    later = [*BELLS, {"number": 3, "starts": "10:20", "ends": "11:00"}]
    changed = usual(school, id=schedule["id"], bells=later)
    found = ask(school, Bells.set_bells, version=2, **changed)
    assert [one["bells"] for one in found["schedules"]] == [later]
    assert ask(school, Bells.bells) == found
    assert ask(school, Bells.set_bells, version=3, **changed) == found, "what changes nothing is no version"
    found = ask(school, Bells.remove_bells, version=3, schedule_id=schedule["id"])
    assert (found["schedules"], found["version"]) == ([], 4)
    assert ask(school, Bells.bells) == found
    history = ask(school, Calendar.calendar_changes)["changes"]
    assert [(one["version"], one["what"]) for one in history] == [(4, "bells"), (3, "bells"), (2, "bells")]
    assert history[1]["before"]["bells"][0]["bells"] == BELLS
    assert history[1]["after"]["bells"][0]["bells"] == later


@on_both
def test_d10_classes_of_the_second_shift_are_set_together(school: Any) -> None:
    found = ask(school, Bells.set_second_shift, version=1, class_ids=[school.class_id, school.first_class_id])
    assert found["second_shift"] == sorted([str(school.class_id), str(school.first_class_id)])
    found = ask(school, Bells.set_second_shift, version=2, class_ids=[school.class_id])
    assert (found["second_shift"], found["version"]) == ([str(school.class_id)], 3)
    assert ask(school, Bells.bells, school.student) == found
    assert ask(school, Bells.set_second_shift, version=3, class_ids=[school.class_id])["version"] == 3


def test_d10_wrong_bells_and_bells_of_somebody_else_are_refused(school: Any, another_school: Any) -> None:
    reversed_ = [{"number": 1, "starts": "09:10", "ends": "08:30"}]
    with pytest.raises(Invalid) as refused:
        ask(school, Bells.set_bells, version=1, **usual(school, bells=reversed_))
    assert [fault.field for fault in refused.value.faults] == ["bells.0.ends"]
    with pytest.raises(Invalid) as refused:
        ask(school, Bells.set_bells, version=1, **usual(school, bells=[{"number": 1, "starts": "24:00", "ends": "x"}]))
    assert {fault.field for fault in refused.value.faults} == {"bells.0.starts", "bells.0.ends"}
    present = ask(school, Bells.set_bells, version=1, **usual(school))
    schedule_id = present["schedules"][0]["id"]
    for method, command in (
        (Bells.set_bells, usual(school)),
        (Bells.remove_bells, {"schedule_id": schedule_id}),
        (Bells.set_second_shift, {"class_ids": []}),
    ):
        with pytest.raises(Stale) as stale:
            ask(school, method, version=1, **command)
        assert stale.value.params["present"] == present
        for actor in (school.director, school.teacher, school.parent):
            with pytest.raises(Forbidden):
                ask(school, method, actor, version=2, **command)
        with pytest.raises(NotFound):
            call(school.service, method, another_school.methodologist, year_id=school.year_id, version=2, **command)
    for method, command in ((Bells.set_bells, usual(school, id=school.course_id)),
                            (Bells.remove_bells, {"schedule_id": school.course_id})):  # fmt: skip
        with pytest.raises(NotFound):
            ask(school, method, version=2, **command)
    assert ask(school, Bells.bells) == present


def times(lessons: list[dict[str, Any]]) -> dict[str, tuple[str | None, str | None]]:
    return {one["title"]: (one["starts"], one["ends"]) for one in lessons}


def test_d10_a_teachers_day_and_the_diary_show_when_lessons_are(school: Any, engine: Engine) -> None:
    day = school.today
    found = call(school.service, Lessons.day, school.teacher, date=day)
    assert set(times(found["lessons"]).values()) == {(None, None)}
    school.save(lessons_tables.Lesson, school.lesson_row(school.year_id, school.course_id, day, None))
    second = [{"number": 1, "starts": "14:00", "ends": "14:40"}]
    ask(school, Bells.set_bells, version=1, **usual(school))
    ask(school, Bells.set_bells, version=2, **usual(school, title="Вторая", shift=2, bells=second))
    ask(school, Bells.set_second_shift, version=3, class_ids=[school.first_class_id])
    with statements(engine) as sent:
        found = call(school.service, Lessons.day, school.teacher, date=day)
    assert len(sent) <= 3, sent
    assert times([one for one in found["lessons"] if one["number"] is not None]) == {
        "Algebra 7A": ("08:30", "09:10"), "Choir": (None, None), "Reading 1B": ("14:00", "14:40"),
    }  # fmt: skip
    assert times(found["lessons"][-1:]) == {"Algebra 7A": (None, None)}, "a lesson without number has no time"
    with statements(engine) as sent:
        week = call(school.service, Journal.diary_week, school.parent, student_id=school.students[0], date=day)
    assert len(sent) <= 5, sent
    lessons = [lesson for one in week["days"] for lesson in one["lessons"] if lesson["number"] is not None]
    of_class = dict.fromkeys(["Algebra 7A", "Biology 7A"], ("08:30", "09:10"))
    assert times(lessons) == {**of_class, "Choir": (None, None)}, "the choir is of both shifts"


def test_d10_the_bells_of_a_short_day_ring_for_the_grades_that_it_is_short_for(school: Any, engine: Engine) -> None:
    tuesday = next(day for day in map(school.day, range(-9, 0)) if day.isoweekday() == 2)
    short = [{"number": 1, "starts": "08:30", "ends": "09:00"}]
    ask(school, Calendar.change_days, version=1, short_days=[{"date": tuesday, "grades": [7]}])
    ask(school, Bells.set_bells, version=2, **usual(school))
    ask(school, Bells.set_bells, version=3, **usual(school, title="Сокращённые", short=True, bells=short))
    with school.service.unit_of_work.of(school.id) as session, statements(engine) as sent:
        seventh = queries.bells_on(session, school.year_id, tuesday, 1, 7)
        assert len(sent) == 1, sent
        assert [(bell.number, bell.ends) for bell in seventh] == [(1, dt.time(9))]
        assert len(queries.bells_on(session, school.year_id, tuesday, 1)) == 2
        assert queries.bells_on(session, school.year_id, tuesday, 2) == ()
        with pytest.raises(NotFound):
            queries.bells_on(session, school.course_id, tuesday, 1)


def test_bells_are_read_anew_only_when_something_of_their_year_has_changed(school: Any, engine: Engine) -> None:
    def read() -> tuple[str | None, int]:
        with statements(engine) as sent:
            found = call(school.service, Lessons.day, school.teacher, date=school.today)
        return times(found["lessons"])["Algebra 7A"][0], len(sent)

    ask(school, Bells.set_bells, version=1, **usual(school))
    (first, once), (again, kept) = read(), read()
    assert (first, again, once - kept) == ("08:30", "08:30", 1)
    later = [{"number": 1, "starts": "09:00", "ends": "09:40"}]
    ask(
        school,
        Bells.set_bells,
        version=2,
        **usual(school, title="С опозданием", valid_from=school.day(-1), bells=later),
    )
    assert [read(), read()] == [("09:00", once), ("09:00", kept)]
    short = [{"number": 1, "starts": "10:00", "ends": "10:30"}]
    ask(school, Bells.set_bells, version=3, **usual(school, title="Сокращённые", short=True, bells=short))
    assert read()[0] == "09:00"
    ask(school, Calendar.change_days, version=4, short_days=[{"date": school.today, "grades": []}])
    calendar_is_open = school.today.isoweekday() != 7
    assert read()[0] == ("10:00" if calendar_is_open else "09:00")
