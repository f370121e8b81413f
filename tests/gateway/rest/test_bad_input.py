"""Whatever comes in at the door that is not well formed is refused, clearly, and nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from gateway.door.http import MAX_BODY
from services.gradebook.lessons import tables as lessons_tables
from services.gradebook.marks import tables as marks_tables
from tests.gateway.answers import answered, refused
from tests.gateway.site import Site
from tests.kit.people import PASSWORD, TODAY
from tests.kit.town import School

JSON = "application/json"
LANGUAGES = ("ru", "en")


@pytest.fixture
def door(lasting: Site) -> Site:
    return lasting


@pytest.fixture(autouse=True)
def nothing_written(door: Site):
    """No test of this module leaves anything in the journal."""
    yield
    with door.town.gradebook.unit_of_work.everywhere() as session:
        for table in (marks_tables.Mark, marks_tables.MarkRevision):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert set(session.scalars(select(lessons_tables.Lesson.version))) == {1}


def in_russian(text: str) -> bool:
    return any("а" <= letter <= "я" for letter in text.lower())


def post(door: Site, school: School, data: bytes, content_type: str | None = JSON, **headers: str) -> Any:
    return door.asking(school.teacher, **headers).post("/marks", data=data, content_type=content_type)


NO_JSON = {
    "nothing": b"",
    "words": "отметка".encode(),
    "an open brace": b"{",
    "two values": b"{}{}",
    "not UTF-8": b'{"value": "\xff\xfe"}',
    "a lone surrogate": b'{"value": "\\ud800"}',
    "not a number": b'{"value": NaN}',
    "nested ten thousand deep": b"[" * 10_000,
    "UTF-16": json.dumps({"value": "5"}).encode("utf-16"),
    "a number no computer holds": b'{"value": 1e999}',
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NO_JSON)
def test_a_body_that_is_no_json_is_refused(door: Site, school: School, kind: str, language: str) -> None:
    told = refused(post(door, school, NO_JSON[kind], **{"Accept-Language": language}), 400, "malformed")
    assert in_russian(told["detail"]) == in_russian(told["title"]) == (language == "ru")


@pytest.mark.parametrize("deep", [900, 981, 1100])
def test_s15_a_body_nested_deeply_with_a_letter_that_is_none_is_refused(door: Site, school: School, deep: int) -> None:
    body = b'{"comment": ' + b"[" * deep + b'"\\u0000"' + b"]" * deep + b"}"
    assert post(door, school, body).status_code in (400, 422)


def test_s3_of_a_hundred_thousand_faults_as_many_are_told_as_a_person_reads(door: Site, school: School) -> None:
    body = json.dumps({f"field {number}": 1 for number in range(40_000)}).encode()
    answer = post(door, school, body)
    told = refused(answer, 422, "schema")
    assert (len(told["faults"]), told["faults"][-1]["rule"]) == (101, "too-many-faults")
    assert len(answer.data) < 30_000


@pytest.mark.parametrize(
    "host", ["a..b", ".", "x" * 64 + ".example", "a b", "evil.example; script-src *", "<b>", "a/b"]
)
def test_s16_a_host_that_is_none_is_refused(door: Site, host: str) -> None:
    for path in ("/login", "/api/v1/me", "/static/lyceum.css", "/health/live"):
        answer = door.app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 400, path
        assert len(host) == 1 or host not in answer.text


@pytest.mark.parametrize("path", ["//static/lyceum.css", "//login", "//evil.example/login", "/api//v1/me"])
def test_s17_two_slashes_lead_nowhere_else(door: Site, path: str) -> None:
    told = {"PATH_INFO": path}
    answer = door.app.test_client().get("/", headers={"Host": "evil.example"}, environ_overrides=told)
    assert answer.status_code in (200, 404)
    assert "evil.example" not in str(answer.headers)
    answer.close()


def test_s18_head_signs_nobody_in(door: Site, school: School) -> None:
    form = {"login": door.login(school.teacher), "password": PASSWORD}
    answer = door.app.test_client().head("/login", data=form)
    cookies = {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}
    assert (answer.status_code, cookies & {"access", "refresh"}) == (200, set())


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"text"', b"true"])
def test_a_body_of_another_kind_than_an_object_is_refused(door: Site, school: School, body: bytes) -> None:
    refused(post(door, school, body), 422, "schema")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", None, "", "json"])
def test_another_media_type_is_refused(door: Site, school: School, content_type: str | None) -> None:
    refused(post(door, school, b"{}", content_type), 415, "media-type")


def test_a_body_that_does_not_say_how_long_it_is_is_refused(door: Site, school: School) -> None:
    for language in LANGUAGES:
        headers = {"Transfer-Encoding": "chunked", "Accept-Language": language}
        told = refused(post(door, school, b"{}", **headers), 411, "length-required")
        assert in_russian(told["detail"]) == in_russian(told["title"]) == (language == "ru")


def test_ten_megabytes_are_refused_whether_declared_or_not(door: Site, school: School) -> None:
    large = b'{"comment": "' + b"x" * 10 * 1024 * 1024 + b'"}'
    refused(post(door, school, large), 413, "too-large")
    declared = {"CONTENT_LENGTH": str(10 * 1024 * 1024)}
    answer = door.asking(school.teacher).post("/marks", data=b"{}", content_type=JSON, environ_overrides=declared)
    refused(answer, 413, "too-large")


def test_the_largest_body_allowed_is_read(door: Site, school: School) -> None:
    padded = b"{" + b" " * (MAX_BODY - 2) + b"}"
    refused(post(door, school, padded), 422, "schema")


GOOD_ID = str(uuid7())
BAD_MARKS: dict[str, tuple[dict[str, Any], str]] = {
    "no student": ({"student_id": None}, "student_id"),
    "an id that is none": ({"student_id": "17"}, "student_id"),
    "an id that is a number": ({"lesson_id": 17}, "lesson_id"),
    "an id that is a list": ({"lesson_id": [GOOD_ID]}, "lesson_id"),
    "an empty value": ({"value": ""}, "value"),
    "a value too long": ({"value": "5" * 11}, "value"),
    "a value that is a number": ({"value": 5}, "value"),
    "a comment too long": ({"comment": "x" * 501}, "comment"),
    "NUL in a comment": ({"comment": "a\0b"}, "comment"),
    "a terminal's escape in a comment": ({"comment": "a\x1b[2J"}, "comment"),
    "a comment that turns round": ({"comment": "a\u202eb"}, "comment"),
    "a field that nobody knows": ({"weight": 3}, "weight"),
    "another school": ({"school_id": GOOD_ID}, "school_id"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", BAD_MARKS)
def test_a_field_that_breaks_a_rule_is_named(door: Site, school: School, kind: str, language: str) -> None:
    change, field = BAD_MARKS[kind]
    body = {"lesson_id": str(school.lesson), "student_id": str(school.anna.person_id), "value": "5", **change}
    told = refused(door.asking(school.teacher, **{"Accept-Language": language}).post("/marks", json=body), 422)
    assert told["field"] == field
    for fault in told.get("faults", ()):
        assert fault["field"] == field
        assert in_russian(fault["message"]) == (language == "ru"), fault


def test_every_field_that_breaks_a_rule_is_named(door: Site, school: School) -> None:
    told = refused(door.asking(school.teacher).post("/marks", json={"comment": 5}), 422, "schema")
    assert {fault["field"] for fault in told["faults"]} == {"lesson_id", "student_id", "value", "comment"}


def test_fields_within_lists_are_named_by_their_path(door: Site, school: School) -> None:
    marks = [{"student_id": str(school.anna.person_id), "value": "5"}, {"student_id": "?", "value": "5"}]
    told = refused(door.asking(school.teacher).post(f"/lessons/{school.lesson}/marks", json={"marks": marks}), 422)
    assert [fault["field"] for fault in told["faults"]] == ["marks.1.student_id"]


@pytest.mark.parametrize("marks", [[], [{}] * 61, {}, None, "5"])
def test_a_column_of_no_or_too_many_marks_is_refused(door: Site, school: School, marks: Any) -> None:
    refused(door.asking(school.teacher).post(f"/lessons/{school.lesson}/marks", json={"marks": marks}), 422, "schema")


@pytest.mark.parametrize("text", ["1", "none", "ффф", "0" * 36, "%00", "..", "'; DROP TABLE mark; --", "x" * 3000])
def test_an_id_in_a_path_that_is_none_names_its_field(door: Site, school: School, text: str) -> None:
    for language in LANGUAGES:
        asking = door.asking(school.teacher, **{"Accept-Language": language})
        answer = asking.get(f"/lessons/{text}")
        if answer.status_code in (404, 405):  # the path was another one
            assert text in {".."}
            continue
        told = refused(answer, 422, "uuid", "lesson_id")
        assert in_russian(told["detail"]) == (language == "ru")


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "today", "20261125", "2026-11-25T00:00", "0000-00-00", "٢٠٢٦-١١-٢٥"]
)
def test_a_date_that_is_none_names_its_field(door: Site, school: School, day: str) -> None:
    refused(door.asking(school.teacher).get(f"/teachers/me/days/{day}"), 422, "date", "day")


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "today", "0000-00-00", "", "2026-11-25T00:00"])
def test_a_date_of_a_query_that_is_none_names_its_parameter(door: Site, school: School, day: str) -> None:
    path = f"/students/{school.anna.person_id}/diary"
    refused(door.asking(school.mother).get(path, query_string={"date": day}), 422, "schema", "date")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_dates_at_the_ends_of_time_are_answered_or_refused_but_no_mistake(door: Site, school: School, day: str) -> None:
    path = f"/students/{school.anna.person_id}"
    for tail in (
        f"/diary?date={day}",
        f"/marks?starts_on={day}&ends_on={day}",
        f"/absences?starts_on={day}&ends_on={day}",
    ):
        assert door.asking(school.mother).get(path + tail).status_code in (200, 422)
    assert door.asking(school.teacher).get(f"/teachers/me/days/{day}").status_code in (200, 422)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=1e9", "limit"),
        ("limit=99999999999999999999999", "limit"),
        ("after=1", "after"),
        ("role=god", "role"),
        ("query=%00", "query"),
        ("query=%EF%BF%BD", "query"),
        ("query=" + "x" * 81, "query"),
        ("page=2", "page"),
        ("limit=1&colour=red", "colour"),
    ],
)
def test_a_query_that_breaks_a_rule_names_its_parameter(door: Site, school: School, query: str, field: str) -> None:
    refused(door.asking(school.methodologist).get(f"/people?{query}"), 422, field=field)


def test_a_span_that_ends_before_it_starts_is_refused(door: Site, school: School) -> None:
    path = f"/students/{school.anna.person_id}/absences?starts_on={TODAY}&ends_on=2020-01-01"
    refused(door.asking(school.mother).get(path), 422)


def test_an_address_that_is_none_and_a_method_that_is_none_are_refused(door: Site, school: School) -> None:
    asking = door.asking(school.teacher)
    refused(asking.get("/nothing"), 404, "no-such-address")
    wrong = asking.delete("/marks")
    refused(wrong, 405, "method-not-allowed")
    assert "POST" in wrong.headers["Allow"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Request-Id": "x" * 500},
        {"X-Request-Id": "два слова".encode().decode("latin-1")},
        {"traceparent": "00-zz-zz-00"},
        {"Accept-Language": "xx;q=много, *".encode().decode("latin-1")},
        {"Accept-Language": "," * 5000},
        {"Cookie": "access=x; language=../../etc; school=1"},
        {"Accept": "nothing/at-all"},
        {"If-None-Match": '"'},
        {"Range": "bytes=0-0,5-"},
    ],
)
def test_odd_headers_do_no_harm(door: Site, school: School, headers: dict[str, str]) -> None:
    answer = door.asking(school.teacher, **headers).get("/kinds")
    answered(answer)
    assert len(answer.headers["X-Request-Id"]) <= 64


def test_a_good_request_id_is_kept(door: Site, school: School) -> None:
    answer = door.asking(school.teacher, **{"X-Request-Id": "from.a-proxy_7"}).get("/kinds")
    assert answer.headers["X-Request-Id"] == "from.a-proxy_7"
    assert door.bus.calls[-1][1].call_id == "from.a-proxy_7"
