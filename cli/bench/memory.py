"""The memory of an idle `lyceum run` and an idle `lyceum up`."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Final

import psutil

from cli.bench.measuring import memory, started
from kernel.waiting import eventually
from servers.process import free_ports

START_TIMEOUT: Final = 180
#: Command → megabytes that it may need.
MOST: Final = {"run": 130, "up": 400}
SERVERS: Final = {"beam.smp": "RabbitMQ", "postgres": "PostgreSQL"}


def idle(folder: Path) -> bool:
    """Print the megabytes (PSS) of each command. Returns whether the goals are met."""
    met = []
    for command, most in MOST.items():
        data = folder / command
        data.mkdir()
        (port,) = free_ports(1)
        url = f"http://127.0.0.1:{port}/login"
        settings = {"LYCEUM_DATA": str(data), "PORT": str(port)}
        with started("cli.main", command, log=data / "log", environment=settings) as process:
            eventually(lambda u=url: _answers(u), START_TIMEOUT, f"lyceum {command} answers", ignoring=(OSError,))  # type: ignore[misc]  # a lambda's default
            whole = memory(process.pid)
            met.append(whole <= most)
            print(f"  lyceum {command:4} {_told(process.pid, whole)} (goal: {most} MB at most)", flush=True)
    return all(met)


def _told(pid: int, whole: float) -> str:
    """The sum, divided into Python and the servers."""
    below = [one for one in psutil.Process(pid).children() if one.name() in SERVERS]
    servers = {SERVERS[one.name()]: memory(one.pid) for one in below}
    ours = whole - sum(servers.values())
    parts = "".join(f", {name} {size:.0f} MB" for name, size in servers.items())
    return f"{whole:6.0f} MB: Python {ours:.0f} MB{parts}"


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)
