"""Good bundles: written whole, again without effect, and with the effect of what changed in them."""

import os
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.gradebook.journal import Journal
from contracts.identity.appointments import Appointments
from contracts.identity.bundles import BundleImported, Bundles, ImportMoved
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.people import People, StudentsChanged
from contracts.identity.schools import Schools
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from kernel.files.store import Place
from kernel.texts import Text
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.policy import recording as policy_recording
from services.identity.bundles import queries
from services.identity.bundles import tables as bundles_tables
from services.identity.classes import tables as classes_tables
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables
from tests.identity.conftest import School, counts, events, login_of, school_id_of, sign_in
from tests.identity.small_bundle import SmallBundle, lyceum
from tests.kit.calls import call, deliver
from tests.kit.credentials import issue
from tests.kit.files import handed_in
from tests.kit.people import ZONE, add_operator

TODAY = local_date(now(), ZONE)
YESTERDAY = TODAY - timedelta(days=1)


def person(school: School, source_id: str) -> people_tables.Person:
    with school.service.unit_of_work.of(school.id) as session:
        return session.scalars(select(people_tables.Person).where(people_tables.Person.source_id == source_id)).one()


def roles(school: School, source_id: str) -> set[str]:
    wanted = select(people_tables.Role.role).where(
        people_tables.Role.person_id == person(school, source_id).id, people_tables.Role.held
    )
    with school.service.unit_of_work.of(school.id) as session:
        return set(session.scalars(wanted))


def classes_of(school: School, source_id: str) -> list[tuple[str, date, date | None]]:
    """Classes of a student, with the time in each."""
    student_id = person(school, source_id).id
    with school.service.unit_of_work.of(school.id) as session:
        rows = session.execute(
            select(classes_tables.SchoolClass.name, classes_tables.Enrolment.since, classes_tables.Enrolment.until)
            .join(classes_tables.SchoolClass, classes_tables.SchoolClass.id == classes_tables.Enrolment.class_id)
            .where(classes_tables.Enrolment.student_id == student_id)
            .order_by(classes_tables.Enrolment.since, classes_tables.SchoolClass.name)
        )
        return [(row.name, row.since, row.until) for row in rows]


def announced(school: School) -> set[str]:
    """Students who were announced."""
    return {
        student_id
        for row in events(school.service, StudentsChanged.NAME)
        if row.tenant_id == school.id
        for student_id in msgspec.json.decode(row.body)["student_ids"]
    }


