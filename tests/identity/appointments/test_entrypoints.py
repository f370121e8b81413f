"""Staff roles given and taken by hand."""

from datetime import date
from uuid import UUID

import pytest

from contracts.identity.appointments import Appointments
from contracts.identity.people import People
from kernel.errors import Forbidden, Invalid
from services.identity.appointments import tables as appointments_tables
from services.identity.people.tables import Person, Role
from tests.identity.conftest import events, login_of, sign_in
from tests.kit.calls import call, statements
from tests.kit.people import add_operator


def test_the_director_appoints_and_it_leaves_a_trace(service, school):
    change = {"person_id": school.teacher.person_id, "role": "deputy"}
    assert call(service, Appointments.appoint, school.director, **change)["roles"] == ["deputy", "teacher"]
    assert call(service, Appointments.appoint, school.director, **change)["roles"] == ["deputy", "teacher"]
    assert school.count(appointments_tables.Appointment) == 1
    sign_in(service, login_of(service, school.teacher))
    taken = call(service, Appointments.appoint, school.director, **change, held=False)
    assert taken["roles"] == ["teacher"]
    assert len(events(service, "session_revoked")) == 1
    assert school.count(appointments_tables.Appointment) == 2


def test_an_operator_appoints_directors_only_and_others_nobody(service, school):
    someone = add_operator(service)
    change = {"person_id": school.teacher.person_id}
    assert "director" in call(service, Appointments.appoint, someone, **change, role="director")["roles"]
    for actor in (someone, school.methodologist, school.teacher):
        with pytest.raises(Forbidden):
            call(service, Appointments.appoint, actor, **change, role="deputy")


def test_a_student_is_given_no_role_of_the_staff(service, school):
    with pytest.raises(Invalid) as refused:
        call(service, Appointments.appoint, school.director, person_id=school.student.person_id, role="teacher")
    assert refused.value.rule == "student-staff"


def test_d07_a_role_that_somebody_does_not_hold_is_not_taken(service, school):
    change = {"person_id": school.teacher.person_id, "role": "deputy"}
    never = call_refused(service, school.director, change)
    call(service, Appointments.appoint, school.director, **change)
    call(service, Appointments.appoint, school.director, **change, held=False)
    assert never.rule == call_refused(service, school.director, change).rule == "role-not-held"
    assert school.count(appointments_tables.Appointment) == 2


def call_refused(service, director, change):
    with pytest.raises(Invalid) as refused:
        call(service, Appointments.appoint, director, **change, held=False)
    return refused.value


def test_s25_the_last_director_stays_one(service, school):
    own = {"person_id": school.director.person_id, "role": "director", "held": False}
    with pytest.raises(Invalid) as refused:
        call(service, Appointments.appoint, school.director, **own)
    assert refused.value.rule == "last-director"
    call(service, Appointments.appoint, school.director, person_id=school.teacher.person_id, role="director")
    assert "director" not in call(service, Appointments.appoint, school.director, **own)["roles"]


def test_a_director_who_left_is_none(service, school):
    call(service, Appointments.appoint, school.director, person_id=school.teacher.person_id, role="director")
    with service.unit_of_work.everywhere() as session:
        session.get_one(Person, (school.id, school.teacher.person_id)).left_on = date(2026, 9, 1)
    with pytest.raises(Invalid):
        call(
            service,
            Appointments.appoint,
            school.director,
            person_id=school.director.person_id,
            role="director",
            held=False,
        )


def new_teachers(service, actor, *names, **more):
    people = [
        dict(zip(("family_name", "given_name", "patronymic"), name.split(), strict=False)) | more for name in names
    ]
    return call(service, Appointments.make_people, actor, people=people, role="teacher")["people"]


def test_the_methodologist_enters_teachers_and_it_leaves_a_trace(service, school):
    actor = school.methodologist
    made = new_teachers(service, actor, "Янина Яна Яновна", "Абрамова А. Б.")
    assert [one["name"] for one in made] == ["Янина Яна Яновна", "Абрамова А. Б."], "in the order of the command"
    found = call(service, People.people, school.methodologist, role="teacher", query="Янина")["people"]
    assert [(one["id"], one["roles"], one["login"], one["credentials_by"]) for one in found] == [
        (made[0]["id"], ["teacher"], None, "methodologist")
    ]
    by_whom = appointments_tables.Appointment.by_account_id == actor.account_id
    assert actor.account_id is not None
    assert school.count(appointments_tables.Appointment, by_whom) == 2
    assert school.row(Role, UUID(made[0]["id"]), "teacher").appointed, "no import takes the role away"


def test_a_namesake_is_asked_about_and_entered_once_it_is_said(service, school):
    new_teachers(service, school.methodologist, "Янина Яна Яновна")
    for name in ("Янина Яна Яновна", "Янина Я. Я."):
        with pytest.raises(Invalid) as refused:
            new_teachers(service, school.methodologist, "Ким К. К.", name)
        assert (refused.value.rule, refused.value.field) == ("namesake", "people.1.namesake")
    assert len(new_teachers(service, school.methodologist, "Янина Яна Яновна", namesake=True)) == 1
    assert school.count(Person, Person.family_name == "Ким") == 0, "all or none"
    assert school.count(Person, Person.family_name == "Янина") == 2


def test_of_those_who_do_not_teach_only_the_very_name_is_asked_about_and_a_student_never(service, school):
    school.person("parent", name="Юрова Юна")
    school.person("student", name="Яшина Яна")
    new_teachers(service, school.methodologist, "Юрова Ю.", "Яшина Яна")
    with pytest.raises(Invalid, match="director"):
        new_teachers(service, school.methodologist, "Юрова Юна")


def test_people_of_other_schools_are_nobodys_namesakes(service, school, another_school):
    new_teachers(service, another_school.methodologist, "Янина Яна Яновна")
    assert len(new_teachers(service, school.methodologist, "Янина Яна Яновна")) == 1


def test_nobody_else_enters_people_and_no_other_role_is_given_so(service, school):
    for actor in (school.teacher, school.director, school.parent, add_operator(service)):
        with pytest.raises(Forbidden):
            new_teachers(service, actor, "Янина Яна")
    with pytest.raises(Invalid):
        call(
            service,
            Appointments.make_people,
            school.methodologist,
            people=[{"family_name": "Ян", "given_name": "Я."}],
            role="deputy",
        )


def test_many_are_entered_in_as_many_statements_as_one(service, school, engine):
    methodologist, counts = school.methodologist, []
    for names in (["Ким К. К."], [f"Я{one} Я. Я." for one in ("блоков", "годин", "лов", "нин", "син", "шин")]):
        with statements(engine) as seen:
            new_teachers(service, methodologist, *names)
        counts.append(len(seen))
    assert counts[0] == counts[1]
