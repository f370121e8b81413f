"""OneRoster bundles handed in at the door: taken, checked, refused with their faults."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from typing import Any

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from kernel.files.store import Place
from services.identity.bundles import tables as bundles_tables
from services.identity.people import tables as people_tables
from tests.gateway.answers import answered, refused, same_refusal
from tests.gateway.site import Site, operator
from tests.identity.small_bundle import SmallBundle
from tests.kit.town import School


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def hand_in(door: Site, school: School, bundle: bytes, **query: str) -> Any:
    asking = door.asking(school.methodologist)
    return asking.post("/imports", data=bundle, content_type="application/zip", query_string=query)


def outcome(door: Site, school: School, bundle: bytes, language: str = "ru") -> dict[str, Any]:
    """How an import ends."""
    started = answered(hand_in(door, school, bundle), 202)
    asking = door.asking(school.methodologist, **{"Accept-Language": language})
    return ended(door, asking, started["id"])


def ended(door: Site, asking: Any, import_id: str) -> dict[str, Any]:
    """How an import ends. The school's own classes are in no bundle: that they end is confirmed."""
    door.carry()
    found = answered(asking.get(f"/imports/{import_id}"))
    if found["status"] == "asking":
        numbers = {name: number for name, number in found["question"].items() if name != "name"}
        answered(asking.post(f"/imports/{import_id}/confirm", json=numbers), 202)
        door.carry()
        found = answered(asking.get(f"/imports/{import_id}"))
    return found


def people(door: Site) -> int:
    with door.town.identity.unit_of_work.everywhere() as session:
        return session.scalar(select(func.count()).select_from(people_tables.Person)) or 0


def imports(door: Site) -> int:
    with door.town.identity.unit_of_work.everywhere() as session:
        return session.scalar(select(func.count()).select_from(bundles_tables.BundleImport)) or 0


def test_a_good_bundle_is_taken_at_once_and_imported(door: Site, school: School) -> None:
    before = people(door)
    answer = hand_in(door, school, SmallBundle().zip())
    started = answered(answer, 202)
    assert started["status"] == "waiting"
    assert answer.headers["Location"] == f"/api/v1/imports/{started['id']}"
    found = ended(door, door.asking(school.methodologist), started["id"])
    assert (found["status"], found["faults"]) == ("done", [])
    assert people(door) > before


def test_a_bundle_without_the_schools_classes_asks_before_it_ends_them(door: Site, school: School) -> None:
    school.brought()
    before, asking = people(door), door.asking(school.methodologist)
    started = answered(hand_in(door, school, SmallBundle().zip()), 202)
    door.carry()
    found = answered(asking.get(f"/imports/{started['id']}"))
    assert (found["status"], people(door)) == ("asking", before)
    numbers = {name: number for name, number in found["question"].items() if name != "name"}
    assert numbers == {"people": 0, "classes": 2, "enrolments": 4, "replaced": 0}
    place = f"/imports/{started['id']}/confirm"
    refused(asking.post(place, json={**numbers, "classes": 0}), 409, "other-numbers")
    refused(asking.post(place, json={}), 422, "schema")
    refused(door.asking(School(door.town).methodologist).post(place, json=numbers), 404, "no-import")
    assert answered(asking.post(place, json=numbers), 202)["status"] == "waiting"


def test_a_bundle_comes_as_a_forms_file_too_and_can_be_checked_only(door: Site, school: School) -> None:
    before = people(door)
    form = {"bundle": (io.BytesIO(SmallBundle().zip()), "../../школа.zip"), "dry_run": "true"}
    started = answered(door.asking(school.methodologist).post("/imports", data=form), 202)
    door.carry()
    found = answered(door.asking(school.methodologist).get(f"/imports/{started['id']}"))
    assert (found["status"], found["dry_run"], people(door)) == ("done", True, before)


def test_a_dry_run_is_asked_for_in_the_query(door: Site, school: School) -> None:
    assert answered(hand_in(door, school, SmallBundle().zip(), dry_run="true"), 202)["dry_run"] is True
    refused(hand_in(door, school, SmallBundle().zip(), dry_run="perhaps"), 422, "schema", "dry_run")


def test_a_repeated_key_imports_once(door: Site, school: School) -> None:
    key = {"Idempotency-Key": "the-same-click"}
    bundle, asking = SmallBundle().zip(), door.asking(school.methodologist)
    started = [
        answered(asking.post("/imports", data=bundle, content_type="application/zip", headers=key), 202)["id"]
        for _ in range(2)
    ]
    assert started[0] == started[1]


