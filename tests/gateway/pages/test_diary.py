"""What families read in the diary of homework, and what its teacher is told of a due day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.pages.family import diary
from services.gradebook.calendar.rules.public_holidays import PUBLIC_HOLIDAYS
from tests.gateway.pages.test_day import typed
from tests.gateway.pages.test_pages import shown
from tests.gateway.pages.test_texts import words
from tests.gateway.site import Site
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

EARLIER = TODAY - timedelta(days=10)


def give(door: Site, school: School, lesson_id: UUID, homework: str, due: date | None = None) -> None:
    """The teacher of algebra sets homework."""
    body = {"homework": homework, "homework_due": due and due.isoformat()}
    answer = door.asking(school.teacher).patch(f"/lessons/{lesson_id}", json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text


def test_d17_where_letters_lead_adds_the_place_on_the_page_after_signing_in(door: Site, school: School) -> None:
    anna, lesson = school.anna.person_id, school.lesson
    path = f"/diary/{anna}/days/{TODAY}?lesson={lesson}&school={school.id}"
    client = door.app.test_client()
    away = client.get(path)
    assert away.status_code == 303
    form = dict(re.findall(r'name="(csrf_token|next)" value="([^"]+)"', client.get(away.headers["Location"]).text))
    form |= {"login": door.login(school.mother), "password": PASSWORD, "next": unescape(form["next"])}
    back = client.post("/login", data=form)
    assert (back.status_code, back.headers["Location"]) == (303, path)
    there = client.get(path)
    assert (there.status_code, there.headers["Location"]) == (303, f"/diary/{anna}?date={TODAY}#lesson-{lesson}")
    assert f'id="lesson-{lesson}"' in shown(client.get(there.headers["Location"]))
    of_day = client.get(f"/diary/{anna}/days/{TODAY}")
    assert of_day.headers["Location"] == f"/diary/{anna}?date={TODAY}#day-{TODAY}"
    assert f'id="day-{TODAY}"' in shown(client.get(of_day.headers["Location"]))
    assert client.get(f"/diary/{anna}/days/{TODAY}?lesson=//evil.example").status_code == 422


def days_from(first: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range(14)]


def card(door: Site, path: str, day: date, who: Any) -> str:
    """The words of a day in the diary."""
    page = shown(door.visit(who).get(path))
    found = re.search(rf'<section [^>]*aria-labelledby="day-{day}".*?</section>', page, re.DOTALL)
    assert found, "the day is not on the page"
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", found[0]))


def test_d10_homework_is_read_at_the_lesson_at_which_it_is_due_and_quietly_where_it_was_given(
    door: Site, school: School
) -> None:
    give(door, school, school.add_lesson(uuid7(), school.algebra, EARLIER, 1), "№ 5")
    anna = f"/diary/{school.anna.person_id}"
    today = card(door, anna, TODAY, school.mother)
    assert re.search("Алгебра.*На этот урок: № 5", today)
    earlier = card(door, f"{anna}?date={EARLIER}", EARLIER, school.mother)
    assert re.search(rf"Алгебра.*Задано на {TODAY.day} \w+: № 5", earlier)
    assert "На этот урок" not in earlier


def test_d10_homework_due_on_a_day_without_a_lesson_of_its_course_is_read_by_itself(door: Site, school: School) -> None:
    first = TODAY + timedelta(days=2)
    due = next(one for one in days_from(first) if one.isoweekday() != 7 and not is_public_holiday(one))
    give(door, school, school.lesson, "Проект", due)
    day = card(door, f"/diary/{school.anna.person_id}?date={due}", due, school.mother)
    assert re.search("Алгебра На этот день: Проект", day)


def is_public_holiday(day: date) -> bool:
    return (day.month, day.day) in PUBLIC_HOLIDAYS


def test_d10_homework_that_no_planned_lesson_awaits_stays_in_view_where_it_was_given(
    door: Site, school: School
) -> None:
    give(door, school, school.tomorrows_lesson, "№ 7")
    tomorrow = TODAY + timedelta(days=1)
    day = card(door, f"/diary/{school.anna.person_id}?date={tomorrow}", tomorrow, school.mother)
    assert "завтра" in day
    assert "Домашнее задание: № 7 (к следующему уроку)" in day


def test_d10_behind_a_week_that_is_over_stands_the_next_day_with_lessons(
    door: Site, school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(diary, "LAST_DAYS", 0)  # whatever day of the week the test runs on
    monday = TODAY + timedelta(days=7 - TODAY.weekday())
    wednesday = monday + timedelta(days=2)
    school.add_lesson(uuid7(), school.english, wednesday, 1)
    gleb = f"/diary/{school.gleb.person_id}"
    assert re.search("следующий учебный день.*Английский", card(door, gleb, wednesday, school.glebs_mother))
    for other in (TODAY - timedelta(days=7), monday):
        page = words(door.visit(school.glebs_mother).get(f"{gleb}?date={other}"))
        assert "следующий учебный день" not in page
    school.add_lesson(uuid7(), school.english, monday + timedelta(days=1), 1)
    assert "Английский" in card(door, gleb, monday + timedelta(days=1), school.glebs_mother)
    assert f'id="day-{wednesday}"' not in door.visit(school.glebs_mother).get(gleb).text


@pytest.mark.parametrize(
    ("today", "taught", "over"),
    [
        (4, 4, True), (5, 4, True), (6, 0, True),  # Friday, Saturday, Sunday
        (4, 5, False), (3, 3, False), (-1, 0, False), (7, 0, False),
    ],
)  # fmt: skip
def test_d10_a_week_is_over_on_its_last_days_once_nothing_is_to_come(today: int, taught: int, over: bool) -> None:
    monday = date(2026, 11, 23)
    days: list[dict[str, Any]] = [
        {"date": str(monday + timedelta(days=each)), "lessons": [{}] if each == taught else [], "due_homework": []}
        for each in range(7)
    ]
    assert diary.is_over(days, monday + timedelta(days=today)) is over
    days[6]["due_homework"] = [{}]
    assert not diary.is_over(days, monday + timedelta(days=min(today, 5)))


def test_d10_a_due_day_without_school_is_refused_at_its_field_and_what_was_typed_is_kept(
    door: Site, school: School
) -> None:
    client, path = door.visit(school.teacher), f"/day/{TODAY}"
    sunday = next(day for day in days_from(TODAY + timedelta(days=2)) if day.isoweekday() == 7)
    homework, due = f"homework-{school.lesson}", f"homework_due-{school.lesson}"
    form = typed(client, **{f"topic-{school.lesson}": "Дроби", homework: "№ 5", due: str(sunday)})
    page = shown(client.post(path, data=form), ">Дроби</textarea>", ">№ 5</textarea>", f'value="{sunday}"', status=422)
    field = re.search(rf'<input[^>]*name="{due}"[^>]*>', page)
    assert field
    for told in ("is-invalid", "autofocus", f'aria-describedby="fault-{school.lesson}"'):
        assert told in field[0]
    assert page.count("autofocus") == 1
    fault = page[page.index(f'id="fault-{school.lesson}"') :].partition("</div>")[0]
    assert "воскресенье: уроков нет. Выберите учебный день или оставьте поле пустым" in fault
    assert client.post(path, data={**form, due: ""}).status_code == 303


def test_d10_the_api_tells_what_is_due_and_when(door: Site, school: School) -> None:
    giving = school.add_lesson(uuid7(), school.algebra, EARLIER, 1)
    give(door, school, giving, "№ 5")
    path = f"/students/{school.anna.person_id}/diary?date="
    mother = door.asking(school.mother)
    lessons = {day["date"]: day["lessons"] for day in mother.get(f"{path}{EARLIER}").json["days"]}
    assert [one["due_on"] for one in lessons[str(EARLIER)]] == [str(TODAY)]
    days = {day["date"]: day for day in mother.get(f"{path}{TODAY}").json["days"]}
    (algebra,) = days[str(TODAY)]["lessons"]
    assert all(one.pop("to_do") for one in algebra["due_homework"])
    assert algebra["due_homework"] == [
        {
            "lesson_id": str(giving), "given_on": str(EARLIER), "course_id": str(school.algebra), "title": "Алгебра",
            "homework": "№ 5",
        }
    ]  # fmt: skip
    assert days[str(TODAY)]["due_homework"] == []


def test_families_read_in_the_diary_what_is_owed(door: Site, school: School) -> None:
    due = TODAY + timedelta(days=2)
    entry = {"key": str(uuid7()), "lesson_id": str(school.lesson), "student_id": str(school.anna.person_id)}
    entries = {"entries": [{**entry, "text": f".{due:%d.%m.%Y}", "seen": None}]}
    door.asking(school.teacher).post(f"/courses/{school.algebra}/entries", json=entries)
    for reader in (school.mother, school.anna):
        page = shown(door.visit(reader).get(f"/diary/{school.anna.person_id}?date={EARLIER}"))
        told = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page[page.index('id="owed"') :].partition("</section>")[0]))
        assert "Нужно сдать Алгебра : Ответ на уроке, за урок" in told
        assert f"до {due.day} " in told
        assert "срок прошёл" not in told
    assert 'id="owed"' not in shown(door.visit(school.other_mother).get(f"/diary/{school.boris.person_id}"))
