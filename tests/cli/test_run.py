"""`make run` as a newcomer gives it: it says where it runs and who can sign in, and Ctrl+C ends all of it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import requests

from kernel.waiting import eventually
from servers.process import free_ports
from tests.e2e.stack import signed_in
from tests.kit.pace import reference, slowness

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
#: What a first start may take, from the command to the last line it prints, in seconds of a quiet core. By the clock it
#: is about as much, where nothing else runs.
SECONDS = 15
LOGIN = re.compile(r"^ +(\w+) +login: (\S+) +password: (\S+)$", re.MULTILINE)
ROLES = {"operator", "director", "deputy", "methodologist", "homeroom_teacher", "teacher", "parent", "student"}


def test_it_says_where_it_runs_and_who_can_sign_in_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    (port,), output = free_ports(1), tmp_path / "output.log"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LYCEUM_", "MAKE", "MFLAGS"))
    }
    environment |= {"LYCEUM_DATA": str(tmp_path / "data"), "PORT": str(port)}
    with output.open("wb") as file:
        # The environment is made already: these tests run in it. A session of its own is a terminal of its own.
        make = subprocess.Popen(
            ["make", "--old-file=env", "run", f"BIN={Path(sys.executable).parent}"],
            cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip
    try:
        eventually(lambda: make.poll() is not None or "student" in output.read_text(), 100, "it says who can sign in")
        told = output.read_text()
        assert make.poll() is None, told
        assert _seconds_of_cpu(make.pid) / slowness(reference(), reference()) < SECONDS
        address = f"http://127.0.0.1:{port}"
        assert address in told
        _everyone_told_can_sign_in(address, told)
        assert "lyceum_requests_seconds_count" in requests.get(f"{address}/metrics", timeout=10).text
        processes = psutil.Process(make.pid).children(recursive=True)
        assert processes
        os.killpg(make.pid, signal.SIGINT)
        make.wait(60)
        assert [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []
        assert "Traceback" not in output.read_text()
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=5)
    finally:
        if make.poll() is None:
            os.killpg(make.pid, signal.SIGKILL)
            make.wait(10)


def _seconds_of_cpu(pid: int) -> float:
    """Of a process and all that it started, whether it goes on or has ended."""
    process = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:4]) for one in (process, *process.children(recursive=True)))


def _everyone_told_can_sign_in(address: str, told: str) -> None:
    logins = {role: (login, password) for role, login, password in LOGIN.findall(told)}
    assert logins.keys() >= ROLES, told
    for role, (login, password) in logins.items():
        answer = signed_in(address, login, password)
        assert answer.status_code == 201, f"{role}: {answer.text}"
