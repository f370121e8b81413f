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


#: Counts how often the hub turns while a name server takes half a second to answer, and says what was answered.
WAITING_FOR_NAMES = """
import socket
from time import sleep as really_sleep
asked = []
def slow(name, found):
    def look_up(*given):
        asked.append(name)
        really_sleep(0.1)
        return found
    return look_up
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo"):
    setattr(socket, name, slow(name, [name]))

import kernel.running.green
import eventlet
from eventlet.green import socket as green_socket
turns = 0

def count():
    global turns
    while True:
        turns += 1
        eventlet.sleep(0.01)

counting = eventlet.spawn(count)
assert socket.getaddrinfo("mail.example", 25) == ["getaddrinfo"]
assert green_socket.getaddrinfo("mail.example", 25) == ["getaddrinfo"]
assert socket.gethostbyname("mail.example") == ["gethostbyname"]
assert socket.gethostbyname_ex("mail.example") == ["gethostbyname_ex"]
assert socket.gethostbyaddr("192.0.2.1") == ["gethostbyaddr"]
assert socket.getnameinfo(("192.0.2.1", 25), 0) == ["getnameinfo"]
before = turns
for host in (None, "", "192.0.2.1", b"192.0.2.1", "2001:db8::1"):
    socket.getaddrinfo(host, 25)
print(before, turns - before, len(asked))
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
def test_others_go_on_while_a_name_is_looked_up_and_an_address_needs_no_thread():
    program = [sys.executable, "-W", "ignore", "-c", WAITING_FOR_NAMES]
    turns, while_addresses, asked = subprocess.check_output(program, cwd=ROOT, text=True, timeout=30).split()
    assert int(turns) > 6
    assert (while_addresses, asked) == ("0", "11")


@pytest.mark.slow
def test_others_go_on_while_one_waits_for_postgres(postgres_url: str):
    program = [sys.executable, "-W", "ignore", "-c", WAITING_FOR_POSTGRES, postgres_url]
    turns = subprocess.check_output(program, cwd=ROOT, text=True, timeout=30)
    assert int(turns) > 5
