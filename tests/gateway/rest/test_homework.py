"""Files of lessons at the API: handed in as a form, given with safe headers, from either kind of store."""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from urllib3 import encode_multipart_formdata

from tests.gateway.answers import refused
from tests.gateway.site import Site
from tests.gradebook.homework.readers import attached
from tests.kit.town import School

PDF_HASH = hashlib.sha256(attached.PDF).digest()


def add(door: Site, school: School, content: bytes = attached.PDF, name: str = "Задание.pdf", **more: Any) -> Any:
    body, kind = encode_multipart_formdata({"file": (name, content)})
    path = f"/lessons/{school.lesson}/homework/files"
    return door.asking(school.teacher).post(path, data=body, content_type=kind, **more)


def test_a_file_goes_in_and_comes_out_as_it_was(door_with_store: Site, school: School) -> None:
    added = add(door_with_store, school)
    assert added.status_code == 201, added.text
    (file,) = added.json["files"]
    got = door_with_store.asking(school.anna).get(f"/homework-files/{file['id']}")
    assert (got.status_code, got.data, got.content_type) == (200, attached.PDF, "application/pdf")
    assert got.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(PDF_HASH).decode()}:"
    assert got.headers["Content-Length"] == str(len(attached.PDF))
    assert f'filename="{file["id"]}.pdf"' in got.headers["Content-Disposition"]
    seen = {"If-None-Match": got.headers["ETag"]}
    assert door_with_store.asking(school.anna).get(f"/homework-files/{file['id']}", headers=seen).status_code == 304


def test_a_file_that_the_store_has_lost_is_a_fault_of_ours(door_with_store: Site, school: School) -> None:
    (file,) = add(door_with_store, school).json["files"]
    files = door_with_store.app.extensions["lyceum"].files
    for key in list(files.kept_before("homework", datetime.now(UTC) + timedelta(hours=1))):
        files.delete(key)
    assert door_with_store.asking(school.anna).get(f"/homework-files/{file['id']}").status_code == 503


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", 'a"; filename="b.exe.txt'])
def test_a_name_reaches_no_header_and_no_folder(door: Site, school: School, name: str) -> None:
    added = add(door, school, b"text", name)
    assert added.status_code == 201, added.text
    got = door.asking(school.anna).get(f"/homework-files/{added.json['files'][0]['id']}")
    assert got.data == b"text"
    disposition = got.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert not {"/", "\r", "\n"} & set(disposition)
    assert disposition.count('"') == 2


def test_what_nobody_sees_in_a_name_is_no_part_of_it(door: Site, school: School) -> None:
    """Windows puts a mark of direction before a path that is copied from a file's properties."""
    added = add(door, school, b"text", "\u202aЗадание\u200b.txt")
    assert added.status_code == 201, added.text
    assert [one["name"] for one in added.json["files"]] == ["Задание.txt"]


def test_a_repeated_request_adds_one_file(door: Site, school: School) -> None:
    for _ in range(2):
        assert add(door, school, headers={"Idempotency-Key": "once"}).status_code == 201
    found = door.asking(school.teacher).get(f"/lessons/{school.lesson}/homework").json
    assert (len(found["files"]), found["version"]) == (1, 1)


def test_a_request_without_a_file_is_refused(door: Site, school: School) -> None:
    path = f"/lessons/{school.lesson}/homework/files"
    for body in ({}, {"file": (io.BytesIO(b""), "")}):
        answer = door.asking(school.teacher).post(path, data=body, content_type="multipart/form-data")
        assert (answer.status_code, answer.json["rule"]) == (422, "file-missing")


FILE_ADDRESSES = (
    "/lessons/{lesson}/homework/files", "/plans/files", "/years/{year}/days-file", "/imports",
    "/years/{year}/timetable/file?from_date=2026-09-01",
)  # fmt: skip


@pytest.mark.parametrize("address", FILE_ADDRESSES)
@pytest.mark.parametrize("kind", ["application/json", "application/pdf", "application/x-www-form-urlencoded", None])
def test_what_is_no_form_with_a_file_is_another_media_type(
    door: Site, school: School, address: str, kind: str | None
) -> None:
    asking = door.asking(school.teacher if "lesson" in address else school.methodologist)
    year = door.asking(school.teacher).get("/calendar").json["years"][0]["id"]
    told = asking.post(address.format(lesson=school.lesson, year=year), data=b'{"file": "x"}', content_type=kind)
    problem = refused(told, 415, "media-type")
    assert "multipart/form-data" in problem["detail"]


def test_what_is_too_large_is_refused_and_nothing_is_kept(door: Site, school: School) -> None:
    answer = add(door, school, b"%PDF-" + bytes(20 * 1024**2))
    assert (answer.status_code, answer.json["rule"]) == (413, "file-too-large")
    assert door.asking(school.teacher).get(f"/lessons/{school.lesson}/homework").json["files"] == []


def test_homework_is_changed_by_its_version(door: Site, school: School) -> None:
    path, teacher = f"/lessons/{school.lesson}/homework", door.asking(school.teacher)
    assert teacher.get(path).headers["ETag"] == '"0"'
    assert teacher.patch(path, json={"minutes": 20}).status_code == 428
    changed = teacher.patch(path, json={"minutes": 20}, headers={"If-Match": '"0"'})
    assert (changed.status_code, changed.headers["ETag"], changed.json["minutes"]) == (200, '"1"', 20)
    stale = teacher.patch(path, json={"minutes": 30}, headers={"If-Match": '"0"'})
    assert (stale.status_code, stale.json["present"]["minutes"]) == (412, 20)
    faults = teacher.patch(path, json={"links": [{"url": "javascript:alert(1)"}]}, headers={"If-Match": '"1"'})
    assert (faults.status_code, faults.json["rule"], faults.json["field"]) == (422, "link", "links.0")
