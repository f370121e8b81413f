"""The zip of a bundle: opened without trust in anything it says of itself."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from kernel.texts import Text
from kernel.zips import unpacked
from services.identity.bundles.rules.faults import Faults

#: Bytes of all files together, unpacked.
LARGEST = 256 * 1024 * 1024
#: A table packs some ten or twenty times smaller; what packs better than this was made to fill memories.
HIGHEST_RATIO = 200
#: Below this size a high ratio does no harm.
SMALL = 1024 * 1024
MOST_ENTRIES = 1000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
#: Where a fault lies that is not of one file.
ARCHIVE = "bundle.zip"


def bundle_of_folder(path: Path) -> bytes:
    """The CSV files of a folder as a bundle: the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.glob("*.csv")):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def opened(packed: bytes, faults: Faults) -> dict[str, bytes]:
    """The CSV files of a bundle by name; an empty dict where it is not safe or not possible to unpack it."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            _check_entries(entries, faults)
            if faults:
                return {}
            return {entry.filename: unpacked(archive, entry) for entry in entries if _is_table(entry)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        faults.add(ARCHIVE, "not-a-zip", Text("This is not a zip file, or it is damaged."))
    return {}


def _is_table(entry: zipfile.ZipInfo) -> bool:
    return "/" not in entry.filename and entry.filename.endswith(".csv")


def _check_entries(entries: list[zipfile.ZipInfo], faults: Faults) -> None:
    """Sizes are those of the directory: unpacking stops at them, and compares a checksum (`kernel.zips`)."""
    if len(entries) > MOST_ENTRIES:
        faults.add(ARCHIVE, "too-many-files", Text("The zip holds more than {most} files.", {"most": MOST_ENTRIES}))
        return
    if sum(entry.file_size for entry in entries) > LARGEST:
        faults.add(
            ARCHIVE, "too-large", Text("Unpacked, the bundle has more than {most} MiB.", {"most": LARGEST // 1024**2})
        )
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename[:200]
        if _leads_outside(entry.filename):
            faults.add(name, "path-outside", Text("The name of this file leads out of the bundle."))
        if entry.filename in seen:
            faults.add(name, "duplicate-file", Text("The zip holds two files of this name."))
        seen.add(entry.filename)
        if entry.flag_bits & ENCRYPTED:
            faults.add(name, "encrypted", Text("This file is encrypted."))
        elif entry.compress_type not in METHODS:
            faults.add(name, "packing-method", Text("This file is packed by a method other than deflate."))
        if entry.file_size > max(SMALL, entry.compress_size * HIGHEST_RATIO):
            faults.add(name, "zip-bomb", Text("This file unpacks to many times more than any table does."))


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name
