"""A class is split into groups from a day on; the membership at a lesson's date decides who is in it (clause 3.2)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from contracts.gradebook.courses import Courses
from contracts.gradebook.groups import Groups
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel.errors import Forbidden, Invalid, NotFound, Stale
from tests.kit.calls import statements
from tests.kit.people import TODAY


def days(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def ids(*actors: Any) -> list[str]:
    return sorted(str(actor.person_id) for actor in actors)


def group(students: list[str], name: str = "", course: dict[str, Any] | None = None) -> dict[str, Any]:
    known = {"course_id": course["id"], "version": course["version"]} if course else {}
    return {**known, "group_name": name, "student_ids": students}


@pytest.fixture
def physics(made: Any) -> dict[str, Any]:
    """Physics of the whole of 7A, by the teacher of algebra."""
    course: dict[str, Any] = made.course("Физика", teachers=[{"teacher_id": made.school.teacher.person_id}])
    return course


def split(made: Any, course: dict[str, Any], first: list[str], second: list[str], since: date = TODAY) -> Any:
    """Split the whole class by its teacher: the groups, the first and the second."""
    wanted = [group(first, "группа 1", course), group(second, "группа 2")]
    answer = made.call(Groups.split_class, made.school.teacher, course_id=course["id"], since=since, groups=wanted)
    return sorted(answer["groups"], key=lambda one: one["group_name"])


def test_a_whole_class_becomes_two_groups_and_the_new_one_has_the_same_teacher(made: Any, physics: Any) -> None:
    school = made.school
    first, second = split(made, physics, ids(school.anna, school.boris), ids(school.vera))
    assert (first["id"], first["title"], first["student_ids"]) == (
        physics["id"], "Физика 7А, группа 1", ids(school.anna, school.boris),
    )  # fmt: skip
    assert (second["title"], second["student_ids"]) == ("Физика 7А, группа 2", ids(school.vera))
    assert (second["teacher_ids"], second["grade"]) == ([str(school.teacher.person_id)], 7)
    vera = str(school.vera.person_id)
    assert made.members(first["id"])[vera] == (days(-90).isoformat(), days(-1).isoformat())
    assert made.members(second["id"])[vera] == (TODAY.isoformat(), None)


def test_the_membership_at_a_lessons_date_decides_and_a_later_move_rewrites_nothing(made: Any, physics: Any) -> None:
    school = made.school
    teacher, vera = school.teacher, str(school.vera.person_id)
    adding = {"number": 1, "works_anyway": True}
    before = made.call(Lessons.add_lesson, teacher, course_id=physics["id"], date=days(-7), **adding)
    mark = made.call(Marks.post_mark, teacher, lesson_id=before["id"], student_id=vera, value="5")
    first, second = split(made, physics, ids(school.anna, school.boris), [vera])
    now = [made.call(Lessons.add_lesson, teacher, course_id=one["id"], date=TODAY, **adding) for one in (first, second)]
    assert made.call(Lessons.lesson, teacher, lesson_id=before["id"])["student_ids"] == ids(
        school.anna, school.boris, school.vera
    )
    assert made.call(Lessons.lesson, teacher, lesson_id=now[0]["id"])["student_ids"] == ids(school.anna, school.boris)
    assert made.call(Lessons.lesson, teacher, lesson_id=now[1]["id"])["student_ids"] == [vera]
    with pytest.raises(Invalid):
        made.call(Marks.post_mark, teacher, lesson_id=now[0]["id"], student_id=vera, value="4")
    later = made.call(Marks.post_mark, teacher, lesson_id=now[1]["id"], student_id=vera, value="4")
    term = made.year["terms"][0]["id"]
    old, new = (made.call(Journal.journal_page, teacher, course_id=one["id"], term_id=term) for one in (first, second))
    assert vera in old["student_ids"]
    assert [one["id"] for one in old["marks"]] == [mark["id"]]
    times = [(one["since"], one["until"]) for one in old["members"] if one["student_id"] == vera]
    assert times == [(days(-90).isoformat(), days(-1).isoformat())]
    assert (new["student_ids"], [one["id"] for one in new["marks"]]) == ([vera], [later["id"]])
    assert lessons_in_diary(made, days(-7)) & {one["id"] for one in (before, *now)} == {before["id"]}
    assert lessons_in_diary(made, TODAY) & {one["id"] for one in (before, *now)} == {now[1]["id"]}


def lessons_in_diary(made: Any, day: date) -> set[str]:
    """Lessons of Vera's day."""
    vera = made.school.vera
    week = made.call(Journal.diary_week, vera, student_id=vera.person_id, date=day)
    return {one["lesson_id"] for each in week["days"] if each["date"] == day.isoformat() for one in each["lessons"]}


def test_a_move_back_on_the_same_day_leaves_one_membership(made: Any, physics: Any) -> None:
    school = made.school
    everybody = ids(school.anna, school.boris, school.vera)
    first, second = split(made, physics, ids(school.anna), ids(school.boris, school.vera))
    wanted = [group(everybody, "группа 1", first), group([], "группа 2", second)]
    made.call(Groups.split_class, course_id=physics["id"], since=TODAY, groups=wanted)
    assert set(made.members(first["id"]).values()) == {(days(-90).isoformat(), None)}
    assert made.members(second["id"]) == {}


