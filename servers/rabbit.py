"""A private RabbitMQ node, with its own cookie, registry of node names (epmd) and ports, without plugins."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from kernel.waiting import eventually
from servers.process import (
    START_TIMEOUT,
    STOP_TIMEOUT,
    MissingBinary,
    RunningProcess,
    Server,
    ServerFailed,
    dying_with_us,
    free_ports,
    kept_secret,
    run_tool,
)

#: With its own registry the node needs no unique name, and it finds its data again on any port.
NODE = "lyceum@localhost"
ADMIN = "admin"
VHOSTS_AT_ONCE = 16
EVERYTHING = {"configure": ".*", "write": ".*", "read": ".*"}
#: Debian's programs in PATH switch to another user and folder; here are the ones that they wrap.
DEBIAN_BINARIES = Path("/usr/lib/rabbitmq/bin")
#: Erlang's schedulers wait for each other by sched_yield, which Linux since 6.12 answers with a turn of everybody else:
#: with two of them on a busy machine, the first login after an import took up to ten seconds (docs/decisions.md).
ONE_SCHEDULER = "+S 1:1"
ERLANG = f"-kernel inet_dist_use_interface {{127,0,0,1}} {ONE_SCHEDULER}"


def rabbit_binaries() -> Path:
    """The folder of rabbitmq-server and rabbitmqctl. Raises `MissingBinary`."""
    found = shutil.which("rabbitmq-server", path=f"{DEBIAN_BINARIES}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None or shutil.which("epmd") is None:
        raise MissingBinary("RabbitMQ is missing: install rabbitmq-server (root on Debian: make test-servers).")
    return Path(found).parent


class RabbitBroker(Server):
    """A broker on loopback. `definitions` (in RabbitMQ's JSON format) are loaded at each start."""

    title = "RabbitMQ"
    stop_signal: ClassVar = signal.SIGTERM
    death_signal: ClassVar = signal.SIGKILL

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        definitions: Mapping[str, Any] | None = None,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`settings` are keys and values of rabbitmq.conf that override ours. Raises `MissingBinary`."""
        super().__init__(folder)
        self.binaries = rabbit_binaries()
        self.port = free_ports(1)[0] if port is None else port
        self._registry_port, self._node_port = 0, 0
        self.password = kept_secret(self.folder / "password")
        self.definitions = dict(definitions or {})
        self.settings = dict(settings or {})
        self._registry: subprocess.Popen[bytes] | None = None
        self._unused: dict[str, list[str]] = {}
        self._discarded: list[str] = []

    def url_of(self, vhost: str = "/", user: str = ADMIN, password: str | None = None) -> str:
        """The AMQP URL of a virtual host for `user`."""
        login = f"{quote(user, safe='')}:{quote(self.password if password is None else password, safe='')}"
        return f"amqp://{login}@127.0.0.1:{self.port}/{quote(vhost, safe='')}"

    @property
    def url(self) -> str:
        """The AMQP URL of the virtual host `/` for the administrator."""
        return self.url_of()

    def ctl(self, *arguments: str) -> str:
        """Run `rabbitmqctl` and return its output. Raises `ServerFailed` with that output where it fails."""
        command = [str(self.binaries / "rabbitmqctl"), "--quiet", "--node", NODE, *arguments]
        return run_tool(command, self.environment(), self.folder)

    def import_definitions(self, definitions: Mapping[str, Any]) -> None:
        """Add definitions (users, virtual hosts, permissions, policies) to the running broker."""
        path = self.folder / "imported.json"
        _write_secret(path, json.dumps(definitions))
        self.ctl("import_definitions", str(path))
        path.unlink()

    def new_vhost(self, policies: Iterable[Mapping[str, Any]] = ()) -> str:
        """The name of a new, empty virtual host in which the administrator has all permissions.

        `policies` are entries of RabbitMQ's definitions without their `vhost`. Virtual hosts are created
        `VHOSTS_AT_ONCE` at a time, because each run of rabbitmqctl takes half a second.
        """
        rules = list(policies)
        pool = self._unused.setdefault(json.dumps(rules, sort_keys=True), [])
        if not pool:
            self._delete_discarded()
            pool.extend(f"test-{os.urandom(6).hex()}" for _ in range(VHOSTS_AT_ONCE))
            self.import_definitions(
                {
                    "vhosts": [{"name": vhost} for vhost in pool],
                    "permissions": [{"user": ADMIN, "vhost": vhost, **EVERYTHING} for vhost in pool],
                    "policies": [{**rule, "vhost": vhost} for vhost in pool for rule in rules],
                }
            )
            # RabbitMQ answers before it has started them; on a busy disk the first login waits for that.
            eventually(lambda: self._admits(pool[0]), START_TIMEOUT, "new virtual hosts admit", (OSError,))
        return pool.pop()

    def discard_vhost(self, vhost: str) -> None:
        """Delete `vhost`, with its queues and connections, when the next ones are created."""
        self._discarded.append(vhost)

    def _delete_discarded(self) -> None:
        names = ", ".join(f'<<"{vhost}">>' for vhost in self._discarded)
        if names:
            self.ctl("eval", f'[rabbit_vhost:delete(V, <<"{ADMIN}">>) || V <- [{names}]], ok.')
        self._discarded.clear()

    def prepare(self) -> None:
        """Write rabbitmq.conf and the definitions, and start epmd."""
        kept_secret(self.folder / ".erlang.cookie")
        (self.folder / "env.conf").touch()
        (self.folder / "enabled_plugins").write_text("[].\n")
        _write_secret(self.folder / "definitions.json", json.dumps(self._all_definitions()))
        settings = {
            "listeners.tcp.1": f"127.0.0.1:{self.port}",
            "loopback_users": "none",
            "load_definitions": str(self.folder / "definitions.json"),
            "vm_memory_high_watermark.absolute": "1GB",
            "disk_free_limit.absolute": "50MB",
            "log.console": "false",
            **self.settings,
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self.folder / "rabbitmq.conf").write_text("".join(lines))
        # The inner ports are chosen when they are needed: one chosen long before may be another's by now. Who starts
        # the processes again itself, as `lyceum up` does, keeps them: they are in its commands and environment.
        self._node_port, registry_port = free_ports(2)
        if self._registry is None or self._registry.poll() is not None:
            self._registry_port = registry_port
            self._start_registry()

    def command(self) -> list[str]:
        """The command line of rabbitmq-server, which replaces itself with the Erlang virtual machine."""
        return dying_with_us([str(self.binaries / "rabbitmq-server")], self.death_signal)

    def environment(self) -> dict[str, str]:
        """This process's environment with this node's settings instead of any other node's."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("RABBITMQ_", "ERL_"))}
        return inherited | {
            "HOME": str(self.folder),  # where Erlang looks for the cookie
            "ERL_EPMD_PORT": str(self._registry_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_DIST_PORT": str(self._node_port),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "env.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG,
            "RABBITMQ_CTL_ERL_ARGS": ERLANG,
            # Makes the script exec Erlang instead of running it as a child, so that our signals reach it.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def ready(self) -> bool:
        """Whether the administrator can log in."""
        return self._admits("/")

    def _admits(self, vhost: str) -> bool:
        from kombu.connection import Connection

        with Connection(self.url_of(vhost), connect_timeout=2).transport.establish_connection() as connection:
            return bool(connection.connected)

    def processes(self) -> list[RunningProcess]:
        """The broker, and epmd."""
        if self._registry is None:
            raise ServerFailed(f"{self.title} was not started.")
        registry = RunningProcess("epmd", self._registry.pid, self._registry_command(), signal.SIGTERM)
        return [*super().processes(), registry]

    def stop(self) -> None:
        """Stop the broker, then epmd."""
        super().stop()
        if self._registry is not None:
            self._registry.terminate()
            self._registry.wait(STOP_TIMEOUT)
            self._registry = None

    def _start_registry(self) -> None:
        self._registry = subprocess.Popen(
            self._registry_command(),
            env=self.environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        eventually(lambda: _accepts(self._registry_port), what="epmd listens")

    def _registry_command(self) -> list[str]:
        return dying_with_us(["epmd", "-port", str(self._registry_port), "-address", "127.0.0.1"], self.death_signal)

    def _all_definitions(self) -> dict[str, Any]:
        own: dict[str, list[dict[str, Any]]] = {
            "users": [{"name": ADMIN, "password": self.password, "tags": ["administrator"]}],
            "vhosts": [{"name": "/"}],
            "permissions": [{"user": ADMIN, "vhost": "/", **EVERYTHING}],
        }
        both = {part: own[part] + list(self.definitions.get(part, ())) for part in own}
        return {**self.definitions, **both}


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _write_secret(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)
