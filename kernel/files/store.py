"""What a store of files can do, and taking a file into it.

A file's name is the SHA-256 of its content, below the service that owns it and the school that it belongs to. So the
same file handed in twice is kept once, a kept file never changes, and no school can name another's. A store keeps bytes
alone: what a file is called, who handed it in, and how long it is needed stand in its owner's tables.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Final, Protocol
from uuid import UUID

from kernel.errors import Invalid, TooLarge, Unavailable
from kernel.files import kinds

#: Bytes that are read at once.
PART: Final = 64 * 1024
#: A file that nobody needs is deleted at this age. Before, whoever handed it in may not have said yet what it is for.
UNNEEDED: Final = timedelta(days=1)
#: Where files of no one school lie, such as a bundle of several.
ALL_SCHOOLS: Final = "all"
SHA256: Final = re.compile("[0-9a-f]{64}")


class FileMissing(LookupError):
    """The store has no such file."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file belongs: to a service, and to a school if it is one school's."""

    owner: str
    school_id: UUID | None

    def key(self, sha256: str) -> Key:
        """The name of a file of this place."""
        return Key(self, sha256)


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a file: its place, and the SHA-256 of its content."""

    place: Place
    sha256: str

    def __post_init__(self) -> None:
        if SHA256.fullmatch(self.sha256) is None:
            raise ValueError("a file's name is the SHA-256 of its content, in lower-case hexadecimal digits")

    @property
    def path(self) -> str:
        """The name in the store, with slashes."""
        return f"{self.place.owner}/{self.place.school_id or ALL_SCHOOLS}/{self.sha256}"

    @classmethod
    def from_path(cls, path: str) -> Key:
        """The key whose name this is. Raises ValueError if it is none."""
        owner, school, sha256 = path.split("/")
        return Place(owner, None if school == ALL_SCHOOLS else UUID(school)).key(sha256)


class Store(Protocol):
    """Keeps files. Every method raises `kernel.errors.Unavailable` while the store cannot be reached."""

    def incoming(self) -> AbstractContextManager[IO[bytes]]:
        """A file to write into, which is gone after the block unless it was kept."""

    def keep(self, key: Key, incoming: IO[bytes]) -> None:
        """Keep what was written into a file of `incoming`. When it returns, the file outlasts a loss of power."""

    def read(self, key: Key) -> bytes:
        """The content. Raises `FileMissing`."""

    def open(self, key: Key) -> IO[bytes]:
        """The file, to be read part by part and closed. Raises `FileMissing`."""

    def size(self, key: Key) -> int | None:
        """The size in bytes; None if there is no such file."""

    def delete(self, key: Key) -> None:
        """Delete the file, if it is there."""

    def kept_before(self, owner: str, moment: datetime) -> Iterator[Key]:
        """The files of a service that were last handed in before a moment."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that a store has taken."""

    sha256: str
    size: int


def take(
    store: Store, place: Place, parts: Iterable[bytes], *, largest: int, allowed: Collection[str], field: str
) -> Taken:
    """Take a file into the store, part by part: it never lies in memory whole.

    `parts` may raise where the sender breaks off; nothing is kept then. Raises `TooLarge` beyond `largest` bytes, and
    `Invalid` for an empty file and one whose content is of no kind in `allowed` (`kernel.files.kinds`); the refusals
    name the `field` of the request that held the file.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    with store.incoming() as incoming:
        for part in parts:
            size += len(part)
            if size > largest:
                raise TooLarge(
                    "The file is larger than {most} MB.", rule="file-too-large", field=field, most=largest // 1024**2
                )
            head = head or part[: kinds.LONGEST]
            digest.update(part)
            try:
                incoming.write(part)
            except OSError:  # no space left
                raise away() from None
        if not size:
            raise Invalid("The file is empty.", rule="file-empty", field=field)
        kinds.check(head, allowed, field)
        store.keep(place.key(digest.hexdigest()), incoming)
    return Taken(digest.hexdigest(), size)


def away() -> Unavailable:
    """The failure of a store that cannot be reached, or is full."""
    return Unavailable("Files cannot be kept just now.", rule="files-away")


def parts_of(stream: IO[bytes]) -> Iterator[bytes]:
    """What a stream holds, in parts."""
    while part := stream.read(PART):
        yield part


def delete_unneeded(store: Store, owner: str, needed: Iterable[Key], now: datetime) -> int:
    """Delete the files of a service that are older than `UNNEEDED` and not needed. Returns how many."""
    kept = set(needed)
    gone = [key for key in store.kept_before(owner, now - UNNEEDED) if key not in kept]
    for key in gone:
        store.delete(key)
    return len(gone)
