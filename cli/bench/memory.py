"""What an idle `lyceum run` and an idle `lyceum up` hold in memory."""

from __future__ import annotations

import urllib.request
from pathlib import Path
from typing import Final

import psutil

from cli.bench.measuring import memory, started
from kernel.servers import free_ports
from kernel.waiting import eventually

START_TIMEOUT: Final = 180


def idle(folder: Path) -> bool:
    """Megabytes of each, PSS. There is no target."""
    for command in ("run", "up"):
        data = folder / command
        data.mkdir()
        (port,) = free_ports(1)
        url = f"http://127.0.0.1:{port}/login"
        with started("cli.main", command, log=data / "log", LYCEUM_DATA=str(data), PORT=str(port)) as process:
            eventually(lambda u=url: _answers(u), START_TIMEOUT, f"lyceum {command} answers", ignoring=(OSError,))  # type: ignore[misc]  # a lambda's default
            print(f"  lyceum {command:4} {_told(process.pid)}", flush=True)
    return True


def _told(pid: int) -> str:
    """The sum, and the part of programs that are not Python."""
    whole = memory(pid)
    below = psutil.Process(pid).children()
    servers = {_title(one): memory(one.pid) for one in below if not one.name().startswith(("python", "lyceum"))}
    parts = "".join(f", of which {name} {size:.0f} MB" for name, size in servers.items())
    return f"{whole:6.0f} MB{parts}"


def _title(process: psutil.Process) -> str:
    return {"beam.smp": "RabbitMQ", "postgres": "PostgreSQL"}.get(process.name(), process.name())


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own address
        return bool(answer.status == 200)
