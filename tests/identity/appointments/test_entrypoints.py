"""Staff roles given and taken by hand."""

from datetime import date

import pytest

from contracts.identity.appointments import Appointments
from kernel.errors import Forbidden, Invalid
from services.identity.appointments import tables as appointments_tables
from services.identity.people.tables import Person
from tests.identity.conftest import events, login_of, sign_in
from tests.kit.calls import call
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


def test_the_last_director_stays_one(service, school):
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
