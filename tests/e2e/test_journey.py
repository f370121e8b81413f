"""The main job: a mark goes from a teacher to a parent, and to nobody else; on the embedded and on the real stack."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import psutil
import pytest

from kernel.waiting import eventually
from tests.e2e.bundles import OneSchool, one_school, three_schools
from tests.e2e.stack import Stack, Visitor, on_the_real_stack, password_in

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]

METHODOLOGIST, JOURNAL = {"methodologist"}, {"methodologist", "teacher"}
EVERYBODY = JOURNAL | {"student"}
#: Address of a thing of a school → the rule that refuses it where it is not there, and who may ask for such things.
OF_A_SCHOOL = {
    "/classes/{class}": ("no-class", JOURNAL),
    "/courses/{course}/journal?term_id={term}": ("no-such-course", JOURNAL),
    "/lessons/{lesson}": ("no-such-lesson", JOURNAL),
    "/marks/{mark}/history": ("no-such-mark", EVERYBODY),
    "/students/{student}/diary?date=2026-11-23": ("no-such-student", EVERYBODY),
    "/students/{student}/marks?starts_on=2026-11-01&ends_on=2026-11-23": ("no-such-student", EVERYBODY),
    "/students/{student}/absences?starts_on=2026-11-01&ends_on=2026-11-23": ("no-such-student", EVERYBODY),
    "/print-jobs/{job}": ("no-print-job", METHODOLOGIST),
    "/print-jobs/{job}/document": ("no-print-job", METHODOLOGIST),
    "/imports/{import}": ("no-import", METHODOLOGIST),
}


@pytest.fixture(scope="module")
def school(stack: Stack) -> dict[str, Any]:
    """A school made by its commands, into which its methodologist imported a bundle with marks."""
    bundle = one_school()
    printed = stack.lyceum("school", "create", "Szkoła nr 1", "--director", "Nowak Anna")
    director = stack.login(*password_in(printed))
    me = director.get("/me")
    person_id = me["memberships"][0]["person_id"]
    director.send("POST", f"/people/{person_id}/roles", {"role": "methodologist"}, 200)
    methodologist = stack.login(*password_in(printed))
    report = methodologist.import_bundle(bundle.packed)
    assert report["status"] == "done", report
    return {"methodologist": methodologist, "report": report, "bundle": bundle}


def issued(methodologist: Visitor, stack: Stack, *person_ids: str) -> list[Visitor]:
    """Visitors with credentials that the methodologist issued."""
    order = methodologist.send("POST", "/credentials", {"person_ids": list(person_ids), "replace": True}, 202)
    path = f"/credentials/{order['id']}"
    eventually(lambda: methodologist.get(path)["ready"], 30, "the passwords are made")
    made = methodologist.send("POST", f"{path}/slips", None, 200)["credentials"]
    by_person = {one["person_id"]: one for one in made}
    return [stack.login(by_person[one]["login"], by_person[one]["password"]) for one in person_ids]


def say_grades(methodologist: Visitor) -> None:
    """Say the grades that neither the bundle nor the names of classes, such as “Klasa 1”, do."""
    for one in methodologist.get("/classes")["classes"]:
        if one["grade"] is None:
            methodologist.send("PUT", f"/classes/{one['id']}/grade", {"grade": 7}, 200)


def counted(report: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {one["kind"]: one for one in report["counts"]}


def test_the_bundle_is_imported_whole_and_a_second_time_changes_nothing(school: dict[str, Any]):
    counts, bundle = counted(school["report"]), school["bundle"]
    assert (counts["people"]["created"], counts["marks"]["created"]) == (bundle.people, bundle.marks)
    again = counted(school["methodologist"].import_bundle(bundle.packed))
    for kind, count in again.items():
        assert (count["created"], count["changed"], count["removed"]) == (0, 0, 0), kind
    assert (again["people"]["unchanged"], again["marks"]["unchanged"]) == (bundle.people, bundle.marks)


def test_a_mark_reaches_its_parent_by_one_letter_and_the_diary_and_nobody_else(stack: Stack, school: dict[str, Any]):
    methodologist: Visitor = school["methodologist"]
    parents = guardians(methodologist, school["bundle"])
    course, student, lesson = course_with_student(methodologist, set.union(*parents.values()))
    parent_id = next(parent for parent, children in parents.items() if student in children)
    other_id = next(parent for parent, children in parents.items() if student not in children)
    near = {*course["teacher_ids"], *(one["homeroom_teacher_id"] for one in methodologist.get("/classes")["classes"])}
    stranger_id = next(one["id"] for one in methodologist.everybody(role="teacher") if one["id"] not in near)
    address = f"parent-{parent_id[:8]}@family.example"
    methodologist.send("PATCH", f"/people/{parent_id}/contact", {"email": address}, 200)
    for purpose in ("portal", "email"):
        consent = {"guardian_id": parent_id, "student_id": student, "purpose": purpose, "granted": True}
        methodologist.send("POST", "/consents", consent)
    teacher, parent, other, stranger, pupil = issued(
        methodologist, stack, course["teacher_ids"][0], parent_id, other_id, stranger_id, student
    )

    say_grades(methodologist)
    eventually(lambda: teacher.get(f"/lessons/{lesson['id']}")["takes_marks"], 30, "the gradebook hears of the grades")
    body = {"lesson_id": lesson["id"], "student_id": student, "value": "5", "comment": "at the board"}
    mark = teacher.send("POST", "/marks", body, 201, **{"Idempotency-Key": "one-mark"})
    assert teacher.send("POST", "/marks", body, 201, **{"Idempotency-Key": "one-mark"}) == mark

    eventually(lambda: stack.mailbox.to(address), 60, "the parent's letter arrives")
    day = lesson["date"]
    diary = parent.get(f"/students/{student}/diary", date=day)
    seen = [one for each in diary["days"] for taught in each["lessons"] for one in taught["marks"]]
    assert mark["id"] in [one["id"] for one in seen]
    assert pupil.get(f"/students/{student}/diary", date=day)["student_id"] == student

    nowhere, history = f"/students/{student}/diary?date={day}", f"/marks/{mark['id']}/history"
    for someone in (other, stack.demo("parent"), stack.demo("student")):
        assert someone.refusal("GET", nowhere) == (404, "no-such-student")
        assert someone.refusal("GET", history) == (404, "no-such-mark")
    # to another teacher of the school the lesson is not there either, and to one of another school nothing is
    elsewhere, lesson_path = stack.demo("teacher"), f"/lessons/{lesson['id']}"
    assert elsewhere.refusal("GET", nowhere) == (404, "no-such-student")
    assert elsewhere.refusal("GET", history) == (404, "no-such-mark")
    for someone in (elsewhere, stranger):
        assert someone.refusal("GET", lesson_path) == (404, "no-such-lesson")
        assert someone.refusal("POST", "/marks", json=body) == (404, "no-such-lesson")
    for someone in (pupil, parent):
        assert someone.refusal("POST", "/marks", json=body) == (403, "role")
        assert someone.refusal("GET", f"/courses/{course['id']}/journal?term_id={course['id']}") == (403, "role")
    # everything that could still have been sent twice was published before this second mark's letter
    changed = {"value": "4", "reason": "a slip of the pen"}
    teacher.send("PATCH", f"/marks/{mark['id']}", changed, 200, **{"If-Match": f'"{mark["version"]}"'})
    eventually(lambda: len(stack.mailbox.to(address)) >= 2, 60, "the letter about the change arrives")
    assert len(stack.mailbox.to(address)) == 2
    assert len({letter["Message-ID"] for letter in stack.mailbox.to(address)}) == 2


def test_three_schools_beside_it_and_nothing_of_one_shows_in_another(stack: Stack, school: dict[str, Any]):
    methodologist: Visitor = school["methodologist"]
    before = everything_of(methodologist)
    operator = stack.demo("operator")
    report = operator.import_bundle(three_schools())
    assert report["status"] == "done", report
    assert everything_of(methodologist) == before
    names = {one["name"] for one in operator.get("/schools")["schools"]}
    assert {one["name"] for one in report["schools"]} <= names
    assert len(methodologist.get("/schools")["schools"]) == 1
    assert operator.refusal("GET", "/people") == (403, "role")

    runners = [methodologist, *(methodologist_of(stack, one) for one in report["schools"])]
    schools = [(runner, everything_of(runner)) for runner in runners]
    assert len(schools) == 4
    samples = [one_of_each(runner, found) | {"import": report["id"]} for runner, found in schools]
    samples[0] |= some_mark(methodologist, before["courses"]) | {"import": school["report"]["id"]}
    ids = [{one["id"] for things in found.values() for one in things} for _, found in schools]
    for (runner, found), own, sample in zip(schools, ids, samples):
        assert all(found.values()), "each school has people, classes and courses"
        for path in askable(sample):
            # the bundle of several schools is the operator's, not one of theirs
            expected = 404 if sample["import"] == report["id"] and "import" in path else 200
            assert runner.status("GET", path.format(**sample)) == expected, path
        teacher = next(one["id"] for one in found["people"] if one["roles"] == ["teacher"])
        who = {"methodologist": runner}
        who["teacher"], who["student"] = issued(runner, stack, teacher, sample["student"])
        for other in (one for one in samples if one is not sample):
            for role, someone in who.items():
                assert_unknown(someone, role, other)
            assert_untouchable(who["methodologist"], who["teacher"], other)
        for other_ids in ids:
            assert other_ids is own or own.isdisjoint(other_ids)


def everything_of(visitor: Visitor) -> dict[str, list[dict[str, Any]]]:
    """People, classes and courses of a school, as its methodologist lists them."""
    return {
        "people": visitor.everybody(),
        "classes": visitor.get("/classes")["classes"],
        "courses": visitor.get("/courses")["courses"],
    }


def methodologist_of(stack: Stack, school: dict[str, Any]) -> Visitor:
    """Someone who runs a school that came with a bundle."""
    login = password_in(stack.lyceum("school", "director", school["id"], "Kowalska Maria"))
    director = stack.login(*login)
    person_id = director.get("/me")["memberships"][0]["person_id"]
    director.send("POST", f"/people/{person_id}/roles", {"role": "methodologist"}, 200)
    return stack.login(*login)


def one_of_each(methodologist: Visitor, found: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """An id of each kind of thing that a school has from its first day on."""
    course = found["courses"][0]
    term = methodologist.terms_of(course)[0]["id"]
    return {
        "student": next(one["id"] for one in found["people"] if "student" in one["roles"]),
        "class": found["classes"][0]["id"],
        "course": course["id"],
        "term": term,
        "job": printed(methodologist, course["id"], term)["id"],
    }


def some_mark(methodologist: Visitor, courses: list[dict[str, Any]]) -> dict[str, str]:
    """The ids of a mark and of its lesson."""
    for course in courses:
        for term in methodologist.terms_of(course):
            for mark in methodologist.get(f"/courses/{course['id']}/journal", term_id=term["id"])["marks"]:
                return {"lesson": mark["lesson_id"], "mark": mark["id"]}
    raise AssertionError("no course has a mark")


def askable(sample: dict[str, str]) -> list[str]:
    """The addresses of which a school has the things."""
    return [path for path in OF_A_SCHOOL if set(re.findall(r"{(\w+)}", path)) <= sample.keys()]


def assert_unknown(someone: Visitor, role: str, other: dict[str, str]) -> None:
    """Things of another school are to them as things that are nowhere: the same refusal, word for word."""
    nowhere = {kind: str(uuid4()) for kind in other}
    for path in askable(other):
        rule, roles = OF_A_SCHOOL[path]
        found, made_up = (refusal_without_ids(someone, path, ids) for ids in (other, nowhere))
        expected = (404, rule) if role in roles else (403, "role")
        assert (found["status"], found["rule"]) == expected, f"{role}: {path}"
        assert found == made_up, f"{role}: {path}"


def assert_untouchable(methodologist: Visitor, teacher: Visitor, other: dict[str, str]) -> None:
    """Nor can anything be done to them, or with them."""
    student, contact = other["student"], {"email": "stranger@family.example"}
    consent = {"guardian_id": student, "student_id": student, "purpose": "portal", "granted": True}
    page = {"course_id": other["course"], "term_id": other["term"]}
    assert methodologist.refusal("POST", "/credentials", json={"person_ids": [student]}) == (404, "no-person")
    assert methodologist.refusal("PATCH", f"/people/{student}/contact", json=contact) == (404, "no-person")
    assert methodologist.refusal("POST", "/consents", json=consent) == (404, "no-guardian")
    assert methodologist.refusal("POST", "/print-jobs", json=page) == (404, "no-such-course")
    assert teacher.send("POST", "/people/names", {"person_ids": [student]}, 200) == {"people": []}
    lesson = {"course_id": other["course"], "date": "2026-11-23"}
    assert teacher.refusal("POST", "/lessons", json=lesson) == (404, "no-such-course")
    if "mark" not in other:
        return
    mark = {"lesson_id": other["lesson"], "student_id": student, "value": "5"}
    change = {"json": {"value": "4", "reason": "not mine"}, "headers": {"If-Match": '"1"'}}
    assert teacher.refusal("POST", "/marks", json=mark) == (404, "no-such-lesson")
    assert teacher.refusal("PATCH", f"/marks/{other['mark']}", **change) == (404, "no-such-mark")


def refusal_without_ids(someone: Visitor, path: str, ids: dict[str, str]) -> dict[str, Any]:
    """What a refusal says, but for the ids asked for and the number of the request."""
    answer = someone.ask("GET", path.format(**ids))
    assert answer.status_code >= 400, f"{path}: {answer.status_code}"
    text = answer.text
    for known in ids.values():
        text = text.replace(known, "…")
    told: dict[str, Any] = json.loads(text)
    return {name: value for name, value in told.items() if name != "request_id"}


def test_a_printed_page_comes_with_its_hash(stack: Stack):
    methodologist = stack.demo("methodologist")
    course = methodologist.get("/courses")["courses"][5]
    today = datetime.now(UTC).date().isoformat()
    begun = [term for term in methodologist.terms_of(course) if term["starts_on"] <= today]
    term = max(begun, key=lambda one: str(one["starts_on"]))
    done = printed(methodologist, course["id"], term["id"])
    answer = methodologist.ask("GET", f"/print-jobs/{done['id']}/document")
    assert hashlib.sha256(answer.content).hexdigest() == done["sha256"]
    assert answer.content.startswith(b"%PDF")


def printed(methodologist: Visitor, course_id: str, term_id: str) -> dict[str, Any]:
    """The print job of a course's journal page, once it is done."""
    job = methodologist.send("POST", "/print-jobs", {"course_id": course_id, "term_id": term_id}, 202)

    def finished() -> dict[str, Any] | None:
        found: dict[str, Any] = methodologist.get(f"/print-jobs/{job['id']}")
        return found if found["state"] in ("done", "failed") else None

    done = eventually(finished, 60, "the page is rendered")
    assert done is not None
    assert done["state"] == "done", done
    return done


