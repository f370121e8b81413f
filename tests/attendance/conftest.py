"""Attendance in a migrated database, beside the services it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from kernel.data.database import UnitOfWork, make_engine
from services.attendance.service import AttendanceService
from tests.kit.calls import ask_directly
from tests.neighbours import School, Town, migrated, neighbours


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("templates")
    return migrated("identity", folder), migrated("gradebook", folder)


@pytest.fixture
def engine(database_url: str, bring_up: Callable[[str, str], None]) -> Iterator[Engine]:
    bring_up("attendance", database_url)
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def town(templates: tuple[Path, Path], tmp_path: Path) -> Iterator[Town]:
    with neighbours(tmp_path, *templates) as made:
        yield made


@pytest.fixture
def service(engine: Engine, town: Town) -> AttendanceService:
    made = AttendanceService()
    made.unit_of_work = UnitOfWork(engine)
    made.ask = ask_directly(town.identity, town.gradebook, asker="attendance")
    town.listeners.append(made)
    return made


@pytest.fixture
def school(service: AttendanceService, town: Town) -> School:
    return School(town)
