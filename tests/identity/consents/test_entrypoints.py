"""Consents entered and withdrawn."""

import pytest
from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from contracts.identity.consents import Consents
from kernel import context
from kernel.errors import Forbidden, NotFound
from services.identity.people import tables as people_tables
from tests.identity.conftest import announced, consent
from tests.kit.calls import call
from tests.kit.people import TODAY


def test_a_consent_and_its_withdrawal_are_kept_with_who_entered_them(service, school):
    school.guardian(school.parent, school.student)
    given = consent(school)
    assert given["granted"] is True
    assert consent(school)["since"] == given["since"]
    assert consent(school, granted=False)["granted"] is False
    with service.unit_of_work.of(school.id) as session:
        rows = session.scalars(select(people_tables.Consent).order_by(people_tables.Consent.since)).all()
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
    assert school.count(people_tables.Consent) == 1


def test_a_consent_needs_a_guardian_in_force_and_one_who_keeps_the_records(service, school):
    with pytest.raises(NotFound):
        consent(school)
    school.guardian(school.parent, school.student)
    for someone in (school.teacher, school.parent):
        with pytest.raises(Forbidden):
            consent(school, by=someone)
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(people_tables.Guardianship).values(ended_on=TODAY))
    with pytest.raises(NotFound):
        consent(school)


def test_consents_are_listed_from_either_side_with_who_entered_them(service, school):
    school.guardian(school.parent, school.student)
    (untouched,) = listed(service, school, school.parent)
    assert untouched["consents"] == []
    consent(school, "portal")
    consent(school, "email")
    consent(school, "email", granted=False, by=school.director)
    (one,) = listed(service, school, school.student)
    assert [one] == listed(service, school, school.parent)
    assert [(kept["purpose"], kept["granted"], kept["entered_by"]) for kept in one["consents"]] == [
        ("email", False, str(school.director.person_id)),
        ("portal", True, str(school.methodologist.person_id)),
    ]


def test_consents_that_came_by_no_person_of_the_school_have_no_author(service, school):
    school.guardian(school.parent, school.student, "portal")
    ((one,),) = [each["consents"] for each in listed(service, school, school.student)]
    assert one["entered_by"] is None


def test_consents_of_a_guardianship_that_ended_and_those_of_nobody_are_not_listed(service, school):
    school.guardian(school.parent, school.student, "portal")
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(people_tables.Guardianship).values(ended_on=TODAY))
    assert listed(service, school, school.parent) == []
    with pytest.raises(NotFound):
        call(service, Consents.consents, school.methodologist, person_id=uuid7())
    with pytest.raises(Forbidden):
        call(service, Consents.consents, school.teacher, person_id=school.student.person_id)


def listed(service, school, person) -> list:
    return call(service, Consents.consents, school.methodologist, person_id=person.person_id)["guardianships"]
