"""The supervisor by itself, with small programs to watch."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from cli import supervisor
from cli.supervisor import Described, Supervisor
from kernel.waiting import eventually

ROOT = Path(__file__).parents[2]
ENDS = "raise SystemExit(3)"
LASTS = "import time; time.sleep(60)"
#: Takes no notice of being asked to stop.
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(60)"
)


def described(home: Path, program: str, **more: Any) -> Described:
    known: dict[str, Any] = {
        "name": "program",
        "command": [sys.executable, "-c", program],
        "environment": {},
        "folder": str(home),
        "log": str(home / "log"),
        "stop_signal": signal.SIGTERM,
        "stop_seconds": 5,
        "stage": 1,
        "pid": None,
        "kept": True,
    }
    return cast(Described, known | more)


@pytest.fixture
def watching() -> Iterator[Any]:
    made: list[Supervisor] = []

    def watch(*programs: Described) -> Supervisor:
        made.append(Supervisor(programs))
        for one in made[-1].watched:
            one.start()
        return made[-1]

    yield watch
    for one in made:
        one.stop()


def test_what_ends_is_started_again_after_longer_and_longer_pauses(
    tmp_path: Path, watching: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    made = watching(described(tmp_path, ENDS))
    (one,) = made.watched
    one.pause = 0.01
    said = ""

    def thrice() -> bool:
        nonlocal said
        made.look()
        said += capsys.readouterr().err
        return said.count("ended with status 3") >= 3

    eventually(thrice, 20, "it ends three times")
    for pause in ("0.01", "0.02", "0.04"):
        assert f"starting it again in {pause} s" in said


def test_what_cannot_be_started_now_is_tried_again(
    tmp_path: Path, watching: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "away"
    folder.mkdir()
    made = watching(described(tmp_path, LASTS, folder=str(folder)))
    (one,) = made.watched
    folder.rmdir()
    one.signal(signal.SIGKILL)
    one.pause = 0.01
    said = ""

    def told() -> bool:
        nonlocal said
        made.look()
        said += capsys.readouterr().err
        return "cannot be started (FileNotFoundError)" in said

    eventually(told, 20, "it says that it cannot start it")
    folder.mkdir()
    eventually(lambda: made.look() or one.pid, 20, "it is there again")


def test_what_is_not_kept_may_end(tmp_path: Path, watching: Any) -> None:
    made = watching(described(tmp_path, ENDS, kept=False))
    (one,) = made.watched
    eventually(lambda: made.look() or one.pid is None, 20, "it has ended")
    made.look()
    assert (one.pid, one.start_at) == (None, None)


def test_what_does_not_stop_is_killed_and_higher_stages_go_first(tmp_path: Path, watching: Any) -> None:
    low, high = (tmp_path / name for name in ("low", "high"))
    for folder in (low, high):
        folder.mkdir()
    made = watching(described(low, LASTS, stage=1), described(high, STUBBORN, stage=2, stop_seconds=0.2))
    eventually(lambda: "here" in (high / "log").read_text(), 20, "it does not listen")
    began = time.monotonic()
    made.stop()
    assert time.monotonic() - began > 0.2
    assert [one.pid for one in made.watched] == [None, None]


@pytest.mark.parametrize("number", supervisor.STOPPING)
def test_whatever_asks_it_to_stop_it_stops_what_it_watches(tmp_path: Path, number: signal.Signals) -> None:
    says = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(print('stopped', flush=True)));"
        "print('here', flush=True); time.sleep(60)"
    )
    file, note = tmp_path / "processes.json", tmp_path / "running.json"
    file.write_text(json.dumps([described(tmp_path, says)]))
    note.touch()
    with subprocess.Popen([sys.executable, "-m", "cli.supervisor", str(file), str(note)], cwd=ROOT) as watching:
        log = tmp_path / "log"
        eventually(lambda: log.exists() and "here" in log.read_text(), 20, "the program runs")
        watching.send_signal(number)
        assert watching.wait(20) == 0
    assert log.read_text() == "here\nstopped\n"
    assert not note.exists()
