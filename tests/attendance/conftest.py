"""Attendance in a database of its own, beside the services it asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from kernel.data.database import UnitOfWork
from services.attendance.service import AttendanceService
from tests.kit.calls import ask_directly
from tests.kit.town import School, Town, TownTemplate


@pytest.fixture
def engine(database: Callable[..., Engine]) -> Engine:
    return database("attendance")


@pytest.fixture
def service(engine: Engine, town: Town) -> AttendanceService:
    made = AttendanceService()
    made.unit_of_work = UnitOfWork(engine)
    made.ask = ask_directly(town.identity, town.gradebook, asker="attendance")
    town.listeners.append(made)
    return made


@pytest.fixture
def school(service: AttendanceService, town: Town, towns: TownTemplate) -> School:
    return towns.school(town)
