"""A school's year, lived on the embedded and on the real stack: from a calendar and files of a timetable and a plan to
what a family sees of a week with a snow day, somebody who stands in and a timetable that changes in mid-term.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import requests

from kernel.waiting import eventually
from tests.e2e.stack import Stack, Visitor, password_in
from tests.gradebook.timetable_import.test_real_files import SHEET, Week, plain, weeks_of
from tests.shared import shared

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

PLAN = "plans/ktp_informatika_10.xlsx"
DAY = timedelta(days=1)


# --- an empty school -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(stack: Stack) -> Visitor:
    """The methodologist, who is the director too, of a school in which there is nothing yet."""
    printed = stack.lyceum("school", "create", "Школа новая", "--director", "Новикова Анна")
    director = stack.login(*password_in(printed))
    person_id = director.get("/me")["memberships"][0]["person_id"]
    director.send("POST", f"/people/{person_id}/roles", {"role": "methodologist"}, 200)
    return stack.login(*password_in(printed))


@pytest.fixture(scope="module")
def year(office: Visitor) -> dict[str, Any]:
    """A year of quarters around today, with bells."""
    today = date.today()  # noqa: DTZ011  # any day near is as good
    starts_on = today - timedelta(days=60)
    made = office.send("POST", "/years", {
        "title": "Год", "starts_on": str(starts_on), "ends_on": str(today + timedelta(days=200)),
    })  # fmt: skip
    path, version = f"/years/{made['id']}", {"If-Match": f'"{made["version"]}"'}
    terms = [{"title": "I четверть", "starts_on": made["starts_on"], "ends_on": made["ends_on"]}]
    made = office.send("PUT", f"{path}/terms", {"division": "quarters", "terms": terms}, 200, **version)
    bells = [{"number": n, "starts": f"{7 + n:02}:30", "ends": f"{8 + n:02}:10"} for n in range(1, 9)]
    schedule = {"title": "Обычные", "valid_from": made["starts_on"], "bells": bells}
    office.send("PUT", f"{path}/bells", schedule, 200, **{"If-Match": f'"{made["version"]}"'})
    return made


def handed_in(office: Visitor, path: str, content: bytes, name: str, **query: Any) -> dict[str, Any]:
    """The answer to a file in a form."""
    answer = office.ask("POST", path, files={"file": (name, content)}, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_an_empty_school_takes_its_timetable_from_a_real_sheet(office: Visitor, year: dict[str, Any]) -> None:
    content = shared(SHEET).read_bytes()
    path, monday = f"/years/{year['id']}/timetable/file", _monday_after(date.fromisoformat(year["starts_on"]))
    read = handed_in(office, path, content, "raspisanie.xlsx", from_date=monday, unknown_is_new=True)
    assert not read["refused"]
    missing = [one["name"] for one in read["names"] if one["kind"] == "class"]
    classes = [{"name": name, "grade": int("".join(filter(str.isdigit, name)))} for name in missing]
    office.send("POST", "/classes", {"classes": classes}, 200)
    chosen = {"file": read["file"], "from_date": str(monday), "unknown_is_new": True, "names": []}
    chosen["names"] = [
        {"kind": one["kind"], "name": one["name"], "means": "none"} for one in read["names"] if one["kind"] == "teacher"
    ]
    # the gradebook hears of the classes by an event
    read = eventually(lambda: _closed(office, path, chosen), 30, "every name of the file means something")
    version = {"If-Match": f'"{read["version"]}"'}
    office.send("POST", f"{path}/taken", chosen, 200, **version)
    expected = weeks_of(content)
    by_name = {plain(one["name"]): one["id"] for one in office.get("/classes")["classes"]}
    named = {name: by_name[plain(name)] for name in expected}
    day = monday + 7 * DAY
    for name, class_id in list(named.items())[:3]:
        places = _places(expected[name])
        eventually(
            lambda i=class_id, p=places: _week(office, i, day) == p, 120, f"the week of {name} is the sheet's",
            ignoring=(AssertionError,),  # a busy machine may not answer in time
        )  # fmt: skip


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _closed(office: Visitor, path: str, chosen: dict[str, Any]) -> dict[str, Any] | None:
    """What a file would change, once nothing of it is open and no class is missing."""
    read = office.send("POST", f"{path}/reading", chosen, 200)
    return read if not read["open"] and not read["counts"]["new_classes"] else None


def _places(week: Week) -> dict[tuple[int, int], int]:
    """Weekday and number → how many lessons the sheet has there."""
    return {place: len(held) for place, held in week.items() if held}


def _week(office: Visitor, class_id: str, day: date) -> dict[tuple[int, int], int]:
    """Weekday and number → how many lessons a class has there."""
    found: dict[tuple[int, int], int] = {}
    for each in office.get(f"/classes/{class_id}/weeks/{day}")["days"]:
        weekday = date.fromisoformat(each["date"]).isoweekday()
        for one in each["lessons"]:
            found[weekday, one["number"]] = found.get((weekday, one["number"]), 0) + 1
    return found


def test_an_empty_school_takes_a_plan_from_a_real_file(office: Visitor, year: dict[str, Any]) -> None:
    read = handed_in(office, "/plans/files", shared(PLAN).read_bytes(), "ktp.xlsx")
    subject = office.send("POST", "/subjects", {"name": "Информатика и ИКТ"})
    chosen = {"file": read["file"], "subject_id": subject["id"], "grade": 10, "year_id": year["id"]}
    plan = office.send("POST", "/plans/imports", chosen)
    assert len(plan["topics"]) == len(read["topics"]) == 8


# --- the demo school -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keeper(stack: Stack) -> Visitor:
    """The demo school's methodologist, once its year's lessons follow from its timetable."""
    keeper = stack.demo("methodologist")
    course = stack.demo("teacher").get("/courses", mine=True)["courses"][0]
    far = date.today() + timedelta(days=30)  # noqa: DTZ011  # any day near is as good

    def laid() -> bool:
        weeks = (keeper.get(f"/classes/{course['class_id']}/weeks/{far + 7 * ahead * DAY}") for ahead in range(3))
        return any(each["lessons"] for week in weeks for each in week["days"])

    eventually(laid, 120, "the lessons of the demo school's year are laid")
    return keeper


@pytest.fixture
def coming(stack: Stack, keeper: Visitor) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A course of the student's, and its lessons of a later week in which it has some."""
    student = stack.demo("student").get("/me")["memberships"][0]["person_id"]
    day = date.today() + timedelta(days=14)  # noqa: DTZ011  # any day near is as good
    for ahead in range(8):
        lessons = [
            {**one, "date": each["date"]}
            for each in keeper.get(f"/students/{student}/weeks/{day + 7 * ahead * DAY}")["days"]
            for one in each["lessons"]
            if not one["state"]
        ]
        if len(lessons) > 5:
            break
    course = keeper.get(f"/courses/{lessons[0]['course_id']}")
    return course, [one for one in lessons if one["course_id"] == course["id"]]


