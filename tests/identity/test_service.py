"""People, classes, credentials, roles, consents: who may see and change what."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from contracts.identity.classes import Classes
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.people import People
from contracts.identity.schools import Schools
from contracts.identity.sessions import Sessions
from kernel import context
from kernel.auth import Actor
from kernel.clock import local_date, now
from kernel.contract import MANY
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from services.identity import bootstrap, tables
from tests.identity.conftest import ZONE, School, events, login_of, operator, sign_in
from tests.kit.calls import call, statements

TODAY = local_date(now(), ZONE)


@pytest.fixture
def school_class(school) -> Any:
    """8А, led by the teacher, with the student in it since long."""
    class_id = uuid7()
    lead = {"homeroom_teacher_id": school.teacher.person_id}
    school.save(tables.SchoolClass, {"id": class_id, "name": "8А", "grade": 8, **lead})
    enrol(school, class_id, school.student)
    return class_id


def enrol(school: School, class_id: Any, student: Actor, since: int = -30, until: int | None = None) -> None:
    row = {"class_id": class_id, "student_id": student.person_id, "since": TODAY + timedelta(days=since)}
    school.save(tables.Enrolment, {**row, "until": None if until is None else TODAY + timedelta(days=until)})


def consent(school: School, purpose: str = "portal", *, granted: bool = True, by: Actor | None = None) -> dict:
    return call(
        school.service, Consents.record_consent, by or school.methodologist,
        guardian_id=school.parent.person_id, student_id=school.student.person_id, purpose=purpose, granted=granted,
    )  # fmt: skip


def announced(service) -> list[list[str]]:
    return [msgspec.json.decode(row.body)["student_ids"] for row in events(service, "students_changed")]


def test_a_guardian_is_shown_the_children_consented_for(service, school, school_class):
    school.guardian(school.parent, school.student)
    assert call(service, Sessions.me, school.parent)["memberships"][0]["children"] == []
    consent(school)
    service.announce_moved()
    me = call(service, Sessions.me, school.parent)
    assert me["login"] == login_of(service, school.parent)
    assert me["memberships"][0]["children"] == [
        {"student_id": str(school.student.person_id), "name": "Анисимов Яков", "class_name": "8А"}
    ]


def test_a_homeroom_teacher_is_shown_the_own_class(service, school, school_class):
    (place,) = call(service, Sessions.me, school.teacher)["memberships"]
    assert place["homeroom"] == [{"class_id": str(school_class), "name": "8А"}]
    assert place["roles"] == ["teacher"]


def test_schools_are_those_of_the_account_all_for_an_operator_and_its_own_for_a_service(
    service, school, another_school
):
    def seen(actor: Actor) -> set[str]:
        return {one["id"] for one in call(service, Schools.schools, actor)["schools"]}

    assert seen(school.teacher) == seen(school.gradebook()) == {str(school.id)}
    assert seen(operator(service)) == {str(school.id), str(another_school.id)}


def test_a_class_counts_the_students_of_today(service, school, school_class):
    enrol(school, school_class, school.person("student"), since=-30, until=-1)
    enrol(school, school_class, school.person("student"), since=1)
    (seen,) = call(service, Classes.classes, school.teacher)["classes"]
    assert (seen["name"], seen["students"]) == ("8А", 1)
    listed = call(service, Classes.class_list, school.teacher, class_id=school_class)
    assert listed["students"] == 1
    assert len(listed["enrolled"]) == 2
    assert listed["enrolled"][0]["name"] == "Анисимов Яков"


def test_families_see_no_class_lists(service, school, school_class):
    for someone in (school.parent, school.student):
        with pytest.raises(Forbidden):
            call(service, Classes.classes, someone)
        with pytest.raises(Forbidden):
            call(service, Classes.class_list, someone, class_id=school_class)


def test_families_see_the_names_of_staff_of_themselves_and_of_their_children(service, school):
    school.guardian(school.parent, school.student)
    stranger = school.person("student", name="Чужой Пётр")
    everyone = [one.person_id for one in (school.parent, school.student, school.teacher, stranger)]

    def seen(actor: Actor) -> set[str]:
        found = call(service, People.names, actor, person_ids=everyone)["people"]
        return {person["family_name"] for person in found}

    assert seen(school.parent) == {"Анисимова", "Волков"}
    consent(school)
    assert seen(school.parent) == {"Анисимова", "Волков", "Анисимов"}
    assert seen(school.student) == {"Анисимов", "Волков"}
    assert seen(school.teacher) == seen(school.gradebook()) == {"Анисимова", "Волков", "Анисимов", "Чужой"}


def test_people_are_listed_page_by_page_by_name(service, school):
    for name in ("Яшин Лев", "Белов Пётр", "Ёлкин Иван", "Белова Анна"):
        school.person("student", name=name)
    found, after = [], None
    while True:
        page = call(service, People.people, school.methodologist, role="student", limit=2, after=after)
        found += [person["family_name"] for person in page["people"]]
        after = page["next"]
        if after is None:
            break
    assert len(found) == len(set(found)) == 4
    assert found[:2] == ["Белов", "Белова"]
    searched = call(service, People.people, school.director, query="белов")["people"]
    assert [person["name"] for person in searched] == ["Белов Пётр", "Белова Анна"]


def test_a_search_takes_no_patterns(service, school):
    assert call(service, People.people, school.methodologist, query="%")["people"] == []


def test_a_page_of_people_costs_as_many_statements_as_a_long_one(service, school):
    numbers, actor = [], school.methodologist
    for count in (1, 20):
        for _ in range(count):
            school.person("student")
        with statements(service.unit_of_work.engine) as seen:
            call(service, People.people, actor)
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("role", ["teacher", "student", "parent"])
def test_people_are_listed_for_those_who_keep_the_records_only(service, school, role):
    with pytest.raises(Forbidden):
        call(service, People.people, getattr(school, role))


def test_a_contact_is_entered_by_the_methodologist_and_told_to_those_who_copy_it(service, school):
    school.guardian(school.parent, school.student)
    change = {"person_id": school.parent.person_id, "email": "olga@example.org"}
    person = call(service, People.set_contact, school.methodologist, **change)
    assert (person["email"], person["phone"]) == ("olga@example.org", None)
    assert announced(service) == [[str(school.student.person_id)]]
    call(service, People.set_contact, school.methodologist, **change)
    assert len(announced(service)) == 1
    cleared = call(service, People.set_contact, school.methodologist, **{**change, "email": None})
    assert cleared["email"] is None
    for someone in (school.director, school.teacher, school.parent):
        with pytest.raises(Forbidden):
            call(service, People.set_contact, someone, **change)


def test_credentials_are_issued_once_and_replace_the_ones_before(service, school):
    student = school.student
    before = login_of(service, student)
    sign_in(service, before)
    (issued,) = call(service, Credentials.issue_credentials, school.methodologist, person_ids=[student.person_id])[
        "credentials"
    ]
    assert issued["login"] == before
    assert len(events(service, "session_revoked")) == 1
    with pytest.raises(Unauthenticated):
        sign_in(service, before)
    assert sign_in(service, before, issued["password"])
    trace = school.service.unit_of_work
    with trace.of(school.id) as session:
        (row,) = session.scalars(select(tables.CredentialIssue)).all()
    assert (row.person_id, row.by_account_id) == (student.person_id, school.methodologist.account_id)


def test_people_without_account_get_logins_that_nobody_has(service, school):
    people = [school.person("student", name="Щукин Ян", account_id=None, username="shchukin") for _ in range(3)]
    ids = [person.person_id for person in people]
    issued = call(service, Credentials.issue_credentials, school.methodologist, person_ids=ids)["credentials"]
    logins = [one["login"] for one in issued]
    assert logins[0] == "shchukin"
    assert len(set(logins)) == 3
    assert all(login.startswith("shchukin") for login in logins)
    for one in issued:
        assert sign_in(service, one["login"], one["password"])


def test_one_human_of_two_schools_has_one_login_which_the_operator_issues(service, school, another_school):
    human = {"human_id": uuid7(), "account_id": None}
    here, there = school.person("teacher", **human), another_school.person("teacher", **human)
    with pytest.raises(Forbidden) as refused:
        call(service, Credentials.issue_credentials, school.methodologist, person_ids=[here.person_id])
    assert refused.value.rule == "several-schools"
    ids = [here.person_id, there.person_id]
    issued = call(service, Credentials.issue_credentials, operator(service), person_ids=ids)["credentials"]
    assert len({(one["login"], one["password"]) for one in issued}) == 1
    answer = sign_in(service, issued[0]["login"], issued[0]["password"])
    assert answer["access_token"]


@pytest.mark.parametrize("role", ["director", "deputy"])
def test_a_methodologist_cannot_take_over_the_administration(service, school, role):
    person = school.person(role)
    with pytest.raises(Forbidden) as refused:
        call(service, Credentials.issue_credentials, school.methodologist, person_ids=[person.person_id])
    assert refused.value.rule == "director-only"
    assert call(service, Credentials.issue_credentials, school.director, person_ids=[person.person_id])


def test_an_operator_issues_credentials_to_directors_and_not_to_others(service, school):
    someone = operator(service)
    assert call(service, Credentials.issue_credentials, someone, person_ids=[school.director.person_id])
    with pytest.raises(Forbidden) as refused:
        call(service, Credentials.issue_credentials, someone, person_ids=[school.teacher.person_id])
    assert refused.value.rule == "operator-directors-only"


def test_one_person_of_another_school_among_many_refuses_all(service, school, another_school):
    ids = [school.student.person_id, another_school.student.person_id]
    with pytest.raises(NotFound):
        call(service, Credentials.issue_credentials, school.methodologist, person_ids=ids)
    assert sign_in(service, login_of(service, school.student))


def test_who_left_gets_no_credentials(service, school):
    gone = school.person("student", left_on=TODAY)
    with pytest.raises(Conflict) as refused:
        call(service, Credentials.issue_credentials, school.methodologist, person_ids=[gone.person_id])
    assert refused.value.rule == "person-inactive"


def test_the_director_appoints_and_it_leaves_a_trace(service, school):
    change = {"person_id": school.teacher.person_id, "role": "deputy"}
    assert call(service, People.appoint, school.director, **change)["roles"] == ["deputy", "teacher"]
    assert call(service, People.appoint, school.director, **change)["roles"] == ["deputy", "teacher"]
    assert school.count(tables.Appointment) == 1
    sign_in(service, login_of(service, school.teacher))
    taken = call(service, People.appoint, school.director, **change, held=False)
    assert taken["roles"] == ["teacher"]
    assert len(events(service, "session_revoked")) == 1
    assert school.count(tables.Appointment) == 2


def test_an_operator_appoints_directors_only_and_others_nobody(service, school):
    someone = operator(service)
    change = {"person_id": school.teacher.person_id}
    assert "director" in call(service, People.appoint, someone, **change, role="director")["roles"]
    for actor in (someone, school.methodologist, school.teacher):
        with pytest.raises(Forbidden):
            call(service, People.appoint, actor, **change, role="deputy")


def test_a_student_is_given_no_role_of_the_staff(service, school):
    with pytest.raises(Invalid) as refused:
        call(service, People.appoint, school.director, person_id=school.student.person_id, role="teacher")
    assert refused.value.rule == "student-staff"


def test_a_consent_and_its_withdrawal_are_kept_with_who_entered_them(service, school):
    school.guardian(school.parent, school.student)
    given = consent(school)
    assert given["granted"] is True
    assert consent(school)["since"] == given["since"]
    assert consent(school, granted=False)["granted"] is False
    with service.unit_of_work.of(school.id) as session:
        rows = session.scalars(select(tables.Consent).order_by(tables.Consent.since)).all()
    assert [(row.granted, row.replaced_at is None) for row in rows] == [(True, False), (False, True)]
    assert {row.entered_by_account_id for row in rows} == {school.methodologist.account_id}
    assert announced(service) == [[str(school.student.person_id)]] * 2


def test_a_consent_repeated_with_its_key_is_answered_as_before(service, school):
    school.guardian(school.parent, school.student)
    answers, actor = [], school.methodologist
    for _ in range(2):
        known = context.Call(idempotency_key="once", operation="identity.record_consent", tenant_id=school.id)
        with context.handling(known):
            answers.append(consent(school, by=actor))
    assert answers[0] == answers[1]
    assert school.count(tables.Consent) == 1


def test_a_consent_needs_a_guardian_in_force_and_one_who_keeps_the_records(service, school):
    with pytest.raises(NotFound):
        consent(school)
    school.guardian(school.parent, school.student)
    for someone in (school.teacher, school.parent):
        with pytest.raises(Forbidden):
            consent(school, by=someone)
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(tables.Guardianship).values(ended_on=TODAY))
    with pytest.raises(NotFound):
        consent(school)


def test_facts_tell_services_class_guardians_and_consents(service, school, school_class):
    school.guardian(school.parent, school.student)
    service.announce_moved()
    consent(school, "email")
    (fact,) = call(
        service, People.student_facts, school.gradebook(),
        person_ids=[school.student.person_id, school.teacher.person_id],
    )["students"]  # fmt: skip
    assert (fact["class_id"], fact["revision"]) == (str(school_class), 3)
    (guardian,) = fact["guardians"]
    assert (guardian["guardian_id"], guardian["purposes"]) == (str(school.parent.person_id), ["email"])
    answer = call(service, Classes.class_facts, school.gradebook(), class_ids=[school_class])
    (led,) = answer["classes"]
    assert answer["time_zone"] == ZONE
    assert (led["name"], led["homeroom_teacher_id"]) == ("8А", str(school.teacher.person_id))
    for someone in (school.director, operator(service)):
        with pytest.raises(Forbidden):
            call(service, People.student_facts, someone, person_ids=[school.student.person_id])
        with pytest.raises(Forbidden):
            call(service, Classes.class_facts, someone, class_ids=[school_class])


def test_a_move_is_announced_on_its_day_and_once(service, school, school_class):
    service.announce_moved()
    assert announced(service) == [[str(school.student.person_id)]]
    service.announce_moved()
    assert len(announced(service)) == 1
    new = uuid7()
    school.save(tables.SchoolClass, {"id": new, "name": "8Б", "grade": 8})
    enrol(school, new, school.student, since=1)
    service.announce_moved()
    assert len(announced(service)) == 1
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(tables.Enrolment).where(tables.Enrolment.class_id == new).values(since=TODAY))
    service.announce_moved()
    assert len(announced(service)) == 2
    assert school.row(tables.Person, school.student.person_id).class_id == new


def test_many_students_are_announced_in_pieces_that_one_call_can_ask_about(service, school, school_class):
    people = [uuid7() for _ in range(MANY + 1)]
    name = {"family_name": "А", "given_name": "Б", "patronymic": "", "search_name": "а б"}
    school.save(tables.Person, *({"id": person_id, **name} for person_id in people))
    since = date(2026, 9, 1)
    school.save(tables.Enrolment, *({"class_id": school_class, "student_id": one, "since": since} for one in people))
    service.announce_moved()
    assert [len(batch) for batch in announced(service)] == [MANY, 2]


def test_another_schools_people_and_classes_are_as_if_they_did_not_exist(service, school, school_class, another_school):
    stranger, keeper = another_school.teacher, another_school.methodologist
    ids = [school.student.person_id]
    school.guardian(school.parent, school.student)
    assert call(service, People.names, stranger, person_ids=ids)["people"] == []
    assert call(service, Classes.classes, stranger)["classes"] == []
    assert call(service, People.student_facts, another_school.gradebook(), person_ids=ids)["students"] == []
    assert call(service, People.people, keeper, query="анисимов")["people"] == []
    refused = [
        (Classes.class_list, stranger, {"class_id": school_class}),
        (People.set_contact, keeper, {"person_id": ids[0], "email": None}),
        (Credentials.issue_credentials, keeper, {"person_ids": ids}),
        (People.appoint, another_school.director, {"person_id": school.teacher.person_id, "role": "deputy"}),
        (
            Consents.record_consent, keeper,
            {"guardian_id": school.parent.person_id, "student_id": ids[0], "purpose": "portal", "granted": True},
        ),
    ]  # fmt: skip
    for method, actor, command in refused:
        with pytest.raises(NotFound):
            call(service, method, actor, **command)


def test_an_operator_sees_no_schools_inside(service, school):
    for method in (Classes.classes, People.people):
        with pytest.raises(Forbidden):
            call(service, method, operator(service))


def test_an_empty_installation_gets_its_operator(service):
    login, password = bootstrap.create_operator(service.unit_of_work, " Root ")
    assert login == "root"
    sign_in(service, login, password)
    _, renewed = bootstrap.create_operator(service.unit_of_work, "root")
    assert renewed != password
    assert len(events(service, "session_revoked")) == 1
    with pytest.raises(Unauthenticated):
        sign_in(service, login, password)
    assert sign_in(service, login, renewed)
    with service.unit_of_work.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(tables.Account)) == 1


def test_nobodys_account_becomes_an_operators(service, school):
    with pytest.raises(Conflict):
        bootstrap.create_operator(service.unit_of_work, login_of(service, school.teacher))
    with pytest.raises(Invalid):
        bootstrap.create_operator(service.unit_of_work, "  ")


def test_an_empty_installation_gets_a_school_whose_director_appoints_the_others(service, verifier):
    made = bootstrap.create_school(service.unit_of_work, "Лицей", ZONE, "Орлова Дина Павловна")
    answer = sign_in(service, made["login"], made["password"])
    director = verifier.claims(answer["access_token"]).actor(None)
    assert (director.tenant_id, director.roles) == (made["school_id"], {"director"})
    (person,) = call(service, People.people, director)["people"]
    assert person["name"] == "Орлова Дина Павловна"
    for school, zone, name in (
        ("Лицей", "Europe/Nowhere", "Орлова Дина"),
        ("Лицей", ZONE, "Орлова"),
        (" ", ZONE, "О Д"),
    ):
        with pytest.raises(Invalid):
            bootstrap.create_school(service.unit_of_work, school, zone, name)


def test_a_school_that_came_with_a_bundle_gets_a_director(service, school, verifier):
    made = bootstrap.create_director(service.unit_of_work, school.id, "Орлова Дина")
    answer = sign_in(service, made["login"], made["password"])
    director = verifier.claims(answer["access_token"]).actor(None)
    assert (director.tenant_id, director.roles) == (school.id, {"director"})
    with pytest.raises(NotFound):
        bootstrap.create_director(service.unit_of_work, uuid7(), "Орлова Дина")
    with pytest.raises(Invalid):
        bootstrap.create_director(service.unit_of_work, school.id, "Орлова")
