"""The timetable: edited by its teachers and the methodologist; lessons follow, and nothing that was entered is lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from contracts.gradebook.bells import Bells
from contracts.gradebook.calendar import Calendar
from contracts.gradebook.classrooms import Classrooms
from contracts.gradebook.courses import Courses
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.subjects import Subjects
from contracts.gradebook.timetable import Timetable
from contracts.gradebook.weeks import Weeks
from kernel.auth import Actor
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from services.gradebook.calendar import queries as calendar_queries
from services.gradebook.laying import ask_for_lessons
from services.gradebook.lessons import recording
from services.gradebook.lessons.tables import Lesson
from tests.kit.calls import call, statements
from tests.kit.databases import on_both
from tests.kit.jobs import carry_out_due

MONDAY, TUESDAY, SUNDAY = 1, 2, 7


def ask(school: Any, method: Any, actor: Actor | None = None, **command: Any) -> dict[str, Any]:
    return call(school.service, method, actor or school.methodologist, year_id=school.year_id, **command)


def edit(school: Any, *add: dict[str, Any], actor: Actor | None = None, **more: Any) -> dict[str, Any]:
    """An edit from tomorrow on, of the version that there is."""
    version = more.pop("version", None)
    if version is None:
        version = ask(school, Timetable.timetable)["version"]
    command = {"from_date": school.day(1), "add": list(add), **more}
    return ask(school, Timetable.edit_timetable, actor, version=version, **command)


def place(course_id: UUID, weekday: int = MONDAY, number: int = 2, **more: Any) -> dict[str, Any]:
    return {"course_id": course_id, "weekday": weekday, "number": number, **more}


def lessons(school: Any, course_id: UUID, number: int = 2) -> list[Lesson]:
    """A course's lessons with a number, by date; those that nobody sees are left out."""
    wanted = select(Lesson).where(Lesson.course_id == course_id, Lesson.number == number, Lesson.state != "dropped")
    with school.service.unit_of_work.of(school.id) as session:
        return list(session.scalars(wanted.order_by(Lesson.date)))


def school_days(school: Any, weekday: int, first: date, last: date | None = None, grade: int = 7) -> list[date]:
    """The days on which a grade is taught by a weekday's timetable."""
    with school.service.unit_of_work.of(school.id) as session:
        calendar = calendar_queries.school_calendar(session, school.year_id, grade)
    last = last or school.day(200)
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return [day for day in days if calendar.timetable_weekday(day) == weekday]


def entries_of(school: Any, **of: Any) -> list[dict[str, Any]]:
    return list(ask(school, Timetable.timetable, date=school.day(30), **of)["entries"])


@on_both
def test_lessons_follow_from_an_entry_as_long_as_it_holds(school: Any) -> None:
    done = edit(school, place(school.course_id), valid_until=school.day(90))
    assert (done["saved"], done["version"], done["collisions"]) == (True, 1, [])
    days = school_days(school, MONDAY, school.day(1), school.day(90))
    assert [one.date for one in lessons(school, school.course_id)] == days
    assert done["lessons"] == {"added": len(days), "changed": 0, "dropped": 0, "outside": 0}
    (entry,) = entries_of(school, class_id=school.class_id)
    assert entry == entries_of(school, teacher_id=school.teacher.person_id)[0]
    assert entries_of(school, class_id=school.first_class_id) == []
    assert (entry["weekday"], entry["number"], entry["valid_until"]) == (1, 2, school.day(90).isoformat())


@on_both
def test_odd_and_even_weeks_alternate(school: Any) -> None:
    edit(school, place(school.course_id, week="1"), place(school.other_course_id, week="2"))
    odd, even = ([one.date for one in lessons(school, one)] for one in (school.course_id, school.other_course_id))
    assert sorted([*odd, *even]) == school_days(school, MONDAY, school.day(1))
    assert not set(odd) & set(even)


