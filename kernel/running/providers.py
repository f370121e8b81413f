"""Dependency providers of services: the unit of work, calls to other services, the signer, the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from nameko.extensions import DependencyProvider

from kernel import context
from kernel.auth import Signer
from kernel.bus.calls import Calling
from kernel.clock import Pause
from kernel.config import Settings
from kernel.contract import A, Rpc
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.relay import Relay
from kernel.files.opening import store_of
from kernel.files.store import Store

#: Seconds that a service waits for another's answer by default, or less if its own caller's deadline is earlier.
TIMEOUT: Final = 10.0
#: Seconds after which a service signs a new token for itself; each is valid for twice as long.
TOKEN_SECONDS: Final = 60.0


class Database(DependencyProvider):
    """Provides the service's `UnitOfWork`, and runs the relay that publishes its recorded events."""

    if TYPE_CHECKING:  # in a worker the attribute is what `get_dependency` returned

        def __get__(self, worker: object, service: type) -> UnitOfWork: ...

    def setup(self) -> None:
        """Make the engine, which connects at first use, and the relay."""
        settings: Settings = self.container.config["settings"]
        service = self.container.service_name
        engine = make_engine(settings.database_url(service))
        unit_of_work = UnitOfWork(engine, self._wake, service)
        self.relay = Relay(unit_of_work, self.container.config["bus"], service)
        self.unit_of_work = unit_of_work
        self.container.config["unit_of_work"] = unit_of_work
        self.container.config["relay"] = self.relay
        self._thread: Any = None

    def start(self) -> None:
        """Start the relay."""
        if self.container.config["settings"].embedded:
            self.relay.publish_again()
        self._thread = self.container.spawn_managed_thread(self.relay.run, identifier="relay")

    def stop(self) -> None:
        """Stop the relay and close the engine; pending rows stay in the outbox."""
        self.relay.stop()
        if self._thread is not None:
            self._thread.wait()
        self.unit_of_work.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> UnitOfWork:
        """The shared unit of work: it begins transactions and holds no state of a worker."""
        return self.unit_of_work

    def _wake(self) -> None:
        self.relay.wake()


class Ask:
    """Calls other services on behalf of the current call's caller, or of the service itself where there is none."""

    def __init__(self, client: Calling, signer: Signer) -> None:
        self._client = client
        self._signer = signer
        self._token = ""
        self._until_signing = Pause(TOKEN_SECONDS)

    def __call__(
        self,
        method: Rpc[Any, A],
        *,
        tenant: UUID | None = None,
        timeout: float = TIMEOUT,
        as_service: bool = False,
        **command: Any,
    ) -> A:
        """Call `method` and return its loaded answer. Raises the service's refusal, `Unavailable` or `TimedOut`.

        `as_service`: on behalf of the service itself even where there is a caller, in the caller's school.
        """
        call = context.current()
        if call is not None and call.token is not None and not as_service:
            token, tenant_id = call.token, call.tenant_id
        else:
            token, tenant_id = self._own_token(), tenant or (call.tenant_id if call else None)
        return method.read(self._client.call(method, command, token=token, tenant_id=tenant_id, timeout=timeout))

    def _own_token(self) -> str:
        if self._until_signing.over():
            self._token = self._signer.service_token()
            self._until_signing.begin()
        return self._token


class Remote(DependencyProvider):
    """Provides an `Ask`, which calls other services."""

    if TYPE_CHECKING:  # in a worker the attribute is what `get_dependency` returned

        def __get__(self, worker: object, service: type) -> Ask: ...

    def setup(self) -> None:
        """Read the service's private key, and connect before the first handler calls another service."""
        self._client = self.container.config["client"]
        self._ask = Ask(self._client, _signer(self))
        self._client.start()

    def stop(self) -> None:
        """Close the client, after all workers have ended."""
        self._client.close()

    def kill(self) -> None:
        """Close the client at once."""
        self._client.close()

    def get_dependency(self, worker_ctx: Any) -> Ask:
        """The shared `Ask`."""
        return self._ask


class Signing(DependencyProvider):
    """Provides the service's `Signer`."""

    if TYPE_CHECKING:  # in a worker the attribute is what `get_dependency` returned

        def __get__(self, worker: object, service: type) -> Signer: ...

    def setup(self) -> None:
        """Read the service's private key."""
        self._own = _signer(self)

    def get_dependency(self, worker_ctx: Any) -> Signer:
        """The shared signer."""
        return self._own


class Files(DependencyProvider):
    """Provides the store of files that people hand in."""

    if TYPE_CHECKING:  # in a worker the attribute is what `get_dependency` returned

        def __get__(self, worker: object, service: type) -> Store: ...

    def setup(self) -> None:
        """Open the store, which is reached at first use."""
        self._store = store_of(self.container.config["settings"])

    def get_dependency(self, worker_ctx: Any) -> Store:
        """The shared store."""
        return self._store


class Config(DependencyProvider):
    """Provides the process's `Settings`."""

    if TYPE_CHECKING:  # in a worker the attribute is what `get_dependency` returned

        def __get__(self, worker: object, service: type) -> Settings: ...

    def get_dependency(self, worker_ctx: Any) -> Settings:
        """The shared settings."""
        settings: Settings = self.container.config["settings"]
        return settings


def _signer(provider: DependencyProvider) -> Signer:
    settings: Settings = provider.container.config["settings"]
    service = provider.container.service_name
    return Signer.load(service, settings.keys_dir / service / "private.jwk")
