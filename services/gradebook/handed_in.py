"""Files that people hand in to the gradebook: calendars of days off, thematic plans."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from kernel.clock import now
from kernel.errors import Invalid
from kernel.files.store import FileMissing, Place, Store, delete_unneeded

SERVICE: Final = "gradebook"
#: Seconds between two looks for files that nobody needs.
DAY: Final = 86_400


def content(store: Store, school_id: UUID | None, file: str) -> bytes:
    """A file by its SHA-256. Raises `Invalid` where nobody of this school handed it in, or a day ago or more."""
    try:
        return store.read(Place(SERVICE, school_id).key(file))
    except FileMissing:
        raise Invalid("The file is not there any more: hand it in again.", rule="file-missing", field="file") from None


def delete_old(store: Store) -> None:
    """Delete files that were handed in more than a day ago: what was taken of them stands in the tables."""
    delete_unneeded(store, SERVICE, (), now())
