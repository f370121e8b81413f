"""`lyceum up` starts again what ends, loses nothing by it, and leaves nothing behind."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from kernel.waiting import eventually
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


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with started("up", tmp_path_factory.mktemp("supervised")) as running:
        yield running


def process_of(stack: Stack, part: str) -> psutil.Process:
    """The supervisor's child that is this part."""
    (found,) = [child for child in psutil.Process(stack.process.pid).children() if part in " ".join(child.cmdline())]
    return found


def posted(stack: Stack) -> bool:
    """Whether a teacher can give a mark, or has: all parts have a share in it."""
    answer = stack.demo("teacher").ask("POST", "/marks", json=stack.mark_to_post())
    return answer.status_code in (201, 409)


@pytest.mark.parametrize("part", PARTS)
def test_what_is_killed_is_started_again(stack: Stack, part: str) -> None:
    killed = process_of(stack, part)
    killed.send_signal(signal.SIGKILL)
    killed.wait(10)

    def again() -> bool:
        return process_of(stack, part).pid != killed.pid and posted(stack)

    ignored = (ValueError, AssertionError, psutil.Error, requests.RequestException)
    eventually(again, READY, f"{PARTS[part]} is there again and a mark can be given", ignoring=ignored)
    assert "starting it again in 1 s" in (stack.data / "output.log").read_text()


def test_s12_a_page_left_open_keeps_no_door_shut_when_the_gateways_master_is_killed(stack: Stack) -> None:
    """The worker that is left behind would hold its port for as long as a browser keeps its connection."""
    with requests.Session() as browser:
        assert browser.get(f"{stack.address}/login", timeout=10).status_code == 200
        killed = process_of(stack, "gunicorn: master")
        killed.send_signal(signal.SIGKILL)
        killed.wait(10)

        def answers() -> bool:
            with requests.Session() as other:
                return other.get(f"{stack.address}/login", timeout=5).status_code == 200

        eventually(answers, 30, "the door answers a new visitor", ignoring=(requests.RequestException,))


def test_a_mark_given_before_everything_broke_off_is_noted_for_its_guardians(stack: Stack) -> None:
    director = stack.demo("director")

    def noted() -> bool:
        return "mark_posted" in {one["kind"] for one in director.get("/deliveries")["deliveries"]}

    # sent they may be later: a run of the timer that was killed keeps its lease for a quarter of an hour
    eventually(noted, READY, "letters about the mark are noted", ignoring=(AssertionError,))


def test_s07_an_ended_session_stays_ended_when_the_gateways_worker_is_killed(stack: Stack) -> None:
    signed_out, goes_on = stack.demo("teacher"), stack.demo("teacher")
    assert signed_out.ask("DELETE", "/sessions/current").status_code == 204
    (worker,) = process_of(stack, "gunicorn: master").children()
    worker.kill()

    def answers() -> bool:
        return goes_on.ask("GET", "/courses").status_code == 200

    eventually(answers, READY, "another worker answers", ignoring=(requests.RequestException,))
    assert signed_out.ask("GET", "/courses").status_code == 401


def test_the_passwords_of_the_processes_are_not_left_in_a_file(stack: Stack) -> None:
    assert not (stack.data / "servers" / "processes.json").exists()


def test_a_killed_supervisor_leaves_no_process_behind(tmp_path: Path) -> None:
    with started("up", tmp_path) as stack:
        children = psutil.Process(stack.process.pid).children(recursive=True)
        assert len(children) > len(PARTS)
        stack.process.kill()
        stack.process.wait(10)

        def all_gone() -> bool:
            return not [one for one in children if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]

        eventually(all_gone, 60, "every process has ended", ignoring=(psutil.NoSuchProcess,))


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_whatever_asks_it_to_stop_it_stops_everything_in_order(tmp_path: Path, number: signal.Signals) -> None:
    with started("up", tmp_path) as stack:
        stack.process.send_signal(number)
        assert stack.process.wait(60) == 0
    assert '"services_stopped"' in (stack.data / "output.log").read_text()
    assert "database system is shut down" in (tmp_path / "servers/postgres/server.log").read_text()
    assert not (tmp_path / "running.json").exists()
