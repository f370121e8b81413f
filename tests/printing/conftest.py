"""Printing in a database of its own, beside the services whose data it prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kernel.data.database import UnitOfWork
from kernel.files.folder import FolderStore
from services.attendance.service import AttendanceService
from services.printing.service import PrintingService
from tests.kit.calls import ask_directly
from tests.kit.databases import Databases
from tests.kit.town import School, Town, TownTemplate


@pytest.fixture
def engine(database: Callable[..., Engine]) -> Engine:
    return database("printing")


@pytest.fixture
def attendance(databases: Databases, town: Town, tmp_path: Path) -> Iterator[AttendanceService]:
    with databases.of("attendance", None, tmp_path) as engine:
        made = AttendanceService()
        made.unit_of_work = UnitOfWork(engine)
        made.ask = ask_directly(town.identity, town.gradebook, asker="attendance")
        town.listeners.append(made)
        yield made


@pytest.fixture
def service(engine: Engine, town: Town, attendance: AttendanceService, tmp_path: Path) -> PrintingService:
    made = PrintingService()
    made.unit_of_work = UnitOfWork(engine)
    made.ask = ask_directly(town.identity, town.gradebook, attendance, asker="printing")
    made.files = FolderStore(tmp_path / "files")
    return made


@pytest.fixture
def school(service: PrintingService, town: Town, towns: TownTemplate) -> School:
    return towns.school(town)
