"""Watches the processes of `lyceum up`: starts again what ends, ends everything when asked to.

`python -m cli.supervisor FILE NOTE …` watches what FILE describes (JSON, a list of `Described`). `lyceum up` becomes
this program once all is prepared. It imports the standard library only, as it lives as long as the installation.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, TypedDict

#: What asks to stop.
STOPPING: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Seconds between two looks at the processes.
LOOK: Final = 0.5
#: Seconds before an ended process is started again: doubled each time, up to the longest, until one has lasted.
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
LASTED: Final = 60.0


class Described(TypedDict):
    """A process to watch."""

    name: str
    command: list[str]
    environment: dict[str, str]
    folder: str
    #: The file that its output is added to; our own output where empty.
    log: str
    stop_signal: int
    #: Seconds that it may take to stop.
    stop_seconds: float
    #: Those of a higher stage are stopped first.
    stage: int
    #: The process id where it runs already, as a child of this process.
    pid: int | None
    #: Whether it is started again when it ends.
    kept: bool


@dataclass
class Watched:
    """A described process, and how it fares."""

    what: Described
    pid: int | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    start_at: float | None = None
    _popen: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process in a session of its own: a Ctrl+C in the terminal is for us alone."""
        with Path(self.what["log"]).open("ab") if self.what["log"] else nullcontext() as log:
            self._popen = subprocess.Popen(  # noqa: S603  # what `lyceum up` described
                self.what["command"],
                env=self.what["environment"],
                cwd=self.what["folder"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid, self.started_at, self.start_at = self._popen.pid, time.monotonic(), None

    def adopt(self, pid: int) -> None:
        """Watch a child that runs already."""
        self.pid, self.started_at = pid, time.monotonic()

    def ended(self) -> int | None:
        """The exit status of the process that has ended since the last look, else None."""
        if self.pid is None:
            return None
        status = self._popen.poll() if self._popen is not None else _status_of(self.pid)
        if status is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)  # what it left behind would keep its data locked
            self.pid = self._popen = None
        return status

    def plan_start(self) -> float:
        """Plan the next start; returns the seconds until then."""
        if time.monotonic() - self.started_at > LASTED:
            self.pause = FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        self.start_at = time.monotonic() + pause
        return pause

    def signal(self, number: int) -> None:
        """Send the process a signal, where it runs."""
        if self.pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _status_of(pid: int) -> int | None:
    try:
        found, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:  # somebody else has waited for it
        return -1
    return os.waitstatus_to_exitcode(status) if found else None


class Supervisor:
    """Watches processes until it is asked to stop."""

    def __init__(self, described: Iterable[Described]) -> None:
        self.watched = [Watched(one) for one in described]
        self._asked = False

    def ask_to_stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        """Stop soon; a handler of signals, so it takes no lock."""
        self._asked = True

    def run(self) -> None:
        """Start what does not run, keep all running, and stop it in order."""
        for one in self.watched:
            if one.what["pid"] is None:
                one.start()
            else:
                one.adopt(one.what["pid"])
        while not self._asked:
            time.sleep(LOOK)
            self.look()
        self.stop()

    def look(self) -> None:
        """Start again what has ended."""
        for one in self.watched:
            status = one.ended()
            if status is not None and one.what["kept"]:
                _say(f"{one.what['name']} ended with status {status}; starting it again in {one.plan_start():g} s")
            if one.start_at is not None and time.monotonic() >= one.start_at:
                self._start_again(one)

    def _start_again(self, one: Watched) -> None:
        """Start a process, or plan the next attempt: the machine may be short of memory or its folder away."""
        try:
            one.start()
        except OSError as error:
            pause = one.plan_start()
            _say(f"{one.what['name']} cannot be started ({type(error).__name__}); next attempt in {pause:g} s")

    def stop(self) -> None:
        """Stop all processes, those of the highest stage first."""
        for stage in sorted({one.what["stage"] for one in self.watched}, reverse=True):
            stopping = [one for one in self.watched if one.what["stage"] == stage and one.pid is not None]
            for one in stopping:
                one.signal(one.what["stop_signal"])
            for one in stopping:
                self._await(one)

    def _await(self, one: Watched) -> None:
        until = time.monotonic() + one.what["stop_seconds"]
        while one.pid is not None and one.ended() is None:
            if time.monotonic() > until:
                _say(f"{one.what['name']} does not stop: it is killed")
                one.signal(signal.SIGKILL)
                until += one.what["stop_seconds"]
            time.sleep(0.05)


def _say(words: str) -> None:
    with suppress(OSError):  # nobody may read it any more
        print(words, file=sys.stderr, flush=True)


def main(file: str, *notes: str) -> None:
    """Watch what the file describes, which is deleted: it holds passwords. `notes` are deleted at the end."""
    path = Path(file)
    described: list[Described] = json.loads(path.read_text())
    path.unlink()
    supervisor = Supervisor(described)
    for number in STOPPING:
        signal.signal(number, supervisor.ask_to_stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)  # `lyceum up` held them back while it became this program
    supervisor.run()
    for note in notes:
        Path(note).unlink(missing_ok=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
