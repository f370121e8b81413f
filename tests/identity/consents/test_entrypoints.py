"""Consents entered and withdrawn."""

import pytest
from sqlalchemy import select, update

from kernel import context
from kernel.errors import Forbidden, NotFound
from services.identity.people import tables as people_tables
from tests.identity.conftest import announced, consent
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
