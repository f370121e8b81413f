"""The main job: a mark goes from a teacher to a parent, and to nobody else; on the embedded and on the real stack."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest

from kernel.waiting import eventually
from tests.e2e.stack import Stack, Visitor, password_in, started, zipped
from tests.shared import shared

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(
    scope="module",
    params=["run", pytest.param("up", marks=[pytest.mark.broker, pytest.mark.postgres])],
)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with started(request.param, tmp_path_factory.mktemp(f"lyceum-{request.param}")) as running:
        yield running


@pytest.fixture(scope="module")
def school(stack: Stack) -> dict[str, Any]:
    """A school made by its commands, into which its methodologist imported `grades-small`."""
    bundle = zipped(shared("oneroster/grades-small"))
    printed = stack.lyceum("school", "create", "Szkoła nr 1", "--director", "Nowak Anna")
    director = stack.login(*password_in(printed))
    me = director.get("/me")
    person_id = me["memberships"][0]["person_id"]
    director.send("POST", f"/people/{person_id}/roles", {"role": "methodologist"}, 200)
    methodologist = stack.login(*password_in(printed))
    report = methodologist.import_bundle(bundle)
    assert report["status"] == "done", report
    return {"methodologist": methodologist, "report": report}


def issued(methodologist: Visitor, stack: Stack, *person_ids: str) -> list[Visitor]:
    """Visitors with credentials that the methodologist issued."""
    made = methodologist.send("POST", "/credentials", {"person_ids": list(person_ids)})["credentials"]
    by_person = {one["person_id"]: one for one in made}
    return [stack.login(by_person[one]["login"], by_person[one]["password"]) for one in person_ids]


def counted(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {one["kind"]: one for one in report["counts"]}


def test_the_bundle_is_imported_whole_and_a_second_time_changes_nothing(school: dict[str, Any]):
    counts = counted(school["report"])
    assert counts["people"]["created"] == 266
    assert counts["marks"]["created"] == 5854
    again = counted(school["methodologist"].import_bundle(zipped(shared("oneroster/grades-small"))))
    for kind, count in again.items():
        assert (count["created"], count["changed"], count["removed"]) == (0, 0, 0), kind
    assert again["people"]["unchanged"] == 266
    assert again["marks"]["unchanged"] == 5854


def test_a_mark_reaches_its_parent_by_one_letter_and_the_diary_and_nobody_else(stack: Stack, school: dict[str, Any]):
    methodologist: Visitor = school["methodologist"]
    parents = guardians(methodologist)
    course, student, lesson = course_with_student(methodologist, set.union(*parents.values()))
    parent_id = next(parent for parent, children in parents.items() if student in children)
    other_id = next(parent for parent, children in parents.items() if student not in children)
    stranger_id = next(
        one["id"] for one in methodologist.everybody(role="teacher") if one["id"] not in course["teacher_ids"]
    )
    address = f"parent-{parent_id[:8]}@family.example"
    methodologist.send("PATCH", f"/people/{parent_id}/contact", {"email": address}, 200)
    for purpose in ("portal", "email"):
        consent = {"guardian_id": parent_id, "student_id": student, "purpose": purpose, "granted": True}
        methodologist.send("POST", "/consents", consent)
    teacher, parent, other, stranger, pupil = issued(
        methodologist, stack, course["teacher_ids"][0], parent_id, other_id, stranger_id, student
    )

    body = {"lesson_id": lesson["id"], "student_id": student, "value": "5", "comment": "at the board"}
    mark = teacher.send("POST", "/marks", body, 201, **{"Idempotency-Key": "one-mark"})
    assert teacher.send("POST", "/marks", body, 201, **{"Idempotency-Key": "one-mark"}) == mark

    eventually(lambda: stack.mailbox.to(address), 60, "the parent's letter arrives")
    day = lesson["date"]
    diary = parent.get(f"/students/{student}/diary", date=day)
    seen = [one for each in diary["days"] for taught in each["lessons"] for one in taught["marks"]]
    assert mark["id"] in [one["id"] for one in seen]
    assert pupil.get(f"/students/{student}/diary", date=day)["student_id"] == student

    nowhere = f"/students/{student}/diary?date={day}"
    assert other.status("GET", nowhere) == 404
    assert other.status("GET", f"/marks/{mark['id']}/history") == 404
    assert stack.demo("parent").status("GET", nowhere) == 404
    assert stack.demo("teacher").status("GET", f"/lessons/{lesson['id']}") == 404
    assert stranger.status("POST", "/marks", json=body) in (403, 404)
    for someone in (pupil, parent):
        assert someone.status("POST", "/marks", json=body) == 403
        assert someone.status("GET", f"/courses/{course['id']}/journal?term_id={course['id']}") == 403
    # everything that could still have been sent twice was published before this second mark's letter
    changed = {"value": "4", "reason": "a slip of the pen"}
    teacher.send("PATCH", f"/marks/{mark['id']}", changed, 200, **{"If-Match": f'"{mark["version"]}"'})
    eventually(lambda: len(stack.mailbox.to(address)) >= 2, 60, "the letter about the change arrives")
    assert len(stack.mailbox.to(address)) == 2
    assert len({letter["Message-ID"] for letter in stack.mailbox.to(address)}) == 2


def test_three_schools_beside_it_and_nothing_of_one_shows_in_another(stack: Stack, school: dict[str, Any]):
    methodologist: Visitor = school["methodologist"]
    before = {one["id"] for one in methodologist.everybody()}
    operator = stack.demo("operator")
    report = operator.import_bundle(zipped(shared("oneroster/three-schools")))
    assert report["status"] == "done", report
    assert len(report["schools"]) == 3
    assert {one["id"] for one in methodologist.everybody()} == before
    names = {one["name"] for one in operator.get("/schools")["schools"]}
    assert {one["name"] for one in report["schools"]} <= names
    assert len(methodologist.get("/schools")["schools"]) == 1
    assert operator.status("GET", "/people") == 403


def test_a_printed_page_comes_with_its_hash(stack: Stack):
    methodologist = stack.demo("methodologist")
    years = methodologist.get("/calendar")["years"]
    begun = [term for term in years[0]["terms"] if term["starts_on"] <= datetime.now(UTC).date().isoformat()]
    term = max(begun, key=lambda one: str(one["starts_on"]))
    course = methodologist.get("/courses")["courses"][5]
    job = methodologist.send("POST", "/print-jobs", {"course_id": course["id"], "term_id": term["id"]}, 202)

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = methodologist.get(f"/print-jobs/{job['id']}")
        return found if found["state"] in ("done", "failed") else None

    done = eventually(finished, 60, "the page is rendered")
    assert done is not None
    assert done["state"] == "done", done
    answer = methodologist.ask("GET", f"/print-jobs/{job['id']}/document")
    assert hashlib.sha256(answer.content).hexdigest() == done["sha256"]
    assert answer.content.startswith(b"%PDF")


def test_a_service_that_breaks_off_is_missed_by_name_and_comes_back(stack: Stack, request: pytest.FixtureRequest):
    if "[up]" not in request.node.name:
        return  # in one process nothing breaks off alone
    parent = stack.demo("parent")
    child = parent.get("/me")["memberships"][0]["children"][0]["student_id"]
    today = datetime.now(UTC).date().isoformat()
    whole = parent.get(f"/students/{child}/diary", date=today)
    assert whole["missing"] == []
    running = psutil.Process(stack.process.pid).children(recursive=True)
    (attendance,) = [one for one in running if one.cmdline()[-3:][1:] == ["service", "attendance"]]
    keeper = attendance.parent()
    assert keeper is not None
    keeper.suspend()  # it would start the service again before we have looked
    attendance.kill()
    alone = f"/students/{child}/absences?starts_on={today}&ends_on={today}"
    eventually(lambda: parent.status("GET", alone) == 503, 30, "the broker has noticed")
    assert parent.ask("GET", alone).headers["Retry-After"]
    without = parent.get(f"/students/{child}/diary", date=today)
    assert without["days"] == whole["days"]
    assert without["missing"] == ["absences"]
    keeper.resume()
    eventually(lambda: parent.get(f"/students/{child}/diary", date=today) == whole, 60, "attendance is there again")


def test_a_second_start_keeps_the_data(tmp_path: Path):
    with started("run", tmp_path) as first:
        teacher = first.demo("teacher")
        me = teacher.get("/me")
        logins = (tmp_path / "demo-logins.json").read_text()
    assert first.process.returncode in (0, -signal.SIGTERM)
    with started("run", tmp_path) as second:
        assert (tmp_path / "demo-logins.json").read_text() == logins
        assert second.demo("teacher").get("/me") == me
    assert json.loads(logins)["teacher"]["login"]


def guardians(methodologist: Visitor) -> dict[str, set[str]]:
    """Guardian → children, as the bundle ties them together."""
    ids = {one["source_id"]: one["id"] for one in methodologist.everybody()}
    ties: dict[str, set[str]] = {}
    with shared("oneroster/grades-small/users.csv").open(encoding="utf-8-sig", newline="") as users:
        for row in csv.DictReader(users):
            for agent in filter(None, row["agentSourcedIds"].split(",")):
                adult, child = (agent, row["sourcedId"]) if row["role"] == "student" else (row["sourcedId"], agent)
                ties.setdefault(ids[adult.strip()], set()).add(ids[child.strip()])
    return ties


def course_with_student(methodologist: Visitor, children: set[str]) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """A course that is taught, one of its students who is among `children`, and a lesson with that student."""
    terms = {year["id"]: year["terms"] for year in methodologist.get("/calendar")["years"]}
    for course in methodologist.get("/courses")["courses"]:
        for term in terms[course["year_id"]] if course["teacher_ids"] else ():
            page = methodologist.get(f"/courses/{course['id']}/journal", term_id=term["id"])
            known = [one for one in page["student_ids"] if one in children]
            if known and page["lessons"]:
                return course, known[0], page["lessons"][-1]
    raise AssertionError("no course has a lesson and a student with a guardian")
