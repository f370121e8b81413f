"""What reading a file costs, in a process of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.kit.pace import reference, slowness

#: What a file may cost, whoever sent it: seconds of a quiet core, and megabytes of the whole process at its peak.
SECONDS, MEGABYTES = 2, 200
PATIENCE = 100
#: Processes that read are forks of one that has imported the readers: importing costs more than most files do.
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload([
    "tests.kit.pace", "formats.text_table", "formats.workbook",
    "services.gradebook.past_import.readers.netschool_journal",
    "services.gradebook.past_import.readers.netschool_report_card",
    "services.gradebook.calendar.readers.icalendar_days", "services.gradebook.plans.readers.thematic_plan",
    "services.gradebook.timetable.readers.asc_timetables", "services.gradebook.timetable.readers.timetable_sheet",
])  # fmt: skip


def rules_at_bearable_cost(reader: Callable[..., Any], content: bytes, folder: Path) -> list[str]:
    """The rules of the faults that a reader finds; fails where that costs too much."""
    file = folder / "content"
    file.write_bytes(content)
    here, there = FORKED.Pipe()
    process = FORKED.Process(target=_measure, args=(reader.__module__, reader.__name__, file, there))
    process.start()
    there.close()
    try:
        assert here.poll(PATIENCE), f"{reader.__name__} reads for more than {PATIENCE} s"
        spent, pace, megabytes, rules = here.recv()
    finally:
        process.kill()
        process.join()
        here.close()
    seconds = spent / pace
    assert (seconds < SECONDS, megabytes < MEGABYTES) == (True, True), f"{seconds:.2f} s ({spent:.2f}), {megabytes} MB"
    assert isinstance(rules, list)
    return rules


def _measure(module: str, name: str, file: Path, answer: Connection) -> None:
    """Read the file; send seconds, by how much to divide them on a slow machine, megabytes and rules."""
    read, content = getattr(import_module(module), name), file.read_bytes()
    days = (date(2026, 9, 1), date(2027, 8, 31)) if name == "read_icalendar" else ()
    started = time.process_time()
    found = read(content, *days)
    spent = time.process_time() - started
    # not `ru_maxrss`: a process begins with the one of its parent
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    rules = {fault.rule for fault in getattr(found, "faults", ())} | ({found.rule} if hasattr(found, "rule") else set())
    pace = slowness(*(reference() for _ in range(3))) if spent >= SECONDS else 1.0
    answer.send((spent, pace, int(peak.split()[1]) // 1024, sorted(rules)))
