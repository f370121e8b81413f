"""What reading a file costs, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kit.pace import slowness

#: What a file may cost, whoever sent it: seconds of a quiet core, and megabytes of the whole process at its peak.
SECONDS, MEGABYTES = 2, 200
#: Not `ru_maxrss`: a child begins with the memory of the process that started it.
_MEASURED = """
import json, sys, time
from datetime import date
from importlib import import_module
from pathlib import Path
from tests.kit.pace import reference
module, name = sys.argv[1].rsplit(".", 1)
read = getattr(import_module(module), name)
content = Path(sys.argv[2]).read_bytes()
days = (date(2026, 9, 1), date(2027, 8, 31)) if name == "read_icalendar" else ()
started = time.process_time()
found = read(content, *days)
spent = time.process_time() - started
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
rules = {fault.rule for fault in getattr(found, "faults", ())} | ({found.rule} if hasattr(found, "rule") else set())
print(json.dumps([spent, [reference() for _ in range(3)], int(peak.split()[1]) // 1024, sorted(rules)]))
"""


def rules_at_bearable_cost(reader: Callable[..., Any], content: bytes, folder: Path) -> list[str]:
    """The rules of the faults that a reader finds; fails where that costs too much."""
    file = folder / "content"
    file.write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, f"{reader.__module__}.{reader.__name__}", str(file)],
        capture_output=True, text=True, check=False, timeout=100, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    spent, references, megabytes, rules = json.loads(done.stdout)
    seconds = spent / slowness(*references)
    assert (seconds < SECONDS, megabytes < MEGABYTES) == (True, True), f"{seconds:.2f} s ({spent:.2f}), {megabytes} MB"
    assert isinstance(rules, list)
    return rules