def test_whether_a_day_is_in_an_odd_week_is_what_its_lessons_go_by(school: Any) -> None:
    edit(school, place(school.course_id, week="1"), place(school.other_course_id, week="2"))
    for parity, course_id in (("1", school.course_id), ("2", school.other_course_id)):
        day = lessons(school, course_id)[0].date
        assert ask(school, Timetable.timetable, date=day)["parity"] == parity
        seen = call(school.service, Weeks.week, school.parent, date=day, class_id=school.class_id)
        assert seen["parity"] == parity


@on_both
def test_an_entry_that_ends_takes_its_empty_lessons_and_no_others(school: Any) -> None:
    edit(school, place(school.course_id), from_date=school.day(-60))
    past = [one for one in lessons(school, school.course_id) if one.date < school.today]
    coming = [one for one in lessons(school, school.course_id) if one.date >= school.today]
    described, marked, checked = (coming[index] for index in (1, 2, 3))
    call(school.service, Lessons.describe_lesson, school.teacher, lesson_id=described.id, version=1, topic="Дроби")
    with school.service.unit_of_work.of(school.id) as session:
        recording.note_checked(session, school.id, checked.id)
        session.get_one(Lesson, (school.id, marked.id)).version = 2
    (entry,) = entries_of(school, class_id=school.class_id)
    done = edit(school, remove=[entry["id"]], from_date=school.day(-30))
    gone = [one for one in coming if one.id not in {described.id, marked.id, checked.id}]
    since = [one for one in past if one.date >= school.day(-30)]
    assert done["lessons"] == {"added": 0, "changed": 0, "dropped": len(gone), "outside": 3 + len(since)}
    kept = {one.id: one.state for one in lessons(school, school.course_id)}
    assert {kept[one.id] for one in (described, marked, checked, *since)} == {"outside"}
    assert kept.keys() == {one.id for one in (*past, described, marked, checked)}
    assert {one.topic for one in lessons(school, school.course_id) if one.id == described.id} == {"Дроби"}


@on_both
def test_an_edit_can_be_taken_back_and_the_taking_back_too(school: Any) -> None:
    edit(school, place(school.course_id), from_date=school.day(-60))
    before = [(one.id, one.date) for one in lessons(school, school.course_id)]
    (entry,) = entries_of(school, class_id=school.class_id)
    edit(school, place(school.course_id, TUESDAY, 3), remove=[entry["id"]])
    assert len(lessons(school, school.course_id, 3)) == len(school_days(school, TUESDAY, school.day(1)))
    done = ask(school, Timetable.undo_timetable_edit, edit=2)
    assert (done["saved"], done["version"]) == (True, 3)
    back, gone = len(school_days(school, MONDAY, school.day(1))), len(school_days(school, TUESDAY, school.day(1)))
    assert done["lessons"] == {"added": back, "changed": 0, "dropped": gone, "outside": 0}, "those that come back"
    assert entries_of(school, class_id=school.class_id) == [entry]
    assert [(one.id, one.date) for one in lessons(school, school.course_id)] == before, "the lessons are the same ones"
    assert lessons(school, school.course_id, 3) == []
    with pytest.raises(Conflict, match="taken back"):
        ask(school, Timetable.undo_timetable_edit, edit=2)
    ask(school, Timetable.undo_timetable_edit, edit=3)
    assert [one["weekday"] for one in entries_of(school, class_id=school.class_id)] == [TUESDAY]
    with pytest.raises(Conflict, match="changed again"):
        ask(school, Timetable.undo_timetable_edit, edit=1)
    history = ask(school, Timetable.timetable_edits, school.teacher)["edits"]
    assert [(one["version"], one["what"], one["undoes"], one["undone"]) for one in history] == [
        (4, "undo", 3, False), (3, "undo", 2, True), (2, "edit", None, True), (1, "edit", None, False),
    ]  # fmt: skip
    tomorrow = school.day(1).isoformat()
    assert [one["from_date"] for one in history] == [*[tomorrow] * 3, school.day(-60).isoformat()]


