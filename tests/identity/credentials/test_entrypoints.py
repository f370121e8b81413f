"""Credentials: issued by the school, changed by their owner, kept nowhere in clear."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from uuid_utils.compat import uuid7

from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from kernel import context
from kernel.clock import now
from kernel.data.inbox import InboxRow
from kernel.data.jobs import Job, JobRow
from kernel.errors import Conflict, Forbidden, Invalid, NotFound, Throttled, Unauthenticated
from services.identity.credentials import tables as credentials_tables
from services.identity.people.tables import Person
from services.identity.sessions.tables import SignIn
from tests.identity.conftest import events, login_of, refresh, revoked, sign_in
from tests.kit.calls import call
from tests.kit.credentials import issue
from tests.kit.databases import on_both
from tests.kit.jobs import carry_out_due, make_due
from tests.kit.people import PASSWORD, TODAY, add_operator


def test_credentials_are_issued_once_and_replace_the_ones_before(service, school):
    student = school.student
    before = login_of(service, student)
    sign_in(service, before)
    (issued,) = issue(service, school.methodologist, student.person_id)
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
    issued = issue(service, school.methodologist, *ids)
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
        call(service, Credentials.order_credentials, school.methodologist, person_ids=[here.person_id])
    assert refused.value.rule == "several-schools"
    ids = [here.person_id, there.person_id]
    issued = issue(service, add_operator(service), *ids)
    assert len({(one["login"], one["password"]) for one in issued}) == 1
    answer = sign_in(service, issued[0]["login"], issued[0]["password"])
    assert answer["access_token"]


@pytest.mark.parametrize("role", ["director", "deputy"])
def test_a_methodologist_cannot_take_over_the_administration(service, school, role):
    person = school.person(role)
    with pytest.raises(Forbidden) as refused:
        call(service, Credentials.order_credentials, school.methodologist, person_ids=[person.person_id])
    assert refused.value.rule == "director-only"
    assert issue(service, school.director, person.person_id)


def test_an_operator_issues_credentials_to_directors_and_not_to_others(service, school):
    someone = add_operator(service)
    assert issue(service, someone, school.director.person_id)
    with pytest.raises(Forbidden) as refused:
        call(service, Credentials.order_credentials, someone, person_ids=[school.teacher.person_id])
    assert refused.value.rule == "operator-directors-only"


def test_one_person_of_another_school_among_many_refuses_all(service, school, another_school):
    ids = [school.student.person_id, another_school.student.person_id]
    with pytest.raises(NotFound):
        call(service, Credentials.order_credentials, school.methodologist, person_ids=ids)
    assert sign_in(service, login_of(service, school.student))


def test_who_left_gets_no_credentials(service, school):
    gone = school.person("student", left_on=TODAY)
    with pytest.raises(Conflict) as refused:
        call(service, Credentials.order_credentials, school.methodologist, person_ids=[gone.person_id])
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


def stored(service) -> bytes:
    """All that the tables of orders, jobs and the inbox hold."""
    with service.unit_of_work.everywhere() as session:
        rows = [
            session.execute(select(table)).all()
            for table in (credentials_tables.CredentialOrder.__table__, InboxRow.__table__, JobRow.__table__)
        ]
    return repr(rows).encode()


def order(service, actor, *person_ids, **more) -> str:
    return call(service, Credentials.order_credentials, actor, person_ids=list(person_ids), **more)["id"]


def take(service, actor, order_id: str) -> list[dict]:
    return call(service, Credentials.take_credentials, actor, order_id=order_id)["credentials"]


@on_both
def test_s04_many_passwords_are_a_job_whose_result_can_be_fetched_again_for_a_while_and_then_never(service, school):
    ids = [school.person("student", account_id=None).person_id for _ in range(60)]
    order_id = order(service, school.methodologist, *ids)
    waiting = call(service, Credentials.credential_order, school.methodologist, order_id=order_id)
    assert (waiting["job"]["state"], waiting["people"], waiting["ready"]) == ("waiting", 60, False)
    with pytest.raises(Conflict) as refused:
        take(service, school.methodologist, order_id)
    assert refused.value.rule == "slips-not-there"
    assert carry_out_due(service) == 1
    done = call(service, Credentials.credential_order, school.methodologist, order_id=order_id)
    assert (done["job"]["state"], done["ready"], done["shown_at"]) == ("done", True, None)
    first = take(service, school.methodologist, order_id)
    assert [one["person_id"] for one in first] == [str(one) for one in ids]
    assert take(service, school.methodologist, order_id) == first, "the answer was lost, or the page loaded again"
    assert sign_in(service, first[7]["login"], first[7]["password"])
    assert first[7]["password"].encode() not in stored(service)
    later(service, minutes=16)
    for _ in range(2):
        with pytest.raises(Conflict) as refused:
            take(service, school.methodologist, order_id)
        assert refused.value.rule == "slips-shown"
        service.forget_orders()
    with service.unit_of_work.everywhere() as session:
        assert session.get_one(credentials_tables.CredentialOrder, UUID(order_id)).sealed is None


def later(service, **time) -> None:
    """Let so much time pass for every order."""
    with service.unit_of_work.everywhere() as session:
        for one in session.scalars(select(credentials_tables.CredentialOrder)):
            one.ordered_at -= timedelta(**time)
            one.sealed_at = one.sealed_at and one.sealed_at - timedelta(**time)
            one.shown_at = one.shown_at and one.shown_at - timedelta(**time)


def test_s04_what_nobody_fetched_for_a_day_is_erased_and_the_order_itself_after_a_month(service, school):
    order_id = order(service, school.methodologist, school.student.person_id, replace=True)
    carry_out_due(service)
    service.forget_orders()
    assert call(service, Credentials.credential_order, school.methodologist, order_id=order_id)["ready"]
    later(service, hours=25)
    service.forget_orders()
    assert not call(service, Credentials.credential_order, school.methodologist, order_id=order_id)["ready"]
    later(service, days=30)
    service.forget_orders()
    with pytest.raises(NotFound):
        call(service, Credentials.credential_order, school.methodologist, order_id=order_id)


@on_both
def test_s04_a_job_that_dies_at_any_step_destroys_no_password(service, school, monkeypatch):
    ids = [school.student.person_id, *(school.person("student", account_id=None).person_id for _ in range(30))]
    login = login_of(service, school.student)
    order_id = order(service, school.methodologist, *ids, replace=True)
    step, died_at = Job.step, []

    def dies(job, stage, done=0, total=0):
        step(job, stage, done, total)
        if (stage, done) not in died_at:
            died_at.append((stage, done))
            raise RuntimeError("killed")

    monkeypatch.setattr(Job, "step", dies)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            carry_out_due(service)
        assert sign_in(service, login, PASSWORD), "the old password is good as long as there is no new one"
        make_due(service)
    carry_out_due(service)
    assert died_at == [("making", 0), ("making", 25), ("writing", 31)]
    slips = take(service, school.methodologist, order_id)
    assert sign_in(service, login, slips[0]["password"])
    make_due(service)
    carry_out_due(service)
    assert take(service, school.methodologist, order_id) == slips


@on_both
def test_s10_an_order_that_is_sent_again_replaces_nothing_twice(service, school):
    known = context.Call(idempotency_key="once", operation="order", account_id=school.methodologist.account_id)
    with context.handling(known):
        ordered = {order(service, school.methodologist, school.student.person_id, replace=True) for _ in range(3)}
    assert len(ordered) == 1
    assert carry_out_due(service) == 1


def test_passwords_that_work_are_replaced_only_if_that_is_meant(service, school):
    new = school.person("student", account_id=None).person_id
    with pytest.raises(Conflict) as refused:
        order(service, school.methodologist, new, school.student.person_id, school.parent.person_id)
    assert (refused.value.rule, refused.value.params["count"]) == ("replaces-passwords", 2)
    order(service, school.methodologist, new)
    carry_out_due(service)
    assert sign_in(service, login_of(service, school.student), PASSWORD)


def test_nobody_else_sees_an_order_or_its_passwords(service, school, another_school):
    order_id = order(service, school.methodologist, school.student.person_id, replace=True)
    carry_out_due(service)
    strangers = (school.director, school.person("methodologist"), another_school.methodologist, add_operator(service))
    for stranger in strangers:
        for method in (Credentials.credential_order, Credentials.take_credentials):
            with pytest.raises(NotFound) as refused:
                call(service, method, stranger, order_id=order_id)
            assert refused.value.rule == "no-order"
    assert take(service, school.methodologist, order_id)


def test_somebody_who_leaves_between_order_and_job_is_told_and_nobody_loses_a_password(service, school):
    order_id = order(service, school.methodologist, school.student.person_id, school.parent.person_id, replace=True)
    with service.unit_of_work.of(school.id) as session:
        session.get_one(Person, (school.id, school.student.person_id)).left_on = TODAY
    carry_out_due(service)
    found = call(service, Credentials.credential_order, school.methodologist, order_id=order_id)
    assert (found["job"]["state"], found["failure_text"]["rule"]) == ("failed", "person-inactive")
    assert not found["ready"]
    assert sign_in(service, login_of(service, school.parent), PASSWORD)


def test_nobody_issues_a_password_to_themselves(service, school):
    """They would be signed out, and out of reach of the slips that only they may fetch."""
    for actor in (school.methodologist, school.director):
        with pytest.raises(Conflict) as refused:
            order(service, actor, school.student.person_id, actor.person_id, replace=True)
        assert refused.value.rule == "own-credentials"
    assert sign_in(service, login_of(service, school.methodologist), PASSWORD)


def test_of_two_orders_for_new_people_the_second_does_not_void_the_slips_of_the_first(service, school):
    new = school.person("student", account_id=None).person_id
    orders = [order(service, actor, new) for actor in (school.methodologist, school.director)]
    carry_out_due(service)
    (slip,) = take(service, school.methodologist, orders[0])
    second = call(service, Credentials.credential_order, school.director, order_id=orders[1])
    assert (second["job"]["state"], second["failure_text"]["rule"]) == ("failed", "replaces-passwords")
    assert sign_in(service, slip["login"], slip["password"])


def test_passwords_are_kept_for_a_day_from_when_they_were_made_however_late_that_was(service, school):
    order_id = order(service, school.methodologist, school.student.person_id, replace=True)
    later(service, hours=30)
    carry_out_due(service)
    service.forget_orders()
    assert take(service, school.methodologist, order_id)


def test_whoever_cannot_get_a_password_is_named(service, school):
    gone = school.person("student", name="Щукин Ян", left_on=TODAY)
    with pytest.raises(Conflict) as refused:
        order(service, school.methodologist, gone.person_id)
    assert "Щукин Ян" in str(refused.value)


def test_of_sessions_that_expired_nobody_is_told_that_they_end(service, school):
    login = login_of(service, school.student)
    sign_in(service, login)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(SignIn).values(expires_at=now() - timedelta(days=1)))
    sign_in(service, login)
    order(service, school.methodologist, school.student.person_id, replace=True)
    carry_out_due(service)
    assert len(revoked(service)) == 1
