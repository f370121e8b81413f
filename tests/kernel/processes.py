"""The bell as a process of its own, in a home with keys, tables and settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from kernel.auth import Membership, Signer, human_claims, make_keys
from kernel.bus.client import Client
from kernel.config import Settings
from kernel.contract import Rpc
from kernel.data.database import UnitOfWork, make_engine
from kernel.errors import LyceumError
from kernel.waiting import eventually
from servers.rabbit import RabbitBroker
from tests.kernel.bell import Bell, make_tables

ROOT = Path(__file__).parents[2]


@dataclass
class Home:
    """Where a bell lives."""

    folder: Path
    database: str = ""
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(data_dir=self.folder, database=self.database, stop_seconds=10)
        make_keys(self.settings.keys_dir, ("identity", "bell", "gateway"))
        make_tables(self.url)

    @property
    def url(self) -> str:
        """The bell's database."""
        return self.settings.database_url("bell")

    @property
    def log(self) -> str:
        """What the bell's processes wrote."""
        return (self.folder / "bell.log").read_text()

    def signer(self, issuer: str = "identity") -> Signer:
        """Who signs as `issuer`."""
        return Signer.load(issuer, self.settings.keys_dir / issuer / "private.jwk")

    def token_of(self, tenant: UUID, account: UUID | None = None) -> str:
        """The token of a teacher of `tenant`."""
        memberships = (Membership(tenant, uuid4(), frozenset({"teacher"})),)
        return self.signer().sign(human_claims(account or uuid4(), uuid4(), memberships), 300)

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """The bell's database from outside, as an operator's command opens it."""
        engine = make_engine(self.url)
        yield UnitOfWork(engine, consumer="bell")
        engine.dispose()

    def environment(self, bus_url: str, **more: str) -> dict[str, str]:
        """The environment of a bell on the broker at `bus_url`."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("LYCEUM_")},
            "LYCEUM_DATA": str(self.folder),
            "LYCEUM_DATABASE_URL": self.database,
            "LYCEUM_BUS_URL": bus_url,
            "LYCEUM_STOP_SECONDS": "10",
            "PYTHONWARNINGS": "ignore",
            **more,
        }

    def start(self, bus_url: str, **more: str) -> subprocess.Popen[bytes]:
        """A process of the bell; it writes to the home's log."""
        with (self.folder / "bell.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.kernel.bell"], env=self.environment(bus_url, **more), cwd=ROOT,
                stdout=log, stderr=log,
            )  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """A teacher of a tenant of their own, who calls the bell."""

    client: Any
    token: str
    tenant: UUID

    def __call__(self, method: Rpc, timeout: float = 10.0, **command: Any) -> Any:
        """The bell's answer."""
        return self.client.call(method, command, token=self.token, tenant_id=self.tenant, timeout=timeout)

    def hears(self, rings: int, timeout: float = 10.0) -> dict[str, int]:
        """What the bell has heard in this tenant, once that are so many rings."""

        def heard() -> Any:
            answer = self(Bell.heard)
            return answer if answer["rings"] >= rings else None

        found: dict[str, int] = eventually(heard, timeout, f"{rings} rings are heard", ignoring=(LyceumError,))
        return found


def answering(client: Client) -> Any:
    """Wait until the bell answers the client."""

    def echo() -> Any:
        return client.call(Bell.echo, {"words": "there?"}, token=None, tenant_id=None, timeout=5)

    return eventually(echo, 30, "the bell answers", ignoring=(LyceumError,))


@contextmanager
def client_of(bus_url: str, name: str = "gateway") -> Iterator[Client]:
    """A client on the broker at `bus_url`."""
    client = Client(bus_url, name)
    client.start()
    try:
        eventually(lambda: client.connected, 15, "the client connects")
        yield client
    finally:
        client.close()


@contextmanager
def starved(rabbit: RabbitBroker) -> Iterator[None]:
    """The broker takes no messages for want of memory."""
    rabbit.ctl("set_vm_memory_high_watermark", "absolute", "1")
    try:
        yield
    finally:
        rabbit.ctl("set_vm_memory_high_watermark", "absolute", "1GB")


def end(process: subprocess.Popen[bytes]) -> int:
    """Stop a process in order, and wait for its status."""
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
