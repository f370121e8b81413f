"""The system that runs, on the embedded and on the real stack, for all the tests from outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.stack import UP, Stack, started


@pytest.fixture(
    scope="package",
    params=["run", UP],
)
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    # attendance is ended by a test, beside services that go on
    options = ("--apart", "attendance") if request.param == "up" else ()
    with started(request.param, tmp_path_factory.mktemp(f"lyceum-{request.param}"), *options) as running:
        yield running
