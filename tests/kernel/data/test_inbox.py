"""What is handled twice has one effect: an event by its id, a command by its key."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select

from kernel.auth import Actor
from kernel.context import Call, handling
from kernel.data.database import UnitOfWork
from kernel.data.inbox import REUSED, AlreadyHandled, Entry, InboxRow, answer, answers_of, answers_to_keep
from kernel.data.outbox import OutboxRow
from kernel.data.received import Received
from kernel.data.rows import insert_all
from kernel.errors import Conflict
from tests.kernel.bell import Bell, BellService, Rang, Sound
from tests.kit.calls import call, deliver

TENANT = uuid4()


@pytest.fixture
def service(unit_of_work: UnitOfWork) -> BellService:
    made = BellService()
    made.unit_of_work = unit_of_work
    return made


def rang(mood: str = "") -> Rang:
    return Rang(bell_id=uuid4(), ring_id=uuid4(), number=0, mood=mood)


def effects(unit_of_work: UnitOfWork) -> int:
    with unit_of_work.everywhere() as session:
        return session.scalar(select(func.count()).select_from(Sound)) or 0


def count(unit_of_work: UnitOfWork, table: type) -> int:
    with unit_of_work.everywhere(keyed=False) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def actor(account: UUID | None = None) -> Actor:
    return Actor(TENANT, uuid4(), account or uuid4(), uuid4(), frozenset({"teacher"}))


def keyed(who: Actor, key: str, fingerprint: str = "f", method: str = "bell.ring") -> Call:
    return Call(
        tenant_id=who.tenant_id,
        account_id=who.account_id,
        idempotency_key=key,
        fingerprint=fingerprint,
        operation=method,
    )


class TestEvents:
    def test_a_duplicate_has_no_second_effect(self, service: BellService):
        event = rang()
        assert deliver(service, event, TENANT, "m-1")
        assert not deliver(service, event, TENANT, "m-1")
        assert deliver(service, event, TENANT, "m-2"), "another message is another event"
        assert effects(service.unit_of_work) == 2

    def test_another_handler_of_the_same_message_has_its_own_effect(self, unit_of_work: UnitOfWork):
        for consumer in ("bell.on_rang", "bell.on_rung"):
            with unit_of_work.once(Received(rang(), "m-1", consumer, TENANT)):
                pass
        assert count(unit_of_work, InboxRow) == 2

    def test_a_handling_that_failed_is_forgotten_with_its_effects(self, unit_of_work: UnitOfWork):
        received = Received(rang(), "m-1", "bell.on_rang", TENANT)
        row = {"school_id": TENANT, "ring_id": uuid4(), "number": 0, "bell_id": uuid4(), "process": 1}
        with suppress(ZeroDivisionError), unit_of_work.once(received) as session:
            session.execute(insert(Sound), [row])
            raise ZeroDivisionError
        assert (effects(unit_of_work), count(unit_of_work, InboxRow)) == (0, 0)
        with unit_of_work.once(received) as session:
            session.execute(insert(Sound), [row])
        assert effects(unit_of_work) == 1

    def test_of_two_copies_handled_at_once_one_has_its_effect(self, service: BellService):
        event, together = rang(), threading.Barrier(4)

        def handle(_number: int) -> bool:
            together.wait(10)
            return deliver(service, event, TENANT, "m-1")

        with ThreadPoolExecutor(4) as threads:
            assert sum(threads.map(handle, range(4))) == 1
        assert effects(service.unit_of_work) == 1


class TestCommands:
    def ring(self, service: BellService, who: Actor, circumstances: Call) -> dict:
        with handling(circumstances):
            return call(service, Bell.ring, who, times=2)

    def test_a_command_repeated_with_its_key_answers_as_before_and_does_nothing(self, service: BellService):
        who = actor()
        first = self.ring(service, who, keyed(who, "key-1"))
        assert self.ring(service, who, keyed(who, "key-1")) == first
        assert count(service.unit_of_work, OutboxRow) == 2

    def test_without_a_key_a_command_is_carried_out_again(self, service: BellService):
        who = actor()
        answers = [call(service, Bell.ring, who, times=2) for _ in range(2)]
        assert answers[0] != answers[1]
        assert count(service.unit_of_work, OutboxRow) == 4
        assert count(service.unit_of_work, InboxRow) == 0

    def test_a_key_used_for_another_command_is_a_conflict(self, service: BellService):
        who = actor()
        self.ring(service, who, keyed(who, "key-1"))
        with pytest.raises(Conflict) as refused:
            self.ring(service, who, keyed(who, "key-1", fingerprint="another"))
        assert (refused.value.rule, refused.value.field) == ("idempotency-key-reused", "Idempotency-Key")

    def test_s24_a_key_used_in_another_school_is_a_conflict_and_answers_nothing_of_it(self, service: BellService):
        who = actor()
        self.ring(service, who, keyed(who, "key-1"))
        elsewhere = replace(who, tenant_id=uuid4())
        with pytest.raises(Conflict) as refused:
            self.ring(service, elsewhere, replace(keyed(who, "key-1"), tenant_id=elsewhere.tenant_id))
        assert refused.value.rule == "idempotency-key-reused"

    def test_the_same_key_of_another_account_or_operation_is_another_key(self, service: BellService):
        one, other = actor(), actor()
        answers = [
            self.ring(service, one, keyed(one, "key-1")),
            self.ring(service, other, keyed(other, "key-1")),
            self.ring(service, one, keyed(one, "key-1", method="bell.toll")),
        ]
        assert len({str(answer) for answer in answers}) == 3

    def test_a_command_that_failed_can_be_repeated_with_its_key(self, unit_of_work: UnitOfWork):
        who = actor()
        with handling(keyed(who, "key-1")):
            with suppress(ZeroDivisionError), unit_of_work(who):
                raise ZeroDivisionError
            with unit_of_work(who) as session:
                answer(session, {"done": True})
            with pytest.raises(AlreadyHandled) as before, unit_of_work(who):
                pytest.fail("it was carried out twice")
        assert before.value.answer == {"done": True}

    @pytest.mark.parametrize("everywhere", [False, True])
    def test_a_command_that_keeps_no_answer_for_its_repetition_is_rolled_back(
        self, unit_of_work: UnitOfWork, everywhere: bool
    ):
        who = actor()
        row = {"school_id": TENANT, "ring_id": uuid4(), "number": 0, "bell_id": uuid4(), "process": 1}
        for _ in range(2):
            with (
                handling(keyed(who, "key-1")),
                pytest.raises(RuntimeError, match=r"^bell\.ring was carried out .* without inbox\.answer$"),
                unit_of_work.everywhere() if everywhere else unit_of_work(who) as session,
            ):
                session.execute(insert(Sound), [row])
        assert (effects(unit_of_work), count(unit_of_work, InboxRow)) == (0, 0)

    def test_a_transaction_that_passes_the_key_over_keeps_nothing(self, unit_of_work: UnitOfWork):
        who = actor()
        with handling(keyed(who, "key-1")), unit_of_work.everywhere(keyed=False) as session:
            answer(session, {"token": "a secret"})
        assert count(unit_of_work, InboxRow) == 0


# --- entries of a request, each with a key of its own


def test_an_entry_that_was_carried_out_has_the_answer_of_that_time(unit_of_work: UnitOfWork) -> None:
    who, entries = actor(), [Entry(uuid4(), {"text": "5", "student": uuid4()}) for _ in range(3)]
    with unit_of_work(who) as session:
        assert answers_of(session, "bell.ring", who, entries) == {}
        answered = [(one, {"number": place}) for place, one in enumerate(entries[:2])]
        insert_all(session, answers_to_keep("bell.ring", who, answered))
    with unit_of_work(who) as session:
        found = answers_of(session, "bell.ring", who, entries)
        assert found == {entries[0].key: {"number": 0}, entries[1].key: {"number": 1}}
        changed = Entry(entries[0].key, {"text": "4"})
        assert answers_of(session, "bell.ring", who, [changed]) == {changed.key: REUSED}


def test_keys_are_an_accounts_and_an_operations_own(unit_of_work: UnitOfWork) -> None:
    who, entry = actor(), Entry(uuid4(), {"text": "5"})
    with unit_of_work(who) as session:
        insert_all(session, answers_to_keep("bell.ring", who, [(entry, {})]))
        insert_all(session, answers_to_keep("bell.ring", who, [(entry, {"again": True})]))
    with unit_of_work(who) as session:
        assert answers_of(session, "bell.ring", who, [entry]) == {entry.key: {}}
        assert answers_of(session, "bell.toll", who, [entry]) == {}
        assert answers_of(session, "bell.ring", actor(), [entry]) == {}
        elsewhere = replace(who, tenant_id=uuid4())
        assert answers_of(session, "bell.ring", elsewhere, [entry]) == {entry.key: REUSED}


def test_an_entry_says_the_same_in_whatever_order_its_fields_come() -> None:
    key = uuid4()
    assert Entry(key, {"a": 1, "b": 2}).fingerprint == Entry(key, {"b": 2, "a": 1}).fingerprint
    assert Entry(key, {"a": 1}).fingerprint != Entry(key, {"a": 2}).fingerprint
