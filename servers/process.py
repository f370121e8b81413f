"""Runs servers from this machine's binaries, on loopback, with their data in a given folder.

`lyceum up`, the tests, the table of faults and the benchmark start RabbitMQ (`servers.rabbit`) and
PostgreSQL (`servers.postgres`) this way. A server ends with the thread that started it, even if that is
killed. Processes that were not started here are never touched.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from kernel.waiting import NeverHappened, eventually

if TYPE_CHECKING:
    import psutil

#: Below the system's range of ports for outgoing connections. Otherwise a client that keeps trying while the server
#: is down could be given the server's port, connect to itself and block the server.
PORTS = range(15_000, 32_000)
START_TIMEOUT = 90
STOP_TIMEOUT = 60
TOOL_TIMEOUT = 120
LOG_TAIL = 2000
#: Run by sh with the starter's process id as $0: a starter that died before setpriv took effect sends no signal.
STARTER_LIVES = '[ "$PPID" = "$0" ] && exec "$@"; exit 1'


class MissingBinary(RuntimeError):
    """A program that a server needs is missing; the message names it and what to install."""


class ServerFailed(RuntimeError):
    """A server or its control program failed; the message ends with its output."""


def free_ports(count: int) -> list[int]:
    """`count` different free loopback ports."""
    ports: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue  # the port is in use
            ports.append(port)
        if len(ports) == count:
            return ports
    raise ServerFailed(f"Fewer than {count} free ports from {PORTS.start} to {PORTS.stop} on 127.0.0.1.")


def dying_with_us(command: Sequence[str], death: signal.Signals, *privileges: str) -> list[str]:
    """Wrap `command` so that it gets the signal `death` when the thread that starts it ends.

    `privileges` are options of setpriv (util-linux). Raises `MissingBinary` where they are given and setpriv is
    missing; without both, the command is returned unchanged and outlives a killed parent.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is not None:
        guard = ["sh", "-c", STARTER_LIVES, str(os.getpid())]
        return [setpriv, *privileges, "--pdeathsig", death.name.removeprefix("SIG"), *guard, *command]
    if privileges:
        raise MissingBinary("setpriv is missing: install util-linux, or do not run as root.")
    return list(command)


def run_tool(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> str:
    """Run a server's tool, such as initdb or rabbitmqctl, and return its output. Raises `ServerFailed` with that."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TOOL_TIMEOUT,
        check=False,
    )
    if done.returncode != 0:
        said = f"{done.stdout}\n{done.stderr}".strip()
        raise ServerFailed(f"{' '.join(command)} failed with status {done.returncode}: {said}")
    return done.stdout


def kept_secret(path: Path) -> str:
    """The secret in the file `path`, created at first use and readable only by its owner."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))
    return path.read_text()


@dataclass(frozen=True)
class RunningProcess:
    """A process of a running server: enough for a supervisor to start it again."""

    name: str
    pid: int
    command: list[str]
    stop_signal: signal.Signals


class Server(ABC):
    """A server process; as a context manager it runs within the block."""

    title: ClassVar[str]
    #: The signal that stops it cleanly, and the one that it gets when its starter has died.
    stop_signal: ClassVar[signal.Signals]
    death_signal: ClassVar[signal.Signals]

    def __init__(self, folder: Path) -> None:
        """`folder` holds the server's data, settings, secrets and log; it is created if it is missing."""
        self.folder = folder.resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log_path = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def prepare(self) -> None:
        """Write the files that the server reads when it starts. Called before each start."""

    @abstractmethod
    def command(self) -> list[str]:
        """The server's command line."""

    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """The server's complete environment."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether the server accepts a client's login. May raise OSError where it does not."""

    @property
    def running(self) -> bool:
        """Whether the process is running; it may not answer yet."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        if self._process is None:
            raise ServerFailed(f"{self.title} was not started.")
        return self._process.pid

    def processes(self) -> list[RunningProcess]:
        """The server's processes, each before those that it needs."""
        return [RunningProcess(self.title, self.pid, self.command(), self.stop_signal)]

    def launch(self) -> None:
        """Start the process and return at once, so that several servers can start in parallel."""
        if self.running:
            raise ServerFailed(f"{self.title} runs already (process {self.pid}).")
        self.prepare()
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                env=self.environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_ready(self, timeout: float = START_TIMEOUT) -> None:
        """Wait until the server answers. Raises `ServerFailed` where it ended or took more than `timeout` seconds."""
        try:
            eventually(self._ready_or_ended, timeout, f"{self.title} answers", ignoring=(OSError,))
        except NeverHappened as never:
            self.kill()
            raise ServerFailed(f"{never}. {self._log()}") from None
        if not self.running:
            raise ServerFailed(f"{self.title} ended while it started. {self._log()}")

    def start(self, timeout: float = START_TIMEOUT) -> None:
        """Start the server and wait until it answers."""
        self.launch()
        self.wait_ready(timeout)

    def stop(self) -> None:
        """Stop the server cleanly; its data are kept. Does nothing where it does not run."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """Kill the server's processes with SIGKILL, like a crash."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop cleanly and start again, with the same ports and data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    def _ready_or_ended(self) -> bool:
        return not self.running or self.ready()

    def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        import psutil  # needed at the end only

        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(how)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # A child that outlived the server would keep its data locked at the next start.
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        eventually(lambda: not any(map(_alive, children)), STOP_TIMEOUT, f"all processes of {self.title} end")

    def _log(self) -> str:
        tail = self.log_path.read_bytes()[-LOG_TAIL:].decode(errors="replace").strip()
        return f"The end of {self.log_path}:\n{tail}"


def _alive(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
