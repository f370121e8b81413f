"""Jobs are carried out, whatever becomes of the process that does."""

from __future__ import annotations

import subprocess
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from kernel import jobs
from kernel.bus.embedded import EmbeddedBroker
from kernel.data.jobs import JobRow
from kernel.running.starting import runner_of
from kernel.waiting import eventually
from servers.postgres import PostgresServer
from tests.kernel.bell import PEALS, STROKES, BellService, Sound
from tests.kernel.processes import Home, end
from tests.kernel.stage import Stage, in_the_hub


def added(home: Home, mood: str = "") -> UUID:
    job_id = uuid7()
    with home.unit_of_work() as unit_of_work, unit_of_work.everywhere() as session:
        PEALS.add(session, job_id, uuid4()).stage = mood
    return job_id


def row(home: Home, job_id: UUID) -> JobRow:
    with home.unit_of_work() as unit_of_work, unit_of_work.everywhere() as session:
        return session.scalars(select(JobRow).where(JobRow.id == job_id)).one()


def strokes(home: Home, job_id: UUID) -> list[tuple[int, int]]:
    """Number and process of each stroke."""
    with home.unit_of_work() as unit_of_work, unit_of_work.everywhere() as session:
        found = select(Sound.number, Sound.process).where(Sound.bell_id == job_id).order_by(Sound.id)
        return [(number, process) for number, process in session.execute(found)]


def whole(struck: list[tuple[int, int]]) -> bool:
    return [number for number, _ in struck] == list(range(STROKES))


def test_a_job_is_carried_out(embedded: Stage):
    job_id = added(embedded.home)
    in_the_hub(lambda: row(embedded.home, job_id).state == jobs.DONE, "it is done")
    assert whole(strokes(embedded.home, job_id))


def test_a_job_that_fails_waits_and_one_whose_need_is_away_goes_on_when_it_is_back(
    embedded: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("kernel.data.jobs.AWAY_PAUSE", 1)
    failing, waiting = added(embedded.home, "fail"), added(embedded.home, "away")
    in_the_hub(lambda: row(embedded.home, failing).failures == 1, "it has failed")
    assert row(embedded.home, failing).state == jobs.WAITING
    in_the_hub(lambda: row(embedded.home, waiting).state == jobs.DONE, "it is done")
    assert row(embedded.home, waiting).failures == 0


def test_a_process_that_stops_in_order_gives_its_job_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BELL_PAUSE", "0.05")
    home, broker = Home(tmp_path), EmbeddedBroker()
    job_id = added(home)
    running = runner_of([BellService], home.settings, broker=broker)
    running.start()
    in_the_hub(lambda: strokes(home, job_id), "it rings")
    running.stop()
    left, struck = row(home, job_id), strokes(home, job_id)
    assert (left.state, left.holder, left.failures) == (jobs.WAITING, None, 0)
    assert len(struck) < STROKES
    monkeypatch.setenv("BELL_PAUSE", "0")
    running = runner_of([BellService], home.settings, broker=EmbeddedBroker())
    running.start()
    in_the_hub(lambda: row(home, job_id).state == jobs.DONE, "it is done")
    running.stop()
    assert whole(strokes(home, job_id))


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_of_a_process_that_is_killed_another_takes_the_job_up_where_it_was(
    tmp_path: Path, postgres: PostgresServer, postgres_url: str, bus_url: str
):
    home = Home(tmp_path, postgres_url)
    job_id = added(home)
    processes: dict[int, subprocess.Popen[bytes]] = {}
    try:
        for _ in range(2):
            process = home.start(bus_url, BELL_PAUSE="0.2")
            processes[process.pid] = process
        eventually(lambda: home.log.count('"services_started"') == 2, 30, "both run")
        eventually(lambda: len(strokes(home, job_id)) > 3, 30, "it rings")
        first = strokes(home, job_id)[-1][1]
        processes[first].kill()
        eventually(lambda: row(home, job_id).state == jobs.DONE, 60, "it is done")
    finally:
        for process in processes.values():
            end(process)
    struck = strokes(home, job_id)
    assert whole(struck), "none is lost, none doubled"
    assert {process for _, process in struck} == set(processes)
