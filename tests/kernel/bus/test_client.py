"""Calls over RabbitMQ: answered rightly, refused as themselves, given up in time, and alive after a restart."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from kernel import context
from kernel.bus import calls, wire
from kernel.bus.client import Client
from kernel.contract import PUBLIC, Interface, Rpc
from kernel.errors import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    LyceumError,
    NotFound,
    TimedOut,
    Unauthenticated,
    Unavailable,
)
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import Bell, Echo, Words
from tests.kernel.processes import Caller, Home, answering, starved


class Nobody(Interface, service="nobody"):
    """A service that does not run."""

    echo = Rpc(Words, Echo, "Is not answered.", PUBLIC)


@contextmanager
def within(seconds: float, at_least: float = 0.0) -> Iterator[None]:
    """The block takes so long."""
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert at_least <= took <= seconds, f"{took:.3f} s"


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as executor:
        yield executor


def raw(client: Client, body: bytes, **envelope: Any) -> dict[str, Any]:
    """What a message that says just this is answered with."""
    told = wire.Envelope(**{"name": "echo", "call_id": "call-1"} | envelope)
    answer = client.exchange(Bell.echo, told, body, 5)
    assert answer is not None
    return msgspec.json.decode(answer)


def begun(aside: ThreadPoolExecutor, caller: Caller, seconds: float, timeout: float = 20) -> Future[Any]:
    """A call that takes so long, and that the bell has begun to answer."""
    future = aside.submit(caller, Bell.echo, words="slow", seconds=seconds, timeout=timeout)
    eventually(
        lambda: caller.client._pending or future.done(), what="the call is sent: a client's calls keep their order"
    )
    assert caller(Bell.echo, words="quick")["words"] == "quick"
    return future


def test_eight_threads_get_each_the_answers_of_their_own_calls(caller: Caller, aside: ThreadPoolExecutor):
    said = [f"{thread}-{number}" for thread in range(8) for number in range(50)]
    answers = list(aside.map(lambda words: caller(Bell.echo, words=words)["words"], said))
    assert answers == said


def test_calls_of_one_client_do_not_wait_for_a_slow_one(caller: Caller, aside: ThreadPoolExecutor):
    slow = begun(aside, caller, 1.0)
    assert not slow.done(), "the quick call was answered first"
    assert slow.result()["words"] == "slow"


def test_a_call_is_given_up_exactly_at_its_timeout(caller: Caller):
    with within(1.0, at_least=0.4), pytest.raises(TimedOut) as refused:
        caller(Bell.echo, words="late", seconds=2.0, timeout=0.4)
    assert refused.value.rule == "timed-out"


def test_an_answer_that_comes_too_late_goes_to_nobody_else(caller: Caller):
    for number in range(5):
        with pytest.raises(TimedOut):
            caller(Bell.echo, words="late", seconds=0.3, timeout=0.05)
        assert caller(Bell.echo, words=str(number))["words"] == str(number)
    assert caller(Bell.echo, words="last", seconds=0.4)["words"] == "last", "the late answers have come meanwhile"
    assert not caller.client._pending


def test_a_service_that_is_not_there_is_unavailable_at_once(client: Client):
    with within(1.0), pytest.raises(Unavailable) as refused:
        client.call(Nobody.echo, {"words": "hi"}, token=None, tenant_id=None, timeout=10)
    assert (refused.value.rule, refused.value.params) == ("no-route", {"service": "nobody"})


@pytest.mark.parametrize(
    ("words", "kind"), [("invalid", Invalid), ("forbidden", Forbidden), ("not_found", NotFound), ("conflict", Conflict)]
)
def test_a_refusal_arrives_as_itself(caller: Caller, words: str, kind: type[LyceumError]):
    with pytest.raises(kind) as refused:
        caller(Bell.refuse, words=words)
    error = refused.value
    assert type(error) is kind
    assert (error.rule, error.field, error.params) == ("as-told", "words", {"why": words})
    assert str(error) == f"Refused: {words}."


def test_a_defect_is_a_fault_whose_words_stay_out_of_the_answer_and_the_log(caller: Caller, bell_home: Home):
    with pytest.raises(Fault) as failed:
        caller(Bell.refuse, words="crash")
    assert type(failed.value) is Fault
    assert failed.value.rule == "internal"
    assert "secret" not in str(failed.value.to_wire())
    assert '"event": "call_failed"' in bell_home.log
    assert "RuntimeError at bell.py" in bell_home.log, "the place is told"
    assert "secret" not in bell_home.log


def test_a_call_after_its_deadline_is_not_carried_out(client: Client, bell: subprocess.Popen[bytes]):
    error = raw(client, b'{"words": "hi"}', deadline=time.time() - 0.1)["error"]
    assert (error["kind"], error["rule"]) == ("timed_out", "deadline")


@pytest.mark.parametrize(
    ("body", "envelope", "rule"),
    [
        (b"{}", {"name": "no_such_method"}, "no-such-method"),
        (b"{", {}, "undecodable"),
        (b"\xff", {}, "undecodable"),
        (b"[" * 100_000, {}, "undecodable"),
        (b"[]", {}, "schema"),
        (b'{"words": 7}', {}, "schema"),
        (b'{"words": "hi", "wodrs": "ho"}', {}, "schema"),
        (b'{"words": "hi"}', {"tenant": "no id"}, "bad-tenant"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_and_the_next_is_answered(
    client: Client, bell: subprocess.Popen[bytes], body: bytes, envelope: dict[str, Any], rule: str
):
    error = raw(client, body, **envelope)["error"]
    assert (error["kind"], error["rule"]) == ("invalid", rule)
    assert raw(client, b'{"words": "next"}')["answer"]["words"] == "next"


def test_who_asks_and_the_time_that_is_left_are_known(client: Client, bell_home: Home, bell: subprocess.Popen[bytes]):
    tenant, account = uuid4(), uuid4()
    token = bell_home.token_of(tenant, account)
    answer = client.call(Bell.whoami, {"words": "hi"}, token=token, tenant_id=tenant, timeout=5)
    assert UUID(answer["account_id"]) == account
    assert 4 < answer["deadline_left"] <= 5


def test_a_nested_call_gets_the_time_that_is_left_and_the_caller_s_name(
    client: Client, bell_home: Home, bell: subprocess.Popen[bytes]
):
    tenant, account = uuid4(), uuid4()
    token = bell_home.token_of(tenant, account)
    answer = client.call(Bell.relayed, {"words": "hi"}, token=token, tenant_id=tenant, timeout=2)
    assert UUID(answer["account_id"]) == account
    assert 1 < answer["deadline_left"] < 2


def test_no_service_is_asked_when_no_time_is_left(caller: Caller):
    with context.handling(context.Call(deadline=time.time() - 1)), pytest.raises(TimedOut) as refused:
        caller(Bell.echo, words="hi")
    assert refused.value.rule == "deadline"


def test_a_call_without_a_token_is_unauthenticated(client: Client, bell: subprocess.Popen[bytes]):
    with pytest.raises(Unauthenticated) as refused:
        client.call(Bell.whoami, {"words": "hi"}, token=None, tenant_id=uuid4(), timeout=5)
    assert refused.value.rule == "token-missing"


def test_a_forged_token_is_unauthenticated(
    client: Client, bell_home: Home, bell: subprocess.Popen[bytes], tmp_path_factory: pytest.TempPathFactory
):
    tenant = uuid4()
    forger = Home(tmp_path_factory.mktemp("forger"))
    with pytest.raises(Unauthenticated) as refused:
        client.call(Bell.whoami, {"words": "hi"}, token=forger.token_of(tenant), tenant_id=tenant, timeout=5)
    assert refused.value.rule == "token-invalid"


def test_an_expired_token_is_unauthenticated(client: Client, bell_home: Home, bell: subprocess.Popen[bytes]):
    token = bell_home.signer().sign({"sub": str(uuid4()), "sid": str(uuid4())}, 60, now=time.time() - 61)
    with pytest.raises(Unauthenticated) as refused:
        client.call(Bell.whoami, {"words": "hi"}, token=token, tenant_id=None, timeout=5)
    assert refused.value.rule == "token-expired"


def test_another_tenant_is_forbidden(caller: Caller):
    with pytest.raises(Forbidden) as refused:
        caller.client.call(Bell.heard, {}, token=caller.token, tenant_id=uuid4(), timeout=5)
    assert refused.value.rule == "no-membership"


def test_more_calls_than_a_process_may_await_are_refused_at_once(
    caller: Caller, aside: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
):
    slow = begun(aside, caller, 1.0)
    monkeypatch.setattr(calls, "MOST_PENDING", 1)
    with within(0.8), pytest.raises(Unavailable) as refused:
        caller(Bell.echo, words="one too many")
    assert refused.value.rule == "too-many-calls"
    assert slow.result()["words"] == "slow"
    assert caller(Bell.echo, words="next")["words"] == "next"


def keyed(caller: Caller, times: int, key: str, token: str | None = None) -> Any:
    return caller.client.call(
        Bell.ring, {"times": times}, token=token or caller.token, tenant_id=caller.tenant, timeout=5,
        idempotency_key=key,
    )  # fmt: skip


def test_a_command_repeated_with_its_key_is_carried_out_once_and_answered_as_before(caller: Caller):
    first = keyed(caller, 2, "key-1")
    assert keyed(caller, 2, "key-1") == first
    other = keyed(caller, 2, "key-2")
    assert set(other["ring_ids"]).isdisjoint(first["ring_ids"])
    assert caller.hears(4) == {"rings": 4, "effects": 4}


def test_a_command_repeated_at_the_same_time_is_carried_out_once(caller: Caller, aside: ThreadPoolExecutor):
    answers = list(aside.map(lambda _: keyed(caller, 1, "key-at-once"), range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert caller.hears(1) == {"rings": 1, "effects": 1}


def test_a_key_used_for_another_command_is_a_conflict(caller: Caller):
    keyed(caller, 1, "key-3")
    with pytest.raises(Conflict) as refused:
        keyed(caller, 2, "key-3")
    assert refused.value.rule == "idempotency-key-reused"


def test_another_account_s_same_key_is_another_key(caller: Caller, token_of: Callable[[UUID], str]):
    mine, theirs = keyed(caller, 1, "key-4"), keyed(caller, 1, "key-4", token_of(caller.tenant))
    assert mine != theirs


def test_a_client_without_a_broker_says_so_at_once():
    client = Client("amqp://nobody:nothing@127.0.0.1:1/", "gateway")
    client.start()
    try:
        with within(1.0), pytest.raises(Unavailable) as refused:
            client.call(Bell.echo, {"words": "hi"}, token=None, tenant_id=None, timeout=10)
        assert refused.value.rule == "broker-away"
    finally:
        client.close()


def test_a_broker_that_takes_no_messages_is_unavailable_at_once(caller: Caller, rabbit: RabbitBroker):
    with starved(rabbit):

        def told() -> bool:
            with suppress(TimedOut, Unavailable):  # the broker tells only those who publish, and after the alarm
                caller(Bell.echo, words="hi", timeout=0.2)
            return caller.client.blocked

        eventually(told, what="the broker tells that it is blocked")
        with within(1.0), pytest.raises(Unavailable) as refused:
            caller(Bell.echo, words="hi")
        assert refused.value.rule == "broker-blocked"
    eventually(lambda: not caller.client.blocked, what="the broker takes messages again")
    assert caller(Bell.echo, words="next")["words"] == "next"


@pytest.mark.slow
def test_after_a_restart_of_the_broker_pending_calls_have_failed_at_once_and_new_ones_are_answered(
    caller: Caller, aside: ThreadPoolExecutor, rabbit: RabbitBroker, bell: subprocess.Popen[bytes]
):
    pending = begun(aside, caller, 9, timeout=60)
    rabbit.stop()
    try:
        with within(3.0):
            error = pending.exception(timeout=10)
        assert isinstance(error, Unavailable)
        assert error.rule == "broker-lost"
        with within(1.0), pytest.raises(Unavailable):
            caller(Bell.echo, words="hi")
    finally:
        rabbit.start()
    answering(caller.client)
    caller(Bell.ring, times=3)
    assert caller.hears(3) == {"rings": 3, "effects": 3}
    assert bell.poll() is None, "the process is the same"
