"""A job runs once for each slot of time, in whichever replica takes it first."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kernel.data.database import UnitOfWork
from kernel.data.leases import LEASE, give_back, take_slot
from kernel.waiting import eventually
from tests.kernel.bell import Tick, Tock
from tests.kernel.processes import Home, end

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)
JOB = "bell.tick"


def test_of_many_who_ask_at_once_one_takes_the_slot(unit_of_work: UnitOfWork):
    holders = [f"holder-{number}" for number in range(6)]
    together = threading.Barrier(len(holders))

    def ask(holder: str, slot: int) -> bool:
        together.wait(10)
        return take_slot(unit_of_work, JOB, slot, holder, NOW + LEASE * slot)

    with ThreadPoolExecutor(len(holders)) as threads:
        for slot in range(5):
            taken = list(threads.map(ask, holders, [slot] * len(holders)))
            assert sum(taken) == 1, f"slot {slot}"


def test_a_slot_is_not_taken_twice_even_by_its_holder(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 1, "one", NOW)
    assert not take_slot(unit_of_work, JOB, 1, "one", NOW)
    give_back(unit_of_work, JOB, "one", NOW)
    assert not take_slot(unit_of_work, JOB, 1, "other", NOW + LEASE * 2)


def test_who_wakes_late_takes_no_slot_that_is_past(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 5, "one", NOW)
    give_back(unit_of_work, JOB, "one", NOW)
    assert not take_slot(unit_of_work, JOB, 4, "late", NOW)


def test_the_next_slot_waits_for_a_run_that_goes_on(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 1, "one", NOW)
    assert not take_slot(unit_of_work, JOB, 2, "other", NOW + timedelta(seconds=1))
    give_back(unit_of_work, JOB, "one", NOW + timedelta(seconds=2))
    assert take_slot(unit_of_work, JOB, 2, "other", NOW + timedelta(seconds=2))


def test_a_holder_that_died_is_waited_for_until_its_lease_ends(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 1, "dead", NOW)
    assert not take_slot(unit_of_work, JOB, 2, "other", NOW + LEASE - timedelta(seconds=1))
    assert take_slot(unit_of_work, JOB, 3, "other", NOW + LEASE)


def test_nobody_gives_back_the_lease_of_another(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 1, "one", NOW)
    give_back(unit_of_work, JOB, "other", NOW)
    assert not take_slot(unit_of_work, JOB, 2, "other", NOW)


def test_jobs_do_not_wait_for_each_other(unit_of_work: UnitOfWork):
    assert take_slot(unit_of_work, JOB, 1, "one", NOW)
    assert take_slot(unit_of_work, "bell.tock", 1, "other", NOW)


@pytest.mark.slow
def test_two_processes_run_no_slot_twice_and_one_goes_on_alone(tmp_path: Path, bus_url: str):
    home = Home(tmp_path)

    def ticks() -> list[Tick]:
        with home.unit_of_work() as unit_of_work, unit_of_work.everywhere() as session:
            return list(session.scalars(select(Tick).order_by(Tick.id)))

    def seconds_of_both() -> list[int]:
        """The seconds in which the timer of each replica ran in both."""
        with home.unit_of_work() as unit_of_work, unit_of_work.everywhere() as session:
            runs = {(int(row.at.timestamp()), row.process) for row in session.scalars(select(Tock))}
        return [second for second, times in Counter(second for second, _ in runs).items() if times == 2]

    processes = {process.pid: process for process in (home.start(bus_url), home.start(bus_url))}
    try:
        eventually(lambda: home.log.count('"services_started"') == 2, 30, "both run")
        before = len(ticks())

        def three_seconds_more() -> list[Tick] | None:
            new = ticks()[before:]
            return new if new and new[-1].at - new[0].at > timedelta(seconds=3) else None

        new = eventually(three_seconds_more, 20, "the timer runs")
        slots = int(new[-1].at.timestamp()) - int(new[0].at.timestamp()) + 1
        assert len(new) <= slots + 1, "one run may have begun late in its slot"
        eventually(lambda: len(seconds_of_both()) >= 4, 20, "the timer of each replica runs in both at once")
        runner = new[-1].process
        (other,) = set(processes) - {runner}
        end(processes[runner])
        eventually(lambda: ticks()[-1].process == other, 20, "the other one runs it")
    finally:
        for process in processes.values():
            end(process)