def seen_by_family(stack: Stack, day: str) -> dict[str, dict[str, Any]]:
    """The lessons of a day in the diary, by their ids."""
    parent = stack.demo("parent")
    student = stack.demo("student").get("/me")["memberships"][0]["person_id"]
    diary = parent.get(f"/students/{student}/diary", date=day)
    return {one["lesson_id"]: one for each in diary["days"] if each["date"] == day for one in each["lessons"]}


def feed_of(stack: Stack) -> Any:
    """Reads the student's calendar feed anew, as a phone does, without signing in."""
    student = stack.demo("student")
    person_id = student.get("/me")["memberships"][0]["person_id"]
    secret = student.send("POST", "/me/calendar-feed", {"student_id": person_id}, 201)["secret"]

    def read() -> dict[str, Any]:
        answer = requests.get(f"{stack.address}/calendars/{secret}.ics", timeout=30)
        assert answer.status_code == 200, answer.text
        calendar = icalendar.Calendar.from_ical(answer.content)
        return {str(event["UID"]): event for event in calendar.walk("VEVENT")}

    return read


def test_a_cancelled_lesson_and_who_stands_in_are_seen_by_all(stack: Stack, keeper: Visitor, coming: Any) -> None:
    course, (lesson, *_) = coming
    read = feed_of(stack)
    before = read()
    stand_in = next(
        one["id"] for one in keeper.everybody(role="teacher")
        if one["id"] not in course["teacher_ids"] and one["id"] not in _busy(keeper, lesson)
    )  # fmt: skip
    change = {"lesson_id": lesson["lesson_id"], "version": 0, "teacher_id": stand_in, "reason": "больничный"}
    assert keeper.send("POST", "/lessons/changes", {"changes": [change]}, 200)["saved"]
    assert seen_by_family(stack, lesson["date"])[lesson["lesson_id"]]["teacher_id"] == stand_in
    change = {"lesson_id": lesson["lesson_id"], "version": 1, "cancelled": True, "reason": "мороз"}
    assert keeper.send("POST", "/lessons/changes", {"changes": [change]}, 200)["saved"]
    seen = seen_by_family(stack, lesson["date"])[lesson["lesson_id"]]
    assert (seen["state"], seen["reason"]) == ("cancelled", "мороз")
    after = read()
    cancelled = [uid for uid, event in after.items() if str(event.get("STATUS", "")) == "CANCELLED"]
    assert any(lesson["lesson_id"] in uid for uid in cancelled)
    assert before.keys() == after.keys()
    keeper.send("POST", "/lessons/changes", {"changes": [{"lesson_id": lesson["lesson_id"], "version": 2}]}, 200)


def _busy(keeper: Visitor, lesson: dict[str, Any]) -> set[str]:
    day = keeper.get(f"/days/{lesson['date']}/lessons")
    return {teacher for one in day["busy"] if one["number"] == lesson["number"] for teacher in one["teacher_ids"]}


