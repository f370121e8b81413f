"""What a read costs on the real stack, beside bare SQL in a bare Flask view."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from cli.bench.load import AT_ONCE, Request, WrongAnswer, send_all
from cli.bench.measuring import OURSELVES, Cost, measure, started
from cli.bench.requests import WARMING, medians, total
from kernel.waiting import eventually
from servers.process import free_ports

#: At most so many times the CPU of the bare view.
GOAL: Final = 3.0
REQUESTS: Final = 240


@dataclass(frozen=True)
class Side:
    """What is measured: where it answers, by which processes, and a request of each kind."""

    port: int
    processes: dict[str, int]
    kinds: Mapping[str, Callable[[], Request]]


@dataclass(frozen=True)
class Kind:
    """A kind of read: its title, what an answer holds, and how often."""

    title: str
    holds: bytes
    times: int


def compared(sides: tuple[Side, Side], name: str, kind: Kind) -> bool:
    """Print what a read costs on both sides, the median round of each. Returns whether the goal is met."""
    for side in sides:
        answers = partial(_round, side, name, kind, WARMING)
        eventually(answers, 90, "it answers", ignoring=(WrongAnswer,))
    measured = [partial(_round, side, name, kind, REQUESTS) for side in sides]
    ours, bare = medians(measured)
    ratio = total(ours) / total(bare)
    print(f"  {kind.title:32} {_told(ours)}", flush=True)
    print(f"  {'':18} bare SQL in Flask {_told(bare)}", flush=True)
    print(f"  {'':18} {ratio:.2f} times as much, goal {GOAL:g}: {'met' if ratio <= GOAL else 'MISSED'}", flush=True)
    return ratio <= GOAL


def _told(cost: Cost) -> str:
    parts = "  ".join(f"{name} {spent:.2f}" for name, spent in cost.cpu.items() if name != OURSELVES)
    return f"{total(cost):6.2f} ms = {parts}"


def _round(side: Side, name: str, kind: Kind, times: int) -> Cost:
    """What one read costs, of so many. Raises `WrongAnswer`."""
    requests = list(islice(iter(side.kinds[name], None), times))

    def heard(_place: int, answer: bytes) -> None:
        found = answer.count(kind.holds)
        if found != kind.times:
            raise WrongAnswer(f"{kind.holds!r} {found} times instead of {kind.times}: {answer[:300]!r}")

    return measure(side.processes, times, lambda: send_all(side.port, requests, heard))


@contextmanager
def bare_view(module: str, folder: Path, settings: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """A bare view of this package on the same databases: its port and its process."""
    (port,) = free_ports(1)
    serving = ("--bind", f"127.0.0.1:{port}", "--threads", str(AT_ONCE), f"cli.bench.{module}:made()")
    with started("gunicorn", *serving, log=folder / "bare.log", environment=settings) as process:
        yield port, process.pid
