"""Faults of what the service stands on: processes, the broker, the network, the database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from sqlalchemy import text

from kernel.bus.publisher import CONFIRM_TIMEOUT
from kernel.data.relay import POLL
from kernel.waiting import eventually
from tests.faults.black_hole import BlackHole
from tests.faults.stage import Process, Stage

#: What a publish may take beyond its timeout: the relay's next look, a pause after the failed batch before it, and
#: the time of a busy machine.
SLACK: Final = 2 * POLL + 2
#: Key of the advisory lock behind which the relay is caught. Any constant would do.
MARKING: Final = 7_106_312_020
CATCH_MARKING: Final = f"""
    CREATE FUNCTION catch_marking() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.published_at IS NOT NULL THEN PERFORM pg_advisory_xact_lock_shared({MARKING}); END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER catch_marking BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION catch_marking();
"""
WAITING_TO_MARK: Final = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
DATABASE_AWAY: Final = 2.0
#: RabbitMQ 3.10 writes down after half a second which log is a new queue's: one killed sooner forgets the queue. In
#: earnest queues are as old as the installation.
QUEUE_AGE: Final = 2.0


def broker_killed(stage: Stage) -> None:
    """F1: the broker is killed with -9 and restarted, mid-stream."""
    stage.start()
    _pass_time(QUEUE_AGE)
    for _ in range(stage.plan.injections):
        stage.stream()
        stage.broker.kill()
        stage.record(stage.plan.third)
        stage.broker.start()
        stage.record(stage.plan.third)
        stage.recover()


def consumer_killed(stage: Stage) -> None:
    """F2: a process is killed with -9 in its handler: before the transaction, inside it, before the ack."""
    process = stage.start()
    moods = ("before", "inside", "after")
    for number in range(max(stage.plan.injections, len(moods))):
        mood = moods[number % len(moods)]
        stage.gate.touch()
        stage.record(2 * stage.plan.third)
        caught = stage.record(3, mood)
        arrived = "SELECT count(*) FROM arrival WHERE message_id = ANY(:ids)"
        counted = "SELECT count(*) FROM effect WHERE message_id = ANY(:ids)"
        query = counted if mood == "after" else arrived
        ids = [str(message_id) for message_id in caught]
        eventually(lambda q=query, i=ids: stage.ask(q, ids=i), stage.plan.patience, f"a handler is {mood}")
        process.kill()
        stage.gate.unlink()
        stage.record(stage.plan.third)
        process = stage.start(wait=False)
        stage.recover()


def rolling_stop(stage: Stage) -> None:
    """F3: one of two processes is replaced with SIGTERM while its handlers take 6 s."""
    running = [stage.start(), stage.start()]
    for _ in range(stage.plan.injections):
        old = running.pop(0)
        stage.record(6, "slow")
        eventually(lambda p=old: _runs_slow(stage, p), stage.plan.patience, "a slow handler runs")
        old.terminate()
        stage.record(stage.plan.events)
        running.append(stage.start(wait=False))
        stage.recover()
        stage.promise(old.wait() == 0, "a process did not stop in order")
        running[-1].wait_ready()
    stage.count()
    stage.promise(stage.outcome.duplicates == 0, "a handler ran twice")


def relay_killed(stage: Stage) -> None:
    """F4: the process is killed with -9 when the broker has confirmed and the outbox is not marked yet."""
    with stage.engine.begin() as connection:
        connection.execute(text(CATCH_MARKING))
    process = stage.start()
    for _ in range(stage.plan.injections):
        stage.stream()
        stage.recover()
        stage.outcome.recoveries.pop()
        with _marking_held(stage):
            stage.record(stage.plan.third)
            eventually(lambda: stage.ask(WAITING_TO_MARK), stage.plan.patience, "the relay marks what was confirmed")
            process.kill()
        stage.record(stage.plan.third)
        process = stage.start(wait=False)
        stage.recover()
    stage.count()
    stage.promise(stage.outcome.duplicates > 0, "nothing was published twice: the relay was not caught")


def black_hole(stage: Stage) -> None:
    """F5: the network between service and broker swallows everything, for 10 s and for 30 s."""
    hole = stage.cleanups.enter_context(closing(BlackHole(stage.broker.port)))
    process = stage.start(hole.port)
    lengths = (10,) if stage.plan.quick else (10, 30) * (stage.plan.injections // 2)
    for seconds in lengths:
        stage.stream()
        with hole.swallowing():
            began = time.monotonic()
            _publishes_fail(stage, process)
            _pass_time(began + seconds - time.monotonic())
            stage.promise(process.answers("/health/live"), "the service did not stay live")
        stage.record(stage.plan.third)
        stage.recover()


def memory_alarm(stage: Stage) -> None:
    """F6: the broker has an alarm of memory and takes nothing."""
    process = stage.start()
    for _ in range(stage.plan.injections):
        stage.stream()
        stage.broker.ctl("set_vm_memory_high_watermark", "absolute", "1")
        try:
            _publishes_fail(stage, process)
            stage.promise(process.answers("/health/live"), "the service did not stay live")
        finally:
            stage.broker.ctl("set_vm_memory_high_watermark", "absolute", "1GB")
        stage.record(stage.plan.third)
        stage.recover()
    stage.promise(process.alive, "the process ended")


def database_down(stage: Stage) -> None:
    """F9: the database goes away while handlers run, and comes back; each second time it is killed with -9."""
    stage.start()
    for number in range(stage.plan.injections):
        stage.stream()
        stage.gate.touch()
        stage.record(stage.plan.third, "before")
        eventually(lambda: stage.ask("SELECT count(*) FROM arrival") > stage.effects(), what="a handler runs")
        stage.engine.dispose()
        (stage.postgres.kill if number % 2 else stage.postgres.stop)()
        stage.gate.unlink()
        _pass_time(DATABASE_AWAY)
        stage.postgres.start()
        stage.record(stage.plan.third)
        stage.recover()


def _runs_slow(stage: Stage, process: Process) -> bool:
    """Whether the process has just begun an event that takes its time."""
    query = """SELECT count(*) FROM arrival a WHERE process = :pid AND NOT EXISTS (
                   SELECT FROM effect e WHERE e.message_id = a.message_id)"""
    return stage.ask(query, pid=process.pid) > 0


@contextmanager
def _marking_held(stage: Stage) -> Iterator[None]:
    with stage.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MARKING})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MARKING})


def _publishes_fail(stage: Stage, process: Process) -> None:
    """Publishing gives up within the confirm timeout, though nobody says that anything is wrong."""
    before = process.published("unknown")
    began = time.monotonic()
    stage.record(stage.plan.third)
    eventually(lambda: process.published("unknown") > before, 3 * CONFIRM_TIMEOUT, "publishing is given up")
    took = time.monotonic() - began
    stage.promise(took <= CONFIRM_TIMEOUT + SLACK, f"publishing was given up after {took:.1f} s")


def _pass_time(seconds: float) -> None:
    """An outage lasts as long as it is said to."""
    until = time.monotonic() + seconds
    eventually(lambda: time.monotonic() >= until, seconds + 1)
