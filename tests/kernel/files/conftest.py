"""Both kinds of store, which can be taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.files.store import Store
from tests.kit.stores import bucket_settings, storage, store  # noqa: F401  # fixtures


@pytest.fixture
def without(
    store: Store,  # noqa: F811  # the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], Any]:
    """Takes the store away: the folder is no folder any more, the storage has no such bucket."""

    def take_away() -> None:
        if hasattr(store, "folder"):
            (tmp_path / "files").write_text("no folder")
        else:
            store.bucket = "gone"  # type: ignore[attr-defined]  # a bucket's

    return take_away
