"""Subjects, the curriculum and courses as the methodologist makes them (clause 4.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts.gradebook.courses import Courses
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.subjects import Subjects
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.kit.calls import call, statements
from tests.kit.people import TODAY, id_of


def text(day: Any) -> str:
    return str(day.isoformat())


# --- subjects ---------------------------------------------------------------------------------------


def test_a_subject_is_added_once_however_its_name_is_written(made: Any) -> None:
    added = made.subject("  Английский   язык ")
    assert (added["name"], added["courses"]) == ("Английский язык", 0)
    with pytest.raises(Conflict, match="“Английский язык” already"):
        made.subject("английский Язык")
    with pytest.raises(Invalid, match="Enter the name"):
        made.subject("  ")


def test_a_renamed_subject_renames_the_courses_that_were_called_by_it(made: Any) -> None:
    course, own = made.course("Физика"), made.course("Физика", group_name="кружок", title="Опыты")
    subject = {one["name"]: one for one in made.call(Subjects.subjects)["subjects"]}["Физика"]
    assert subject["courses"] == 2
    wanted = {"subject_id": subject["id"], "name": "Физика и астрономия"}
    renamed = made.call(Subjects.rename_subject, version=1, **wanted)
    assert (renamed["name"], renamed["version"], renamed["courses"]) == ("Физика и астрономия", 2, 2)
    assert made.call(Courses.course, course_id=course["id"])["title"] == "Физика и астрономия 7А"
    assert made.call(Courses.course, course_id=own["id"])["title"] == "Опыты"
    with pytest.raises(Stale, match="“Физика и астрономия” now") as stale:
        made.call(Subjects.rename_subject, version=1, **wanted)
    assert stale.value.params["present"]["version"] == 2


def test_only_a_subject_without_courses_and_hours_is_removed(made: Any) -> None:
    made.course("Физика")
    empty = made.subject("Физика (дубль)")
    subjects = {one["name"]: one["id"] for one in made.call(Subjects.subjects)["subjects"]}
    with pytest.raises(Conflict, match=r"“Физика” has courses \(1\)"):
        made.call(Subjects.remove_subject, subject_id=subjects["Физика"], version=1)
    year_id = made.year["id"]
    hours = [{"subject_id": empty["id"], "grade": 7, "hours": "2"}]
    made.call(Subjects.set_curriculum, year_id=year_id, version=0, hours=hours)
    with pytest.raises(Conflict, match="has hours in the curriculum of Год"):
        made.call(Subjects.remove_subject, subject_id=empty["id"], version=1)
    cleared = [{**hours[0], "hours": ""}]
    made.call(Subjects.set_curriculum, year_id=year_id, version=1, hours=cleared)
    made.call(Subjects.remove_subject, subject_id=empty["id"], version=1)
    assert "Физика (дубль)" not in {one["name"] for one in made.call(Subjects.subjects)["subjects"]}


# --- the curriculum ---------------------------------------------------------------------------------


def test_the_curriculum_sums_the_hours_of_each_grade(made: Any) -> None:
    algebra, music = made.subject("Алгебра"), made.subject("Музыка")
    entered = [
        {"subject_id": algebra["id"], "grade": 7, "hours": "3"},
        {"subject_id": music["id"], "grade": 7, "hours": "0,5"},
        {"subject_id": music["id"], "grade": 5, "hours": "1"},
    ]
    saved = made.call(Subjects.set_curriculum, year_id=made.year["id"], version=0, hours=entered)
    assert saved["totals"] == [{"grade": 5, "hours": "1"}, {"grade": 7, "hours": "3.5"}]
    changed = [{**entered[0], "hours": "4"}, {**entered[1], "hours": "0"}]
    saved = made.call(Subjects.set_curriculum, year_id=made.year["id"], version=1, hours=changed)
    assert saved["totals"] == [{"grade": 5, "hours": "1"}, {"grade": 7, "hours": "4"}]
    assert saved["version"] == 2
    with pytest.raises(Stale) as stale:
        made.call(Subjects.set_curriculum, year_id=made.year["id"], version=1, hours=entered)
    assert stale.value.params["present"] == saved
    assert made.call(Subjects.curriculum, year_id=made.year["id"]) == saved


def test_all_wrong_hours_are_told_at_once_and_nothing_is_saved(made: Any) -> None:
    subject_id = made.subject("Алгебра")["id"]
    wrong = [
        {"subject_id": subject_id, "grade": grade, "hours": text} for grade, text in ((5, "x"), (6, "2"), (7, "41"))
    ]
    with pytest.raises(Invalid) as refusal:
        made.call(Subjects.set_curriculum, year_id=made.year["id"], version=0, hours=wrong)
    assert [fault.field for fault in refusal.value.faults] == ["hours.0.hours", "hours.2.hours"]
    assert made.call(Subjects.curriculum, year_id=made.year["id"])["hours"] == []
    unknown = [{"subject_id": uuid4(), "grade": 5, "hours": "1"}]
    with pytest.raises(NotFound):
        made.call(Subjects.set_curriculum, year_id=made.year["id"], version=0, hours=unknown)


# --- courses ----------------------------------------------------------------------------------------


def test_a_course_of_a_class_takes_its_students_and_is_named_for_it(made: Any) -> None:
    school = made.school
    course = made.course("Физика", teachers=[{"teacher_id": school.teacher.person_id}], hours_a_week="2")
    assert (course["title"], course["grade"], course["hours_a_week"]) == ("Физика 7А", 7, "2")
    assert course["teacher_ids"] == [str(school.teacher.person_id)]
    assert set(made.members(course["id"])) == {str(one.person_id) for one in (school.anna, school.boris, school.vera)}
    assert set(made.members(course["id"]).values()) == {(text(TODAY - timedelta(days=90)), None)}
    shown = call(school.town.gradebook, Courses.courses, school.teacher, mine=True)["courses"]
    assert "Физика 7А" in [one["title"] for one in shown]


def test_a_group_takes_nobody_by_itself_and_its_place_is_its_own(made: Any) -> None:
    group = made.course("Физика", group_name="группа 1")
    assert (group["title"], group["members"]) == ("Физика 7А, группа 1", [])
    with pytest.raises(Conflict, match="“Физика 7А, группа 1”"):
        made.course("Физика", group_name="Группа  1")
    across = made.call(
        Courses.make_course, year_id=made.year["id"], subject_id=group["subject_id"], group_name="хор", grade=7
    )
    assert (across["title"], across["class_id"]) == ("Физика, хор", None)
    with pytest.raises(Invalid, match="name the group"):
        made.call(Courses.make_course, year_id=made.year["id"], subject_id=group["subject_id"])


@pytest.mark.parametrize(
    ("teachers", "rule"),
    [
        (lambda school: [{"teacher_id": uuid4()}], "no-teacher"),
        (lambda school: [{"teacher_id": school.mother.person_id}], "no-teacher"),
        (lambda school: [{"teacher_id": school.teacher.person_id}] * 2, "teacher-twice"),
        (
            lambda school: [
                {"teacher_id": school.teacher.person_id, "since": TODAY, "until": TODAY - timedelta(days=1)}
            ],
            "ends-before-start",
        ),
    ],
    ids=["nobody", "a mother", "twice", "ends before it begins"],
)
def test_only_teachers_of_the_school_teach_each_once(made: Any, teachers: Any, rule: str) -> None:
    with pytest.raises(Invalid) as refusal:
        made.course("Физика", teachers=teachers(made.school))
    assert refusal.value.rule == rule


def test_a_course_that_somebody_changed_first_is_shown_as_it_is_now(made: Any) -> None:
    course = made.course("Физика")
    changed = made.call(Courses.change_course, course_id=course["id"], version=1, hours_a_week="1,5")
    assert (changed["version"], changed["hours_a_week"]) == (2, "1.5")
    with pytest.raises(Stale, match="“Физика 7А” first") as stale:
        made.call(Courses.change_course, course_id=course["id"], version=1, title="Моя физика")
    assert stale.value.params["present"]["hours_a_week"] == "1.5"


def test_a_title_that_was_made_follows_the_group_and_an_own_one_stays(made: Any) -> None:
    course = made.course("Физика")
    renamed = made.call(Courses.change_course, course_id=course["id"], version=1, group_name="лаборатория")
    assert renamed["title"] == "Физика 7А, лаборатория"
    own = made.call(Courses.change_course, course_id=course["id"], version=2, title="Опыты")
    assert made.call(Courses.change_course, course_id=course["id"], version=3, group_name="")["title"] == "Опыты"
    assert own["version"] == 3


def test_a_group_that_becomes_the_whole_class_takes_its_students(made: Any) -> None:
    group = made.course("Физика", group_name="группа 1")
    whole = made.call(Courses.change_course, course_id=group["id"], version=1, group_name="")
    assert len(whole["members"]) == 3


def test_a_course_in_which_something_was_entered_stays(made: Any) -> None:
    school = made.school
    course = made.course("Физика", teachers=[{"teacher_id": school.teacher.person_id}])
    made.call(Lessons.add_lesson, school.teacher, course_id=course["id"], date=TODAY, number=5, works_anyway=True)
    with pytest.raises(Conflict, match="“Физика 7А” is in use"):
        made.call(Courses.remove_course, course_id=course["id"], version=1)
    assert len(made.members(course["id"])) == 3
    empty = made.course("Химия")
    made.call(Courses.remove_course, course_id=empty["id"], version=1)
    with pytest.raises(NotFound):
        made.call(Courses.course, course_id=empty["id"])


def test_nobody_but_the_methodologist_makes_courses(made: Any) -> None:
    for actor in (made.school.director, made.school.teacher, made.school.anna):
        with pytest.raises(Forbidden):
            made.call(Subjects.add_subject, actor, name="Физика")


def test_making_a_course_takes_as_many_statements_for_one_student_as_for_many(made: Any) -> None:
    costs = []
    for class_id in (made.school.class_a, made.school.class_b):
        subject = made.subject(f"Предмет {class_id}")
        place = {"year_id": made.year["id"], "subject_id": subject["id"], "class_id": class_id}
        with statements(made.school.town.gradebook.unit_of_work.engine) as seen:
            made.call(Courses.make_course, **place)
        costs.append(len([one for one in seen if "outbox" not in one and "inbox" not in one]))
    assert costs[0] == costs[1]


# --- a teacher who was replaced ----------------------------------------------------------------------


def test_a_teacher_who_was_replaced_reads_what_was_and_writes_no_more(made: Any) -> None:
    school, day = made.school, TODAY - timedelta(days=7)
    old, new = school.teacher, school.other_teacher
    course = made.course("Физика", teachers=[{"teacher_id": old.person_id}])
    adding = {"course_id": course["id"], "works_anyway": True}
    before = made.call(Lessons.add_lesson, old, date=day, number=1, **adding)
    today = made.call(Lessons.add_lesson, old, date=TODAY, number=1, **adding)
    marks = [
        made.call(Marks.post_mark, old, lesson_id=lesson["id"], student_id=school.anna.person_id, value="5")
        for lesson in (before, today)
    ]
    replaced = [
        {"teacher_id": old.person_id, "until": TODAY - timedelta(days=1)},
        {"teacher_id": new.person_id, "since": TODAY},
    ]
    changed = made.call(Courses.change_course, course_id=course["id"], version=1, teachers=replaced)
    assert changed["teacher_ids"] == [str(new.person_id)]
    page = {"course_id": course["id"], "term_id": made.year["terms"][0]["id"]}
    seen = made.call(Journal.journal_page, old, **page)
    assert [one["id"] for one in seen["lessons"]] == [before["id"]]
    assert [one["id"] for one in seen["marks"]] == [marks[0]["id"]]
    assert seen["may_write"] is False
    with pytest.raises(Forbidden, match="You taught this course until"):
        made.call(Lessons.describe_lesson, old, lesson_id=before["id"], version=1, topic="Сила")
    with pytest.raises(NotFound):
        made.call(Lessons.lesson, old, lesson_id=today["id"])
    with pytest.raises(NotFound):
        made.call(Marks.mark_history, old, mark_id=marks[1]["id"])
    assert made.call(Marks.mark_history, old, mark_id=marks[0]["id"])["revisions"]
    full = made.call(Journal.journal_page, new, **page)
    assert (len(full["lessons"]), full["may_write"]) == (2, True)
    assert made.call(Lessons.lesson, new, lesson_id=before["id"])["teacher_ids"] == [str(old.person_id)]
    physics = [one for one in made.call(Lessons.day, old, date=TODAY)["lessons"] if one["id"] == today["id"]]
    assert physics == []
    assert today["id"] in [one["id"] for one in made.call(Lessons.day, new, date=TODAY)["lessons"]]


def test_who_begins_tomorrow_reads_today_and_writes_nothing_yet(made: Any) -> None:
    teacher = made.school.other_teacher
    tomorrow = TODAY + timedelta(days=1)
    course = made.course("Физика", teachers=[{"teacher_id": id_of(teacher), "since": tomorrow}])
    assert course["teacher_ids"] == [str(teacher.person_id)]
    made.call(Courses.course, teacher, course_id=course["id"])
    with pytest.raises(Forbidden, match="Only the teacher"):
        made.call(Lessons.add_lesson, teacher, course_id=course["id"], date=TODAY, works_anyway=True)
