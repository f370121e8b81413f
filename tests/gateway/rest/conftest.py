"""A door whose files lie in either kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from kernel.files.store import Store
from tests.gateway.site import Site
from tests.kit.stores import bucket_settings, storage, store  # noqa: F401  # fixtures

#: The services that keep files.
KEEPERS = ("gradebook", "printing")


@pytest.fixture
def door_with_store(door: Site, store: Store) -> Iterator[Site]:  # noqa: F811  # the fixture
    """The door and the services that keep files use this store."""
    shared, services = door.app.extensions["lyceum"], door.bus.services
    kept = {name: services[name].files for name in KEEPERS}
    door.app.extensions["lyceum"] = replace(shared, files=store)
    for name in KEEPERS:
        services[name].files = store
    yield door
    door.app.extensions["lyceum"] = shared
    for name, files in kept.items():
        services[name].files = files