@on_both
def test_what_taking_an_edit_back_makes_collide_is_named_first(school: Any) -> None:
    edit(school, place(school.course_id), from_date=school.day(-60))
    (entry,) = entries_of(school, class_id=school.class_id)
    edit(school, remove=[entry["id"]])
    edit(school, place(school.other_course_id))
    asked = ask(school, Timetable.undo_timetable_edit, edit=2)
    assert (asked["saved"], asked["version"], asked["lessons"]) == (False, 3, None)
    (pair,) = asked["collisions"]
    assert {pair[side]["course_id"] for side in ("one", "other")} == {
        str(school.course_id), str(school.other_course_id),
    }  # fmt: skip
    assert len(entries_of(school, class_id=school.class_id)) == 1, "nothing was taken back"
    done = ask(school, Timetable.undo_timetable_edit, edit=2, despite_collisions=True)
    assert (done["saved"], done["version"], len(done["collisions"])) == (True, 4, 1)
    assert len(entries_of(school, class_id=school.class_id)) == 2


def test_taking_an_edit_back_takes_a_constant_number_of_statements(school: Any, engine: Engine) -> None:
    counts = []
    for numbers in ((2,), (3, 4, 5, 6)):
        done = edit(school, *(place(school.course_id, number=number) for number in numbers))
        with statements(engine) as seen:
            ask(school, Timetable.undo_timetable_edit, edit=done["version"])
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


@on_both
def test_what_collides_is_named_and_saved_only_despite_it(school: Any) -> None:
    (gym,) = call(school.service, Classrooms.set_classrooms, school.methodologist, classrooms=[{"name": "12"}])[
        "classrooms"
    ]
    edit(school, place(school.course_id, classroom_id=gym["id"]))
    added = place(school.other_course_id, classroom_id=gym["id"])
    done = edit(school, added)
    assert (done["saved"], done["version"]) == (False, 1)
    assert {one["clash"] for one in done["collisions"]} == {"students", "classroom"}
    assert len(done["courses"]) == 2
    assert len(entries_of(school, class_id=school.class_id)) == 1
    assert edit(school, added, despite_collisions=True, dry_run=True)["saved"] is False
    assert edit(school, added, despite_collisions=True)["saved"] is True
    page = ask(school, Timetable.timetable, school.teacher, class_id=school.class_id, date=school.day(30), check=True)
    assert {one["clash"] for one in page["collisions"]} == {"students", "classroom"}
    assert page["others"] == []
    own = ask(school, Timetable.timetable, teacher_id=school.teacher.person_id, date=school.day(30), check=True)
    assert [one["id"] for one in own["others"]] == [str(school.other_course_id)], "a course of somebody else"
    whole = ask(school, Timetable.timetable, date=school.day(30), check=True)
    assert len(whole["entries"]) == 2
    told = ask(school, Timetable.timetable, school.parent, class_id=school.class_id, date=school.day(30), check=True)
    assert told["collisions"] == told["faults"] == [], "collisions name students"


def ring(school: Any, shift: int, *lessons: tuple[str, str]) -> None:
    bells = [{"number": number, "starts": one, "ends": other} for number, (one, other) in enumerate(lessons, start=1)]
    version = ask(school, Bells.bells)["version"]
    command = {"title": f"Смена {shift}", "shift": shift, "valid_from": school.day(-5), "bells": bells}
    ask(school, Bells.set_bells, version=version, **command)


