"""Signing in, staying in, being put out; who is signed in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import msgspec
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from kernel.auth import Membership
from kernel.clock import now
from kernel.errors import NotFound, Throttled, Unauthenticated
from services.identity.accounts import passwords as accounts_passwords
from services.identity.accounts import tables as accounts_tables
from services.identity.people import tables as people_tables
from services.identity.sessions import queries as sessions_queries
from services.identity.sessions import tables as sessions_tables
from tests.identity.conftest import School, consent, login_of, refresh, revoked, sign_in
from tests.kit.calls import call
from tests.kit.credentials import issue
from tests.kit.databases import on_both
from tests.kit.people import PASSWORD, add_operator


@pytest.fixture
def still(monkeypatch):
    """Time stands still for waits: the first lasts a second, and a busy machine takes longer from guess to guess."""
    moment = now()
    monkeypatch.setattr("services.identity.sessions.entrypoints.now", lambda: moment)


def test_the_access_token_names_account_session_and_memberships(service, school, verifier):
    answer = sign_in(service, login_of(service, school.teacher))
    claims = verifier.claims(answer["access_token"])
    assert claims.account_id == school.teacher.account_id
    assert claims.memberships == (Membership(school.id, school.teacher.person_id, frozenset({"teacher"})),)
    assert claims.roles == frozenset()
    assert answer["expires_in"] == 300


def test_an_operator_signs_in_without_any_school(service, verifier):
    claims = verifier.claims(sign_in(service, login_of(service, add_operator(service)))["access_token"])
    assert (claims.roles, claims.memberships) == (frozenset({"operator"}), ())


def test_a_login_is_found_in_any_case(service, school):
    assert sign_in(service, f"  {login_of(service, school.teacher).upper()} ")


def test_unknown_logins_wrong_passwords_and_people_who_left_are_told_the_same(service, school):
    gone = school.person("teacher", left_on=now().date())
    disabled = school.person("teacher", enabled=False)
    attempts = [
        ("nobody", PASSWORD),
        (login_of(service, school.teacher), "wrong"),
        (login_of(service, gone), PASSWORD),
        (login_of(service, disabled), PASSWORD),
    ]
    told = set()
    for login, password in attempts:
        with pytest.raises(Unauthenticated) as refused:
            sign_in(service, login, password)
        told.add(msgspec.json.encode(refused.value.to_wire()))
    assert len(told) == 1


def test_a_password_is_hashed_for_an_unknown_login_too(service, school, monkeypatch):
    compared = []
    verify = accounts_passwords.HASHER.verify
    hasher = accounts_passwords.HASHER
    monkeypatch.setattr(
        accounts_passwords, "HASHER", type("Counting", (), {
            "verify": lambda _, known, given: compared.append(known) or verify(known, given),
            "check_needs_rehash": lambda _, known: hasher.check_needs_rehash(known),
            "hash": lambda _, given: hasher.hash(given),
        })(),
    )  # fmt: skip
    for login in ("nobody", login_of(service, school.teacher)):
        with pytest.raises(Unauthenticated):
            sign_in(service, login, "wrong")
    parameters = {known.rsplit("$", 2)[0] for known in compared}
    assert len(compared) == 2
    assert len(parameters) == 1


def test_an_account_that_was_never_given_a_password_lets_nobody_in(service, school):
    with service.unit_of_work.everywhere() as session:
        session.execute(update(accounts_tables.Account).values(password_hash=""))
    with pytest.raises(Unauthenticated):
        sign_in(service, login_of(service, school.teacher), "anything")


def test_an_old_hash_is_renewed_at_sign_in(service, school):
    weak = PasswordHasher(time_cost=1, memory_cost=32, parallelism=1).hash(PASSWORD)
    login = login_of(service, school.teacher)
    with service.unit_of_work.everywhere() as session:
        session.execute(update(accounts_tables.Account).values(password_hash=weak))
    sign_in(service, login)
    with service.unit_of_work.everywhere() as session:
        renewed = session.get_one(accounts_tables.Account, school.teacher.account_id).password_hash
    assert not accounts_passwords.HASHER.check_needs_rehash(renewed)
    assert sign_in(service, login)


@pytest.mark.usefixtures("still")
def test_failures_make_wait_and_other_addresses_do_not(service, school):
    login = login_of(service, school.teacher)
    for _ in range(6):
        with pytest.raises(Unauthenticated):
            sign_in(service, login, "wrong", "here")
    with pytest.raises(Throttled) as refused:
        sign_in(service, login, PASSWORD, "here")
    assert refused.value.params["retry_after"] == 1
    assert sign_in(service, login, PASSWORD, "elsewhere")


@pytest.mark.usefixtures("still")
def test_s21_the_log_tells_whose_login_is_tried_from_which_network_and_no_word_that_was_typed(service, school):
    login, address = login_of(service, school.teacher), "192.0.2.77"
    with capture_logs() as lines:
        for tried in (*[login] * 6, "my secret word"):
            with pytest.raises(Unauthenticated):
                sign_in(service, tried, "wrong", address)
        with pytest.raises(Throttled):
            sign_in(service, login, PASSWORD, address)
        sign_in(service, login, PASSWORD, "2001:db8:1:2::3")
    account, network = str(school.teacher.account_id), "192.0.2.0/24"
    refused = {"event": "sign_in_refused", "log_level": "warning", "network": network}
    assert lines[:7] == [*[{**refused, "account": account}] * 6, {**refused, "account": None}]
    throttled, signed_in = lines[7:]
    assert (throttled["event"], throttled["network"]) == ("sign_in_throttled", network)
    assert (signed_in["event"], signed_in["account"], signed_in["network"]) == ("signed_in", account, "2001:db8:1::/48")
    logged = {str(value) for line in lines for value in line.values()}
    assert not logged & {login, "my secret word", "wrong", address, PASSWORD}


def test_the_wait_ends(service, school):
    login = login_of(service, school.teacher)
    for _ in range(6):
        with pytest.raises(Unauthenticated):
            sign_in(service, login, "wrong", "here")
    with service.unit_of_work.everywhere() as session:
        session.execute(update(sessions_tables.Throttle).values(blocked_until=now() - timedelta(seconds=1)))
    assert sign_in(service, login, PASSWORD, "here")
    with pytest.raises(Unauthenticated):  # and not Throttled: the failures are forgiven
        sign_in(service, login, "wrong", "here")


def test_failures_are_forgotten_after_an_hour(service, school):
    login = login_of(service, school.teacher)
    for hours_ago, failures in ((2, 5), (0, 5)):
        for _ in range(failures):
            with pytest.raises(Unauthenticated):
                sign_in(service, login, "wrong", "here")
        with service.unit_of_work.everywhere() as session:
            session.execute(update(sessions_tables.Throttle).values(last_at=now() - timedelta(hours=hours_ago)))
    assert sign_in(service, login, PASSWORD, "here")


@pytest.mark.usefixtures("still")
def test_a_throttle_does_not_tell_which_logins_exist(service, school):
    waits = []
    for login in ("nobody", login_of(service, school.teacher)):
        for _ in range(6):
            with pytest.raises(Unauthenticated):
                sign_in(service, login, "wrong", "here")
        with pytest.raises(Throttled) as refused:
            sign_in(service, login, "wrong", "here")
        waits.append(refused.value.params["retry_after"])
    assert waits == [1, 1]


def test_a_refresh_token_gives_the_next_one_of_the_same_session(service, school, verifier):
    first = sign_in(service, login_of(service, school.teacher))
    second = refresh(service, first["refresh_token"])
    third = refresh(service, second["refresh_token"])
    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    ids = {verifier.claims(answer["access_token"]).session_id for answer in (first, second, third)}
    assert len(ids) == 1
    assert revoked(service) == []


@on_both
@pytest.mark.parametrize("waited", [timedelta(0), timedelta(seconds=35), timedelta(days=6)])
def test_a_lost_answer_costs_nothing_however_late_the_token_is_sent_again(service, school, verifier, waited):
    signed_in = sign_in(service, login_of(service, school.teacher))
    refresh(service, signed_in["refresh_token"])  # the answer is lost on its way
    pass_time(service, waited)
    again = refresh(service, signed_in["refresh_token"])
    goes_on = refresh(service, again["refresh_token"])
    assert verifier.claims(goes_on["access_token"]).session_id == verifier.claims(signed_in["access_token"]).session_id
    assert revoked(service) == []


@on_both
def test_a_token_used_after_its_successor_ends_the_session_for_thief_and_owner(service, school, verifier):
    stolen = sign_in(service, login_of(service, school.teacher))
    other = sign_in(service, login_of(service, school.teacher))
    second = refresh(service, stolen["refresh_token"])
    newest = refresh(service, second["refresh_token"])
    for token in (stolen["refresh_token"], newest["refresh_token"], second["refresh_token"]):
        with pytest.raises(Unauthenticated):
            refresh(service, token)
    assert revoked(service) == [str(verifier.claims(stolen["access_token"]).session_id)]
    assert refresh(service, other["refresh_token"])


@on_both
def test_of_two_successors_of_a_token_only_one_can_be_used(service, school):
    """Owner and thief each got one."""
    stolen = sign_in(service, login_of(service, school.teacher))
    owner, thief = (refresh(service, stolen["refresh_token"]) for _ in range(2))
    newest = refresh(service, owner["refresh_token"])
    for token in (thief["refresh_token"], newest["refresh_token"]):
        with pytest.raises(Unauthenticated):
            refresh(service, token)
    assert len(revoked(service)) == 1


def test_tabs_that_refresh_at_the_same_moment_all_go_on(service, school):
    first = sign_in(service, login_of(service, school.teacher))
    with ThreadPoolExecutor(8) as tabs:
        answers = list(tabs.map(lambda _: refresh(service, first["refresh_token"]), range(8)))
    assert len({answer["refresh_token"] for answer in answers}) == 8
    assert refresh(service, answers[3]["refresh_token"])
    assert revoked(service) == []


def test_of_two_successors_used_at_the_same_moment_one_goes_on_and_the_session_ends(service, school):
    first = sign_in(service, login_of(service, school.teacher))
    successors = [refresh(service, first["refresh_token"])["refresh_token"] for _ in range(2)]

    def outcome(token: str) -> bool:
        try:
            return bool(refresh(service, token))
        except Unauthenticated:
            return False

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(outcome, successors)) == [False, True]
    assert len(revoked(service)) == 1


def test_while_replicas_of_the_version_before_run_sessions_go_on_and_thefts_are_seen(service, school):
    """They note the first use of a token, and name neither its predecessor nor the one used last."""
    first = sign_in(service, login_of(service, school.teacher))
    second = refresh(service, first["refresh_token"])
    third = as_before(service, second["refresh_token"])
    fourth = refresh(service, third)
    fifth = refresh(service, fourth["refresh_token"])
    sixth = as_before(service, as_before(service, fifth["refresh_token"]))
    assert refresh(service, sixth)
    assert revoked(service) == []
    with pytest.raises(Unauthenticated):
        refresh(service, third)
    assert len(revoked(service)) == 1


def test_what_a_replica_of_the_version_before_exchanged_is_good_once(service, school):
    first = sign_in(service, login_of(service, school.teacher))
    as_before(service, first["refresh_token"])
    with pytest.raises(Unauthenticated):
        refresh(service, first["refresh_token"])
    assert len(revoked(service)) == 1


def test_an_expired_token_is_refused_and_its_session_goes_on(service, school):
    first = sign_in(service, login_of(service, school.teacher))
    second = refresh(service, first["refresh_token"])
    with service.unit_of_work.everywhere() as session:
        token = session.get_one(sessions_tables.RefreshToken, sha256(first["refresh_token"].encode()).digest())
        token.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(Unauthenticated):
        refresh(service, first["refresh_token"])
    assert revoked(service) == []
    assert refresh(service, second["refresh_token"])


def pass_time(service, time: timedelta) -> None:
    """Let all that is known of tokens be older by so much."""
    with service.unit_of_work.everywhere() as session:
        for token in session.scalars(select(sessions_tables.RefreshToken)):
            token.expires_at -= time
            token.used_at = token.used_at and token.used_at - time


def as_before(service, token: str) -> str:
    """The next token, of a replica of the version before."""
    digest, following = sha256(token.encode()).digest(), f"after {token}"
    with service.unit_of_work.everywhere() as session:
        used = session.get_one(sessions_tables.RefreshToken, digest)
        assert used.used_at is None, "it would take the token for a stolen one"
        used.used_at = now()
        added = sha256(following.encode()).digest()
        session.add(sessions_tables.RefreshToken(digest=added, sign_in_id=used.sign_in_id, expires_at=used.expires_at))
    return following


def test_refreshing_takes_over_the_roles_of_the_moment(service, school, verifier):
    answer = sign_in(service, login_of(service, school.teacher))
    school.save(people_tables.Role, {"person_id": school.teacher.person_id, "role": "methodologist"})
    (place,) = verifier.claims(refresh(service, answer["refresh_token"])["access_token"]).memberships
    assert place.roles == {"teacher", "methodologist"}


def test_who_left_cannot_refresh(service, school):
    answer = sign_in(service, login_of(service, school.teacher))
    with service.unit_of_work.of(school.id) as session:
        session.execute(update(people_tables.Person).values(left_on=now().date()))
    with pytest.raises(Unauthenticated):
        refresh(service, answer["refresh_token"])
    assert len(revoked(service)) == 1


@pytest.mark.parametrize("column", [sessions_tables.RefreshToken.expires_at, sessions_tables.SignIn.expires_at])
def test_an_expired_token_is_not_refreshed(service, school, column):
    answer = sign_in(service, login_of(service, school.teacher))
    with service.unit_of_work.everywhere() as session:
        session.execute(update(column.class_).values(expires_at=now() - timedelta(seconds=1)))
    with pytest.raises(Unauthenticated):
        refresh(service, answer["refresh_token"])


def test_a_made_up_token_is_refused(service, school):
    with pytest.raises(Unauthenticated) as refused:
        refresh(service, "made-up")
    assert refused.value.rule == "refresh-invalid"


def test_signing_out_ends_the_session_and_tells_everyone(service, school, verifier):
    answer = sign_in(service, login_of(service, school.teacher))
    actor = verifier.claims(answer["access_token"]).actor(school.id)
    assert call(service, Sessions.close_session, actor) == {}
    assert revoked(service) == [str(actor.session_id)]
    with pytest.raises(Unauthenticated):
        refresh(service, answer["refresh_token"])
    call(service, Sessions.close_session, actor)
    assert len(revoked(service)) == 1


def test_what_is_of_no_use_is_forgotten(service, school):
    login = login_of(service, school.teacher)
    sign_in(service, login)
    kept = sign_in(service, login)
    with pytest.raises(Unauthenticated):
        sign_in(service, login, "wrong")
    long_ago = now() - sessions_queries.KNOWN_FOR - timedelta(days=1)
    with service.unit_of_work.everywhere() as session:
        oldest = session.scalars(select(sessions_tables.SignIn.id).order_by(sessions_tables.SignIn.id)).first()
        session.execute(
            update(sessions_tables.SignIn).where(sessions_tables.SignIn.id == oldest).values(expires_at=long_ago)
        )
        session.execute(update(sessions_tables.Throttle).values(last_at=long_ago))
    service.forget_old()
    with service.unit_of_work.everywhere() as session:
        left = [
            session.scalar(select(func.count()).select_from(table))
            for table in (sessions_tables.SignIn, sessions_tables.RefreshToken, sessions_tables.Throttle)
        ]
    assert left == [1, 1, 0]
    assert refresh(service, kept["refresh_token"])


def test_one_account_may_be_people_of_two_schools(service, school, another_school, verifier):
    parent = school.parent
    other = another_school.person("parent")
    with service.unit_of_work.everywhere() as session:
        session.execute(
            update(people_tables.Person)
            .where(people_tables.Person.id == other.person_id)
            .values(account_id=parent.account_id)
        )
    claims = verifier.claims(sign_in(service, login_of(service, parent))["access_token"])
    assert {place.tenant_id for place in claims.memberships} == {school.id, another_school.id}
    me = call(service, Sessions.me, parent)
    assert {place["school_id"] for place in me["memberships"]} == {str(school.id), str(another_school.id)}


def test_a_person_of_another_school_with_the_same_name_signs_in_there_only(service, school, verifier):
    twin = School(service, "Гимназия").person("teacher", name="Волков Тимур")
    (place,) = verifier.claims(sign_in(service, login_of(service, twin))["access_token"]).memberships
    assert place.tenant_id == twin.tenant_id


def test_a_guardian_is_shown_the_children_consented_for(service, school, school_class):
    school.guardian(school.parent, school.student)
    assert call(service, Sessions.me, school.parent)["memberships"][0]["children"] == []
    consent(school)
    service.announce_moved()
    me = call(service, Sessions.me, school.parent)
    assert me["login"] == login_of(service, school.parent)
    assert me["memberships"][0]["children"] == [
        {
            "student_id": str(school.student.person_id),
            "name": "Анисимов Яков",
            "family_name": "Анисимов",
            "given_name": "Яков",
            "patronymic": "",
            "class_name": "8А",
        }
    ]


def test_a_homeroom_teacher_is_shown_the_own_class(service, school, school_class):
    (place,) = call(service, Sessions.me, school.teacher)["memberships"]
    assert place["homeroom"] == [{"class_id": str(school_class), "name": "8А"}]
    assert place["roles"] == ["teacher"]


def fail(service, login: str, *, times: int, address: str = "192.0.2.1", device: str = "") -> None:
    """Wrong guesses, whether they are looked at or have to wait."""
    for _ in range(times):
        with pytest.raises((Unauthenticated, Throttled)):
            call(service, Sessions.open_session, None, login=login, password="wrong", address=address, device=device)


def enter(service, login: str, address: str, **more: str) -> dict:
    return call(service, Sessions.open_session, None, login=login, password=PASSWORD, address=address, **more)


def test_s02_wrong_guesses_at_many_logins_shut_nobody_out_at_their_address(service, school):
    for number in range(107):
        fail(service, f"nobody-{number}", times=1)
    fail(service, login_of(service, school.student), times=6)
    assert enter(service, login_of(service, school.teacher), "192.0.2.1")


@pytest.mark.usefixtures("still")
@on_both
def test_s02_who_signed_in_from_a_network_before_gets_in_there_while_many_others_guess(service, school):
    login = login_of(service, school.teacher)
    enter(service, login, "192.0.2.1")
    for network in range(40):
        fail(service, login, times=1, address=f"198.51.{network}.1")
    assert enter(service, login, "192.0.2.200")
    with pytest.raises(Throttled) as refused:  # from elsewhere one waits, and not for long
        enter(service, login, "203.0.113.1")
    assert 1 <= refused.value.params["retry_after"] <= 60


@pytest.mark.usefixtures("still")
@on_both
def test_s02_who_signed_in_with_a_browser_before_gets_in_with_it_while_the_same_network_guesses(service, school):
    login = login_of(service, school.teacher)
    enter(service, login, "192.0.2.1", device="her browser")
    fail(service, login, times=7)
    with pytest.raises(Throttled):
        enter(service, login, "192.0.2.1", device="another browser")
    assert enter(service, login, "192.0.2.1", device="her browser")
    fail(service, login, times=7, device="her browser")
    with pytest.raises(Throttled):
        enter(service, login, "192.0.2.1", device="her browser")


@pytest.mark.usefixtures("still")
def test_a_browser_known_to_one_account_is_not_known_to_another(service, school):
    login = login_of(service, school.student)
    enter(service, login_of(service, school.teacher), "192.0.2.1", device="a shared browser")
    fail(service, login, times=7)
    with pytest.raises(Throttled):
        enter(service, login, "192.0.2.1", device="a shared browser")


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(("days", "is_known"), [(119, True), (121, False)])
def test_a_place_is_forgotten_after_four_months(service, school, days, is_known):
    login = login_of(service, school.teacher)
    enter(service, login, "192.0.2.1")
    with service.unit_of_work.everywhere() as session:
        session.execute(update(sessions_tables.SignIn).values(started_at=now() - timedelta(days=days)))
    for network in range(40):
        fail(service, login, times=1, address=f"198.51.{network}.1")
    if is_known:
        assert enter(service, login, "192.0.2.1")
    else:
        with pytest.raises(Throttled):
            enter(service, login, "192.0.2.1")


@on_both
def test_s20_signing_in_again_ends_the_browsers_earlier_session(service, school, verifier):
    login = login_of(service, school.teacher)
    earlier, elsewhere = enter(service, login, "192.0.2.1"), enter(service, login, "192.0.2.1")
    now_here = enter(service, login, "192.0.2.1", earlier=earlier["refresh_token"])
    assert revoked(service) == [str(verifier.claims(earlier["access_token"]).session_id)]
    with pytest.raises(Unauthenticated):
        refresh(service, earlier["refresh_token"])
    assert refresh(service, elsewhere["refresh_token"])
    assert refresh(service, now_here["refresh_token"])


def test_a_refused_sign_in_ends_nothing(service, school):
    login = login_of(service, school.teacher)
    earlier = enter(service, login, "192.0.2.1")
    with pytest.raises(Unauthenticated):
        call(
            service, Sessions.open_session, None, login=login, password="wrong", address="192.0.2.1",
            earlier=earlier["refresh_token"],
        )  # fmt: skip
    assert refresh(service, earlier["refresh_token"])


@on_both
def test_the_owner_sees_where_the_account_is_signed_in_and_signs_out_there(service, school, verifier):
    login = login_of(service, school.teacher)
    opened = [enter(service, login, f"192.0.{number}.1", client="Firefox, Windows") for number in range(3)]
    here, there, gone = (verifier.claims(one["access_token"]).actor(school.id) for one in opened)
    enter(service, login_of(service, school.student), "192.0.2.1")
    refresh(service, opened[1]["refresh_token"])
    call(service, Sessions.close_session, gone)
    found = call(service, Sessions.own_sessions, here)["sessions"]
    assert [(one["session_id"], one["network"], one["client"], one["current"]) for one in found] == [
        (str(there.session_id), "192.0.1.0/24", "Firefox, Windows", False),
        (str(here.session_id), "192.0.0.0/24", "Firefox, Windows", True),
    ]
    assert [one["refreshed_at"] is not None for one in found] == [True, False]
    call(service, Sessions.end_session, here, session_id=there.session_id)
    with pytest.raises(Unauthenticated):
        refresh(service, opened[1]["refresh_token"])
    assert len(call(service, Sessions.own_sessions, here)["sessions"]) == 1


def test_another_accounts_session_and_one_that_ended_are_as_if_they_did_not_exist(service, school, verifier):
    own = verifier.claims(sign_in(service, login_of(service, school.teacher))["access_token"]).actor(school.id)
    others = sign_in(service, login_of(service, school.student))
    ended = verifier.claims(sign_in(service, login_of(service, school.teacher))["access_token"]).session_id
    call(service, Sessions.end_session, own, session_id=ended)
    for session_id in (verifier.claims(others["access_token"]).session_id, ended, school.id):
        with pytest.raises(NotFound) as refused:
            call(service, Sessions.end_session, own, session_id=session_id)
        assert refused.value.rule == "no-session"
    assert refresh(service, others["refresh_token"])


def test_s07_identity_says_whether_a_session_goes_on(service, school, verifier):
    actor = verifier.claims(sign_in(service, login_of(service, school.teacher))["access_token"]).actor(school.id)
    assert call(service, Sessions.check_session, actor) == {}
    call(service, Sessions.close_session, actor)
    with pytest.raises(Unauthenticated) as refused:
        call(service, Sessions.check_session, actor)
    assert refused.value.rule == "session-ended"


@on_both
def test_s08_an_issued_password_opens_nothing_until_its_owner_has_replaced_it(service, school, verifier):
    (slip,) = issue(service, school.methodologist, school.teacher.person_id)
    tokens = sign_in(service, slip["login"], slip["password"])
    claims = verifier.claims(tokens["access_token"])
    assert (tokens["password_issued"], claims.password_issued) == (True, True)
    assert (claims.roles, claims.memberships) == (frozenset(), ())
    own = "some words of her own"
    call(service, Credentials.change_password, claims.actor(None), old_password=slip["password"], new_password=own)
    for opened in (refresh(service, tokens["refresh_token"]), sign_in(service, slip["login"], own)):
        assert not opened["password_issued"]
        assert verifier.claims(opened["access_token"]).memberships
    (again,) = issue(service, school.methodologist, school.teacher.person_id)
    assert sign_in(service, again["login"], again["password"])["password_issued"]
