"""The page of the school, and what follows from its time zone."""

from __future__ import annotations

from datetime import timedelta

from uuid_utils.compat import uuid7

from kernel.clock import local_date, now
from tests.gateway.answers import answered
from tests.gateway.pages.test_pages import send, shown
from tests.gateway.site import Site
from tests.kit.town import School

#: Zones whose clocks are 26 hours apart: whatever the hour here, they never have the same date.
WESTERNMOST, EASTERNMOST = "Etc/GMT+12", "Pacific/Kiritimati"


def test_p34_zone_of_a_school_decides_what_today_is_for_marks_lessons_checks_and_pages(
    door: Site, school: School
) -> None:
    director, teacher = door.asking(school.director), door.asking(school.teacher)
    day = local_date(now(), EASTERNMOST)
    lesson = school.add_lesson(uuid7(), school.algebra, day, 5)
    mark = {"lesson_id": str(lesson), "student_id": str(school.anna.person_id), "value": "5"}
    homeroom = door.asking(school.homeroom_a)
    visit = door.visit(school.teacher)

    answered(director.put("/school/time-zone", json={"time_zone": WESTERNMOST}))
    door.carry()
    assert teacher.post("/marks", json=mark).status_code == 422
    assert homeroom.put(f"/lessons/{lesson}/check", json={"absences": []}).status_code == 422
    assert visit.get("/day").headers.get("Location", "/day").endswith("/day")
    western = visit.get("/day").text

    answered(director.put("/school/time-zone", json={"time_zone": EASTERNMOST}))
    door.carry()
    assert teacher.post("/marks", json=mark).status_code == 201
    assert homeroom.put(f"/lessons/{lesson}/check", json={"absences": []}).status_code == 200
    eastern = visit.get("/day").text
    before = f'href="/day/{day - timedelta(days=1)}" rel="prev"'
    assert before in eastern
    assert before not in western
    assert local_date(now(), EASTERNMOST) == day, "midnight passed in Kiritimati while this ran"


def test_p34_zone_of_a_school_is_changed_on_its_page_which_keeps_who_did_it(door: Site, school: School) -> None:
    client = door.visit(school.director)
    refused = send(client, "/school", time_zone="Asia/Atlantis")
    shown(refused, "Asia/Atlantis", status=422)
    saved = send(client, "/school", time_zone="Asia/Kamchatka")
    assert (saved.status_code, saved.headers["Location"]) == (303, "/school")
    page = shown(client.get("/school"), "Сохранено.", "Asia/Kamchatka", "Иванова М.")
    assert '<option value="Asia/Omsk">' in page
    reader = door.visit(school.methodologist)
    assert "Иванова М." in shown(reader.get("/school"), "Asia/Kamchatka")
    assert 'name="time_zone"' not in reader.get("/school").text
