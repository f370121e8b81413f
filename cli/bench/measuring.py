"""Starts processes and measures their cost: wall-clock time, CPU time of each, and memory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from servers.process import dying_with_us

OURSELVES: Final = "client"
NO_SETTINGS: Final[Mapping[str, str]] = {}
#: This checkout.
HERE: Final = Path(__file__).parents[2]
STOP_TIMEOUT: Final = 30
#: An odd number, which has a median.
ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Cost:
    """The average cost of one run, in milliseconds."""

    wall: float
    cpu: dict[str, float]

    @property
    def cpu_sum(self) -> float:
        """The CPU milliseconds of all processes together."""
        return sum(self.cpu.values())

    def __str__(self) -> str:
        parts = "  ".join(f"{name} {spent:.2f}" for name, spent in self.cpu.items())
        return f"wall {self.wall:7.2f} ms   CPU {self.cpu_sum:6.2f} ms = {parts}"


def median_round(
    one_round: Callable[[Path], tuple[Cost, Cost]], folder: Path, ratio: Callable[[Cost, Cost], float]
) -> tuple[Cost, Cost]:
    """Measure our work and the bare one in turns, each round in a folder of its own below `folder`.

    Returns the two costs of the round with the median ratio: other work on the machine changes a single round's ratio
    by a fifth.
    """
    rounds = []
    for number in range(ROUNDS):
        (own := folder / f"round-{number}").mkdir()
        rounds.append(one_round(own))
    return sorted(rounds, key=lambda costs: ratio(*costs))[ROUNDS // 2]


def measure(processes: Mapping[str, int], times: int, work: Callable[[], object]) -> Cost:
    """Call `work`, which makes `times` runs, and return the average cost of one."""
    before, began = _spent(processes), time.perf_counter()
    work()
    wall, after = time.perf_counter() - began, _spent(processes)
    cpu = {name: (after[name] - before[name]) * 1000 / times for name in after}
    return Cost(wall * 1000 / times, cpu)


def _spent(processes: Mapping[str, int]) -> dict[str, float]:
    return {OURSELVES: time.process_time(), **{name: _seconds(pid) for name, pid in processes.items()}}


def _seconds(pid: int) -> float:
    """CPU seconds that the process and its descendants have used."""
    process = psutil.Process(pid)
    return sum(map(_worked, (process, *process.children(recursive=True))))


def _worked(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # it ended since it was listed
        return 0.0
    return float(times.user + times.system)


def memory(pid: int) -> float:
    """Megabytes of the process and its descendants, with shared memory counted once (PSS)."""
    process = psutil.Process(pid)
    return sum(map(_proportional, (process, *process.children(recursive=True)))) / 1e6


def _proportional(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.NoSuchProcess:  # it ended since it was listed
        return 0.0


def python_of(checkout: Path) -> str:
    """The interpreter with the packages of a checkout: its own environment's, where it has one."""
    own = checkout / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


@contextmanager
def started(
    module: str, *arguments: str, log: Path, environment: Mapping[str, str] = NO_SETTINGS, checkout: Path = HERE
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m module …` of a checkout within the block, and stop it cleanly at the end."""
    command = dying_with_us([python_of(checkout), "-m", module, *arguments], signal.SIGKILL)
    settings = {**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONPATH": str(checkout), **environment}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # our own modules
            command, cwd=checkout, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
