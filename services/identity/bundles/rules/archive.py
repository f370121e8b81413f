"""Opens the zip of a bundle without trusting its directory."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from kernel.texts import Text
from kernel.zips import unpacked
from services.identity.bundles.rules.columns import FILES
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
#: Name in small letters → the name of a table.
SPELLED = {f"{name}.csv".lower(): f"{name}.csv" for name in ("manifest", *FILES)}
#: Faults of the whole zip name this file.
ARCHIVE = "bundle.zip"
UNKNOWN_FILE = Text("OneRoster knows no such file. Nothing of it is imported.")


def bundle_of_folder(path: Path) -> bytes:
    """Pack the CSV files of a folder as a bundle: the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path.glob("*.csv")):
            archive.writestr(zipfile.ZipInfo(file.name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def opened(packed: bytes, faults: Faults) -> dict[str, bytes]:
    """The CSV files of a bundle by name; an empty dict, with `faults`, if it cannot be unpacked safely.

    Other files are told, and not unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            _check_entries(entries, faults)
            if faults:
                return {}
            folder = _folder_of(entries)
            tables = {name: entry for entry in entries if (name := _table_name(entry, folder))}
            for entry in entries:
                if _is_somebodys(entry) and entry not in tables.values():
                    faults.remark(entry.filename[:200], "unknown-file", UNKNOWN_FILE)
            return {name: unpacked(archive, entry) for name, entry in tables.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError):
        faults.add(ARCHIVE, "not-a-zip", Text("This is not a zip file, or it is damaged."))
    return {}


def _folder_of(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder that holds all files, where somebody packed the folder instead of the files; else empty."""
    folders = {entry.filename.rpartition("/")[0] for entry in entries if _is_somebodys(entry)}
    return folders.pop() + "/" if len(folders) == 1 and folders != {""} else ""


def _is_somebodys(entry: zipfile.ZipInfo) -> bool:
    """Whether a person put the file there, and no program that packs folders or looks at them."""
    name = entry.filename
    return not entry.is_dir() and not name.startswith("__MACOSX/") and not name.rpartition("/")[2].startswith(".")


def _table_name(entry: zipfile.ZipInfo, folder: str) -> str | None:
    """The name of a table as OneRoster spells it, however its letters are written; None for another file."""
    name = entry.filename.removeprefix(folder)
    if not _is_somebodys(entry) or "/" in name or not name.lower().endswith(".csv"):
        return None
    return SPELLED.get(name.lower(), name)


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
        if entry.filename.lower() in seen:
            faults.add(name, "duplicate-file", Text("The zip holds two files of this name."))
        seen.add(entry.filename.lower())
        if entry.flag_bits & ENCRYPTED:
            faults.add(name, "encrypted", Text("This file is encrypted."))
        elif entry.compress_type not in METHODS:
            faults.add(name, "packing-method", Text("This file is packed by a method other than deflate."))
        if entry.file_size > max(SMALL, entry.compress_size * HIGHEST_RATIO):
            faults.add(name, "zip-bomb", Text("This file unpacks to many times more than any table does."))


def _leads_outside(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name