def test_a_classroom_and_a_teacher_of_two_shifts_collide_where_the_times_overlap(school: Any) -> None:
    (room,) = call(school.service, Classrooms.set_classrooms, school.methodologist, classrooms=[{"name": "12"}])[
        "classrooms"
    ]
    ask(school, Bells.set_second_shift, class_ids=[school.class_id], version=ask(school, Bells.bells)["version"])
    edit(school, place(school.first_course_id, number=2, classroom_id=room["id"]))
    same_number = place(school.course_id, number=2, classroom_id=room["id"])
    assert edit(school, same_number, dry_run=True)["collisions"] == [], "nobody knows when the shifts are"
    ring(school, 1, ("08:00", "08:40"), ("09:00", "09:40"))
    ring(school, 2, ("09:30", "10:10"), ("10:20", "11:00"))
    assert edit(school, same_number, dry_run=True)["collisions"] == []
    first = place(school.course_id, number=1, classroom_id=room["id"])
    done = edit(school, first)
    assert done["saved"] is False
    assert {(one["clash"], one["one"]["number"], one["other"]["number"]) for one in done["collisions"]} == {
        ("classroom", 1, 2), ("teacher", 1, 2),
    }  # fmt: skip
    edit(school, first, despite_collisions=True)
    for of in ({"class_id": school.class_id}, {"class_id": school.first_class_id}, {}):
        seen = ask(school, Timetable.timetable, date=school.day(30), check=True, **of)
        assert {one["clash"] for one in seen["collisions"]} == {"classroom", "teacher"}, of
        assert [one["misfit"] for one in seen["faults"]] == []


@on_both
def test_hours_over_and_under_those_of_the_curriculum_are_told(school: Any) -> None:
    subject = call(school.service, Subjects.subjects, school.methodologist)["subjects"][0]
    course = next(
        one
        for one in ask(school, Timetable.timetable, class_id=school.class_id, date=school.day(30))["courses"]
        if one["subject"] == subject["name"]
    )
    hours = [{"subject_id": subject["id"], "grade": 7, "hours": "2"}]
    ask(school, Subjects.set_curriculum, version=0, hours=hours)
    found = ask(school, Timetable.timetable, class_id=school.class_id, date=school.day(30), check=True)
    assert {one["course_id"]: one["misfit"] for one in found["faults"]}[course["id"]] == "hours-under"
    three = [place(UUID(course["id"]), number=number) for number in (2, 3, 4)]
    asked = edit(school, *three)
    assert (asked["saved"], asked["collisions"]) == (False, [])
    assert [(one["misfit"], one["course_id"]) for one in asked["faults"]] == [("hours-over", course["id"])]
    assert [(one["placed"], one["hours"]) for one in asked["faults"]] == [("3", "2")]
    assert edit(school, *three[:1])["faults"] == [], "more lessons may follow"
    assert edit(school, *three[1:], despite_collisions=True)["saved"]
    found = ask(school, Timetable.timetable, class_id=school.class_id, date=school.day(30), check=True)
    assert {one["course_id"]: one["misfit"] for one in found["faults"]}[course["id"]] == "hours-over"
    (shown,) = [one for one in found["courses"] if one["id"] == course["id"]]
    assert (shown["hours"], shown["placed"]) == ("2", "3")


@on_both
def test_hours_that_an_edit_takes_away_are_named_before_it_is_saved(school: Any) -> None:
    subjects = call(school.service, Subjects.subjects, school.methodologist)["subjects"]
    known = ask(school, Timetable.timetable, class_id=school.class_id)["courses"]
    (named,) = [one["subject"] for one in known if one["id"] == str(school.course_id)]
    (subject,) = [one["id"] for one in subjects if one["name"] == named]
    ask(school, Subjects.set_curriculum, version=0, hours=[{"subject_id": subject, "grade": 7, "hours": "4"}])
    edit(school, *(place(school.course_id, number=number) for number in (2, 3, 4)))
    first, second, _ = entries_of(school, class_id=school.class_id)
    asked = edit(school, remove=[first["id"]], from_date=school.day(20))
    assert (asked["saved"], asked["collisions"]) == (False, [])
    assert [(one["misfit"], one["placed"], one["hours"]) for one in asked["faults"]] == [("hours-under", "2", "4")]
    assert [one["id"] for one in asked["courses"]] == [str(school.course_id)]
    assert len(entries_of(school, class_id=school.class_id)) == 3
    moved = edit(school, place(school.course_id, TUESDAY), remove=[first["id"]], from_date=school.day(20))
    assert (moved["saved"], moved["faults"]) == (True, []), "as many hours as before"
    done = edit(school, remove=[second["id"]], from_date=school.day(20), despite_collisions=True)
    assert (done["saved"], done["faults"][0]["placed"]) == (True, "2"), "told, and saved as it was asked"


