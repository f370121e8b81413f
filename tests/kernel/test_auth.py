"""Tokens: only what a known issuer signed, for us, lately, is believed; and only within its memberships."""

from __future__ import annotations

import base64
import json
import stat
import time
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from kernel import auth
from kernel.auth import Actor, Membership, Signer, Verifier, human_claims, make_keys
from kernel.errors import Forbidden, Invalid, Unauthenticated

ACCOUNT, SESSION, TENANT, OTHER, PERSON = (uuid4() for _ in range(5))
TEACHER = Membership(TENANT, PERSON, frozenset({"teacher"}))
PARENT = Membership(OTHER, PERSON, frozenset({"guardian"}))


@pytest.fixture
def keys(tmp_path) -> Path:
    make_keys(tmp_path, ("identity", "bell"))
    return tmp_path


@pytest.fixture
def verifier(keys) -> Verifier:
    return Verifier(keys / "public" / "public.jwks")


def signer(keys: Path, issuer: str = "identity") -> Signer:
    return Signer.load(issuer, keys / issuer / "private.jwk")


def human(*memberships: Membership, roles: frozenset[str] = frozenset()) -> dict:
    return human_claims(ACCOUNT, SESSION, memberships, roles)


def refusal(verifier: Verifier, token: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        verifier.claims(token)
    return refused.value.rule


def test_a_human_acts_in_the_only_tenant_there_is(keys, verifier):
    token = signer(keys).sign(human(TEACHER), 300)
    actor = verifier.claims(token).actor(None)
    assert actor == Actor(TENANT, PERSON, ACCOUNT, SESSION, frozenset({"teacher"}))
    assert actor.has("teacher", "director")
    assert not actor.has("director")


def test_a_human_with_two_memberships_acts_in_the_one_that_is_named(keys, verifier):
    claims = verifier.claims(signer(keys).sign(human(TEACHER, PARENT, roles=frozenset({"operator"})), 300))
    assert claims.actor(OTHER).roles == {"guardian", "operator"}
    assert claims.actor(TENANT).roles == {"teacher", "operator"}


def test_a_human_who_names_none_of_two_tenants_acts_in_none(keys, verifier):
    actor = verifier.claims(signer(keys).sign(human(TEACHER, PARENT), 300)).actor(None)
    assert (actor.tenant_id, actor.person_id, actor.roles) == (None, None, frozenset())
    with pytest.raises(Forbidden) as refused:
        _ = actor.tenant
    assert refused.value.rule == "school-required"


def test_another_tenant_is_forbidden(keys, verifier):
    claims = verifier.claims(signer(keys).sign(human(TEACHER), 300))
    with pytest.raises(Forbidden) as refused:
        claims.actor(OTHER)
    assert refused.value.rule == "no-membership"


def test_a_service_speaks_for_itself_in_any_tenant_and_for_no_human(keys, verifier):
    actor = verifier.claims(signer(keys, "bell").service_token()).actor(TENANT)
    assert actor == Actor(TENANT, roles=frozenset({"service"}), service="bell")


def test_a_service_cannot_give_itself_roles_or_an_account(keys, verifier):
    token = signer(keys, "bell").sign(human(TEACHER, roles=frozenset({"operator"})), 300)
    actor = verifier.claims(token).actor(TENANT)
    assert (actor.account_id, actor.person_id, actor.roles) == (None, None, {"service"})


def test_a_service_cannot_speak_in_the_name_of_the_issuer_of_humans(keys, verifier):
    forger = Signer("identity", signer(keys, "bell").key)
    assert refusal(verifier, forger.sign(human(TEACHER), 300)) == "token-invalid"


def test_a_token_signed_with_a_key_of_the_same_id_is_refused(keys, verifier, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    make_keys(elsewhere, ("identity",))
    stranger = signer(elsewhere)
    stranger.key = type(stranger.key).import_key({**stranger.key.as_dict(private=True), "kid": signer(keys).key.kid})
    assert refusal(verifier, stranger.sign(human(TEACHER), 300)) == "token-invalid"


def test_a_token_for_another_audience_is_refused(keys, verifier):
    token = signer(keys).sign({**human(TEACHER), "aud": "elsewhere"}, 300)
    assert refusal(verifier, token) == "token-invalid"


def test_s23_a_token_of_later_is_refused(keys, verifier):
    assert refusal(verifier, signer(keys).sign({**human(TEACHER), "nbf": time.time() + 60}, 300)) == "token-invalid"
    token = signer(keys).sign({**human(TEACHER), "nbf": time.time() - 60}, 300)
    assert verifier.claims(token).account_id == ACCOUNT


def test_a_token_is_refused_once_it_has_expired_though_it_was_good_before(keys, verifier):
    token = signer(keys).sign(human(TEACHER), 300)
    assert verifier.claims(token).account_id == ACCOUNT
    verifier._known[token] = auth.Claims("identity", ACCOUNT, SESSION, frozenset(), (TEACHER,), time.time() - 1, 0.0)
    assert refusal(verifier, token) == "token-expired"


def test_an_expired_token_is_refused(keys, verifier):
    token = signer(keys).sign(human(TEACHER), 300, now=time.time() - 301)
    assert refusal(verifier, token) == "token-expired"


def part(data: dict) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def test_a_token_without_a_signature_is_refused(keys, verifier):
    _, payload, _ = signer(keys).sign(human(TEACHER), 300).split(".")
    header = {"alg": "none", "kid": signer(keys).key.kid}
    assert refusal(verifier, f"{part(header)}.{payload}.") == "token-invalid"


def test_a_token_signed_with_the_public_key_as_a_shared_secret_is_refused(keys, verifier):
    known = signer(keys)
    public = known.key.as_dict(private=False)
    claims = {**human(TEACHER), "iss": "identity", "aud": auth.AUDIENCE, "exp": int(time.time()) + 300}
    secret = OctKey.import_key({"kty": "oct", "k": public["x"]})
    token = jwt.encode({"alg": "HS256", "kid": known.key.kid}, claims, secret)
    assert refusal(verifier, token) == "token-invalid"


def test_a_token_whose_claims_were_changed_is_refused(keys, verifier):
    header, payload, signature = signer(keys).sign(human(TEACHER), 300).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    changed = part({**claims, "roles": ["operator"]})
    assert refusal(verifier, f"{header}.{changed}.{signature}") == "token-invalid"


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "e30.e30.e30", "Ж.Ж.Ж", "[" * 2000, "\ud800.x.y"])
def test_what_is_no_token_is_refused(verifier, token):
    assert refusal(verifier, token) == "token-invalid"


