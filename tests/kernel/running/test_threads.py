"""Long C calls leave the hub free."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from kernel.running.threads import off_hub
from tests.kernel.processes import ROOT

#: Counts how often the hub turns while a native call of half a second goes on.
PATCHED = """
import kernel.running.green
import eventlet
from eventlet import patcher
from kernel.running.threads import off_hub

long_call = patcher.original("time").sleep
turns = 0

def count():
    global turns
    while True:
        turns += 1
        eventlet.sleep(0.01)

counting = eventlet.spawn(count)
off_hub(long_call, 0.5)
print(turns)
"""


#: Counts how often the hub turns while PostgreSQL works half a second at a statement.
WAITING_FOR_POSTGRES = """
import sys
from kernel.running import green
import eventlet
from sqlalchemy import text
from kernel.data.database import make_engine

turns = 0

def count():
    global turns
    while True:
        turns += 1
        eventlet.sleep(0.01)

with make_engine(sys.argv[1]).connect() as connection:
    counting = eventlet.spawn(count)
    connection.execute(text("SELECT pg_sleep(0.5)"))
    print(turns)
"""


def test_without_a_hub_the_function_is_called_where_one_is():
    assert off_hub(lambda word, times: (word * times, threading.get_ident()), "ab", times=2) == (
        "abab",
        threading.get_ident(),
    )


@pytest.mark.slow
def test_with_a_hub_others_go_on_meanwhile():
    program = [sys.executable, "-W", "ignore", "-c", PATCHED]
    turns = subprocess.check_output(program, cwd=ROOT, text=True, timeout=30)
    assert int(turns) > 5  # about fifty, on a machine with nothing else to do


@pytest.mark.slow
def test_others_go_on_while_one_waits_for_postgres(postgres_url: str):
    program = [sys.executable, "-W", "ignore", "-c", WAITING_FOR_POSTGRES, postgres_url]
    turns = subprocess.check_output(program, cwd=ROOT, text=True, timeout=30)
    assert int(turns) > 5
