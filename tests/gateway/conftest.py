"""Sites for the tests of the door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.site import Site, SiteTemplate
from tests.kit.databases import Databases
from tests.kit.town import School


@pytest.fixture(scope="session")
def sites(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> SiteTemplate:
    """Makes sites."""
    return SiteTemplate(tmp_path_factory.mktemp("door"), databases)


@pytest.fixture
def door(sites: SiteTemplate, tmp_path: Path) -> Iterator[Site]:
    """A site of one school."""
    with sites.site(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def lasting(sites: SiteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site that the tests of a module share: those that write nothing, or do not look at what others wrote."""
    with sites.site(tmp_path_factory.mktemp("lasting")) as made:
        yield made


@pytest.fixture
def school(door: Site) -> School:
    return door.school