@on_both
def test_a_lesson_on_a_weekday_that_is_never_taught_is_named_before_it_is_saved(school: Any) -> None:
    asked = edit(school, place(school.course_id, SUNDAY))
    (fault,) = asked["faults"]
    assert (asked["saved"], fault["misfit"], fault["course_id"]) == (False, "day-off", str(school.course_id))
    assert asked["courses"][0]["title"]
    assert entries_of(school, class_id=school.class_id) == []
    assert edit(school, place(school.course_id, SUNDAY), despite_collisions=True)["saved"]
    found = ask(school, Timetable.timetable, class_id=school.class_id, date=school.day(30), check=True)
    assert "day-off" in {one["misfit"] for one in found["faults"]}
    assert lessons(school, school.course_id) == []


@on_both
def test_teachers_edit_their_own_courses_alone(school: Any, another_school: Any) -> None:
    assert edit(school, place(school.course_id), actor=school.teacher)["saved"] is True
    for actor, refusal in ((school.other_teacher, NotFound), (school.homeroom, Forbidden)):
        with pytest.raises(refusal):
            edit(school, place(school.course_id, number=5), actor=actor)
    for actor in (school.director, school.parent, school.student):
        with pytest.raises(Forbidden):
            edit(school, place(school.course_id, number=5), actor=actor)
    with pytest.raises(NotFound):
        edit(school, place(another_school.course_id))
    with pytest.raises(NotFound):
        edit(school, place(school.course_id, number=6, classroom_id=uuid4()))
    with pytest.raises(Invalid, match="no such teacher"):
        edit(school, place(school.course_id, number=6, teacher_id=school.other_teacher.person_id))
    (entry,) = entries_of(school, class_id=school.class_id)
    edit(another_school, remove=[entry["id"]])
    assert entries_of(school, class_id=school.class_id) == [entry], "another school's entry does not exist"


def _names(method: Any, person_ids: list[UUID]) -> Any:
    """Identity, which calls everybody Peter."""
    people = [
        {**dict.fromkeys(("family_name", "given_name", "patronymic"), ""), "id": str(one), "name": "Пётр"}
        for one in person_ids
    ]
    return method.answer.load({"people": people})


@on_both
def test_two_people_who_edit_the_same_week_are_told(school: Any) -> None:
    edit(school, place(school.course_id))
    assert edit(school, place(school.first_course_id, number=4), version=0)["saved"], "another class's week"
    school.service.ask = _names
    with pytest.raises(Stale, match="first") as refused:
        edit(school, place(school.other_course_id, number=5), version=0)
    present = refused.value.params["present"]
    (first,) = (one for one in ask(school, Timetable.timetable_edits)["edits"] if one["version"] == 1)
    assert (present["changed_by"], present["changed_at"]) == (first["edited_by"], first["edited_at"])
    assert present["changed_by_name"] == "Пётр"
    assert present["version"] == 2, "what to begin from now"
    assert [one["course_id"] for one in present["entries"]] == [str(school.course_id)], "the class's week, no other's"
    assert str(school.course_id) in {one["id"] for one in present["courses"]}


