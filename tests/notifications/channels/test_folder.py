"""Letters where there is no mail server."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifications.channels.folder import FolderOutlet
from services.notifications.channels.outcomes import Away
from tests.notifications.channels.letters import letter


def test_without_a_server_letters_are_written_whole_to_the_folder(tmp_path):
    folder = tmp_path / "data" / "mail"
    for _ in range(2):  # a doubled send is one file
        FolderOutlet(folder).send(letter())
    assert [path.name for path in folder.iterdir()] == ["0197-1.eml"]
    assert (folder / "0197-1.eml").read_bytes() == letter().data


def test_a_folder_that_cannot_be_written_is_away(tmp_path):
    (tmp_path / "mail").write_text("a file, not a folder")
    with pytest.raises(Away) as away:
        FolderOutlet(Path(tmp_path / "mail")).send(letter())
    assert away.value.reason == "folder-FileExistsError"