def days_changed(keeper: Visitor, **body: Any) -> dict[str, Any]:
    """The calendar of the demo school's year after a change of its days."""
    path = f"/years/{keeper.get('/calendar')['years'][0]['id']}"
    version = keeper.get(path)["version"]
    found: dict[str, Any] = keeper.send("PATCH", f"{path}/days", body, 200, **{"If-Match": f'"{version}"'})
    return found


def test_a_snow_day_takes_its_lessons_and_gives_them_back(stack: Stack, keeper: Visitor, coming: Any) -> None:
    _, (lesson, *_) = coming
    day = lesson["date"]
    snow = {"kind": "closed", "name": "Мороз", "first": day, "last": day}
    kept = days_changed(keeper, days_off=[snow])
    eventually(lambda: not seen_by_family(stack, day), 60, "no lesson is left on the day")
    (made,) = [one for one in kept["days_off"] if one["name"] == "Мороз"]
    days_changed(keeper, removed=[made["id"]])
    eventually(lambda: lesson["lesson_id"] in seen_by_family(stack, day), 60, "the lessons are back, the same ones")


def test_a_sunday_that_is_worked_is_taught_by_the_timetable_of_another_weekday(
    stack: Stack, keeper: Visitor, coming: Any
) -> None:
    _, (lesson, *_) = coming
    day = date.fromisoformat(lesson["date"])
    sunday = str(day + (7 - day.isoweekday()) * DAY)

    def taught(on: str) -> set[tuple[str, int]]:
        return {(one["course_id"], one["number"]) for one in seen_by_family(stack, on).values()}

    as_usual = taught(str(day))
    assert as_usual
    assert not taught(sunday)
    kept = days_changed(keeper, moved_days=[{"date": sunday, "weekday": day.isoweekday()}])
    eventually(lambda: taught(sunday) == as_usual, 60, "the lessons of the other weekday are held")
    (made,) = [one for one in kept["moved_days"] if one["date"] == sunday]
    days_changed(keeper, removed=[made["id"]])
    eventually(lambda: not taught(sunday), 60, "the Sunday is free again")
    assert taught(str(day)) == as_usual


def test_a_timetable_that_changes_in_mid_term_moves_what_is_empty_alone(
    stack: Stack, keeper: Visitor, coming: Any
) -> None:
    course, (lesson, *_) = coming
    path = f"/years/{course['year_id']}/timetable"
    day = lesson["date"]
    week = keeper.get(path, class_id=course["class_id"], date=day)
    weekday = date.fromisoformat(day).isoweekday()
    (entry,) = [
        one for one in week["entries"]
        if (one["course_id"], one["weekday"], one["number"]) == (course["id"], weekday, lesson["number"])
    ]  # fmt: skip
    free = 7 + 1
    command = {
        "from_date": day, "remove": [entry["id"]], "despite_collisions": True,
        "add": [{"course_id": course["id"], "weekday": weekday, "number": free}],
    }  # fmt: skip
    done = keeper.send("PATCH", path, command, 200, **{"If-Match": f'"{week["version"]}"'})
    assert done["saved"]
    seen = seen_by_family(stack, day)
    assert lesson["lesson_id"] not in seen
    assert [one["number"] for one in seen.values() if one["course_id"] == course["id"]] == [free]
    stale = keeper.ask("PATCH", path, json=command, headers={"If-Match": f'"{week["version"]}"'})
    assert stale.status_code == 412
    keeper.send("POST", f"{path}/undo", {"edit": done["version"]}, 200)
    assert lesson["lesson_id"] in seen_by_family(stack, day)


def test_a_class_split_in_mid_term_shows_each_student_the_own_group(stack: Stack, keeper: Visitor, coming: Any) -> None:
    """The groups there are change places from a day on; before it everything stays as it was."""
    student = stack.demo("student").get("/me")["memberships"][0]["person_id"]
    grouped = next(
        one for one in keeper.get("/courses")["courses"]
        if one["group_name"] and any(
            member["student_id"] == student and member["until"] is None
            for member in keeper.get(f"/courses/{one['id']}")["members"]
        )
    )  # fmt: skip
    _, (lesson, *_) = coming
    day = date.fromisoformat(lesson["date"])
    found = keeper.get(f"/courses/{grouped['id']}/groups", date=str(day))
    first, second = found["groups"]
    swapped = [
        {"course_id": one["id"], "version": one["version"], "group_name": one["group_name"], "student_ids": other}
        for one, other in ((first, second["student_ids"]), (second, first["student_ids"]))
    ]
    keeper.send("PUT", f"/courses/{grouped['id']}/groups", {"since": str(day), "groups": swapped}, 200)

    def of_groups(at: date) -> set[str]:
        week = keeper.get(f"/students/{student}/weeks/{at}")
        mine = {first["id"], second["id"]}
        return {one["course_id"] for each in week["days"] for one in each["lessons"]} & mine

    other = second if grouped["id"] == first["id"] else first
    assert of_groups(day + 7 * DAY) == {other["id"]}
    assert of_groups(date.today() - 7 * DAY) <= {grouped["id"]}  # noqa: DTZ011  # any day near is as good
