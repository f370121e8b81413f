"""In whose name a service asks another."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from kernel import context
from kernel.auth import Actor, Membership, Signer, Verifier, human_claims, make_keys
from kernel.bus.calls import Calling
from kernel.bus.wire import Envelope
from kernel.contract import Event, Rpc
from kernel.running.providers import Ask
from tests.kernel.bell import Bell

SCHOOL, TEACHER = uuid4(), uuid4()


class Tower(Calling):
    """Answers who asks, as a bell at the other end of a bus would."""

    def __init__(self, keys: Path) -> None:
        self._verifier = Verifier(keys / "public" / "public.jwks")
        self.askers: list[Actor] = []

    def exchange(self, method: Rpc, envelope: Envelope, body: bytes, wait: float) -> bytes:
        """Note who asks."""
        tenant = UUID(envelope.tenant) if envelope.tenant else None
        self.askers.append(self._verifier.claims(envelope.token or "").actor(tenant))
        return msgspec.json.encode({"answer": {"words": "ding", "account_id": None, "deadline_left": 1.0}})

    def on_event(self, event: type[Event], callback: Any) -> None:
        """Nothing is announced."""


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_keys(tmp_path, ("identity", "gong"))
    return tmp_path


def signer(keys: Path, issuer: str) -> Signer:
    return Signer.load(issuer, keys / issuer / "private.jwk")


def test_a_service_asks_in_its_callers_name_unless_it_says_that_it_asks_itself(keys: Path) -> None:
    tower = Tower(keys)
    ask = Ask(tower, signer(keys, "gong"))
    claims = human_claims(uuid4(), uuid4(), (Membership(SCHOOL, TEACHER, frozenset({"teacher"})),), frozenset())
    with context.handling(context.Call(token=signer(keys, "identity").sign(claims, 300), tenant_id=SCHOOL)):
        ask(Bell.whoami, words="?")
        ask(Bell.whoami, words="?", as_service=True)
    caller, service = tower.askers
    assert (caller.person_id, caller.service) == (TEACHER, None)
    assert service == Actor(SCHOOL, roles=frozenset({"service"}), service="gong")


def test_a_service_without_a_caller_asks_itself_in_the_school_of_what_it_handles(keys: Path) -> None:
    tower = Tower(keys)
    ask = Ask(tower, signer(keys, "gong"))
    with context.handling(context.Call(tenant_id=SCHOOL)):
        ask(Bell.whoami, words="?")
    assert tower.askers == [Actor(SCHOOL, roles=frozenset({"service"}), service="gong")]