def changes(status: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Kind → created, changed, removed, of the kinds to which something was done."""
    return {kind: (a, b, d) for kind, (a, b, _, d) in counts(status).items() if a or b or d}


@pytest.fixture
def imported(imports, service) -> School:
    """A school after the import of the small bundle by its methodologist."""
    school = School(service)
    done = imports.run(school.methodologist, SmallBundle().zip())
    assert (done["status"], done["faults"]) == ("done", [])
    return school


def test_an_import_writes_people_classes_and_grades(imports, school):
    done = imports.run(school.methodologist, SmallBundle().zip())
    assert done["status"] == "done"
    assert {kind: figures[0] for kind, figures in counts(done).items()} == {
        "people": 7, "roles": 6, "guardianships": 1, "classes": 2, "enrolments": 3, "sessions": 2, "subjects": 1,
        "courses": 1, "members": 3, "kinds": 1, "works": 1, "marks": 2,
    }  # fmt: skip
    assert changes(done) == {kind: (figures[0], 0, 0) for kind, figures in counts(done).items()}
    assert done["schools"][0]["source_id"] == "org-1"
    anna = person(school, "anna")
    assert (anna.family_name, anna.search_name, anna.left_on) == ("Смирнова", "смирнова анна", None)
    assert classes_of(school, "anna") == [("8А", date(2026, 9, 1), None)]
    led = school.row(classes_tables.SchoolClass, anna.class_id)
    assert (led.name, led.grade, led.homeroom_teacher_id) == ("8А", 8, person(school, "lead").id)
    assert announced(school) == {str(person(school, name).id) for name in ("anna", "boris", "vera")}


def test_the_marks_of_an_import_reach_the_gradebook(imports, imported):
    with imports.gradebook.unit_of_work.of(imported.id) as session:
        marks = {mark.student_id: mark.value for mark in session.scalars(select(marks_tables.Mark))}
        course = session.scalars(select(courses_tables.Course)).one()
    assert marks == {person(imported, "anna").id: "5", person(imported, "boris").id: "4"}
    assert (course.title, course.class_id) == ("Алгебра 8А", person(imported, "anna").class_id)


def test_p02_half_years_beside_quarters_come_with_a_bundle_and_a_mark_counts_in_its_half_year(imports, service, school):
    bundle = lyceum().result("r10", "vera", "4")
    bundle.row("results", "r10").update(lineItemSourcedId="li10", scoreDate="2026-10-05")
    done = imports.run(school.methodologist, bundle.zip())
    assert (done["status"], done["faults"], counts(done)["sessions"]) == ("done", [], (5, 0, 0, 0))
    with imports.gradebook.unit_of_work.of(school.id) as session:
        courses = {one.title: one.id for one in session.scalars(select(courses_tables.Course))}
        terms = {one.title: one.id for one in session.scalars(select(calendar_tables.Term))}

    def values(course: str, term: str) -> list[str]:
        command = {"course_id": courses[course], "term_id": terms[term]}
        page = call(imports.gradebook, Journal.journal_page, school.methodologist, **command)
        return sorted(mark["value"] for mark in page["marks"])

    assert (values("Алгебра 10А", "h1"), values("Алгебра 10А", "h2")) == (["4"], [])
    assert (values("Алгебра 8А", "q1"), values("Алгебра 8А", "q2")) == (["4", "5"], [])
    for course, term in (("Алгебра 10А", "q1"), ("Алгебра 8А", "h1")):
        with pytest.raises(NotFound, match="goes by other terms"):
            values(course, term)
    again = imports.run(school.methodologist, bundle.zip())
    assert changes(again) == {}


def test_the_same_bundle_again_changes_and_announces_nothing(imports, imported):
    before = len(events(imported.service, StudentsChanged.NAME))
    again = imports.run(imported.methodologist, SmallBundle().zip())
    assert again["status"] == "done"
    assert changes(again) == {}
    assert counts(again)["people"] == (0, 0, 7, 0)
    assert len(events(imported.service, StudentsChanged.NAME)) == before


def test_what_changed_in_a_bundle_is_all_that_changes(imports, imported):
    bundle = SmallBundle()
    bundle.row("users", "boris")["familyName"] = "Соколов"
    bundle.row("results", "r2")["score"] = "3"
    done = imports.run(imported.methodologist, bundle.zip())
    assert changes(done) == {"people": (0, 1, 0), "marks": (0, 1, 0)}
    assert person(imported, "boris").search_name == "соколов борис"


def test_who_is_gone_from_a_bundle_left_and_is_not_deleted(imports, imported):
    boris = person(imported, "boris")
    bundle = SmallBundle().drop("users", "boris").drop("enrollments", "e2", "e6").drop("results", "r2")
    done = imports.run(imported.methodologist, bundle.zip())
    assert changes(done) == {
        "people": (0, 0, 1), "enrolments": (0, 0, 1), "members": (0, 0, 1), "marks": (0, 0, 1),
    }  # fmt: skip
    assert person(imported, "boris").left_on == TODAY
    assert classes_of(imported, "boris") == [("8А", date(2026, 9, 1), YESTERDAY)]
    assert changes(imports.run(imported.methodologist, bundle.zip())) == {}
    back = imports.run(imported.methodologist, SmallBundle().zip())
    assert back["status"] == "done"
    assert (person(imported, "boris").id, person(imported, "boris").left_on) == (boris.id, None)
    assert classes_of(imported, "boris") == [("8А", date(2026, 9, 1), None)]


def test_p03_a_transfer_without_dates_begins_today_and_ended_yesterday(imports, imported):
    bundle = SmallBundle()
    bundle.row("enrollments", "e1")["sourcedId"] = "e9"
    bundle.row("enrollments", "e9")["classSourcedId"] = "8b"
    done = imports.run(imported.methodologist, bundle.zip())
    assert done["status"] == "done"
    assert classes_of(imported, "anna") == [("8А", date(2026, 9, 1), YESTERDAY), ("8Б", TODAY, None)]
    again = imports.run(imported.methodologist, bundle.zip())
    assert changes(again) == {}
    assert classes_of(imported, "anna")[-1] == ("8Б", TODAY, None)


def test_p03_a_course_without_dates_is_joined_today_and_was_left_yesterday(imports, school):
    """Lessons held before are none of the student's, so no mark can be set in them and no diary shows them."""
    with imports.gradebook.unit_of_work.of(school.id) as session:
        policy_recording.renewed_time_zone(session, school.id, ZONE)
    bundle = SmallBundle().klass("alg-8b", "Алгебра 8Б", "scheduled").enrol("t1", "alg-8b", "lead", "teacher")
    assert imports.run(school.methodologist, bundle.zip())["status"] == "done"
    bundle.row("enrollments", "e5").update(sourcedId="e9", classSourcedId="alg-8b")
    done = imports.run(school.methodologist, bundle.zip())
    assert (done["status"], done["faults"]) == ("done", [])
    anna = person(school, "anna").id
    with imports.gradebook.unit_of_work.of(school.id) as session:
        member, course = courses_tables.CourseMember, courses_tables.Course
        rows = session.execute(
            select(course.title, member.since, member.until)
            .join(course, course.id == member.course_id)
            .where(member.student_id == anna)
            .order_by(member.since)
        ).all()
    assert [(row.title, row.until) for row in rows] == [("Алгебра 8А", YESTERDAY), ("Алгебра 8Б", None)]
    assert rows[1].since == TODAY


def test_a_row_marked_as_deleted_counts_as_gone(imports, imported):
    bundle = SmallBundle()
    for file, source_id in (("users", "boris"), ("enrollments", "e2"), ("enrollments", "e6"), ("results", "r2")):
        bundle.row(file, source_id)["status"] = "tobedeleted"
    assert imports.run(imported.methodologist, bundle.zip())["status"] == "done"
    assert person(imported, "boris").left_on == TODAY


def test_a_student_who_moves_is_in_the_new_class_and_the_old_time_ends(imports, imported):
    bundle = SmallBundle().drop("enrollments", "e2").enrol("e9", "8b", "boris", beginDate=TODAY.isoformat())
    assert changes(imports.run(imported.methodologist, bundle.zip())) == {"enrolments": (1, 0, 1), "courses": (0, 1, 0)}
    assert classes_of(imported, "boris") == [("8А", date(2026, 9, 1), YESTERDAY), ("8Б", TODAY, None)]
    assert imported.row(classes_tables.SchoolClass, person(imported, "boris").class_id).name == "8Б"


def test_a_grade_that_was_said_by_hand_stays_until_a_bundle_states_one(imports, service, school):
    bundle = SmallBundle().klass("club", "Клуб робототехники", "homeroom")
    imports.run(school.methodologist, bundle.zip())

    def club():
        found = call(service, Classes.classes, school.methodologist)["classes"]
        return next(one for one in found if one["name"] == "Клуб робототехники")

    assert club()["grade"] is None
    call(service, Classes.say_grade, school.methodologist, class_id=club()["id"], grade=5)
    assert "classes" not in changes(imports.run(school.methodologist, bundle.zip()))
    assert (club()["grade"], club()["grade_by_hand"]) == (5, True)
    bundle.row("classes", "club")["grades"] = "06"
    imports.run(school.methodologist, bundle.zip())
    assert (club()["grade"], club()["grade_by_hand"]) == (6, False)


def test_a_class_that_is_gone_ends(imports, imported):
    bundle = SmallBundle().drop("classes", "8b").drop("enrollments", "e3")
    assert changes(imports.run(imported.methodologist, bundle.zip())) == {
        "classes": (0, 0, 1), "enrolments": (0, 0, 1),
    }  # fmt: skip
    names = call(imported.service, Classes.classes, imported.methodologist)["classes"]
    assert [one["name"] for one in names] == ["8А"]
    assert person(imported, "vera").class_id is None


def test_a_guardian_of_a_bundle_has_no_consent_and_loses_those_given_with_the_guardianship(imports, imported):
    mother, anna = person(imported, "mother"), person(imported, "anna")
    assert imported.count(people_tables.Consent) == 0
    given = {"guardian_id": mother.id, "student_id": anna.id, "purpose": "portal"}
    call(imported.service, Consents.record_consent, imported.methodologist, **given, granted=True)
    bundle = SmallBundle()
    bundle.row("users", "anna")["agentSourcedIds"] = ""
    assert changes(imports.run(imported.methodologist, bundle.zip())) == {"guardianships": (0, 0, 1)}
    assert imported.row(people_tables.Guardianship, mother.id, anna.id).ended_on == TODAY
    assert changes(imports.run(imported.methodologist, SmallBundle().zip())) == {"guardianships": (0, 1, 0)}
    assert imported.count(people_tables.Consent, people_tables.Consent.replaced_at.is_(None)) == 0


@pytest.mark.parametrize("names_the_other", ["the guardian", "both"])
def test_either_side_may_name_the_other_as_agent(imports, school, names_the_other):
    bundle = SmallBundle()
    bundle.row("users", "mother")["agentSourcedIds"] = "anna,boris"
    if names_the_other == "the guardian":
        bundle.row("users", "anna")["agentSourcedIds"] = ""
    assert counts(imports.run(school.methodologist, bundle.zip()))["guardianships"] == (2, 0, 0, 0)


def test_a_contact_entered_by_hand_stays_where_the_bundle_has_none(imports, imported):
    anna, mother = person(imported, "anna"), person(imported, "mother")
    for someone, email in ((anna, "anna@example.org"), (mother, "new@example.org")):
        call(
            imported.service, People.set_contact, imported.methodologist, person_id=someone.id, email=email,
            phone="2-31-15",
        )  # fmt: skip
    assert changes(imports.run(imported.methodologist, SmallBundle().zip())) == {"people": (0, 1, 0)}
    assert (person(imported, "anna").email, person(imported, "anna").phone) == ("anna@example.org", "2-31-15")
    assert (person(imported, "mother").email, person(imported, "mother").phone) == (
        "mother@example.org",
        "2-31-15",
    )


def test_a_role_that_was_taken_away_by_hand_is_not_given_back(imports, imported):
    lead = person(imported, "lead")
    role = {"person_id": lead.id, "role": "teacher"}
    call(imported.service, Appointments.appoint, imported.director, **role, held=False)
    assert changes(imports.run(imported.methodologist, SmallBundle().zip())) == {}
    assert roles(imported, "lead") == set()


def test_who_loses_a_role_or_leaves_is_signed_out(imports, imported):
    boris, other = person(imported, "boris"), person(imported, "other")
    issued = issue(imported.service, imported.methodologist, boris.id, other.id)
    for one in issued:
        sign_in(imported.service, one["login"], one["password"])
    bundle = SmallBundle().drop("users", "boris").drop("enrollments", "e2", "e6").drop("results", "r2")
    bundle.row("users", "other")["role"] = "aide"
    imports.run(imported.methodologist, bundle.zip())
    assert roles(imported, "other") == set()
    assert len(events(imported.service, "session_revoked")) == 2


def test_only_an_operators_bundle_gives_roles_of_the_administration(imports, service):
    bundle = SmallBundle()
    bundle.row("users", "other")["role"] = "principal"
    school = School(service)
    imports.run(school.methodologist, bundle.zip())
    assert roles(school, "admin") == roles(school, "other") == set()
    imports.run(add_operator(service), bundle.zip())
    assert (roles(school, "admin"), roles(school, "other")) == ({"methodologist"}, {"director"})
    imports.run(school.methodologist, SmallBundle().zip())
    assert (roles(school, "admin"), roles(school, "other")) == ({"methodologist"}, {"director", "teacher"})


def test_an_operator_imports_several_schools_and_finds_them_again(imports, service):
    someone = add_operator(service)
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    bundle.row("users", "lead")["orgSourcedIds"] = "org-1,org-2"
    bundle.user("zoya", "student", "Яковлева Зоя", orgSourcedIds="org-2", grades="05")
    done = imports.run(someone, bundle.zip())
    assert done["status"] == "done"
    assert counts(done)["people"] == (9, 0, 0, 0)
    again = imports.run(someone, bundle.zip())
    assert changes(again) == {}
    assert {one["id"] for one in again["schools"]} == {one["id"] for one in done["schools"]}
    with service.unit_of_work.of(school_id_of(done, "org-2")) as session:
        names = set(session.scalars(select(people_tables.Person.source_id)))
        led = session.scalars(select(classes_tables.SchoolClass)).one()
    assert names == {"lead", "zoya"}
    assert (led.name, led.grade) == ("5", 5)
    with service.unit_of_work.everywhere() as session:
        humans = session.scalars(
            select(people_tables.Person.human_id).where(people_tables.Person.source_id == "lead")
        ).all()
        others = session.scalars(
            select(people_tables.Person.human_id).where(people_tables.Person.source_id != "lead")
        ).all()
    assert len(humans) == 2
    assert len(set(humans)) == 1
    assert set(others) == {None}


def test_a_dry_run_counts_and_writes_nothing(imports, service, school):
    rehearsed = imports.run(school.methodologist, SmallBundle().zip(), dry_run=True)
    assert (rehearsed["status"], rehearsed["dry_run"]) == ("done", True)
    assert counts(rehearsed)["people"] == (7, 0, 0, 0)
    assert counts(rehearsed)["marks"] == (2, 0, 0, 0)
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert school.count(bundles_tables.ImportPage) == 0
    assert events(service, StudentsChanged.NAME) == []
    assert call(service, Schools.schools, school.methodologist)["schools"][0]["source_id"] is None
    with imports.gradebook.unit_of_work.everywhere() as session:
        assert session.scalars(select(marks_tables.Mark)).all() == []


def test_p34_zone_of_a_school_is_said_when_an_import_makes_it(imports, service):
    someone, bundle = add_operator(service), SmallBundle().zip()
    (made,) = imports.run(someone, bundle, time_zone="Asia/Kamchatka")["schools"]
    assert made["time_zone"] == "Asia/Kamchatka"
    (known,) = imports.run(someone, bundle, time_zone="Asia/Omsk")["schools"]
    assert known == made, "a school that is there keeps its zone: its administration changes it"
    with pytest.raises(Invalid, match="Atlantis"):
        imports.start(someone, bundle, time_zone="Asia/Atlantis")


def test_p22_look_alikes_and_apostrophes_are_told_at_import_and_found_all_the_same(imports, service, school):
    bundle = SmallBundle()
    bundle.row("users", "anna")["familyName"] = "Cидорова"  # a Latin C
    done = imports.run(school.methodologist, bundle.zip())
    (remark,) = done["remarks"]
    assert (done["status"], done["faults"]) == ("done", [])
    assert (remark["file"], remark["field"], remark["rule"]) == ("users.csv", "familyName", "latin-in-cyrillic")
    assert "идорова" not in str(remark)
    assert person(school, "anna").search_name.startswith("сидорова")


def test_a_dry_run_of_an_operator_makes_no_school(imports, service):
    rehearsed = imports.run(add_operator(service), SmallBundle().zip(), dry_run=True)
    assert rehearsed["status"] == "done"
    assert [one["source_id"] for one in rehearsed["schools"]] == ["org-1"]
    assert counts(rehearsed)["courses"] == (1, 0, 0, 0)
    assert call(service, Schools.schools, add_operator(service))["schools"] == []


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_mark_that_the_gradebook_cannot_keep_costs_its_row_and_is_told(imports, school, dry_run):
    bundle = SmallBundle().result("r3", "vera", "9")
    ended = imports.run(school.methodologist, bundle.zip(), dry_run=dry_run)
    assert (ended["status"], counts(ended)["marks"][0]) == ("done", 2)
    (fault,) = ended["faults"]
    assert (fault["file"], fault["line"], fault["field"]) == ("results.csv", 4, "score")
    assert (fault["rule"], fault["left_out"]) == ("mark-off-scale", True)
    refused = Text.from_wire(fault["text"])
    assert (refused.template, refused.params["item"]) == ("Line item {item}: {fault}", "li")
    assert refused.params["fault"].params["piece"] == "9"


def test_p26_one_odd_score_costs_its_row_alone(imports, school):
    bundle = SmallBundle()
    bundle.row("results", "r1")["score"] = "5"
    bundle.row("results", "r2")["score"] = "4,0"
    bundle.result("r3", "vera", "4.5").result("r4", "mother", "6")
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], counts(ended)["marks"]) == ("done", (2, 0, 0, 0))
    assert [(f["file"], f["line"], f["field"], f["left_out"]) for f in ended["faults"]] == [
        ("results.csv", 4, "score", True), ("results.csv", 5, "score", True),
    ]  # fmt: skip
    with imports.gradebook.unit_of_work.of(school.id) as session:
        marks = {mark.student_id: mark.value for mark in session.scalars(select(marks_tables.Mark))}
    assert marks == {person(school, "anna").id: "5", person(school, "boris").id: "4"}


