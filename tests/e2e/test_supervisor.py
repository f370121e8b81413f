"""`lyceum up` starts again what ends, loses nothing by it, and leaves nothing behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from kernel.waiting import eventually
from tests.e2e.bundles import many_results
from tests.e2e.stack import Stack, started

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.broker, pytest.mark.postgres, pytest.mark.timeout(300)]

#: What a process's command line holds → what it is.
PARTS = {
    "postgres -D": "PostgreSQL",
    "beam.smp": "RabbitMQ",
    "epmd -port": "epmd",
    "cli.main service": "the services",
    "gunicorn: master": "the gateway",
}
READY = 90
#: Marks of an import whose process is killed.
RESULTS = 8_000


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a system that is started twice: only its first start takes long."""
    return tmp_path_factory.mktemp("supervised")


@pytest.fixture(scope="module")
def stack(installation: Path) -> Iterator[Stack]:
    with started("up", installation) as running:
        yield running


def process_of(stack: Stack, part: str) -> psutil.Process:
    """The supervisor's child that is this part. One that has ended has no command line any more."""
    children = psutil.Process(stack.process.pid).children()
    (found,) = [one for one in children if part in " ".join(one.as_dict(["cmdline"], ad_value=())["cmdline"])]
    return found


def posted(stack: Stack) -> bool:
    """Whether a teacher can give a mark, or has: all parts have a share in it."""
    answer = stack.demo("teacher").ask("POST", "/marks", json=stack.mark_to_post())
    return answer.status_code in (201, 409)


class TestKilled:
    """Of a system that goes on, one part after the other is killed."""

    @pytest.mark.parametrize("part", PARTS)
    def test_s11_what_is_killed_is_started_again(self, stack: Stack, part: str) -> None:
        killed = process_of(stack, part)
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)

        def again() -> bool:
            return process_of(stack, part).pid != killed.pid and posted(stack)

        ignored = (ValueError, AssertionError, psutil.Error, requests.RequestException)
        eventually(again, READY, f"{PARTS[part]} is there again and a mark can be given", ignoring=ignored)
        assert "starting it again in 1 s" in (stack.data / "output.log").read_text()

    def test_s12_a_page_left_open_keeps_no_door_shut_when_the_gateways_master_is_killed(self, stack: Stack) -> None:
        """The worker that is left behind would hold its port for as long as a browser keeps its connection."""
        with requests.Session() as browser:
            assert browser.get(f"{stack.address}/login", timeout=10).status_code == 200
            killed = process_of(stack, "gunicorn: master")
            killed.kill()
            killed.wait(10)

            def answers() -> bool:
                with requests.Session() as other:
                    return other.get(f"{stack.address}/login", timeout=5).status_code == 200

            eventually(answers, 30, "the door answers a new visitor", ignoring=(requests.RequestException,))

    def test_all_that_is_killed_at_once_is_there_again(self, stack: Stack) -> None:
        for killed in [process_of(stack, part) for part in PARTS]:
            killed.kill()

        def again() -> bool:
            # of every service an answer; of the gradebook and identity with what they write
            return posted(stack) and all(
                stack.demo("director").status("GET", path) == 200
                for path in ("/deliveries", "/print-jobs", "/absence-codes")
            )

        ignored = (ValueError, AssertionError, psutil.Error, requests.RequestException)
        eventually(again, READY, "every service answers", ignoring=ignored)

    def test_of_an_import_whose_process_is_killed_nothing_is_lost_or_doubled(self, stack: Stack) -> None:
        content = many_results(RESULTS).packed
        operator = stack.demo("operator")
        answer = operator.ask("POST", "/imports", data=content, headers={"Content-Type": "application/zip"})
        import_id = answer.json()["id"]
        eventually(lambda: operator.get(f"/imports/{import_id}")["job"]["done"] > 0, READY, "marks are being written")
        process_of(stack, "cli.main service").kill()

        def ended() -> dict[str, Any] | None:
            found: dict[str, Any] = stack.demo("operator").get(f"/imports/{import_id}")
            return found if found["finished_at"] else None

        ignored = (AssertionError, requests.RequestException)
        report = eventually(ended, 2 * READY, "another process carries it to its end", ignoring=ignored)
        assert report is not None
        (marks,) = [one for one in report["counts"] if one["kind"] == "marks"]
        assert (report["status"], marks["created"], marks["unchanged"]) == ("done", RESULTS, 0)

    def test_a_mark_given_before_everything_broke_off_is_noted_for_its_guardians(self, stack: Stack) -> None:
        director = stack.demo("director")

        def noted() -> bool:
            return "mark_posted" in {one["kind"] for one in director.get("/deliveries")["deliveries"]}

        # sent they may be later: a run of the timer that was killed keeps its lease for a quarter of an hour
        eventually(noted, READY, "letters about the mark are noted", ignoring=(AssertionError,))

    def test_s07_an_ended_session_stays_ended_when_the_gateways_worker_is_killed(self, stack: Stack) -> None:
        signed_out, goes_on = stack.demo("teacher"), stack.demo("teacher")
        assert signed_out.ask("DELETE", "/sessions/current").status_code == 204
        (worker,) = process_of(stack, "gunicorn: master").children()
        worker.kill()

        def answers() -> bool:
            return goes_on.ask("GET", "/courses").status_code == 200

        eventually(answers, READY, "another worker answers", ignoring=(requests.RequestException,))
        assert signed_out.ask("GET", "/courses").status_code == 401

    def test_the_passwords_of_the_processes_are_not_left_in_a_file(self, stack: Stack) -> None:
        assert not (stack.data / "servers" / "processes.json").exists()


def test_asked_to_stop_it_stops_everything_in_order(stack: Stack) -> None:
    """By the signal of a service manager; for the others see `tests/cli/test_supervisor.py`."""
    ended = {stack.data / "output.log": b'"services_stopped"',
             stack.data / "servers/postgres/server.log": b"database system is shut down"}  # fmt: skip
    before = {log: log.read_bytes().count(said) for log, said in ended.items()}
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(60) == 0
    assert {log: log.read_bytes().count(said) - before[log] for log, said in ended.items()} == dict.fromkeys(ended, 1)
    assert not (stack.data / "running.json").exists()


def test_a_killed_supervisor_leaves_no_process_behind(installation: Path) -> None:
    with started("up", installation) as again:
        children = psutil.Process(again.process.pid).children(recursive=True)
        assert len(children) > len(PARTS)
        again.process.kill()
        again.process.wait(10)

        def all_gone() -> bool:
            return not [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

        eventually(all_gone, 60, "every process has ended", ignoring=(psutil.NoSuchProcess,))