@on_both
def test_a_change_of_the_calendar_moves_what_is_empty(school: Any) -> None:
    edit(school, place(school.course_id))
    first, second, *_ = [one for one in lessons(school, school.course_id) if one.date > school.day(7)]
    call(school.service, Lessons.describe_lesson, school.teacher, lesson_id=second.id, version=1, topic="Дроби")
    days = [{"kind": "closed", "name": "Мороз", "first": one.date, "last": one.date} for one in (first, second)]
    ask(school, Calendar.change_days, version=1, days_off=days)
    carry_out_due(school.service)
    states = {one.id: one.state for one in lessons(school, school.course_id)}
    assert first.id not in states
    assert states[second.id] == "outside"
    days = ask(school, Calendar.schedule)["days_off"]
    ask(school, Calendar.change_days, version=2, removed=[one["id"] for one in days])
    carry_out_due(school.service)
    states = {one.id: one.state for one in lessons(school, school.course_id)}
    assert states[first.id] == states[second.id] == ""


@on_both
def test_a_teacher_says_of_a_lesson_outside_the_timetable_whether_it_was_held(school: Any) -> None:
    edit(school, place(school.course_id), from_date=school.day(-60))
    (entry,) = entries_of(school, class_id=school.class_id)
    edit(school, remove=[entry["id"]], from_date=school.day(-30))
    held, not_held, described = [one for one in lessons(school, school.course_id) if one.state == "outside"][:3]
    call(school.service, Lessons.describe_lesson, school.teacher, lesson_id=described.id, version=1, topic="Дроби")

    def settle(lesson: Lesson, *, was_held: bool, actor: Actor = school.teacher) -> None:
        call(school.service, Timetable.settle_lesson, actor, lesson_id=lesson.id, held=was_held)

    for actor, refusal in ((school.other_teacher, NotFound), (school.homeroom, Forbidden)):
        with pytest.raises(refusal):
            settle(held, was_held=True, actor=actor)
    settle(held, was_held=True)
    settle(not_held, was_held=False)
    with pytest.raises(Conflict, match="Something was entered"):
        settle(described, was_held=False)
    with pytest.raises(Conflict, match="in the timetable"):
        settle(held, was_held=False)
    ask_for_lessons_and_lay(school)
    states = {one.id: (one.state, one.entry_id is None) for one in lessons(school, school.course_id)}
    assert states[held.id] == ("", True)
    assert not_held.id not in states
    assert states[described.id] == ("outside", False)


def ask_for_lessons_and_lay(school: Any) -> None:
    with school.service.unit_of_work.of(school.id) as session:
        ask_for_lessons(session, school.id)
    carry_out_due(school.service)


@on_both
def test_a_year_that_becomes_shorter_leaves_no_empty_lessons_behind(school: Any) -> None:
    edit(school, place(school.course_id))
    last = school.day(100)
    assert lessons(school, school.course_id)[-1].date > last
    terms = ask(school, Calendar.schedule)["terms"]
    kept = [{**one, "ends_on": min(one["ends_on"], last.isoformat())} for one in terms]
    of_division = [{name: one[name] for name in ("id", "title", "starts_on", "ends_on")} for one in kept]
    ask(school, Calendar.set_terms, version=1, division=terms[0]["division"], terms=of_division)
    span = {"title": "Год", "starts_on": school.day(-100), "ends_on": last}
    ask(school, Calendar.change_year, version=2, **span)
    carry_out_due(school.service)
    assert lessons(school, school.course_id)[-1].date <= last


@on_both
def test_a_course_of_another_grade_is_taught_on_the_days_of_that_grade(school: Any) -> None:
    edit(school, place(school.group_id, weekday=6))
    assert lessons(school, school.group_id)
    weeks = [{"grade": 9, "days_a_week": 5}]
    ask(school, Calendar.set_grades, version=1, grades=weeks)
    command = {"course_id": school.group_id, "version": 1, "grade": 9, "group_name": "хор"}
    call(school.service, Courses.change_course, school.methodologist, **command)
    carry_out_due(school.service)
    assert lessons(school, school.group_id) == [], "grade 9 has five days a week"


@on_both
def test_a_lesson_that_is_there_becomes_the_timetables(school: Any) -> None:
    """Lessons that an import brought have no numbers."""
    (day, *_) = school_days(school, MONDAY, school.day(1))
    lesson_id = uuid4()
    school.save(Lesson, school.lesson_row(lesson_id, school.course_id, day, None))
    edit(school, place(school.course_id))
    first = lessons(school, school.course_id)[0]
    assert (first.id, first.date, first.entry_id is not None) == (lesson_id, day, True)