@pytest.mark.parametrize("who", ["director", "teacher", "mother", "anna"])
def test_only_the_methodologist_and_operators_import(door: Site, school: School, who: str) -> None:
    asking = door.asking(getattr(school, who))
    answer = asking.post("/imports", data=SmallBundle().zip(), content_type="application/zip")
    refused(answer, 403, "role")


def test_another_schools_import_is_as_none(door: Site, school: School) -> None:
    started = answered(hand_in(door, school, SmallBundle().zip()), 202)
    stranger = door.asking(School(door.town).methodologist)
    answer = stranger.get(f"/imports/{started['id']}")
    refused(answer, 404, "no-import")
    same_refusal(answer, stranger.get(f"/imports/{uuid7()}"))
    assert answered(door.asking(operator()).get(f"/imports/{started['id']}"))["id"] == started["id"]


def test_an_import_is_stopped_and_resumed(door: Site, school: School) -> None:
    asking = door.asking(school.methodologist)
    started = answered(hand_in(door, school, SmallBundle().zip()), 202)
    stopped = answered(asking.post(f"/imports/{started['id']}/stop"), 202)
    assert (stopped["status"], stopped["job"]["state"]) == ("stopped", "stopped")
    door.carry()
    assert answered(asking.get(f"/imports/{started['id']}"))["status"] == "stopped"
    assert answered(asking.post(f"/imports/{started['id']}/resume"), 202)["status"] == "waiting"
    assert ended(door, asking, started["id"])["status"] == "done"
    for change in ("stop", "resume"):
        refused(asking.post(f"/imports/{started['id']}/{change}"), 409, "job-ended")


