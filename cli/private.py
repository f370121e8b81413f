"""Data files are for the user that runs Lyceum alone, whatever the umask is, and however earlier versions made them.

They hold what children are marked with and why they were absent, keys and secrets.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from contracts import SERVICES
from kernel.config import Settings

#: What nobody but us may do with a file or folder.
CLOSED: Final = 0o077
#: Where the database runs as another user, who has to pass through our folders: it may, and cannot list them.
PASSING: Final = 0o711
#: The folder of the servers below the data folder. What these keep within their own folders is their matter.
SERVERS: Final = "servers"


def tighten(settings: Settings) -> None:
    """Take from others what they may do with the data that is there.

    Outside the data folder a group may keep its rights: an operator may have services run as several users.
    """
    for path in _within(settings.data_dir):
        _close(path, CLOSED)
    for path in (*_databases(settings), *settings.keys_dir.glob("*/private.jwk")):
        _close(path, stat.S_IRWXO)


def let_servers_pass(*folders: Path) -> None:
    """Let the database's user through these folders, where we are root and it is not."""
    if os.geteuid() == 0:
        for folder in folders:
            folder.chmod(PASSING)


def _within(folder: Path) -> Iterator[Path]:
    """The folder and all in it, without what lies within the folders of servers' own."""
    yield folder
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_dir() or folder.parent.name == SERVERS:
            yield path
        else:
            yield from _within(path)


def _databases(settings: Settings) -> Iterator[Path]:
    """The files of SQLite that the settings name."""
    for service in SERVICES:
        url = make_url(settings.database_url(service))
        if url.get_backend_name() == "sqlite" and url.database:
            yield from (Path(f"{url.database}{suffix}") for suffix in ("", "-wal", "-shm"))


def _close(path: Path, bits: int) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    mode = stat.S_IMODE(found.st_mode)
    is_passage = stat.S_ISDIR(found.st_mode) and mode == PASSING
    if found.st_uid == os.geteuid() and mode & bits and not is_passage and not stat.S_ISLNK(found.st_mode):
        path.chmod(mode & ~bits)