@on_both
def test_a_dropped_lesson_in_which_something_is_entered_is_seen_again(school: Any) -> None:
    edit(school, place(school.course_id))
    first, second, *_ = lessons(school, school.course_id)
    (entry,) = entries_of(school, class_id=school.class_id)
    edit(school, remove=[entry["id"]])
    assert lessons(school, school.course_id) == []
    call(school.service, Lessons.describe_lesson, school.teacher, lesson_id=first.id, version=1, topic="Дроби")
    added = call(
        school.service, Lessons.add_lesson, school.teacher, course_id=school.course_id, date=second.date, number=2
    )
    assert added["id"] == str(second.id)
    assert {one.id: one.state for one in lessons(school, school.course_id)} == {first.id: "outside", second.id: ""}


def test_an_edit_takes_a_constant_number_of_statements(school: Any, engine: Engine) -> None:
    counts = []
    for numbers in ((2,), (3, 4, 5, 6)):
        with statements(engine) as seen:
            edit(school, *(place(school.course_id, number=number) for number in numbers))
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def hours_of(seen: dict[str, Any], course_id: UUID) -> tuple[str, list[str]]:
    """How many hours of a course the timetable says, and what it names as not fitting of it."""
    (shown,) = [one for one in seen["courses"] if one["id"] == str(course_id)]
    return shown["placed"], [one["misfit"] for one in seen["faults"] if one["course_id"] == str(course_id)]


@on_both
def test_hours_of_a_course_are_those_of_its_whole_week_whatever_is_looked_at(school: Any) -> None:
    """A page shows the week of one classroom or teacher, or only what collides."""
    rooms = call(school.service, Classrooms.set_classrooms, school.methodologist, classrooms=[{"name": "12"}])
    (room,) = rooms["classrooms"]
    subjects = {
        one["name"]: one["id"] for one in call(school.service, Subjects.subjects, school.methodologist)["subjects"]
    }
    known = ask(school, Timetable.timetable, class_id=school.class_id)["courses"]
    (subject,) = [one["subject"] for one in known if one["id"] == str(school.course_id)]
    ask(school, Subjects.set_curriculum, version=0, hours=[{"subject_id": subjects[subject], "grade": 7, "hours": "4"}])
    weeks = [place(school.course_id, number=number) for number in (2, 3)]
    halves = [place(school.course_id, number=4, classroom_id=room["id"]), place(school.course_id, number=5, week="1")]
    edit(school, *weeks, *halves)
    edit(school, place(school.other_course_id, number=2), despite_collisions=True)
    for of in (
        {},
        {"class_id": school.class_id},
        {"teacher_id": school.teacher.person_id},
        {"classroom_id": room["id"]},
    ):
        seen = ask(school, Timetable.timetable, date=school.day(30), check=True, **of)
        assert hours_of(seen, school.course_id) == ("3.5", ["hours-under"]), of
    assert len(ask(school, Timetable.timetable, date=school.day(30), check=True)["entries"]) == 2, "what collides"
    named = ask(school, Timetable.timetable_edits)["courses"]
    assert {one["id"]: one["placed"] for one in named}[str(school.course_id)] == "0", "the edit holds from tomorrow on"


def test_a_timetable_takes_a_constant_number_of_statements(school: Any, engine: Engine) -> None:
    for of in ({}, {"class_id": school.class_id}, {"teacher_id": school.teacher.person_id}):
        counts = []
        for number in (2, 3):
            edit(school, place(school.course_id, number=number), place(school.group_id, number=number))
            with statements(engine) as seen:
                ask(school, Timetable.timetable, date=school.day(30), check=True, **of)
            counts.append(len(seen))
        assert counts[0] == counts[1], (of, counts)
