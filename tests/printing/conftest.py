"""Printing in a migrated database, beside the services whose data it prints."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kernel.data.database import UnitOfWork, make_engine
from services.attendance.service import AttendanceService
from services.printing.service import PrintingService
from tests.kit.calls import ask_directly
from tests.neighbours import School, Town, migrated, neighbours


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("templates")
    return {name: migrated(name, folder) for name in ("identity", "gradebook", "attendance")}


@pytest.fixture
def engine(database_url: str, bring_up: Callable[[str, str], None]) -> Iterator[Engine]:
    bring_up("printing", database_url)
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def town(templates: dict[str, Path], tmp_path: Path) -> Iterator[Town]:
    with neighbours(tmp_path, templates["identity"], templates["gradebook"]) as made:
        yield made


@pytest.fixture
def attendance(templates: dict[str, Path], town: Town, tmp_path: Path) -> Iterator[AttendanceService]:
    shutil.copy(templates["attendance"], tmp_path / "neighbour-attendance.sqlite")
    made = AttendanceService()
    made.unit_of_work = UnitOfWork(make_engine(f"sqlite:///{tmp_path / 'neighbour-attendance.sqlite'}"))
    made.ask = ask_directly(town.identity, town.gradebook, asker="attendance")
    town.listeners.append(made)
    yield made
    made.unit_of_work.engine.dispose()


@pytest.fixture
def service(engine: Engine, town: Town, attendance: AttendanceService) -> PrintingService:
    made = PrintingService()
    made.unit_of_work = UnitOfWork(engine)
    made.ask = ask_directly(town.identity, town.gradebook, attendance, asker="printing")
    return made


@pytest.fixture
def school(service: PrintingService, town: Town) -> School:
    return School(town)
