"""Calendar, courses, journal pages, lessons through the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site
from tests.kit.people import TODAY
from tests.kit.town import School


def term_of(door: Site, school: School) -> str:
    (year,) = answered(door.asking(school.teacher).get("/calendar"))["years"]
    return year["terms"][0]["id"]


def test_everybody_of_the_school_reads_calendar_and_kinds_of_work(door: Site, school: School) -> None:
    for who in (school.teacher, school.mother, school.anna, school.director):
        assert len(answered(door.asking(who).get("/calendar"))["years"]) == 1
        assert [kind["name"] for kind in answered(door.asking(who).get("/kinds"))["kinds"]] == ["Ответ на уроке"]


def test_courses_are_the_own_those_of_a_class_or_all(door: Site, school: School) -> None:
    def ids(path: str, who: str = "teacher") -> set[str]:
        return {course["id"] for course in answered(door.asking(getattr(school, who)).get(path))["courses"]}

    assert ids("/courses?mine=true") == {str(school.algebra)}
    assert ids("/courses", "director") == {str(school.algebra), str(school.english)}
    assert ids(f"/courses?class_id={school.class_b}", "director") == {str(school.english)}
    assert ids(f"/courses?class_id={uuid7()}", "director") == set()


def test_a_journal_page_holds_lessons_students_and_marks(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    answered(teacher.post("/marks", json=mark), 201)
    page = answered(teacher.get(f"/courses/{school.algebra}/journal?term_id={term_of(door, school)}"))
    assert [lesson["id"] for lesson in page["lessons"]] == [str(school.lesson), str(school.tomorrows_lesson)]
    assert set(page["student_ids"]) == {str(who.person_id) for who in (school.anna, school.boris, school.vera)}
    assert [one["value"] for one in page["marks"]] == ["5"]
    assert page["may_write"] is True
    assert (
        answered(door.asking(school.director).get(f"/courses/{school.algebra}/journal?term_id={page['term']['id']}"))[
            "may_write"
        ]
        is False
    )


def test_the_journal_of_another_teacher_or_school_is_as_none(door: Site, school: School) -> None:
    term = term_of(door, school)
    for stranger in (school.other_teacher, School(door.town).director):
        answer = door.asking(stranger).get(f"/courses/{school.algebra}/journal?term_id={term}")
        refused(answer, 404)
        same_refusal(answer, door.asking(stranger).get(f"/courses/{uuid7()}/journal?term_id={term}"))


@pytest.mark.parametrize("path", ["/courses", "/classes", "/people", "/teachers/me/days/2026-11-25"])
@pytest.mark.parametrize("who", ["mother", "anna"])
def test_families_have_no_access_to_the_journal(door: Site, school: School, who: str, path: str) -> None:
    refused(door.asking(getattr(school, who)).get(path), 403, "role")


def test_a_teacher_has_a_day(door: Site, school: School) -> None:
    lessons = answered(door.asking(school.teacher).get(f"/teachers/me/days/{TODAY}"))["lessons"]
    assert [lesson["id"] for lesson in lessons] == [str(school.lesson)]


def test_another_teachers_day_is_for_the_administration(door: Site, school: School) -> None:
    path = f"/teachers/{school.teacher.person_id}/days/{TODAY}"
    assert len(answered(door.asking(school.director).get(path))["lessons"]) == 1
    refused(door.asking(school.other_teacher).get(path), 403, "not-your-day")


def test_a_lesson_is_entered_once_and_can_be_looked_up(door: Site, school: School) -> None:
    teacher = door.asking(school.teacher)
    body = {"course_id": str(school.algebra), "date": str(TODAY + timedelta(days=2)), "number": 4, "topic": "Дроби"}
    body["works_anyway"] = True  # whatever day of the week that is
    answer = teacher.post("/lessons", json=body)
    lesson = answered(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/lessons/{lesson['id']}"
    found = teacher.get(answer.headers["Location"].removeprefix("/api/v1"))
    assert (answered(found)["topic"], found.headers["ETag"]) == ("Дроби", '"1"')
    assert set(found.json["teacher_ids"]) == {str(school.teacher.person_id)}
    refused(teacher.post("/lessons", json=body), 409, "lesson-exists", "number")


def test_topic_and_homework_are_changed_by_version(door: Site, school: School) -> None:
    teacher, path = door.asking(school.teacher), f"/lessons/{school.lesson}"
    homework = {"topic": "Дроби", "homework": "№ 5", "homework_due": str(TODAY + timedelta(days=1))}
    changed = teacher.patch(path, json=homework, headers={"If-Match": '"1"'})
    assert (answered(changed)["homework"], changed.headers["ETag"]) == ("№ 5", '"2"')
    late = teacher.patch(path, json={"topic": "Степени"}, headers={"If-Match": '"1"'})
    assert refused(late, 412, "stale")["present"]["topic"] == "Дроби"
    assert late.headers["ETag"] == '"2"'
    refused(teacher.patch(path, json={"topic": "Степени"}), 428, "if-match-required")


def test_another_teachers_lesson_is_as_none(door: Site, school: School) -> None:
    stranger = door.asking(school.other_teacher)
    answer = stranger.get(f"/lessons/{school.lesson}")
    refused(answer, 404)
    same_refusal(answer, stranger.get(f"/lessons/{uuid7()}"))
    change = stranger.patch(f"/lessons/{school.lesson}", json={"topic": "Чужая"}, headers={"If-Match": '"1"'})
    refused(change, 404)


def test_who_was_absent_is_entered_by_the_homeroom_teacher(door: Site, school: School) -> None:
    homeroom, path = door.asking(school.homeroom_a), f"/lessons/{school.lesson}/check"
    refused(homeroom.get(path), 404, "lesson-not-checked", "lesson_id")
    absences = [{"student_id": str(school.vera.person_id), "code": "О", "minutes": 7}]
    check = answered(homeroom.put(path, json={"absences": absences}))
    assert [(one["code"], one["minutes"]) for one in check["absences"]] == [("О", 7)]
    assert answered(homeroom.get(path))["absences"] == check["absences"]
    assert answered(homeroom.put(path, json={"absences": []}))["absences"] == []


def test_others_enter_no_absences(door: Site, school: School) -> None:
    path = f"/lessons/{school.lesson}/check"
    refused(door.asking(school.teacher).put(path, json={"absences": []}), 403, "not-homeroom-teacher")
    refused(door.asking(school.mother).put(path, json={"absences": []}), 403, "role")
    refused(door.asking(School(door.town).homeroom_a).put(path, json={"absences": []}), 404)


def test_an_unknown_code_names_its_field(door: Site, school: School) -> None:
    absences = [{"student_id": str(school.vera.person_id), "code": "Ы"}]
    answer = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": absences})
    assert refused(answer, 422)["field"] == "absences.0.code"


def test_everybody_of_the_school_reads_the_absence_codes(door: Site, school: School) -> None:
    for who in (school.mother, school.teacher):
        codes = answered(door.asking(who).get("/absence-codes"))["codes"]
        assert {"Н", "Б", "О"} <= {code["code"] for code in codes}
