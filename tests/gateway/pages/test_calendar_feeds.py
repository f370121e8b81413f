"""Calendar feeds: the page that makes their addresses, and what calendars read there."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar as ReadCalendar
from sqlalchemy import update

from contracts.gradebook.calendar_feeds import CalendarFeeds
from gateway.door.feed_limits import OF_FEED, OF_NETWORK
from services.gradebook.calendar_feeds import rules
from services.gradebook.courses.tables import Course
from services.gradebook.lessons.tables import Lesson
from services.gradebook.policy.queries import setting_as_policy
from services.identity.people.tables import Person
from tests.gateway.pages.test_pages import shown
from tests.gateway.site import Site, csrf
from tests.kit import icalendar_text
from tests.kit.calls import call
from tests.kit.icalendar_text import Component
from tests.kit.people import TODAY
from tests.kit.town import School


def make(visit: FlaskClient, page: str = "/week/calendar") -> str:
    """The path of a new address, as a person reads it on the page."""
    answer = visit.post(page, data={"csrf_token": csrf(visit, page)})
    found = re.search(r'value="(http://lyceum\.example)(/calendars/[\w-]{64}\.ics)"', shown(answer))
    assert found, "the page shows the address"
    return found[2]


def page_of(student: Any) -> str:
    return f"/week/students/{student.person_id}/calendar"


def feed(door: Site, path: str, **headers: str) -> Any:
    """What a calendar reads, which has no cookies."""
    return door.app.test_client().get(path, headers=headers)


def events(door: Site, path: str) -> list[Component]:
    """The events of a feed, by day."""
    answer = feed(door, path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return sorted(icalendar_text.read(answer.data).children, key=lambda one: one["DTSTART"])


def stand(school: School, lesson_id: UUID, **how: Any) -> None:
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == lesson_id).values(**how))


def ring(door: Site, school: School) -> None:
    office = door.asking(school.methodologist)
    (year,) = office.get("/calendar").json["years"]
    bells = [{"number": 2, "starts": "09:20", "ends": "10:00"}]
    rung = {"title": "Обычные", "valid_from": year["starts_on"], "bells": bells}
    version = office.get(f"/years/{year['id']}").json["version"]
    answer = office.put(f"/years/{year['id']}/bells", json=rung, headers={"If-Match": f'"{version}"'})
    assert answer.status_code == 200, answer.text


@pytest.fixture
def path(door: Site, school: School) -> str:
    """The address of the mother's feed of Anna's lessons."""
    return make(door.visit(school.mother), page_of(school.anna))


def test_a_feed_says_when_and_where_each_lesson_is(door: Site, school: School, path: str) -> None:
    ring(door, school)
    room = door.asking(school.methodologist).patch("/classrooms", json={"classrooms": [{"name": "214"}]})
    stand(school, school.lesson, classroom_id=UUID(room.json["classrooms"][0]["id"]))
    today, tomorrow = events(door, path)
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        zone = setting_as_policy(session).time_zone
    moments = [datetime.combine(TODAY, time(*at), ZoneInfo(zone)).astimezone(UTC) for at in ((9, 20), (10, 0))]
    assert [today[name] for name in ("DTSTART", "DTEND")] == [f"{one:%Y%m%dT%H%M%SZ}" for one in moments]
    assert today["UID"] == str(school.lesson)
    assert (today.text("SUMMARY"), today.text("LOCATION")) == ("Алгебра", "каб. 214")
    assert (today.text("DESCRIPTION"), today["STATUS"], today["TRANSP"]) == ("2-й урок", "CONFIRMED", "OPAQUE")
    assert tomorrow.parameters("DTSTART") == "VALUE=DATE", "no bell rings for the first lesson"
    assert tomorrow["DTSTART"] == f"{TODAY + timedelta(days=1):%Y%m%d}"
    assert icalendar_text.read(feed(door, path).data).text("NAME") == "Уроки, 7А"


def test_another_reader_reads_the_same(door: Site, school: School, path: str) -> None:
    title = "Алгебра; начала, анализ\\геометрия и ещё очень много слов, чтобы строку пришлось переносить"
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        session.execute(update(Course).where(Course.id == school.algebra).values(title=title))
    content = feed(door, path).data
    strict = {one["UID"]: one for one in icalendar_text.read(content).children}
    read = {str(one["UID"]): one for one in ReadCalendar.from_ical(content).walk("VEVENT")}
    assert read.keys() == strict.keys()
    assert {str(one["SUMMARY"]) for one in read.values()} == {title} == {one.text("SUMMARY") for one in strict.values()}


def test_a_teachers_feed_names_classes_and_nobodys_feed_names_people(door: Site, school: School, path: str) -> None:
    own = make(door.visit(school.teacher))
    assert {one.text("SUMMARY") for one in events(door, own)} == {"Алгебра, 7А"}
    names = door.asking(school.director).post(
        "/people/names",
        json={"person_ids": [str(one.person_id) for one in (school.teacher, school.anna, school.mother)]},
    )
    for one in names.json["people"]:
        for said in (own, path):
            assert one["family_name"] not in feed(door, said).text


def test_a_cancelled_lesson_is_told_as_such_under_the_same_uid(door: Site, school: School, path: str) -> None:
    before = {one["UID"] for one in events(door, path)}
    moved = {"moved_to": date(2030, 12, 3), "moved_number": 5}
    stand(school, school.lesson, state="cancelled", reason="Карантин", **moved)
    stand(school, school.tomorrows_lesson, teacher_id=school.other_teacher.person_id)
    today, tomorrow = events(door, path)
    assert {today["UID"], tomorrow["UID"]} == before
    assert (today["STATUS"], today["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert today.text("DESCRIPTION") == "2-й урок\nперенесён на 3 декабря, 5-й урок"
    assert (tomorrow["STATUS"], tomorrow.text("DESCRIPTION")) == ("CONFIRMED", "1-й урок\nзамена")
    assert "Карантин" not in feed(door, path).text


def test_a_change_raises_sequence_and_last_modified(door: Site, school: School, path: str) -> None:
    before = events(door, path)[0]
    ring(door, school)
    after = events(door, path)[0]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["LAST-MODIFIED"] == after["DTSTAMP"] >= before["LAST-MODIFIED"]


def test_a_calendar_that_has_the_feed_gets_no_second_copy(door: Site, school: School, path: str) -> None:
    first = feed(door, path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = feed(door, path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    compressed = feed(door, path, **{"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert compressed.status_code == 304
    stand(school, school.lesson, state="cancelled")
    changed = feed(door, path, **{"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_new_address_ends_the_old_one_and_so_does_the_button(door: Site, school: School, path: str) -> None:
    mother = door.visit(school.mother)
    second = make(mother, page_of(school.anna))
    assert second != path
    assert (feed(door, path).status_code, feed(door, second).status_code) == (404, 200)
    page = page_of(school.anna)
    assert second not in shown(mother.get(page)), "an address is shown once"
    assert mother.post(f"{page}/end", data={"csrf_token": csrf(mother, page)}).status_code == 303
    assert feed(door, second).status_code == 404
    assert "У вас ещё нет адреса" in shown(mother.get(page))


def test_who_took_the_consent_back_or_left_loses_the_feed(door: Site, school: School, path: str) -> None:
    own, of_boris = make(door.visit(school.teacher)), make(door.visit(school.boris), page_of(school.boris))
    assert {feed(door, one).status_code for one in (path, own, of_boris)} == {200}
    school.consent(school.mother, school.anna, "portal", granted=False)
    door.carry()
    with school.identity.unit_of_work.of(school.id) as session:
        left = Person.id.in_([school.teacher.person_id, school.boris.person_id])
        session.execute(update(Person).where(left).values(left_on=TODAY))
    refused = [feed(door, one) for one in (path, own, of_boris)]
    assert {answer.status_code for answer in refused} == {404}
    strange = feed(door, f"/calendars/{rules.secret_of(school.id, bytes(32))}.ics")
    assert {(answer.json["rule"], answer.json["detail"]) for answer in (*refused, strange)} == {
        (strange.json["rule"], strange.json["detail"])
    }, "it sounds like an address that never was"


@pytest.mark.parametrize(
    "secret", ["x", "x" * 63, "x" * 65, "x" * 5000, "%D0%B6" * 64, "..%2f" * 12 + "xxxx", "x" * 60 + "%00%00%00%00"]
)
def test_what_is_no_secret_is_refused_without_asking_anybody(door: Site, secret: str) -> None:
    asked = len(door.bus.calls)
    answer = feed(door, f"/calendars/{secret}.ics")
    assert answer.status_code in (404, 422)
    assert len(door.bus.calls) == asked
    assert len(answer.data) < 1000


def test_another_schools_secret_opens_nothing_here(door: Site, school: School, path: str) -> None:
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    of_another = rules.secret_of(uuid4(), bytes(32))
    assert feed(door, f"/calendars/{of_another[:22]}{secret[22:]}.ics").status_code == 404


def test_cookies_and_tokens_change_nothing_at_the_address(door: Site, school: School, path: str) -> None:
    assert door.visit(school.glebs_mother).get(path).data == feed(door, path).data
    assert feed(door, path, Authorization="Bearer nonsense").status_code == 200
    for method in ("post", "put", "delete"):
        assert getattr(door.app.test_client(), method)(path).status_code in (400, 405)


def test_no_log_line_holds_the_secret(door: Site, school: School, capsys: pytest.CaptureFixture[str]) -> None:
    path = make(door.visit(school.mother), page_of(school.anna))
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    feed(door, path)
    feed(door, path.replace(secret[:4], "AAAA"))
    with door.bus.without("gradebook", RuntimeError("broken")):  # type: ignore[arg-type]  # a bug is no refusal
        door.app.testing = False
        assert feed(door, path).status_code == 500
        door.app.testing = True
    said = "".join(capsys.readouterr())
    assert "/calendars/<secret>.ics" in said, "requests are logged by their route"
    assert secret not in said
    assert secret[8:40] not in said


def test_the_page_is_for_the_family_and_teachers(door: Site, school: School) -> None:
    assert door.visit(school.mother).get("/week/calendar").location == page_of(school.anna)
    assert door.visit(school.father).get(page_of(school.anna)).status_code == 404
    assert door.visit(school.homeroom_a).get(page_of(school.anna)).status_code == 404
    assert door.visit(school.director).get("/week/calendar").status_code == 403
    week = shown(door.visit(school.mother).get(f"/week/students/{school.anna.person_id}"))
    assert f'href="{page_of(school.anna)}"' in week
    assert 'href="/week/calendar"' in shown(door.visit(school.teacher).get("/week"))
    assert "/calendar" not in shown(door.visit(school.director).get(f"/week/students/{school.anna.person_id}"))


def test_a_feed_that_is_asked_for_too_often_is_refused_for_a_while(door: Site, school: School, path: str) -> None:
    other = make(door.visit(school.mother), page_of(school.anna))  # renewed: the first is valid no longer
    times = int(OF_FEED.split()[0])
    assert [feed(door, path).status_code for _ in range(times)] == [404] * times, "no secret any more, and counted"
    refused = feed(door, path)
    assert (refused.status_code, refused.json["rule"]) == (429, "feed-throttled")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "Попробуйте через" in feed(door, path, **{"Accept-Language": "ru"}).json["detail"]
    assert feed(door, other).status_code == 200, "each by itself"


def test_a_network_that_tries_many_addresses_is_refused_and_others_are_not(
    door: Site, school: School, path: str
) -> None:
    client, times = door.app.test_client(), int(OF_NETWORK.split()[0])

    def asked(address: str, secret: str) -> int:
        return client.get(f"/calendars/{secret}.ics", environ_base={"REMOTE_ADDR": address}).status_code

    seen = {asked(f"2001:db8:0:1::{one % 9 + 1:x}", f"none-{one}") for one in range(times)}
    assert seen == {404}
    mine = path.removeprefix("/calendars/").removesuffix(".ics")
    assert asked("2001:db8:0:1::ff", mine) == 429, "one home, whatever the device"
    assert asked("2001:db8:0:2::1", mine) == 200


def test_of_a_feed_that_a_calendar_has_already_no_lesson_leaves_the_service(
    door: Site, school: School, path: str
) -> None:
    secret = path.removeprefix("/calendars/").removesuffix(".ics")
    service = school.town.gradebook
    whole = call(service, CalendarFeeds.calendar_feed, None, secret=secret)
    assert (whole["unchanged"], len(whole["lessons"])) == (False, 2)
    known = call(service, CalendarFeeds.calendar_feed, None, secret=secret, known=whole["digest"])
    assert (known["unchanged"], known["lessons"], known["digest"]) == (True, [], whole["digest"])
    first = feed(door, path)
    assert whole["digest"] in first.headers["ETag"]
    tags = f'"nothing", {first.headers["ETag"]}, W/"1-ru-x"'
    assert feed(door, path, **{"If-None-Match": tags}).status_code == 304
    english = feed(door, path, **{"If-None-Match": first.headers["ETag"], "Accept-Language": "en"})
    assert english.status_code == 200, "another text"
