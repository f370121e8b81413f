"""Whether everybody can use the pages: none has a barrier that axe finds, for anybody, on a desktop or a phone."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from uuid_utils.compat import uuid7

from contracts.roles import OPERATOR, ROLES
from gateway.door import policy
from gateway.rest.openapi import PREFIX
from kernel.auth import Actor
from services.gradebook.courses import tables as courses_tables
from services.gradebook.people import tables as copies_tables
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from tests.browser.conftest import Visitor
from tests.gateway.site import Site
from tests.identity.small_bundle import SmallBundle
from tests.kit.people import TODAY, add_operator
from tests.kit.town import School

HOMEROOM = "homeroom teacher"
STRANGER = "stranger"
WHO = (*ROLES, HOMEROOM, OPERATOR, STRANGER)
#: What answers GET outside the API and shows no page of ours.
NO_PAGES = {
    "static",
    "bootstrap.static",
    "modules.static",
    "documentation.file",
    "feeds.show",
    "printing_pages.document",
    "homework.file",
    "session.language",
    "offline.manifest",
    "offline.worker",
    "family.of_day",
    "health.live",
    "health.metrics",
    "health.ready",
}
#: Whom a service refuses though the door lets the role pass: it is the relation that is missing.
NO_RELATION = {
    ("teacher", "family.diary", "student_id"),  # of another's class
    ("teacher", "family.marks", "student_id"),
    ("teacher", "subject.trend", "student_id"),
    ("teacher", "weeks.of_student", "student_id"),
    ("plan_head", "weeks.of_student", "student_id"),
    ("teacher", "feeds.of_student", "student_id"),
    (HOMEROOM, "feeds.of_student", "student_id"),
    ("director", "credentials.page", "order_id"),  # the methodologist's
    ("operator", "credentials.page", "order_id"),
    ("plan_head", "progress.course", "course_id"),  # of another association's subject
    ("plan_head", "journal.page", "course_id"),
    ("plan_head", "term_marks.page", "course_id"),
    ("plan_head", "figures.term_mark", "course_id"),
    ("teacher", "class_terms.page", "class_id"),  # of another's class
    ("teacher", "class_journal.page", "class_id"),
    ("teacher", "family.term_marks", "student_id"),
}


@pytest.fixture(scope="module", autouse=True)
def long_words(school: School, lived_in: None) -> None:
    """Names that take more room than those of most."""
    with school.town.identity.unit_of_work.of(school.id) as session:
        boris = session.get_one(people_tables.Person, (school.id, school.boris.person_id))
        boris.family_name, boris.patronymic = "Константинопольский", "Святославович"
    with school.town.gradebook.unit_of_work.of(school.id) as session:
        course = session.get_one(courses_tables.Course, (school.id, school.algebra))
        course.title = "Естественнонаучные исследования и математика, 7А"
        subject = session.get_one(courses_tables.Subject, (school.id, course.subject_id))
        subject.name = "Естественнонаучные исследования"


@pytest.fixture(scope="module")
def values(door: Site, school: School, people: dict[str, Actor], long_words: None) -> dict[str, Any]:
    """What stands for each variable part of an address: Boris, his algebra, and what the methodologist began."""
    office = door.asking(school.methodologist)
    bundle = {"bundle": (io.BytesIO(SmallBundle().zip()), "школа.zip"), "dry_run": "true"}
    imported = office.post("/imports", data=bundle).json
    term = office.get("/calendar").json["years"][0]["terms"][0]
    printed = office.post("/print-jobs", json={"course_id": str(school.algebra), "term_id": term["id"]}).json
    door.carry()
    span = {"starts_on": term["starts_on"], "ends_on": term["ends_on"]}
    marks = door.asking(school.boris).get(f"/students/{school.boris.person_id}/marks", query_string=span).json
    chosen = {"person_ids": [str(school.boris.person_id)], "replace": True}
    policy_of(door, school)
    brought_along(door, school, term)
    noted = {"absences": [{"student_id": str(school.boris.person_id), "code": "О", "minutes": 7}]}
    assert door.asking(school.homeroom_a).put(f"/lessons/{school.lesson}/check", json=noted).status_code == 200
    room = office.patch("/classrooms", json={"classrooms": [{"name": "Большой спортивный зал"}]}).json["classrooms"][0]
    return {
        "class_id": school.class_a,
        "classroom_id": room["id"],
        "course_id": school.algebra,
        "day": TODAY - timedelta(days=2),
        "import_id": imported["id"],
        "job_id": printed["id"],
        "lesson_id": school.lesson,
        "order_id": door.asking(people["methodologist"]).post("/credentials", json=chosen).json["id"],
        "mark_id": marks["subjects"][0]["marks"][0]["id"],
        "person_id": school.boris.person_id,
        "plan_id": plan_of(door, school),
        "student_id": school.boris.person_id,
        "teacher_id": school.teacher.person_id,
        "year_id": office.get("/calendar").json["years"][0]["id"],
    }


def brought_along(door: Site, school: School, term: dict[str, Any]) -> None:
    """Marks of another school with long words, one of them withdrawn."""
    office = door.asking(school.methodologist)
    day = str(TODAY - timedelta(days=95))
    document = {
        "school": "Общеобразовательная школа с углублённым изучением математики № 1234",
        "document": "справка № 12",
    }
    given = {
        "term_id": term["id"],
        "student_id": str(school.boris.person_id),
        "marks": [{"date": day, "text": "4/5"}] * 2,
    }
    entered = office.post(f"/courses/{school.algebra}/other-school-marks", json={**document, **given})
    assert entered.status_code == 201, entered.text
    withdrawal = {"reason": "Введена дважды по недосмотру"}
    mark_id = entered.json["marks"][1]["id"]
    assert office.post(f"/other-school-marks/{mark_id}/withdrawal", json=withdrawal).status_code == 200


def policy_of(door: Site, school: School) -> None:
    """An adopted version of the policy, and a draft with long words and a fault, which would change something."""
    office = door.asking(school.methodologist)
    adoption = {"valid_from": TODAY.isoformat(), "decision": "протокол заседания педагогического совета № 1"}
    assert office.post("/policy/draft").status_code == 201
    adopted = door.asking(school.director).post("/policy/draft/adoption", json=adoption, headers={"If-Match": '"1"'})
    assert adopted.status_code == 201, adopted.text
    assert office.post("/policy/draft").status_code == 201
    special = {"subjects": ["Естественнонаучные исследования"], "grades": [7], "value": [{"mark": 5, "least": "4.7"}]}
    changed = {"path": "terms.thresholds", "value": [{"mark": 5, "least": "4.65"}], "specials": [special]}
    assert office.patch("/policy/draft", json=changed, headers={"If-Match": '"1"'}).status_code == 200


def plan_of(door: Site, school: School) -> str:
    """A submitted plan with long words, which the methodologist may still change; by its twin algebra goes."""
    office = door.asking(school.methodologist)
    subject = office.get("/associations").json["subjects"][0]["subject_id"]
    year = office.get("/calendar").json["years"][0]["id"]
    topic = {"section": "Степени и одночлены", "topic": "Степень с натуральным показателем", "hours": "2",
             "content": "Определение степени, основание и показатель", "control": "Самостоятельная работа",
             "homework": "§ 1, № 4–8"}  # fmt: skip
    plan = {"subject_id": subject, "grade": 7, "year_id": year, "topics": [topic] * 3}
    shown, twin = (office.post("/plans", json=plan).json["id"] for _ in range(2))
    for plan_id in (shown, twin):
        assert office.post(f"/plans/{plan_id}/submit", headers={"If-Match": '"1"'}).status_code == 200
    goes = {"course_ids": [str(school.algebra)]}
    assert office.put(f"/plans/{twin}/courses", json=goes, headers={"If-Match": '"2"'}).status_code == 200
    return str(shown)


@pytest.fixture(scope="module")
def people(door: Site, school: School) -> dict[str, Actor]:
    """Somebody in every role; parents and students with a diary, teachers with lessons, all with a login."""
    return {role: school.person(role) for role in ROLES} | {
        "teacher": school.teacher,
        HOMEROOM: school.homeroom_a,
        "parent": school.other_mother,
        "student": school.boris,
        OPERATOR: add_operator(school.identity),
    }


@dataclass(frozen=True)
class Address:
    """Where a page is, and what asking for it needs."""

    endpoint: str
    path: str
    parts: frozenset[str]
    operation: str

    def is_for(self, who: str, roles: frozenset[str]) -> bool:
        """Whether it is to be looked at by somebody; what everybody may see, by a stranger alone."""
        if who == STRANGER or policy.is_public(self.operation):
            return who == STRANGER and policy.is_public(self.operation)
        related = not any((who, self.endpoint, part) in NO_RELATION for part in self.parts)
        return policy.allows(self.operation, roles) and related


@pytest.fixture(scope="module")
def addresses(door: Site, values: dict[str, Any]) -> list[Address]:
    """Those of every page there is. A page with a part in its address that `values` lacks is a new one."""
    urls = door.app.url_map.bind("localhost")
    found = []
    for rule in door.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule.startswith(f"{PREFIX}/") or rule.endpoint in NO_PAGES:
            continue
        assert rule.arguments <= values.keys(), f"{rule.rule}: say in `values` what its parts are here"
        path = urls.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        operation = getattr(door.app.view_functions[rule.endpoint], "operation", "")
        found.append(Address(rule.endpoint, path, frozenset(rule.arguments), operation))
    return found


@pytest.mark.parametrize("who", WHO)
def test_no_page_has_a_barrier_for_whoever_may_see_it(
    visitor: Visitor, addresses: list[Address], people: dict[str, Actor], who: str
) -> None:
    roles = people[who].roles if who in people else frozenset()
    if who in people:
        visitor.sign_in(people[who])
    barriers = []
    for address in addresses:
        if not address.is_for(who, roles):
            continue
        answer = visitor.page.goto(visitor.address + address.path)
        assert answer is not None
        assert answer.status == 200, address
        barriers += visitor.barriers_on_every_device(f"{who}-{address.endpoint}")
    assert barriers == []


def test_a_service_refuses_those_of_whom_it_is_said_here(
    door: Site, addresses: list[Address], people: dict[str, Actor]
) -> None:
    visitors = {who: door.visit(people[who]) for who in {case[0] for case in NO_RELATION}}
    refused = [
        (who, address.endpoint, part, visitors[who].get(address.path, follow_redirects=True).status_code)
        for address in addresses
        for part in address.parts
        for who in visitors
        if (who, address.endpoint, part) in NO_RELATION
    ]
    assert {case[:3] for case in refused} == NO_RELATION
    assert {case[3] for case in refused} <= {403, 404}


@pytest.mark.parametrize("element", ["#login", "#own-device", "main button", "footer a"])
def test_what_has_the_keyboard_is_outlined(visitor: Visitor, element: str) -> None:
    page = visitor.goto("/login")
    page.locator(element).focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    focused = page.locator(element)
    expect(focused).to_be_focused()
    expect(focused).to_have_css("outline-style", "solid")
    expect(focused).to_have_css("outline-width", "3px")


def test_a_barrier_on_a_page_that_had_none_before_is_found_every_time(visitor: Visitor) -> None:
    page = visitor.goto("/login")
    assert visitor.barriers() == []
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    for _ in range(2):
        (found,) = visitor.barriers()
        assert found.startswith("critical: image-alt")


def test_a_refused_sign_in_has_no_barrier(visitor: Visitor) -> None:
    page = visitor.goto("/login")
    page.fill("#login", "nobody")
    page.fill("#password", "not the password")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    visitor.complaints.clear()  # the browser notes the status 401
    assert visitor.barriers_on_every_device("login-refused") == []


def test_an_error_has_no_barrier(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    for path in ("/nothing-is-here", "/people"):
        page = visitor.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        visitor.complaints.clear()  # the browser notes the statuses 404 and 403
        assert visitor.barriers_on_every_device(f"error{path}".replace("/", "-")) == []


def test_marks_and_absences_that_were_refused_have_no_barrier(visitor: Visitor, school: School) -> None:
    visitor.sign_in(school.teacher)
    page = visitor.goto(f"/lessons/{school.lesson}/marks")
    page.fill(f"[name='value-{school.anna.person_id}']", "9")
    page.get_by_role("button", name="Сохранить отметки").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visitor.complaints.clear()  # the browser notes the status 422
    assert visitor.barriers_on_every_device("column-refused") == []


def test_the_faults_of_a_bundle_have_no_barrier(visitor: Visitor, door: Site, school: School) -> None:
    bundle = SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    started = door.asking(school.methodologist).post(
        "/imports", data={"bundle": (io.BytesIO(bundle.zip()), "школа.zip")}
    )
    door.carry()
    visitor.sign_in(school.methodologist)
    page = visitor.goto(f"/import/{started.json['id']}")
    expect(page.locator("tbody")).to_contain_text("users.csv")
    assert visitor.barriers_on_every_device("import-faults") == []


def test_an_import_and_a_print_that_go_on_have_no_barrier(visitor: Visitor, door: Site, school: School) -> None:
    visitor.sign_in(school.methodologist)
    page = visitor.goto("/import")
    page.set_input_files("#bundle", {"name": "школа.zip", "mimeType": "application/zip", "buffer": SmallBundle().zip()})
    page.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_role("status")).to_contain_text("ждёт")
    assert visitor.barriers_on_every_device("import-waits") == []
    page = visitor.goto("/print")
    page.get_by_role("button", name="Сформировать").click()
    expect(page.locator("tbody")).to_contain_text("ждёт")
    assert visitor.barriers_on_every_device("print-waits") == []
    door.carry()


# --- behind all others: lessons of the school become other ones ---------------------------------------


@pytest.fixture(scope="module")
def changed_week(door: Site, school: School, values: dict[str, Any]) -> None:
    """A week in which lessons are moved, cancelled and stood in for, with long reasons."""
    office = door.asking(school.methodologist)
    reason = "Медицинский осмотр и вакцинация учащихся седьмых классов"
    stands_in = {"teacher_id": str(school.homeroom_a.person_id), "classroom_id": values["classroom_id"]}
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY, 6)
    changes = [
        {"lesson_id": str(school.lesson), "version": 0, "moved_to": str(TODAY), "moved_number": 7, "reason": reason},
        {"lesson_id": str(school.shared_lesson), "version": 0, "cancelled": True, "reason": reason},
        {"lesson_id": str(lesson), "version": 0, "reason": reason, **stands_in},
    ]
    answer = office.post("/lessons/changes", json={"changes": changes, "despite_collisions": True})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("who", ["teacher", HOMEROOM, "deputy", "director", "methodologist"])
def test_a_week_with_changes_has_no_barrier_for_teachers_and_the_administration(
    visitor: Visitor, people: dict[str, Actor], values: dict[str, Any], changed_week: None, who: str
) -> None:
    visitor.sign_in(people[who])
    barriers = []
    for whose in ("class", "teacher", "classroom"):
        page = visitor.goto(f"/week/{'classes' if whose == 'class' else whose + 's'}/{values[f'{whose}_id']}")
        expect(page.locator(".week .note").first).to_be_visible()
        if whose == "class":
            expect(page.locator(".week")).to_contain_text("перенесён сюда с")
        barriers += visitor.barriers_on_every_device(f"{who}-changed-week-of-{whose}".replace(" ", "-"))
    assert barriers == []


def test_a_record_as_it_stood_has_no_barrier(visitor: Visitor, people: dict[str, Actor], school: School) -> None:
    visitor.sign_in(people["director"])
    barriers = []
    course, of_class = f"/journal/{school.algebra}", f"/classes/{school.class_a}"
    for name, path in {
        "journal": f"{course}/then", "course": f"{course}/term-marks/then", "class": f"{of_class}/term-marks/then",
    }.items():  # fmt: skip
        for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=9)):  # the second is refused
            shown = visitor.goto(f"{path}?term={school.term}&day={day}&time=14:05")
            expect(shown.get_by_role("note" if day < TODAY else "alert")).to_be_visible()
            barriers += visitor.barriers_on_every_device(f"as-it-stood-{name}-{day < TODAY}")
    visitor.complaints.clear()  # the browser notes the status 422
    assert barriers == []


def test_the_opened_marks_of_a_class_have_no_barrier(
    visitor: Visitor, people: dict[str, Actor], values: dict[str, Any]
) -> None:
    visitor.sign_in(people[HOMEROOM])
    page = visitor.goto(f"/classes/{values['class_id']}/journal")
    page.locator(".last-marks summary").first.click()
    expect(page.locator(".last-marks li").first).to_be_visible()
    expect(page.locator(".need").first).to_be_visible()
    assert visitor.barriers_on_every_device("class-journal-opened") == []


@pytest.fixture(scope="module")
def club(door: Site, school: School, values: dict[str, Any]) -> str:
    """7A becomes a club with a long name of which nobody has said the grade."""
    for service, table, key in (
        (door.town.identity, classes_tables.SchoolClass, classes_tables.SchoolClass.id),
        (door.town.gradebook, copies_tables.ClassCopy, copies_tables.ClassCopy.class_id),
    ):
        with service.unit_of_work.of(school.id) as session:
            session.execute(update(table).where(key == school.class_a).values(name="Клуб робототехники", grade=None))
    return str(school.class_a)


def test_pages_of_a_class_of_unknown_grade_have_no_barrier_for_the_methodologist(
    visitor: Visitor, people: dict[str, Actor], club: str
) -> None:
    visitor.sign_in(people["methodologist"])
    barriers = []
    for name, path in (
        ("people", "/people"), ("people-of-it", f"/people?class_id={club}"), ("courses", "/year/courses"),
        ("courses-of-it", f"/year/courses?class_id={club}"),
    ):  # fmt: skip
        expect(visitor.goto(path).locator("main")).to_contain_text("параллель")
        barriers += visitor.barriers_on_every_device(f"unknown-grade-{name}")
    assert barriers == []


def test_pages_of_a_class_of_unknown_grade_have_no_barrier_for_its_teacher(
    visitor: Visitor, people: dict[str, Actor], school: School, club: str
) -> None:
    visitor.sign_in(people["teacher"])
    lesson = school.add_lesson(uuid7(), school.algebra, TODAY, 8)
    barriers = []
    for name, path in (
        ("day", f"/day/{TODAY}"), ("column", f"/lessons/{lesson}/marks"), ("homework", f"/lessons/{lesson}/homework"),
    ):  # fmt: skip
        expect(visitor.goto(path).locator("main")).to_contain_text("п. 2.5 регламента")
        barriers += visitor.barriers_on_every_device(f"unknown-grade-{name}")
    assert barriers == []
