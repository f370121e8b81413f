"""The command as a person gives it, on a data folder of its own, and the demo school loaded once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from cli.demo import DemoSchool, generate, load
from cli.main import main
from contracts import SERVICES
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from kernel.files.folder import FolderStore
from kernel.files.store import Store

#: A Wednesday in the second quarter: lessons behind it, lessons to come.
TODAY = date(2026, 11, 25)


@dataclass
class Done:
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, the only thing that is set."""
    for name in [name for name in os.environ if name.startswith("LYCEUM_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.setenv("LYCEUM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def lyceum(data: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Gives a command."""

    def give(*arguments: str) -> Done:
        capsys.readouterr()
        status: int | str | None = 0
        try:
            main(list(arguments))
        except SystemExit as ended:
            status = ended.code
        said = capsys.readouterr()
        assert isinstance(status, int)
        return Done(status, said.out, said.err)

    return give


@dataclass
class Loaded:
    """The demo school in migrated databases."""

    school: DemoSchool
    units: dict[str, UnitOfWork]
    files: Store
    logins: load.Logins
    logins_path: Path


def migrated(folder: Path) -> dict[str, UnitOfWork]:
    """Empty databases of all services."""
    units = {}
    for service in SERVICES:
        url = f"sqlite:///{folder / service}.sqlite"
        migrations.upgrade(service, url)
        units[service] = UnitOfWork(make_engine(url), consumer=service)
    return units


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    """The demo school, to be looked at only."""
    folder = tmp_path_factory.mktemp("demo")
    units = migrated(folder)
    files = FolderStore(folder / "files")
    logins = load.load(units, files, folder / "demo-logins.json", TODAY)
    yield Loaded(generate(TODAY, load.SEED), units, files, logins, folder / "demo-logins.json")
    for unit in units.values():
        unit.engine.dispose()
