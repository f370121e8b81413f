"""Good bundles: written whole, again without effect, and with the effect of what changed in them."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from contracts.gradebook.journal import Journal
from contracts.identity.appointments import Appointments
from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.people import People, StudentsChanged
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.errors import Invalid, NotFound
from services.gradebook.calendar import tables as calendar_tables
from services.gradebook.courses import tables as courses_tables
from services.gradebook.marks import tables as marks_tables
from services.gradebook.policy import recording as policy_recording
from services.identity.classes import tables as classes_tables
from services.identity.people import recording as people_recording
from services.identity.people import tables as people_tables
from services.identity.schools import tables as schools_tables
from tests.identity.bundles.looking import announced, changes, classes_of, person, roles
from tests.identity.conftest import counts, events, login_of, school_id_of, sign_in
from tests.identity.small_bundle import SmallBundle, lyceum
from tests.kit.calls import call
from tests.kit.credentials import issue
from tests.kit.people import ZONE, add_operator

TODAY = local_date(now(), ZONE)
YESTERDAY = TODAY - timedelta(days=1)


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


def test_a_bundle_takes_over_a_class_that_was_made_by_hand_and_leaves_the_others(imports, service, school):
    wanted = [{"name": "8 а"}, {"name": "9А"}]
    made = call(service, Classes.make_classes, school.methodologist, classes=wanted)["classes"]
    ids = {one["name"]: UUID(one["id"]) for one in made}
    done = imports.run(school.methodologist, SmallBundle().zip())
    assert (done["status"], counts(done)["classes"]) == ("done", (1, 1, 0, 0))
    assert person(school, "anna").class_id == ids["8 а"]
    found = call(service, Classes.classes, school.methodologist)["classes"]
    assert [one["name"] for one in found] == ["8А", "8Б", "9А"]
    assert changes(imports.run(school.methodologist, SmallBundle().zip())) == {}
    more = SmallBundle().user("third", "teacher", "Ким Инна")
    assert changes(imports.run(school.methodologist, more.zip())).keys() == {"people", "roles"}
    assert "9А" in {one["name"] for one in call(service, Classes.classes, school.methodologist)["classes"]}


def entered(service, school, *people: str) -> dict[str, UUID]:
    """Teachers entered by hand: name → id. Of several who may be one person, each is somebody else."""
    parts = [dict(zip(("family_name", "given_name", "patronymic"), name.split(), strict=False)) for name in people]
    named = [one | {"namesake": True} for one in parts]
    made = call(service, Appointments.make_people, school.methodologist, people=named, role="teacher")["people"]
    return {name: UUID(one["id"]) for name, one in zip(people, made, strict=True)}


def with_patronymic(bundle: SmallBundle, *users: tuple[str, str, str]) -> SmallBundle:
    for source_id, name, patronymic in users:
        bundle.user(source_id, "teacher", name, middleName=patronymic)
    return bundle


def test_a_teacher_entered_by_hand_is_the_same_person_when_a_bundle_brings_her(imports, service, school):
    (known,) = entered(service, school, "Ким И. П.").values()
    bundle = with_patronymic(SmallBundle(), ("kim", "Ким Инна", "Павловна"))
    done = imports.run(school.methodologist, bundle.zip())
    found = person(school, "kim")
    assert (done["status"], found.id, found.given_name, found.source_id) == ("done", known, "Инна", "kim")
    assert counts(done)["people"] == (7, 1, 0, 0)
    (remark,) = [one for one in done["remarks"] if one["rule"] == "teachers-taken-over"]
    assert (remark["file"], remark["line"]) == ("users.csv", 9)
    again = imports.run(school.methodologist, bundle.zip())
    assert (changes(again), again["remarks"]) == ({}, [])
    left = imports.run(school.methodologist, SmallBundle().zip())
    assert counts(left)["people"] == (0, 0, 7, 1)
    assert person(school, "kim").left_on == TODAY


@pytest.mark.parametrize(
    ("by_hand", "users"),
    [
        (["Ким И. П."], [("kim", "Ким Инна", "Павловна"), ("kim2", "Ким Ирина", "Петровна")]),
        (["Ким И. П.", "Ким Инна Павловна"], [("kim", "Ким Инна", "Павловна")]),
        (["Ким Инна"], [("kim", "Ким Инна", "Павловна")]),
        (["Ким Инна Павловна"], [("kim", "Ким Инна", "")]),
        (["Ким Инна Павловна"], [("kim", "Ким Инна", "Петровна")]),
        (["Ким И. П."], [("kim", "Ким Инна", ""), ("kim2", "Ким Ирина", "Петровна")]),
    ],
    ids=[
        "two in the bundle",
        "two by hand",
        "no patronymic by hand",
        "none in the bundle",
        "another patronymic",
        "one in the bundle without",
    ],
)
def test_who_may_be_somebody_else_is_not_taken_for_a_teacher_entered_by_hand(imports, service, school, by_hand, users):
    ids = entered(service, school, *by_hand)
    done = imports.run(school.methodologist, with_patronymic(SmallBundle(), *users).zip())
    assert (done["status"], done["remarks"]) == ("done", [])
    for source_id, *_ in users:
        assert person(school, source_id).id not in ids.values()


def test_whom_a_bundle_brought_before_may_be_the_teacher_entered_by_hand_too(imports, service, school):
    """Of three whom the name fits, two are known when the third one comes."""
    (known,) = entered(service, school, "Ким И. П.").values()
    both = [("kim", "Ким Инна", "Павловна"), ("kim2", "Ким Ирина", "Петровна")]
    imports.run(school.methodologist, with_patronymic(SmallBundle(), *both).zip())
    three = with_patronymic(SmallBundle(), *both, ("kim3", "Ким Илона", "Платоновна"))
    done = imports.run(school.methodologist, three.zip())
    assert (done["status"], done["remarks"], person(school, "kim3").id == known) == ("done", [], False)


def test_whoever_else_the_bundle_has_may_be_the_teacher_entered_by_hand_too(imports, service, school):
    (known,) = entered(service, school, "Ким И. П.").values()
    bundle = SmallBundle().user("kim", "administrator", "Ким Инна", middleName="Павловна")
    imports.run(school.methodologist, with_patronymic(bundle, ("kim2", "Ким Ирина", "Петровна")).zip())
    assert known not in (person(school, "kim").id, person(school, "kim2").id)


def test_a_teacher_with_another_address_or_day_of_birth_is_somebody_else(imports, service, school):
    (known,) = entered(service, school, "Ким Инна Павловна").values()
    with service.unit_of_work.of(school.id) as session:
        session.get(people_tables.Person, (school.id, known)).email = "inna@school.example"
    bundle = SmallBundle().user("kim", "teacher", "Ким Инна", middleName="Павловна", email="kim@other.example")
    imports.run(school.methodologist, bundle.zip())
    assert person(school, "kim").id != known
    with service.unit_of_work.of(school.id) as session:
        row = session.get(people_tables.Person, (school.id, known))
        row.email, row.birth_date = None, date(1980, 5, 4)
    bundle = SmallBundle("org-1").user("kim4", "teacher", "Ким Инна", middleName="Павловна")
    bundle.add("demographics", sourcedId="kim4", birthDate="1990-05-04", sex="female")
    imports.run(school.methodologist, bundle.zip())
    assert person(school, "kim4").id != known


def test_who_may_sign_in_already_is_known_by_the_whole_name_alone(imports, service, school):
    ids = entered(service, school, "Ким И. П.", "Пак Инна Павловна")
    for one in ids.values():
        issue(service, school.methodologist, one)
    bundle = with_patronymic(SmallBundle(), ("kim", "Ким Инна", "Павловна"), ("pak", "Пак Инна", "Павловна"))
    imports.run(school.methodologist, bundle.zip())
    assert person(school, "kim").id != ids["Ким И. П."]
    assert person(school, "pak").id == ids["Пак Инна Павловна"]


def test_who_is_in_several_schools_is_not_taken_for_a_teacher_entered_by_hand(imports, service, school):
    """The people of such a user share one login."""
    (known,) = entered(service, school, "Ким Инна Павловна").values()
    with service.unit_of_work.everywhere() as session:
        row = session.get(schools_tables.School, school.id)
        row.source_id, row.name = "org-1", "Школа"
    bundle = SmallBundle().add("orgs", sourcedId="org-2", name="Вторая", type="school")
    bundle.user("zoya", "student", "Яковлева Зоя", orgSourcedIds="org-2", grades="05")
    bundle.user("kim", "teacher", "Ким Инна", middleName="Павловна", orgSourcedIds="org-1,org-2")
    assert imports.run(add_operator(service), bundle.zip())["status"] == "done"
    assert person(school, "kim").id != known


def test_a_bundle_has_no_power_over_a_director_who_teaches_too(imports, service, school):
    (known,) = entered(service, school, "Ким Инна Павловна").values()
    with service.unit_of_work.of(school.id) as session:
        row = session.get(people_tables.Person, (school.id, known))
        people_recording.hold_role(session, row, "director", held=True)
    bundle = SmallBundle().user("kim", "teacher", "Ким Инна", middleName="Павловна", enabledUser="false")
    assert imports.run(school.methodologist, bundle.zip())["remarks"] == []
    with service.unit_of_work.of(school.id) as session:
        row = session.get(people_tables.Person, (school.id, known))
        assert (row.source_id, row.enabled) == (None, True)


def test_a_user_who_is_no_teacher_is_not_taken_for_a_teacher_entered_by_hand(imports, service, school):
    (known,) = entered(service, school, "Ким Инна Павловна").values()
    bundle = SmallBundle().user("kim", "student", "Ким Инна", middleName="Павловна")
    imports.run(school.methodologist, bundle.zip())
    assert person(school, "kim").id != known


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


def test_p34_zone_of_a_school_is_said_when_an_import_makes_it(imports, service):
    someone, bundle = add_operator(service), SmallBundle().zip()
    (made,) = imports.run(someone, bundle, time_zone="Asia/Kamchatka")["schools"]
    assert made["time_zone"] == "Asia/Kamchatka"
    (known,) = imports.run(someone, bundle, time_zone="Asia/Omsk")["schools"]
    assert known == made, "a school that is there keeps its zone: its administration changes it"
    with pytest.raises(Invalid, match="Atlantis"):
        imports.start(someone, bundle, time_zone="Asia/Atlantis")


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


def test_an_imported_user_signs_in_with_the_username_of_the_bundle(imports, imported):
    anna = person(imported, "anna")
    (issued,) = issue(imported.service, imported.methodologist, anna.id)
    assert issued["login"] == "org-1.anna"
    assert sign_in(imported.service, issued["login"], issued["password"])["expires_in"] > 0
    assert login_of(imported.service, Actor(imported.id, anna.id, person(imported, "anna").account_id)) == "org-1.anna"


def test_a_name_that_grows_when_it_is_folded_is_kept(imports, school):
    bundle = SmallBundle()
    bundle.row("users", "boris")["familyName"] = "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200
    assert imports.run(school.methodologist, bundle.zip())["status"] == "done"
