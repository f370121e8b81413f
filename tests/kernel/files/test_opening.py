"""The settings name a store."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.config import BadSetting, Settings, load
from kernel.files.folder import FolderStore
from kernel.files.opening import store_of


def test_files_lie_in_the_data_folder_unless_another_is_named(tmp_path: Path):
    for settings, folder in (
        (Settings(data_dir=tmp_path), tmp_path / "files"),
        (load({"LYCEUM_FILES_URL": f"file://{tmp_path}/of%20ours"}), tmp_path / "of ours"),
    ):
        store = store_of(settings)
        assert isinstance(store, FolderStore)
        assert store.folder == folder


def test_a_bucket_needs_its_key_where_it_is_opened_and_nowhere_else():
    settings = load({"LYCEUM_FILES_URL": "s3+https://storage.example/bucket"})
    with pytest.raises(BadSetting, match="LYCEUM_FILES_KEY"):
        store_of(settings)


def test_an_object_storage_that_nobody_answers_at_is_away_within_seconds(bucket_settings: Settings):
    from kernel.errors import Unavailable
    from kernel.files.store import Place

    settings = load(
        {"LYCEUM_FILES_URL": "s3+http://127.0.0.1:1/bucket", "LYCEUM_FILES_KEY": "x", "LYCEUM_FILES_SECRET": "y"}
    )
    with pytest.raises(Unavailable):
        store_of(settings).read(Place("identity", None).key("0" * 64))