def test_s05_a_range_upside_down_is_told_with_its_line_and_nothing_is_half_done(imports, school):
    bundle = SmallBundle()
    bundle.row("lineItems", "li").update(resultValueMin="5", resultValueMax="1")
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], counts(ended)["marks"]) == ("done", (0, 0, 0, 0))
    (fault,) = ended["faults"]
    assert (fault["file"], fault["line"], fault["field"], fault["left_out"]) == (
        "lineItems.csv", 2, "resultValueMax", True,
    )  # fmt: skip
    assert counts(ended)["people"][0] == 7


def test_what_is_left_out_of_a_roster_is_told_when_it_is_done(imports, school):
    bundle = SmallBundle()
    bundle.row("users", "boris")["email"] = "нет"
    ended = imports.run(school.methodologist, bundle.zip())
    assert (ended["status"], [(f["field"], f["left_out"]) for f in ended["faults"]]) == ("done", [("email", True)])
    assert person(school, "boris").email is None


def test_a_failure_that_an_older_gradebook_announces_is_told_as_its_sentence(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    failure = "Line item li: {no} mark."
    announced = BundleGradesImported(import_id=import_id, counts={}, failure=failure)
    deliver(service, announced, school.id, "old")
    (fault,) = imports.status(school.methodologist, import_id)["faults"]
    assert fault["message"] == f"Школа: {failure}"
    assert Text.from_wire(fault["text"]).params["failure"] == Text(failure)


def test_a_fault_that_was_kept_before_texts_were_is_told_by_its_sentence(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    kept = {"file": "users.csv", "line": 3, "field": "role", "rule": "unknown-value", "message": "role is one of: …."}
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(status="rejected", faults=[kept]))
    assert imports.status(school.methodologist, import_id)["faults"] == [kept]


def test_two_results_of_a_student_in_one_line_item_are_two_marks(imports, school):
    bundle = SmallBundle().result("r3", "anna", "4.50", comment="again").result("r10", "anna", "2")
    bundle.row("lineItems", "li").update(resultValueMin="", resultValueMax="")
    bundle.row("results", "r3")["score"] = "4"
    done = imports.run(school.methodologist, bundle.zip())
    assert (done["status"], done["faults"]) == ("done", [])
    assert counts(done)["marks"] == (4, 0, 0, 0)
    assert counts(done)["works"] == (3, 0, 0, 0)
    assert changes(imports.run(school.methodologist, bundle.zip())) == {}


def test_a_bundle_of_version_1_2_names_roles_in_a_file_of_its_own(imports, school):
    bundle = SmallBundle(version="1.2")
    for number, user in enumerate(bundle.tables["users"]):
        role, org = user.pop("role"), user.pop("orgSourcedIds")
        bundle.add("roles", sourcedId=f"role-{number}", userSourcedId=user["sourcedId"], role=role, orgSourcedId=org)
    bundle.add("roles", sourcedId="second", userSourcedId="other", role="parent", orgSourcedId="org-1")
    bundle.add(
        "roles", sourcedId="over", userSourcedId="lead", role="parent", orgSourcedId="org-1", endDate="2020-01-01"
    )
    done = imports.run(school.methodologist, bundle.zip())
    assert (done["status"], done["faults"]) == ("done", [])
    assert roles(school, "other") == {"teacher", "parent"}
    assert roles(school, "lead") == {"teacher"}


def test_without_a_file_of_marks_the_marks_stay(imports, imported):
    bundle = SmallBundle().without("results").without("lineItems").without("categories")
    assert imports.run(imported.methodologist, bundle.zip())["status"] == "done"
    with imports.gradebook.unit_of_work.of(imported.id) as session:
        values = session.scalars(select(marks_tables.Mark.value)).all()
    assert sorted(values) == ["4", "5"]


def test_demographics_are_taken_over(imports, school):
    bundle = SmallBundle().add("demographics", sourcedId="anna", birthDate="2012-03-04", sex="female")
    imports.run(school.methodologist, bundle.zip())
    assert (person(school, "anna").birth_date, person(school, "anna").sex) == (date(2012, 3, 4), "female")


def test_parts_are_for_the_gradebook_alone_until_it_reports(imports, service, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    assert imports.status(school.methodologist, import_id)["status"] == "writing"
    wanted = {"import_id": import_id, "kind": "marks"}
    part = call(service, Bundles.import_part, school.gradebook(), **wanted)
    assert sorted(row["value"] for row in part["rows"]) == ["4", "5"]
    assert part["more"] is False
    assert call(service, Bundles.import_part, school.gradebook(), **wanted, page=1) == {"rows": [], "more": False}
    with pytest.raises(NotFound):
        call(service, Bundles.import_part, another_school.gradebook(), **wanted)
    for someone in (school.methodologist, Actor(school.id, service="attendance", roles=frozenset({"service"}))):
        with pytest.raises(Forbidden):
            call(service, Bundles.import_part, someone, **wanted)
    report = BundleGradesImported(import_id=msgspec.convert(import_id, type(school.id)), counts={})
    assert deliver(service, report, school.id)
    assert imports.status(school.methodologist, import_id)["status"] == "done"
    with pytest.raises(Conflict) as finished:
        call(service, Bundles.import_part, school.gradebook(), **wanted)
    assert finished.value.rule == "import-finished"
    assert school.count(bundles_tables.ImportPage) == 0


def test_an_import_ends_when_the_last_school_has_reported(imports, service):
    someone = add_operator(service)
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    import_id = imports.start(someone, bundle.zip())
    imports.check()
    schools = [row.tenant_id for row in events(service, BundleImported.NAME)]
    report = BundleGradesImported(import_id=msgspec.convert(import_id, type(schools[0])), counts={})
    assert deliver(service, report, schools[0])
    assert imports.status(someone, import_id)["status"] == "writing"
    assert deliver(service, report, schools[1])
    assert imports.status(someone, import_id)["status"] == "done"


def stop(imports, actor: Actor, import_id: str) -> dict[str, Any]:
    return call(imports.identity, Bundles.stop_import, actor, import_id=import_id)


def resume(imports, actor: Actor, import_id: str) -> dict[str, Any]:
    return call(imports.identity, Bundles.resume_import, actor, import_id=import_id)


def test_an_import_that_has_not_begun_is_stopped_at_once_and_resumed(imports, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    stopped = stop(imports, school.methodologist, import_id)
    assert (stopped["status"], stopped["job"]["state"]) == ("stopped", "stopped")
    imports.check()
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert resume(imports, school.methodologist, import_id)["status"] == "waiting"
    imports.check()
    imports.hand_over()
    imports.grade()
    assert imports.status(school.methodologist, import_id)["status"] == "done"


def test_an_import_that_is_stopped_while_the_gradebook_writes_goes_on_there(imports, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    imports.hand_over()
    assert stop(imports, school.methodologist, import_id)["job"]["state"] == "stopping"
    imports.grade()
    stopped = imports.status(school.methodologist, import_id)
    assert (stopped["status"], stopped["finished_at"], stopped["counts"][0]["kind"]) == ("stopped", None, "people")
    assert marks_of(imports, school) == 0
    resumed = resume(imports, school.methodologist, import_id)
    assert (resumed["status"], resumed["job"]["state"], resumed["job"]["stage"]) == ("writing", "running", "grades")
    imports.hand_over()
    imports.grade()
    done = imports.status(school.methodologist, import_id)
    assert (done["status"], counts(done)["marks"]) == ("done", (2, 0, 0, 0))
    assert (done["job"]["done"], done["job"]["total"]) == (2, 2)


def marks_of(imports, school: School) -> int:
    with imports.gradebook.unit_of_work.of(school.id) as session:
        return len(session.scalars(select(marks_tables.Mark.id)).all())


def test_each_step_of_an_import_is_announced_in_order(imports, service, school):
    done = imports.run(school.methodologist, SmallBundle().zip())
    told = [msgspec.json.decode(row.body) for row in events(service, ImportMoved.NAME)]
    assert [(one["state"], one["stage"]) for one in told] == [
        ("running", "checking"), ("running", "people"), ("running", "grades"), ("running", "grades"),
        ("running", "grades"), ("done", "grades"),
    ]  # fmt: skip
    versions = [one["version"] for one in told]
    assert versions == sorted(set(versions))
    assert versions[-1] == done["version"]
    assert {one["job_id"] for one in told} == {done["id"]}


def test_an_import_that_ended_is_neither_stopped_nor_resumed(imports, school):
    done = imports.run(school.methodologist, SmallBundle().zip())
    for ask in (stop, resume):
        with pytest.raises(Conflict) as refused:
            ask(imports, school.methodologist, done["id"])
        assert refused.value.rule == "job-ended"


def test_another_schools_import_cannot_be_stopped(imports, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    for ask in (stop, resume):
        with pytest.raises(NotFound):
            ask(imports, another_school.methodologist, import_id)
        with pytest.raises(Forbidden):
            ask(imports, school.teacher, import_id)
    assert imports.status(school.methodologist, import_id)["status"] == "waiting"


def test_a_stopped_import_can_be_resumed_for_a_week(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    stop(imports, school.methodologist, import_id)
    for days, status in ((2, "stopped"), (8, "failed")):
        with service.unit_of_work.everywhere() as session:
            session.execute(update(bundles_tables.BundleImport).values(started_at=now() - timedelta(days=days)))
        service.give_up_old_imports()
        assert imports.status(school.methodologist, import_id)["status"] == status


def others(bundle: SmallBundle) -> SmallBundle:
    """The bundle of a system that writes its ids anew, in capitals."""
    for row in bundle.tables["users"]:
        row["sourcedId"] = row["sourcedId"].upper()
        row["agentSourcedIds"] = row["agentSourcedIds"].upper()
    for file, column in (("enrollments", "userSourcedId"), ("results", "studentSourcedId")):
        for row in bundle.tables[file]:
            row[column] = row[column].upper()
    return bundle


def test_p25_changed_ids_are_asked_about_before_accounts_and_marks_are_left_with_nobody(imports, imported):
    asked = imports.run(imported.methodologist, others(SmallBundle()).zip())
    assert (asked["status"], asked["job"]["state"], asked["finished_at"]) == ("asking", "stopped", None)
    assert asked["question"] == {"people": 7, "classes": 0, "enrolments": 0, "replaced": 7, "name": None}
    assert person(imported, "anna").left_on is None
    assert imported.count(people_tables.Person, people_tables.Person.source_id == "ANNA") == 0
    with pytest.raises(Conflict) as refused:
        resume(imports, imported.methodologist, asked["id"])
    assert refused.value.rule == "confirm-first"


def confirm(imports, actor: Actor, import_id: str, **numbers: int) -> dict[str, Any]:
    return call(imports.identity, Bundles.confirm_import, actor, import_id=import_id, **numbers)


def test_s1_a_bundle_that_ends_much_is_written_when_its_numbers_are_confirmed(imports, imported):
    bundle = SmallBundle()
    for row in bundle.tables["classes"] + bundle.tables["enrollments"]:
        row["sourcedId"] = f"new-{row['sourcedId']}"
    for file in ("enrollments", "lineItems"):
        for row in bundle.tables[file]:
            row["classSourcedId"] = f"new-{row['classSourcedId']}"
    bundle.row("orgs", "org-1")["name"] = "Школа № 2"
    asked = imports.run(imported.methodologist, bundle.zip())
    assert asked["status"] == "asking"
    numbers = {name: asked["question"][name] for name in ("people", "classes", "enrolments", "replaced")}
    assert (numbers["classes"], numbers["enrolments"], asked["question"]["name"]) == (2, 3, "Школа № 2")
    assert len(classes_of(imported, "anna")) == 1
    with pytest.raises(Conflict) as refused:
        confirm(imports, imported.methodologist, asked["id"], **{**numbers, "classes": 1})
    assert refused.value.rule == "other-numbers"
    assert confirm(imports, imported.methodologist, asked["id"], **numbers)["status"] == "waiting"
    imports.check()
    imports.hand_over()
    imports.grade()
    done = imports.status(imported.methodologist, asked["id"])
    assert done["status"] == "done"
    assert ("8А", date(2026, 9, 1), YESTERDAY) in classes_of(imported, "anna")
    with pytest.raises(Conflict) as refused:
        confirm(imports, imported.methodologist, asked["id"], **numbers)
    assert refused.value.rule == "nothing-to-confirm"


def test_a_dry_run_tells_what_it_would_end_and_asks_nothing(imports, imported):
    tried = imports.run(imported.methodologist, others(SmallBundle()).zip(), dry_run=True)
    assert (tried["status"], tried["question"]["replaced"]) == ("done", 7)


def test_imports_are_listed_newest_first_with_their_faults_counted(imports, service, school, another_school):
    bundle = SmallBundle().result("r3", "vera", "9")
    bundle.row("users", "boris")["email"] = "нет"
    first = imports.run(school.methodologist, bundle.zip())
    second = imports.start(school.methodologist, SmallBundle().zip(), dry_run=True)
    theirs = imports.start(another_school.methodologist, SmallBundle("org-9").zip())

    def listed(actor: Actor, **query: Any) -> dict[str, Any]:
        return call(service, Bundles.imports, actor, **query)

    own = listed(school.methodologist)
    assert [(one["id"], one["status"], one["faults"]) for one in own["imports"]] == [
        (second, "waiting", 0), (first["id"], "done", 2),
    ]  # fmt: skip
    assert [one["id"] for one in listed(add_operator(service))["imports"]] == [theirs, second, first["id"]]
    page = listed(school.methodologist, limit=1)
    assert ([one["id"] for one in page["imports"]], page["next"]) == ([second], second)
    assert [one["id"] for one in listed(school.methodologist, after=second)["imports"]] == [first["id"]]
    with pytest.raises(Forbidden):
        listed(school.director)


def test_an_import_is_seen_by_its_school_and_by_operators_only(imports, service, school, another_school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    assert imports.status(add_operator(service), import_id)["id"] == import_id
    with pytest.raises(NotFound):
        imports.status(another_school.methodologist, import_id)
    with pytest.raises(NotFound):
        imports.status(school.methodologist, str(uuid7()))
    for someone in (school.director, school.teacher, school.parent):
        with pytest.raises(Forbidden):
            imports.status(someone, import_id)
        with pytest.raises(Forbidden):
            imports.start(someone, SmallBundle().zip())


def test_a_bundle_that_was_not_handed_in_in_this_school_is_refused_at_once(imports, service, school, another_school):
    theirs = handed_in(service.files, another_school.id, SmallBundle().zip())
    for name in (theirs, "0" * 64):
        with pytest.raises(Invalid) as refused:
            call(service, Bundles.start_import, school.methodologist, bundle=name)
        assert (refused.value.rule, refused.value.field) == ("bundle-missing", "bundle")
    with pytest.raises(Invalid) as refused:
        call(service, Bundles.start_import, school.methodologist, bundle="../" + "0" * 61)
    assert (refused.value.rule, refused.value.field) == ("schema", "bundle")


def test_a_bundle_that_is_gone_before_it_is_read_is_a_fault_of_the_import(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    name = handed_in(service.files, school.id, SmallBundle().zip())
    service.files.delete(Place("identity", school.id).key(name))
    imports.check()
    ended = imports.status(school.methodologist, import_id)
    assert (ended["status"], [fault["rule"] for fault in ended["faults"]]) == ("rejected", ["bundle-missing"])


def test_bundles_are_kept_while_an_import_needs_them_and_a_day_longer(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    key = Place("identity", school.id).key(handed_in(service.files, school.id, SmallBundle().zip()))
    yesterday = (now() - timedelta(days=2)).timestamp()
    os.utime(service.files.folder / key.path, (yesterday, yesterday))
    service.delete_unneeded_bundles()
    assert service.files.size(key)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(finished_at=now()))
    service.delete_unneeded_bundles()
    assert service.files.size(key) is None
    handed_in(service.files, school.id, SmallBundle().zip())
    service.delete_unneeded_bundles()
    assert service.files.size(key), "it was handed in just now"
    assert imports.status(school.methodologist, import_id)["finished_at"]


def test_an_imported_user_signs_in_with_the_username_of_the_bundle(imports, imported):
    anna = person(imported, "anna")
    (issued,) = issue(imported.service, imported.methodologist, anna.id)
    assert issued["login"] == "org-1.anna"
    assert sign_in(imported.service, issued["login"], issued["password"])["expires_in"] > 0
    assert login_of(imported.service, Actor(imported.id, anna.id, person(imported, "anna").account_id)) == "org-1.anna"


def test_an_import_that_nothing_ends_is_given_up_after_a_day(imports, service, school):
    import_id = imports.start(school.methodologist, SmallBundle().zip())
    imports.check()
    service.give_up_old_imports()
    assert imports.status(school.methodologist, import_id)["status"] == "writing"
    with service.unit_of_work.everywhere() as session:
        session.execute(update(bundles_tables.BundleImport).values(started_at=now() - timedelta(days=2)))
    service.give_up_old_imports()
    ended = imports.status(school.methodologist, import_id)
    assert (ended["status"], [fault["rule"] for fault in ended["faults"]]) == ("failed", ["given-up"])
    assert school.count(bundles_tables.ImportPage) == 0
    with pytest.raises(Conflict):  # the gradebook must not take pages that are gone for a school without courses
        call(service, Bundles.import_part, school.gradebook(), import_id=import_id, kind="courses")


def test_a_name_that_grows_when_it_is_folded_is_kept(imports, school):
    bundle = SmallBundle()
    bundle.row("users", "boris")["familyName"] = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200
    assert imports.run(school.methodologist, bundle.zip())["status"] == "done"


def test_a_rejected_import_says_why_and_writes_nothing(imports, service):
    bundle = SmallBundle()
    bundle.row("users", "boris")["role"] = "wizard"
    someone = add_operator(service)
    rejected = imports.run(someone, bundle.zip())
    assert rejected["status"] == "rejected"
    assert rejected["finished_at"] is not None
    assert [(f["file"], f["line"], f["field"], f["rule"]) for f in rejected["faults"]] == [
        ("users.csv", 3, "role", "unknown-value")
    ]
    assert (rejected["schools"], rejected["counts"]) == ([], [])
    with service.unit_of_work.everywhere() as session:
        assert session.query(schools_tables.School).count() == 0
        assert not queries.needed_files(session, now())


def test_what_cannot_be_read_is_not_even_taken_in(imports, service):
    bundle = SmallBundle()
    bundle.raw["users.csv"] = "sourcedId,имя\n".encode("cp1251")
    with pytest.raises(Invalid) as refused:
        imports.start(add_operator(service), bundle.zip())
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("users.csv:1", "not-utf-8")]
    with service.unit_of_work.everywhere() as session:
        assert session.query(bundles_tables.BundleImport).count() == 0


@pytest.mark.parametrize("reason", ["another school", "two schools", "an adopted school"])
def test_a_methodologist_imports_the_own_school_only(imports, service, reason):
    if reason == "another school":
        school, bundle = School(service, source_id="org-0"), SmallBundle("org-1")
    elif reason == "two schools":
        school, bundle = School(service), SmallBundle("org-1")
        bundle.add("orgs", sourcedId="org-2", name="Другая", type="school")
    else:
        School(service, source_id="org-1")
        school, bundle = School(service), SmallBundle("org-1")
    rejected = imports.run(school.methodologist, bundle.zip())
    assert rejected["status"] == "rejected"
    assert [fault["rule"] for fault in rejected["faults"]] == ["other-school"]
    assert school.count(people_tables.Person, people_tables.Person.source_id.is_not(None)) == 0
    assert school.count(bundles_tables.ImportPage) == 0
