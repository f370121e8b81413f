"""A store in a folder: for one machine, or several that share a file system."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from kernel.files.store import UNNEEDED, FileMissing, Key, away

#: Where files lie while they arrive.
INCOMING: Final = ".incoming"


class FolderStore:
    """Keeps files below a folder that our user alone may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def incoming(self) -> Iterator[IO[bytes]]:
        """A file beside those that are kept, so that keeping it is a renaming."""
        with _reaching():
            waiting = self._made(self.folder / INCOMING)
            _delete_left_behind(waiting)
            handle, name = tempfile.mkstemp(dir=waiting)
            os.close(handle)
        try:
            with Path(name).open("wb") as file:
                yield file
        finally:
            Path(name).unlink(missing_ok=True)

    def keep(self, key: Key, incoming: IO[bytes]) -> None:
        """Write the file's bytes to the disk, then give it its name; the same content may be there already."""
        with _reaching():
            incoming.flush()
            os.fsync(incoming.fileno())
            path = self._path(key)
            self._made(path.parent)
            Path(incoming.name).replace(path)
            path.touch()  # handed in just now, even where it arrived slowly
            _sync(path.parent)

    def read(self, key: Key) -> bytes:
        """The content. Raises `FileMissing`."""
        with _reaching(key):
            return self._path(key).read_bytes()

    def open(self, key: Key) -> IO[bytes]:
        """The file, to be read part by part and closed. Raises `FileMissing`."""
        with _reaching(key):
            return self._path(key).open("rb")

    def size(self, key: Key) -> int | None:
        """The size in bytes; None if there is no such file."""
        with suppress(FileMissing), _reaching(key):
            return self._path(key).stat().st_size
        return None

    def delete(self, key: Key) -> None:
        """Delete the file, if it is there."""
        with _reaching():
            self._path(key).unlink(missing_ok=True)

    def kept_before(self, owner: str, moment: datetime) -> Iterator[Key]:
        """The files of a service that were last handed in before a moment."""
        with _reaching():
            try:
                paths = [path for school in (self.folder / owner).iterdir() for path in sorted(school.iterdir())]
            except FileNotFoundError:  # nobody has handed in anything yet
                return
        for path in paths:
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield Key.from_path(path.relative_to(self.folder).as_posix())

    def _path(self, key: Key) -> Path:
        return self.folder / key.path

    def _made(self, folder: Path) -> Path:
        """The folder, made with those above it up to the store's own where need be."""
        if not folder.is_dir():
            if folder != self.folder:
                self._made(folder.parent)
            folder.mkdir(mode=0o700, parents=folder == self.folder, exist_ok=True)
            _sync(folder.parent)
        return folder


@contextmanager
def _reaching(key: Key | None = None) -> Iterator[None]:
    """Raise `FileMissing` where the block does not find the key's file, `Unavailable` where the disk fails it."""
    try:
        yield
    except FileNotFoundError:
        if key is not None:
            raise FileMissing(key.path) from None
        raise away() from None
    except OSError:  # no space left, no permission, a file system that is away
        raise away() from None


def _sync(folder: Path) -> None:
    """Write a folder's entries to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete_left_behind(waiting: Path) -> None:
    """Delete what processes that were killed had not finished."""
    oldest = time.time() - UNNEEDED.total_seconds()
    for path in waiting.iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
