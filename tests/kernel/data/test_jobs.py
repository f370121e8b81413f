"""A job is one claimant's at a time, tells how far it is, stops when asked, and is resumed where it stopped."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from kernel import jobs as states
from kernel.clock import now
from kernel.data import jobs
from kernel.data.database import UnitOfWork
from kernel.data.jobs import CLAIM, PAUSES, ClaimLost, Interrupted, Job, JobRow, Kind, StopAsked
from kernel.data.outbox import OutboxRow
from kernel.errors import Conflict, NotFound
from tests.kernel.bell import PEALS

LATER = CLAIM + timedelta(seconds=1)


def added(unit_of_work: UnitOfWork, kind: Kind = PEALS) -> UUID:
    job_id = uuid7()
    with unit_of_work.everywhere() as session:
        kind.add(session, job_id, uuid4())
    return job_id


def claimed(unit_of_work: UnitOfWork, *, after: timedelta = timedelta(), **more: Any) -> Job | None:
    return jobs.claim(unit_of_work, PEALS, now() + after, **more)


def row(unit_of_work: UnitOfWork, job_id: UUID) -> JobRow:
    with unit_of_work.everywhere() as session:
        return session.scalars(select(JobRow).where(JobRow.id == job_id)).one()


def told(unit_of_work: UnitOfWork, job_id: UUID) -> list[dict[str, Any]]:
    """What was announced of the job."""
    query = select(OutboxRow.body).where(OutboxRow.aggregate == f"job_id:{job_id}").order_by(OutboxRow.position)
    with unit_of_work.everywhere() as session:
        return [msgspec.json.decode(body) for body in session.scalars(query)]


def ask_to_stop(unit_of_work: UnitOfWork, job_id: UUID) -> str:
    with unit_of_work.everywhere() as session:
        return PEALS.ask_to_stop(session, job_id).shown_state


def resume(unit_of_work: UnitOfWork, job_id: UUID) -> str:
    with unit_of_work.everywhere() as session:
        return PEALS.resume(session, job_id).shown_state


def test_of_many_who_ask_at_once_one_gets_the_job(unit_of_work: UnitOfWork):
    expected = {added(unit_of_work) for _ in range(3)}
    together = threading.Barrier(6)

    def ask(_number: int) -> UUID | None:
        together.wait(10)
        found = claimed(unit_of_work)
        return found.id if found else None

    with ThreadPoolExecutor(6) as threads:
        got = [job_id for job_id in threads.map(ask, range(6)) if job_id]
    assert (len(got), set(got)) == (3, expected)


def test_jobs_of_another_kind_are_anothers(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work, Kind("other"))
    assert claimed(unit_of_work) is None
    with unit_of_work.everywhere() as session, pytest.raises(NotFound):
        PEALS.row(session, job_id)


def test_a_claim_that_is_not_renewed_lapses_and_its_holder_writes_nothing_more(unit_of_work: UnitOfWork):
    added(unit_of_work)
    dead = claimed(unit_of_work)
    assert dead is not None
    assert claimed(unit_of_work, after=CLAIM - timedelta(seconds=1)) is None
    alive = claimed(unit_of_work, after=LATER)
    assert alive is not None
    assert not dead.renew()
    for attempt in (lambda: dead.step("ringing"), lambda: _checked(unit_of_work, dead)):
        with pytest.raises(ClaimLost):
            attempt()
    assert jobs.give_back(dead, unit_of_work, ClaimLost()) == "lost"
    alive.step("ringing", 1, 2)
    assert row(unit_of_work, alive.id).state == states.RUNNING


def _checked(unit_of_work: UnitOfWork, job: Job) -> None:
    with unit_of_work.everywhere() as session:
        job.check(session)


def test_a_claim_is_renewed_while_the_job_is_worked_at(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    with unit_of_work.everywhere() as session:
        PEALS.row(session, job_id).claimed_until = now()
    assert job.renew()
    assert claimed(unit_of_work, after=CLAIM / 2) is None


def test_each_step_is_told_and_a_step_that_changes_nothing_is_not(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    for done in (0, 1, 1, 2):
        job.step("ringing", done, 2)
    jobs.give_back(job, unit_of_work, None)
    seen = [(one["version"], one["state"], one["done"]) for one in told(unit_of_work, job_id)]
    assert seen == [(2, "running", 0), (3, "running", 1), (4, "running", 2), (5, "done", 2)]
    assert row(unit_of_work, job_id).finished_at is not None
    assert claimed(unit_of_work, after=LATER) is None


def test_a_job_is_stopped_at_its_next_step_and_resumed(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    job.step("ringing", 3, 9)
    assert ask_to_stop(unit_of_work, job_id) == states.STOPPING
    assert ask_to_stop(unit_of_work, job_id) == states.STOPPING
    with pytest.raises(StopAsked) as stop:
        job.step("ringing", 4, 9)
    assert jobs.give_back(job, unit_of_work, stop.value) == "stopped"
    stopped = row(unit_of_work, job_id)
    assert (stopped.shown_state, stopped.done, stopped.total) == (states.STOPPED, 3, 9)
    assert claimed(unit_of_work, after=LATER) is None
    assert resume(unit_of_work, job_id) == states.WAITING
    assert claimed(unit_of_work, after=timedelta(seconds=1)) is not None


def test_a_job_that_nobody_has_taken_is_stopped_at_once(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    assert ask_to_stop(unit_of_work, job_id) == states.STOPPED
    assert claimed(unit_of_work) is None


def test_who_resumes_before_it_has_stopped_lets_it_go_on(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    ask_to_stop(unit_of_work, job_id)
    assert resume(unit_of_work, job_id) == states.WAITING
    job.step("ringing")
    assert resume(unit_of_work, job_id) == states.RUNNING


def test_what_has_ended_is_neither_stopped_nor_resumed(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    jobs.give_back(job, unit_of_work, None)
    for attempt in (ask_to_stop, resume):
        with pytest.raises(Conflict):
            attempt(unit_of_work, job_id)


def test_a_job_that_fails_is_tried_again_later_and_at_last_has_failed(unit_of_work: UnitOfWork):
    failed: list[UUID] = []
    kind = Kind("fragile", on_failed=lambda _session, job_row: failed.append(job_row.id))
    job_id = added(unit_of_work, kind)
    outcomes = []
    for pause in (0, *PAUSES):
        assert pause == 0 or jobs.claim(unit_of_work, kind, now() + timedelta(seconds=pause - 2)) is None
        job = jobs.claim(unit_of_work, kind, now() + timedelta(seconds=pause))
        assert job is not None
        assert not failed
        outcomes.append(jobs.give_back(job, unit_of_work, RuntimeError("a fault")))
    assert outcomes == ["retried"] * len(PAUSES) + ["failed"]
    assert failed == [job_id]
    assert row(unit_of_work, job_id).state == states.FAILED


def test_what_is_away_is_waited_for_without_end(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    for _ in range(2 * len(PAUSES)):
        job = claimed(unit_of_work, after=timedelta(seconds=jobs.AWAY_PAUSE))
        assert job is not None
        assert jobs.give_back(job, unit_of_work, RuntimeError("the database is away"), away=True) == "away"
    assert row(unit_of_work, job_id).failures == 0


def test_a_process_that_is_to_stop_leaves_the_job_to_another_at_once(unit_of_work: UnitOfWork):
    added(unit_of_work)
    job = claimed(unit_of_work, interrupted=lambda: True)
    assert job is not None
    with pytest.raises(Interrupted) as interrupted:
        job.step("ringing")
    assert jobs.give_back(job, unit_of_work, interrupted.value) == "interrupted"
    assert claimed(unit_of_work, after=timedelta(seconds=1)) is not None


def test_a_job_handed_over_is_told_of_stopped_and_ended_by_others(unit_of_work: UnitOfWork):
    job_id = added(unit_of_work)
    job = claimed(unit_of_work)
    assert job is not None
    with unit_of_work.everywhere() as session:
        PEALS.hand_over(session, job.check(session), "elsewhere")
    assert jobs.give_back(job, unit_of_work, None) == "done"
    assert claimed(unit_of_work, after=LATER) is None
    with unit_of_work.everywhere() as session:
        assert PEALS.note(session, PEALS.row(session, job_id, lock=True), "elsewhere", 5, 9)
    assert ask_to_stop(unit_of_work, job_id) == states.STOPPING
    with unit_of_work.everywhere() as session:
        found = PEALS.row(session, job_id, lock=True)
        assert not PEALS.note(session, found, "elsewhere", 6, 9)
        assert (found.state, found.done) == (states.STOPPED, 5)
        assert not PEALS.note(session, found, "elsewhere", 6, 9)
        PEALS.end(session, found)
    assert row(unit_of_work, job_id).state == states.DONE


def test_a_job_that_is_added_or_resumed_wakes_its_own_process(unit_of_work: UnitOfWork):
    woken: list[str] = []
    unit_of_work.on_jobs.append(lambda: woken.append("now"))
    job_id = added(unit_of_work)
    assert len(woken) == 1
    ask_to_stop(unit_of_work, job_id)
    assert len(woken) == 1
    resume(unit_of_work, job_id)
    assert len(woken) == 2


def test_the_only_process_takes_up_at_once_what_it_left_when_it_was_killed(unit_of_work: UnitOfWork):
    added(unit_of_work)
    assert claimed(unit_of_work) is not None
    assert claimed(unit_of_work) is None
    jobs.release_all(unit_of_work, PEALS)
    assert claimed(unit_of_work) is not None
