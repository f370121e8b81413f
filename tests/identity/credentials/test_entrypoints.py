"""Credentials: issued by the school, changed by their owner, kept nowhere in clear."""

import pytest
from sqlalchemy import func, select
from uuid_utils.compat import uuid7

from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from kernel import context
from kernel.data.inbox import InboxRow
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Throttled, Unauthenticated
from services.identity.credentials import tables as credentials_tables
from tests.identity.conftest import events, login_of, refresh, revoked, sign_in
from tests.kit.calls import call
from tests.kit.people import PASSWORD, TODAY, add_operator


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
        (row,) = session.scalars(select(credentials_tables.CredentialIssue)).all()
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
    issued = call(service, Credentials.issue_credentials, add_operator(service), person_ids=ids)["credentials"]
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
    someone = add_operator(service)
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


def test_a_new_password_ends_the_other_sessions(service, school, verifier):
    login = login_of(service, school.teacher)
    own, other = sign_in(service, login), sign_in(service, login)
    actor = verifier.claims(own["access_token"]).actor(school.id)
    new = "rooks-nest-in-april"
    call(service, Credentials.change_password, actor, old_password=PASSWORD, new_password=new)
    assert revoked(service) == [str(verifier.claims(other["access_token"]).session_id)]
    assert refresh(service, own["refresh_token"])
    with pytest.raises(Unauthenticated):
        sign_in(service, login, PASSWORD)
    assert sign_in(service, login, new)


def test_a_password_that_says_nothing_new_is_refused(service, school):
    actor, login = school.teacher, login_of(service, school.teacher)
    for new, rule in ((PASSWORD, "same-password"), (f"my-{login.upper()}", "login-in-password")):
        with pytest.raises(Invalid) as refused:
            call(service, Credentials.change_password, actor, old_password=PASSWORD, new_password=new)
        assert refused.value.rule == rule


def test_guessing_the_old_password_makes_wait(service, school):
    change = {"new_password": "rooks-nest-in-april"}
    for _ in range(6):
        with pytest.raises(Forbidden):
            call(service, Credentials.change_password, school.teacher, old_password="wrong", **change)
    with pytest.raises(Throttled):
        call(service, Credentials.change_password, school.teacher, old_password=PASSWORD, **change)


def test_no_secret_is_kept_for_a_repetition(service, school):
    """An idempotency key does not make the inbox keep tokens or passwords."""
    login = login_of(service, school.teacher)
    commands = [
        (Sessions.open_session, None, {"login": login, "password": PASSWORD}),
        (Credentials.issue_credentials, school.methodologist, {"person_ids": [school.student.person_id]}),
        (
            Credentials.change_password,
            school.teacher,
            {"old_password": PASSWORD, "new_password": "rooks-nest-in-april"},
        ),
    ]
    for method, actor, command in commands:
        known = context.Call(idempotency_key="once", operation=repr(method), tenant_id=school.id)
        with context.handling(known):
            call(service, method, actor, **command)
    with service.unit_of_work.everywhere() as session:
        assert session.scalar(select(func.count()).select_from(InboxRow)) == 0