def test_who_knows_the_state_of_an_import_gets_none_until_it_changes(door: Site, school: School) -> None:
    asking = door.asking(school.methodologist)
    started = answered(hand_in(door, school, SmallBundle().zip()), 202)
    path = f"/imports/{started['id']}"
    etag = asking.get(path).headers["ETag"]
    same = asking.get(path, headers={"If-None-Match": etag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    door.carry()
    assert asking.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_nothing_handed_in_is_refused(door: Site, school: School) -> None:
    asking = door.asking(school.methodologist)
    refused(asking.post("/imports", data=b"", content_type="application/zip"), 422, "bundle-missing", "bundle")
    refused(asking.post("/imports", data={"dry_run": "true"}), 415)
    form = {"dry_run": "true", "other": (io.BytesIO(b"x"), "x.zip")}
    refused(asking.post("/imports", data=form), 422, "bundle-missing", "bundle")
    form = {"dry_run": "perhaps", "bundle": (io.BytesIO(b"x"), "x.zip")}
    refused(asking.post("/imports", data=form), 422, "schema", "dry_run")
    refused(asking.post("/imports", json={"bundle": "x"}), 415, "media-type")


@pytest.mark.parametrize("media_type", ["application/zip", "multipart/form-data; boundary=x"])
def test_a_body_larger_than_any_bundle_is_refused_by_what_it_declares(
    door: Site, school: School, media_type: str
) -> None:
    asking = door.asking(school.methodologist)
    declared = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = asking.post("/imports", data=b"PK", content_type=media_type, environ_overrides=declared)
    refused(answer, 413, "too-large")


@pytest.mark.parametrize(
    ("content", "rule"), [(b"this is no zip", "file-kind"), (b"MZ\x90\0 setup.exe", "file-program")]
)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_what_is_no_zip_by_its_content_is_not_kept(
    door: Site, school: School, content: bytes, rule: str, language: str
) -> None:
    asking = door.asking(school.methodologist, **{"Accept-Language": language})
    form = {"bundle": (io.BytesIO(content), "school.zip")}
    problem = refused(asking.post("/imports", data=form), 422, rule, "bundle")
    assert any("а" <= letter <= "я" for letter in problem["detail"].lower()) == (language == "ru")
    key = Place("identity", school.id).key(hashlib.sha256(content).hexdigest())
    assert door.town.identity.files.size(key) is None


def declaring(size: int) -> bytes:
    """A small zip whose directory says that its file is of this size."""
    packed = bytearray(zipped({"manifest.csv": b"propertyName,value\n"}))
    struct.pack_into("<I", packed, packed.index(b"PK\x01\x02") + 24, size)
    struct.pack_into("<I", packed, 22, size)
    return bytes(packed)


def with_csv(name: str, content: bytes) -> bytes:
    bundle = SmallBundle()
    bundle.raw[f"{name}.csv"] = content
    return bundle.zip()


#: What cannot be read → the faults of its refusal: place and rule.
UNREADABLE = {
    "half a zip": (lambda: SmallBundle().zip()[:-400], ("bundle.zip", "not-a-zip")),
    "an empty zip": (lambda: zipped({}), ("manifest.csv", "missing-manifest")),
    "without manifest": (lambda: zipped({"users.csv": b"sourcedId\n1\n"}), ("manifest.csv", "missing-manifest")),
    "a bomb": (lambda: zipped({"manifest.csv": b"0" * (220 * 1024 * 1024)}), ("manifest.csv", "zip-bomb")),
    "declares 200 MB": (lambda: declaring(200 * 1024 * 1024), ("manifest.csv", "zip-bomb")),
    "declares 300 MB": (lambda: declaring(300 * 1024 * 1024), ("bundle.zip", "too-large")),
    "a path outside": (
        lambda: zipped({"../manifest.csv": b"propertyName,value\n"}), ("../manifest.csv", "path-outside"),
    ),
    "wrong encoding": (
        lambda: with_csv("users", "sourcedId,имя\n1,Анна\n".encode("cp1251")), ("users.csv:1", "not-utf-8"),
    ),
    "open quotes": (
        lambda: with_csv("categories", b'sourcedId,title\n1,"never closed\n'), ("categories.csv:2", "broken-quotes"),
    ),
    "NUL in a cell": (lambda: with_csv("orgs", b"sourcedId,name,type\norg-1,\0,school\n"), ("orgs.csv:2", "not-text")),
    "no rows": (lambda: with_csv("orgs", b""), ("orgs.csv:1:sourcedId", "missing-column")),
    "a line cut off": (
        lambda: with_csv("categories", b"sourcedId,title\n1\n"), ("categories.csv:2", "number-of-cells"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_refused_at_once_in_both_languages(door: Site, school: School, kind: str) -> None:
    made, (place, rule) = UNREADABLE[kind]
    bundle, before = made(), people(door)
    for language in ("ru", "en"):
        asking = door.asking(school.methodologist, **{"Accept-Language": language})
        answer = asking.post("/imports", data=bundle, content_type="application/zip")
        problem = refused(answer, 422, "bundle-form", "bundle")
        assert (place, rule) in [(fault["field"], fault["rule"]) for fault in problem["faults"]]
        for told in (problem["detail"], *(fault["message"] for fault in problem["faults"])):
            assert any("а" <= letter <= "я" for letter in told.lower()) == (language == "ru"), told
    door.carry()
    assert (people(door), imports(door)) == (before, 0)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ru", "Работа li: Отметки «9» нет на шкале 1–5."),
        ("en", "Line item li: There is no mark 9 on the scale 1–5."),
    ],
)
def test_what_the_gradebook_leaves_out_of_a_bundle_is_told_in_the_language_of_the_request(
    door: Site, school: School, language: str, told: str
) -> None:
    found = outcome(door, school, SmallBundle().result("r3", "vera", "9").zip(), language)
    assert (found["status"], [fault["message"] for fault in found["faults"]]) == ("done", [told])


def test_a_fault_that_was_kept_without_its_text_is_shown_as_it_is(door: Site, school: School) -> None:
    started = answered(hand_in(door, school, SmallBundle().zip()), 202)
    kept = {"file": "users.csv", "line": 3, "field": "role", "rule": "unknown-value", "message": "role is {this}."}
    with door.town.identity.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(status="rejected", faults=[kept]))
    found = answered(door.asking(school.methodologist).get(f"/imports/{started['id']}"))
    assert found["faults"] == [kept]


def test_a_bundle_whose_rows_do_not_fit_is_rejected_with_its_faults_in_both_languages(
    door: Site, school: School
) -> None:
    before, bundle = people(door), SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    for language in ("ru", "en"):
        found = outcome(door, school, bundle.zip(), language)
        assert found["status"] == "rejected"
        (fault,) = found["faults"]
        assert (fault["file"], fault["line"], fault["field"], fault["rule"]) == (
            "users.csv",
            3,
            "role",
            "unknown-value",
        )
        assert any("а" <= letter <= "я" for letter in fault["message"].lower()) == (language == "ru"), fault
    assert people(door) == before
