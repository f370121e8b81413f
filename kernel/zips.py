"""Files of a zip that nobody trusts."""

from __future__ import annotations

import zipfile


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The bytes of a file, and no more of them than the zip's directory tells, whatever is packed there.

    `ZipFile.read` unpacks all there is and cuts it off afterwards: a file that lies about its size would fill the
    memory. Raises what `zipfile` raises for a damaged one, also where the checksum is not that of these bytes.
    """
    with archive.open(entry) as packed:
        return packed.read(entry.file_size)
