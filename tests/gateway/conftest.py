"""Sites for the tests of the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.site import SERVICES, Site, site
from tests.neighbours import School, migrated


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Service → a migrated SQLite database, to be copied."""
    folder = tmp_path_factory.mktemp("door")
    return {name: migrated(name, folder) for name in SERVICES}


@pytest.fixture
def door(templates: dict[str, Path], tmp_path: Path) -> Iterator[Site]:
    """A site of one school."""
    with site(tmp_path, templates) as made:
        yield made


@pytest.fixture(scope="module")
def lasting(templates: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that the tests of a module share: those that write nothing, or do not look at what others wrote."""
    with site(tmp_path_factory.mktemp("lasting"), templates) as made:
        yield made


@pytest.fixture
def school(door: Site) -> School:
    return door.school