@on_the_real_stack
def test_a_service_that_breaks_off_is_missed_by_name_and_comes_back(stack: Stack):
    parent = stack.demo("parent")
    child = parent.get("/me")["memberships"][0]["children"][0]["student_id"]
    today = datetime.now(UTC).date().isoformat()
    whole = parent.get(f"/students/{child}/diary", date=today)
    assert whole["missing"] == []
    running = psutil.Process(stack.process.pid).children(recursive=True)
    (attendance,) = [one for one in running if one.cmdline()[-3:][1:] == ["service", "attendance"]]
    keeper = psutil.Process(stack.process.pid)
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


def guardians(methodologist: Visitor, bundle: OneSchool) -> dict[str, set[str]]:
    """Guardian → children, as the bundle ties them together."""
    ids = {one["source_id"]: one["id"] for one in methodologist.everybody()}
    return {ids[adult]: {ids[child] for child in children} for adult, children in bundle.families.items()}


def course_with_student(methodologist: Visitor, children: set[str]) -> tuple[dict[str, Any], str, dict[str, Any]]:
    """A course that is taught, one of its students who is among `children`, and their lesson of an open term."""
    for course in methodologist.get("/courses")["courses"]:
        for term in methodologist.terms_of(course) if course["teacher_ids"] else ():
            page = methodologist.get(f"/courses/{course['id']}/journal", term_id=term["id"])
            known = [one for one in page["student_ids"] if one in children]
            lessons = [one for one in page["lessons"] if one["closed"] is None]
            if known and lessons:
                return course, known[0], lessons[-1]
    raise AssertionError("no course has a lesson in an open term and a student with a guardian")
