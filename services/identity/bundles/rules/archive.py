"""Opens the zip of a bundle without trusting its directory."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from kernel.texts import Text
from kernel.zips import unpacked
from services.identity.bundles.rules.faults import Faults

#: Most bytes of all files together, unpacked.
LARGEST = 256 * 1024 * 1024
#: A table compresses ten or twenty times; a higher ratio than this is a zip bomb.
HIGHEST_RATIO = 200
#: Below this size a high ratio does no harm.
SMALL = 1024 * 1024
MOST_ENTRIES = 1000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
#: Faults of the whole zip name this file.
ARCHIVE = "bundle.zip"


def bundle_of_folder(path: Path) -> bytes:
    """Pack the CSV files of a folder as a bundle: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.glob("*.csv")):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def opened(packed: bytes, faults: Faults) -> dict[str, bytes]:
    """The CSV files of a bundle by name; an empty dict, with `faults`, if it cannot be unpacked safely."""
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
    """Check names, methods and the sizes of the directory, beyond which unpacking does not go (`kernel.zips`)."""
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