@pytest.mark.parametrize("claims", [{"sub": "me"}, {"sub": str(ACCOUNT)}, {"sub": str(ACCOUNT), "sid": 7}])
def test_a_genuine_token_without_the_claims_of_a_human_is_refused(keys, verifier, claims):
    assert refusal(verifier, signer(keys).sign(claims, 300)) == "token-invalid"


def test_after_a_rotation_old_tokens_are_good_and_new_ones_are_known_without_a_restart(keys):
    present = [0.0]  # the machine has this moment been started
    verifier = Verifier(keys / "public" / "public.jwks", lambda: present[0])
    old = signer(keys).sign(human(TEACHER), 300)
    assert verifier.claims(old).account_id == ACCOUNT
    make_keys(keys, ("identity",))
    new = signer(keys).sign(human(TEACHER), 300)
    assert refusal(verifier, new) == "token-invalid", "the file was read a moment ago"
    present[0] += auth.RELOAD_SECONDS
    assert verifier.claims(new).account_id == ACCOUNT
    assert Verifier(keys / "public" / "public.jwks").claims(old).account_id == ACCOUNT


def test_tokens_that_are_remembered_do_not_fill_the_memory(keys, verifier, monkeypatch):
    monkeypatch.setattr(auth, "REMEMBERED_TOKENS", 3)
    for _ in range(5):
        verifier.claims(signer(keys).sign(human_claims(uuid4(), uuid4(), ()), 300))
    assert len(verifier._known) == 3


def test_private_keys_are_their_owner_s_alone_and_not_among_the_public_ones(keys):
    for issuer in ("identity", "bell"):
        assert stat.S_IMODE((keys / issuer / "private.jwk").stat().st_mode) == 0o600
    entries = json.loads((keys / "public" / "public.jwks").read_text())["keys"]
    assert {entry["iss"] for entry in entries} == {"identity", "bell"}
    assert not any("d" in entry for entry in entries)


@pytest.mark.parametrize("issuer", ["", "../identity"])
def test_an_issuer_s_name_is_no_path(tmp_path, issuer):
    with pytest.raises(Invalid):
        make_keys(tmp_path, (issuer,))


def test_ids_of_claims_are_ids(keys, verifier):
    claims = verifier.claims(signer(keys).sign(human(TEACHER), 300))
    assert (claims.account_id, claims.session_id) == (ACCOUNT, SESSION)
    assert all(isinstance(m.tenant_id, UUID) for m in claims.memberships)


def test_what_the_module_exports_is_its_own():
    assert {getattr(auth, name).__module__ for name in auth.__all__} == {"kernel.auth"}
