"""A store in a bucket of an object storage that speaks S3: for an installation on several machines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from kernel.files.store import FileMissing, Key, away

#: Seconds to wait for a connection, and for the next bytes of an answer.
CONNECT: Final = 3
READ: Final = 20
#: How often a request is sent before the storage counts as away.
ATTEMPTS: Final = 3
#: What storages answer where there is no such object.
ABSENT: Final = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Store:
    """Keeps files in a bucket, which exists already and is readable by this installation alone."""

    def __init__(self, endpoint: str, bucket: str, key_id: str, secret: str, region: str) -> None:
        """`endpoint` is the storage's URL; requests name the bucket in the path, as every such storage understands."""
        self.bucket = bucket
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=key_id,
            aws_secret_access_key=secret,
            region_name=region,
            config=Config(
                connect_timeout=CONNECT,
                read_timeout=READ,
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                s3={"addressing_style": "path"},
                # other storages than Amazon's do not know the checksums that boto3 adds by default
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @contextmanager
    def incoming(self) -> Iterator[IO[bytes]]:
        """A file of this machine, which is gone after the block."""
        with tempfile.TemporaryFile() as file:
            yield file

    def keep(self, key: Key, incoming: IO[bytes]) -> None:
        """Upload what was written, also where the same content is there: it counts as handed in now."""
        incoming.flush()
        incoming.seek(0)
        with _reaching(key):
            # not by boto3's own threads: a service's are green
            self._client.put_object(Bucket=self.bucket, Key=key.path, Body=incoming)

    def read(self, key: Key) -> bytes:
        """The content. Raises `FileMissing`."""
        with _reaching(key):
            found: bytes = self._client.get_object(Bucket=self.bucket, Key=key.path)["Body"].read()
            return found

    def open(self, key: Key) -> IO[bytes]:
        """The file, to be read part by part and closed. Raises `FileMissing`."""
        with _reaching(key):
            body: IO[bytes] = self._client.get_object(Bucket=self.bucket, Key=key.path)["Body"]
            return body

    def size(self, key: Key) -> int | None:
        """The size in bytes; None if there is no such file."""
        try:
            with _reaching(key):
                found: int = self._client.head_object(Bucket=self.bucket, Key=key.path)["ContentLength"]
        except FileMissing:
            return None
        return found

    def delete(self, key: Key) -> None:
        """Delete the file, if it is there."""
        with _reaching(key):
            self._client.delete_object(Bucket=self.bucket, Key=key.path)

    def kept_before(self, owner: str, moment: datetime) -> Iterator[Key]:
        """The files of a service that were last handed in before a moment."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{owner}/")
        with _reaching(None):
            for page in pages:
                for found in page.get("Contents", ()):
                    if found["LastModified"] < moment:
                        yield Key.from_path(found["Key"])


@contextmanager
def _reaching(key: Key | None) -> Iterator[None]:
    """Raise `FileMissing` where the storage has no object of the key, `Unavailable` where it fails the block."""
    try:
        yield
    except ClientError as error:
        if key is not None and error.response.get("Error", {}).get("Code") in ABSENT:
            raise FileMissing(key.path) from None
        raise away() from None
    except (BotoCoreError, OSError):
        raise away() from None
