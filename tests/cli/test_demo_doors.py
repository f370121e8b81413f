"""What the demo school shows has passed the services' own checks, and tells who kept it and how."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from cli.demo.load.doors import Doors, keep_silent
from cli.demo.load.facts import Facts
from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.day_changes import DayChanges, TimetableChanged
from contracts.gradebook.homework import Homework
from contracts.gradebook.plans import Plans
from contracts.gradebook.timetable import Timetable
from kernel.clock import now
from kernel.data import outbox, tenancy
from kernel.data.jobs import JobRow
from kernel.data.outbox import OutboxRow
from kernel.errors import Forbidden
from kernel.files.store import Place
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.lessons.rules.states import State
from services.gradebook.lessons.tables import Lesson
from services.gradebook.timetable import lessons as timetable_lessons
from services.gradebook.timetable import queries as timetable_queries
from tests.cli.conftest import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture
def session(loaded):
    """A transaction of the gradebook that is taken back: nothing of a test stays in the school."""
    with loaded.units["gradebook"].sessions() as session:
        tenancy.bind(session, loaded.school.school.id)
        yield session
        session.rollback()


@pytest.fixture
def doors(loaded, session):
    with loaded.units["identity"].of(loaded.school.school.id) as of_identity:
        yield Doors({"gradebook": session, "identity": of_identity})


@pytest.fixture
def facts(loaded):
    return Facts(loaded.school, now())


@pytest.fixture
def methodologist(facts):
    return facts.actor("methodologist")


@pytest.fixture
def year(doors, methodologist):
    (year,) = doors.give(methodologist, Calendar.calendar)["years"]
    return doors.give(methodologist, Calendar.schedule, year_id=year["id"])


def test_the_calendar_is_accepted_as_it_is(doors, methodologist, year):
    same = {"year_id": year["id"], "version": year["version"]}
    terms = defaultdict(list)
    for term in year["terms"]:
        terms[term["division"]].append(only(term, "id", "title", "starts_on", "ends_on"))
        assert term["by_hand"]
    assert {division: len(own) for division, own in terms.items()} == {"quarters": 4, "half-years": 2}
    for division, own in terms.items():
        doors.give(methodologist, Calendar.set_terms, **same, division=division, terms=own)
    grades = [only(one, "grade", "division", "days_a_week") for one in year["grades"]]
    assert all(one["said"] for one in year["grades"])
    doors.give(methodologist, Calendar.set_grades, **same, grades=grades)
    days_off = [only(one, "id", "kind", "name", "first", "last", "grades") for one in year["days_off"]]
    short_days = [only(one, "id", "date", "grades") for one in year["short_days"]]
    moved_days = [only(one, "id", "date", "weekday", "grades") for one in year["moved_days"]]
    assert [one["weekday"] for one in moved_days] == [1]
    days = {"days_off": days_off, "short_days": short_days, "moved_days": moved_days}
    after = doors.give(methodologist, Calendar.change_days, **same, **days)
    assert after == year


def test_bells_and_classrooms_are_accepted_as_they_are(doors, methodologist, year):
    bells = doors.give(methodologist, Bells.bells, year_id=year["id"])
    assert [one["short"] for one in bells["schedules"]] == [False, True]
    for one in bells["schedules"]:
        command = {"year_id": year["id"], "version": bells["version"], **one}
        assert doors.give(methodologist, Bells.set_bells, **command) == bells
    rooms = doors.give(methodologist, Classrooms.classrooms)
    assert doors.give(methodologist, Classrooms.set_classrooms, **rooms) == rooms
    assert {room["name"] for room in rooms["classrooms"] if room["shared"]} == {
        "Актовый зал", "Библиотека", "Спортивный зал",
    }  # fmt: skip


def test_nothing_collides_in_the_timetable_and_every_week_has_its_hours(doors, methodologist, year):
    found = doors.give(methodologist, Timetable.timetable, year_id=year["id"], date=TODAY, check=True)
    assert (found["faults"], found["collisions"], found["version"]) == ([], [], 12)


def test_plans_are_accepted_as_they_are(doors, methodologist, year, loaded):
    plans = doors.give(methodologist, Plans.plans, year_id=year["id"])["plans"]
    assert Counter(one["state"] for one in plans) == {
        "attached": len(loaded.school.plans), "draft": 1, "submitted": 1,
    }  # fmt: skip
    texts = ("id", "section", "topic", "hours", "content", "control", "homework")
    for one in plans[::10]:
        plan = doors.give(methodologist, Plans.plan, plan_id=one["id"])
        command = {"plan_id": plan["id"], "version": plan["version"], "title": plan["title"]}
        topics = [only(topic, *texts) for topic in plan["topics"]]
        assert doors.give(methodologist, Plans.change_plan, **command, topics=topics) == plan


def test_lessons_are_what_timetable_calendar_and_changes_say(session, loaded, year):
    school_id = loaded.school.school.id
    courses = timetable_queries.courses_with_entries(session, year["id"])
    laid = timetable_lessons.lay(session, school_id, calendar_queries.year_of(session, year["id"]), courses)
    assert (laid.new, laid.renewed, laid.dropped, laid.outside) == ({}, [], [], [])
    assert session.scalars(select(JobRow.state)).all() == ["done"]
    (first, last) = session.execute(select(func.min(Lesson.date), func.max(Lesson.date))).one()
    assert first < TODAY < last
    assert last.month == 5


def test_every_past_lesson_that_was_held_has_a_topic(session):
    past = session.execute(select(Lesson.state, Lesson.topic).where(Lesson.date < TODAY)).all()
    assert {bool(topic) for state, topic in past if state == State.HELD} == {True}
    assert {bool(topic) for state, topic in past if state == State.CANCELLED} == {False}
    assert {state for state, _ in past} == {State.HELD, State.CANCELLED}


def test_often_a_lesson_is_cancelled_and_another_one_held_by_somebody_who_stands_in(doors, loaded, methodologist):
    changed = defaultdict(list)
    for change in loaded.school.day_changes:
        changed[change.date].append(change)
    assert max(changed) >= TODAY - timedelta(days=2)
    for day, changes in list(changed.items())[-4:]:
        told = doors.give(methodologist, DayChanges.lessons_of_day, date=day)["lessons"]
        different = [one for one in told if one["version"]]
        assert {one["state"] for one in different} == {State.HELD, State.CANCELLED}
        assert {one["teacher_id"] for one in different} == {change.teacher_id for change in changes}
        assert all(one["reason"] for one in different)


def test_the_history_tells_who_kept_it(doors, facts, methodologist, year):
    changes = doors.give(methodologist, Calendar.calendar_changes, year_id=year["id"])["changes"]
    assert [one["what"] for one in reversed(changes)] == [
        "year", "terms", "terms", "grades", "days", "bells", "bells",
    ]  # fmt: skip
    edits = doors.give(methodologist, Timetable.timetable_edits, year_id=year["id"])["edits"]
    by = {one["changed_by"] for one in changes} | {one["edited_by"] for one in edits}
    assert by == {methodologist.person_id}
    head = facts.actor("teacher:mathematics:1").person_id
    made: Counter = Counter()
    for plan in doors.give(methodologist, Plans.plans, year_id=year["id"], grade=8)["plans"]:
        if plan["state"] != "attached":
            continue
        revisions = doors.give(methodologist, Plans.plan_history, plan_id=plan["id"])["revisions"]
        assert [one["what"] for one in revisions] == ["made", "submitted", "attached"]
        assert revisions[0]["changed_by"] == revisions[1]["changed_by"]
        assert revisions[2]["changed_by"] == methodologist.person_id
        made[revisions[0]["changed_by"]] += 1
    assert made[head] >= 5, "of mathematics and of the sciences"
    assert made[methodologist.person_id] >= 2, "of subjects without an association"


def test_homework_has_minutes_and_files(doors, session, loaded, facts):
    with_sheet = [lesson for lesson in loaded.school.lessons if lesson.sheet]
    assert len(with_sheet) > 10
    lesson = with_sheet[-1]
    found = session.scalar(
        select(Lesson.id).where(
            Lesson.course_id == lesson.course_id, Lesson.date == lesson.date, Lesson.number == lesson.number
        )
    )
    teacher = next(
        facts.actor(person.key)
        for person in loaded.school.people
        if person.id == facts.courses[lesson.course_id].teacher_ids[0]
    )
    told = doors.give(teacher, Homework.homework, lesson_id=found)
    assert told["minutes"] == lesson.minutes
    ((file,),) = [told["files"]]
    kept = doors.give(teacher, Homework.homework_file, file_id=file["id"])
    content = loaded.files.read(Place("homework", loaded.school.school.id).key(kept["sha256"]))
    assert len(content) == kept["size"]
    assert "Карточка" in content.decode()


def test_commands_have_the_permissions_of_who_gives_them(doors, facts, year):
    teacher = facts.actor("teacher:sport:1")
    with pytest.raises(Forbidden):
        doors.give(teacher, Calendar.make_year, title="Год", starts_on=TODAY, ends_on=TODAY)


def test_nobody_hears_of_what_was_done_silently(session):
    outbox.record(session, TimetableChanged(lesson_id=uuid7(), version=1, student_ids=(uuid7(),)))
    pending = select(func.count()).select_from(OutboxRow)
    assert session.scalar(pending) == 1
    keep_silent(session)
    assert session.scalar(pending) == 0


def only(row, *names):
    return {name: row[name] for name in names}