def test_who_comes_into_a_class_of_groups_is_in_none_until_somebody_places_them(made: Any, physics: Any) -> None:
    school = made.school
    split(made, physics, ids(school.anna, school.boris), ids(school.vera))
    school.move(school.gleb, school.class_a)
    school.tell()
    shown = made.call(Groups.groups, course_id=physics["id"])
    assert str(school.gleb.person_id) in [one["student_id"] for one in shown["candidates"]]
    assert str(school.gleb.person_id) not in {one for each in shown["groups"] for one in each["student_ids"]}


def test_only_the_groups_teachers_and_the_methodologist_split(made: Any, physics: Any) -> None:
    school = made.school
    command = {
        "course_id": physics["id"], "since": TODAY,
        "groups": [group(ids(school.anna), "1", physics), group(ids(school.boris), "2")],
    }  # fmt: skip
    with pytest.raises(Forbidden, match="Only a teacher"):
        made.call(Groups.split_class, school.homeroom_a, **command)
    with pytest.raises(NotFound):
        made.call(Groups.split_class, school.other_teacher, **command)
    with pytest.raises(Forbidden):
        made.call(Groups.split_class, school.director, **command)
    assert made.call(Groups.groups, school.homeroom_a, course_id=physics["id"])["may_split"] is False
    assert made.call(Groups.groups, school.teacher, course_id=physics["id"])["may_split"] is True


def test_what_somebody_changed_first_is_shown(made: Any, physics: Any) -> None:
    school = made.school
    split(made, physics, ids(school.anna), ids(school.boris))
    with pytest.raises(Stale) as stale:
        split(made, physics, ids(school.anna, school.boris), [])
    assert [one["group_name"] for one in stale.value.params["present"]["groups"]] == ["группа 1", "группа 2"]


@pytest.mark.parametrize(
    ("names", "students", "since", "field"),
    [
        (("1", "1"), ("anna", "boris"), 0, "groups.1.group_name"),
        (("1", ""), ("anna", "boris"), 0, "groups.1.group_name"),
        (("1", "2"), ("anna", "anna"), 0, "groups.1.student_ids.0"),
        (("1", "2"), ("anna", "gleb"), 0, "groups.1.student_ids.0"),
        (("1", "2"), ("anna", "boris"), 500, "since"),
    ],
    ids=["one name", "no name", "in two groups", "of another class", "after the year"],
)
def test_groups_that_cannot_be_are_refused(
    made: Any, physics: Any, names: tuple[str, str], students: tuple[str, str], since: int, field: str
) -> None:
    chosen = [ids(getattr(made.school, name)) for name in students]
    wanted = [group(chosen[0], names[0], physics), group(chosen[1], names[1])]
    with pytest.raises(Invalid) as refusal:
        made.call(Groups.split_class, course_id=physics["id"], since=days(since), groups=wanted)
    assert refusal.value.field == field
    assert len(made.members(physics["id"])) == 3


def test_an_imported_course_that_is_split_is_kept_by_people_from_then_on(made: Any) -> None:
    school = made.school
    algebra = made.call(Courses.course, course_id=school.algebra)
    wanted = [group(ids(school.anna), "группа 1", algebra), group(ids(school.boris, school.vera), "группа 2")]
    answer = made.call(Groups.split_class, course_id=algebra["id"], since=TODAY, groups=wanted)
    assert {one["title"] for one in answer["groups"]} == {"Алгебра, группа 1", "Алгебра, группа 2"}
    school.move(school.anna, school.class_b)
    school.tell()
    assert made.members(algebra["id"])[str(school.anna.person_id)][1] == days(-1).isoformat()


def test_a_group_across_classes_takes_students_of_its_grade(made: Any) -> None:
    school = made.school
    subject = made.subject("Хор")
    choir = made.call(
        Courses.make_course, year_id=made.year["id"], subject_id=subject["id"], group_name="старший", grade=7
    )
    both = ids(school.anna, school.gleb)
    answer = made.call(Groups.split_class, course_id=choir["id"], since=TODAY, groups=[group(both, "старший", choir)])
    assert answer["groups"][0]["student_ids"] == both
    assert len(answer["candidates"]) == 4


def test_splitting_takes_as_many_statements_for_few_students_as_for_many(made: Any) -> None:
    school, costs = made.school, []
    for name, students in (("Физика", [school.anna]), ("Химия", [school.anna, school.boris, school.vera])):
        course = made.course(name)
        wanted = [group(ids(*students), "1", course), group([], "2")]
        with statements(school.town.gradebook.unit_of_work.engine) as seen:
            made.call(Groups.split_class, course_id=course["id"], since=TODAY, groups=wanted)
        costs.append([one.split()[0] for one in seen])
    # who leaves is one statement that the second course, which all stay in, need not have
    assert abs(len(costs[0]) - len(costs[1])) <= 1
