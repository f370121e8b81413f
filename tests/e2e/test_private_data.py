"""The running system's data folder is nobody else's to read, on both ways of running."""

from __future__ import annotations

import pytest

from tests.e2e.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_others_read_nothing_of_the_data_folder(stack: Stack) -> None:
    """What servers keep within their own folders is their matter: those are closed."""
    own = [path for path in stack.data.rglob("*") if path.relative_to(stack.data).parts[0] != "servers"]
    own = [path for path in own if path.suffix != ".png"]  # pictures that other tests took
    own += [*stack.data.glob("servers/*"), *stack.data.glob("servers/*/server.log")]
    open_to_others = {
        str(path.relative_to(stack.data))
        for path in own
        if path.stat().st_mode & (0o066 if path.is_dir() else 0o077) and path.name != "output.log"  # the tests' own
    }
    assert open_to_others == set()
    assert len(own) > 10
