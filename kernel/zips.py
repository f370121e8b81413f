"""Unpacking files of untrusted zip archives."""

from __future__ import annotations

import zipfile


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The unpacked bytes of an entry, at most as many as the zip's directory states.

    `ZipFile.read` unpacks everything and cuts it off afterwards, so an entry that lies about its size would fill the
    memory. Raises what `zipfile` raises for a damaged entry, including one whose checksum does not match.
    """
    with archive.open(entry) as packed:
        return packed.read(entry.file_size)
