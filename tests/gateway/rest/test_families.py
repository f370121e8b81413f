"""What families see through the door: their own children, and nobody else's."""

from __future__ import annotations

import pytest
from uuid_utils.compat import uuid7

from kernel.errors import TimedOut, Unavailable
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site, operator
from tests.kit.people import TODAY
from tests.kit.town import School

SPAN = f"starts_on={TODAY}&ends_on={TODAY}"
PATHS = (f"/diary?date={TODAY}", f"/marks?{SPAN}", f"/absences?{SPAN}")


@pytest.fixture(autouse=True)
def a_lesson_of_today(door: Site, school: School) -> None:
    """Anna got a mark and came late."""
    mark = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5"}
    answered(door.asking(school.teacher).post("/marks", json=mark), 201)
    absences = [{"student_id": str(school.anna.person_id), "code": "О", "minutes": 5}]
    check = door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json={"absences": absences})
    answered(check)


def of(school: School, who: str, path: str) -> str:
    return f"/students/{getattr(school, who).person_id}{path}"


def test_a_parent_reads_the_week_with_marks_and_absences(door: Site, school: School) -> None:
    week = answered(door.asking(school.mother).get(of(school, "anna", PATHS[0])))
    assert [day["date"] for day in week["days"]] == sorted(day["date"] for day in week["days"])
    assert len(week["days"]) == 7
    (today,) = [day for day in week["days"] if day["date"] == str(TODAY)]
    assert [mark["value"] for lesson in today["lessons"] for mark in lesson["marks"]] == ["5"]
    assert [(one["code"], one["minutes"]) for one in week["absences"]] == [("О", 5)]
    assert week["missing"] == []


def test_a_parent_reads_marks_with_their_mean(door: Site, school: School) -> None:
    subjects = answered(door.asking(school.mother).get(of(school, "anna", PATHS[1])))["subjects"]
    (algebra,) = [subject for subject in subjects if subject["course_id"] == str(school.algebra)]
    assert ([mark["value"] for mark in algebra["marks"]], algebra["mean"]["value"]) == (["5"], "5.00")


def test_a_parent_reads_absences(door: Site, school: School) -> None:
    absences = answered(door.asking(school.mother).get(of(school, "anna", PATHS[2])))["absences"]
    assert [one["code"] for one in absences] == ["О"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["anna", "mother", "homeroom_a", "director", "methodologist"])
def test_whom_a_student_concerns_may_read(door: Site, school: School, who: str, path: str) -> None:
    assert answered(door.asking(getattr(school, who)).get(of(school, "anna", path)))["student_id"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["boris", "other_mother", "father", "homeroom_b", "other_teacher"])
def test_another_familys_child_is_as_none(door: Site, school: School, who: str, path: str) -> None:
    """The father has consented to e-mail alone: not to the portal."""
    stranger = door.asking(getattr(school, who))
    answer = stranger.get(of(school, "anna", path))
    refused(answer, 404)
    same_refusal(answer, stranger.get(f"/students/{uuid7()}{path}"))


@pytest.mark.parametrize("path", PATHS)
def test_another_schools_child_is_as_none(door: Site, school: School, path: str) -> None:
    director = door.asking(School(door.town).director)
    answer = director.get(of(school, "anna", path))
    refused(answer, 404)
    same_refusal(answer, director.get(f"/students/{uuid7()}{path}"))


def test_a_consent_withdrawn_closes_the_diary(door: Site, school: School) -> None:
    mother = door.asking(school.mother)
    answered(mother.get(of(school, "anna", PATHS[0])))
    withdrawn = {
        "guardian_id": str(school.mother.person_id), "student_id": str(school.anna.person_id), "purpose": "portal",
        "granted": False,
    }  # fmt: skip
    consent = door.asking(school.methodologist).post("/consents", json=withdrawn)
    assert answered(consent, 201)["granted"] is False
    door.carry()
    refused(mother.get(of(school, "anna", PATHS[0])), 404)


@pytest.mark.parametrize(
    "away", [Unavailable("The service {service} is away.", rule="no-route", service="attendance"), TimedOut("…")]
)
def test_the_diary_comes_without_absences_while_attendance_is_away_and_says_so(
    door: Site, school: School, away: Exception
) -> None:
    with door.bus.without("attendance", away):
        week = answered(door.asking(school.mother).get(of(school, "anna", PATHS[0])))
    assert (week["absences"], week["missing"]) == ([], ["absences"])
    assert any(lesson["marks"] for day in week["days"] for lesson in day["lessons"])


def test_an_operator_sees_no_child(door: Site, school: School) -> None:
    for path in PATHS:
        refused(door.asking(operator()).get(of(school, "anna", path)), 403, "role")
