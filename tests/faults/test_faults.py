"""The short table of faults holds; and it is able not to hold."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.faults.model import WITHOUT

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.postgres, pytest.mark.timeout(600)]


#: The short table takes two minutes, beside other tests longer, and must not take more than this.
SHORT = 480


def _table(*faults: str, without: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QUICK": "1", WITHOUT: without, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "tests.faults", *faults]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SHORT, check=False)


def test_no_fault_loses_an_event_or_has_an_effect_twice():
    done = _table()
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert done.stdout.count("  yes") == 11, done.stdout


@pytest.mark.parametrize(("fault", "without"), [("F11", "inbox"), ("F1", "outbox"), ("F1", "order")])
def test_the_table_shows_what_is_lost_doubled_or_overtaken_without(fault, without):
    done = _table(fault, without=without)
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    assert f"\n{fault} " in done.stdout, f"{done.stdout}\n{done.stderr}"
    confirmed, missing, _again, doubled, overtaken = map(int, _figures(done.stdout, fault))
    assert confirmed > 0
    assert {"inbox": doubled, "outbox": missing, "order": overtaken}[without] > 0, done.stdout


def _figures(table: str, fault: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"{fault} ")]
    return line[len(fault) + 31 :].split()[:5]
