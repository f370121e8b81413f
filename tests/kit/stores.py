"""Both kinds of store: a folder, and a bucket of a server that speaks S3 over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from kernel.config import Settings, load
from kernel.files.opening import store_of
from kernel.files.store import Store

KEY = {"LYCEUM_FILES_KEY": "the key", "LYCEUM_FILES_SECRET": "the secret"}


@pytest.fixture(scope="session")
def storage() -> Iterator[str]:
    """The address of an object storage."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket_settings(storage: str) -> Settings:
    """The settings of an installation with an empty bucket."""
    name = f"lyceum-{uuid4().hex}"
    with closing(
        boto3.client(
            "s3", endpoint_url=storage, aws_access_key_id="x", aws_secret_access_key="x", region_name="us-east-1"
        )
    ) as client:
        client.create_bucket(Bucket=name)
    return load({"LYCEUM_FILES_URL": f"s3+{storage}/{name}", **KEY})


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each kind, opened as a service opens it."""
    if request.param == "folder":
        return store_of(Settings(data_dir=tmp_path))
    settings: Settings = request.getfixturevalue("bucket_settings")
    return store_of(settings)
