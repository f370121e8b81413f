"""What a process made before it serves is not searched again; what it makes later is, if less often."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import gc, weakref
from kernel.garbage import leave_out_what_is_there

class Thing:
    pass

def cycle():
    thing = Thing()
    thing.itself = thing
    return weakref.ref(thing)

before = len(gc.get_objects())
leave_out_what_is_there()
seen = cycle()
print(before > 1000, len(gc.get_objects()) < 100, seen() is not None)
rest = [[] for _ in range(20_000)]
print(seen() is None)
"""


def test_only_what_is_made_later_is_searched_and_is_found() -> None:
    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=30)
    assert said.stdout.split() == ["True"] * 4, said
