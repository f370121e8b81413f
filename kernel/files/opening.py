"""The store of files that an installation's settings name."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from kernel.config import BadSetting, Settings
from kernel.files.folder import FolderStore
from kernel.files.store import Store


def store_of(settings: Settings) -> Store:
    """The store at `LYCEUM_FILES_URL`, whose form `kernel.config` has checked; by default a folder of the data.

    Raises `BadSetting` where a bucket's key is missing: only processes that reach the store are given it.
    """
    if not settings.files_url:
        return FolderStore(settings.data_dir / "files")
    parts = urlsplit(settings.files_url)
    if parts.scheme == "file":
        return FolderStore(Path(unquote(parts.path)))
    if not (settings.files_key and settings.files_secret):
        raise BadSetting("LYCEUM_FILES_KEY, LYCEUM_FILES_SECRET: give the key of the object storage and its secret.")
    from kernel.files.s3 import S3Store  # late: 40 MB that an installation with a folder does without

    region = parse_qs(parts.query).get("region", ["us-east-1"])[0]
    endpoint = f"{parts.scheme.removeprefix('s3+')}://{parts.netloc}"
    return S3Store(endpoint, parts.path.strip("/"), settings.files_key, settings.files_secret, region)
