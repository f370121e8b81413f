"""`lyceum up`: runs each part as a process of this machine, with the machine's own RabbitMQ and PostgreSQL."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click
import honcho.manager
import honcho.process
import requests
from honcho.environ import parse_procfile

from cli import upkeep
from cli.running import told
from contracts import SERVICES
from kernel import config
from kernel.bus import topology
from kernel.config import Settings
from kernel.waiting import NeverHappened, eventually
from servers.postgres import PostgresServer
from servers.process import free_ports, kept_secret
from servers.rabbit import RabbitBroker

PROCFILE: Final = Path(__file__).parents[1] / "Procfile"
#: RabbitMQ 4 accepts messages of up to 16 MB by default; an imported bundle is sent as one message.
BROKER: Final = {"max_message_size": "134217728"}
#: Seconds after which the command reports that not everything is ready.
READY_TIMEOUT: Final = 90
#: Restarts a process that fails, as for containers, unless it was asked to stop.
KEPT: Final = 'asked=; trap "asked=1" TERM INT; until {command} || [ -n "$asked" ]; do sleep 1; done'
ASKED_TO_STOP: Final = {128 + signal.SIGINT, 128 + signal.SIGTERM}

Environment = dict[str, str]


class Stopped(Exception):
    """SIGINT or SIGTERM arrived before the processes were started."""


@click.command("up")
def up_command() -> None:
    """Start RabbitMQ, PostgreSQL, the five services and the gateway; the data are kept in the data folder."""
    settings = config.load()
    if not settings.embedded or settings.database:
        raise config.BadSetting("LYCEUM_BUS_URL, LYCEUM_DATABASE_URL: leave them out; `lyceum up` has its own servers.")
    if not PROCFILE.is_file():
        raise click.ClickException(f"{PROCFILE} is missing: `lyceum up` runs from a checkout.")
    settings = upkeep.prepared(settings)
    try:
        with _stopped_by_signals(), servers(settings) as (broker, postgres, passwords):
            environments = own_environments(settings, broker, postgres, passwords)
            databases = {service: environments[service]["LYCEUM_DATABASE_URL"] for service in SERVICES}
            of_service = {service: dataclasses.replace(settings, database=url) for service, url in databases.items()}
            for service, own in of_service.items():
                upkeep.migrate_all(own, (service,))
            if not settings.production:
                upkeep.load_demo(settings, of_service=of_service)
            with upkeep.noted(settings, databases):
                status = run_processes(settings, environments)
    except Stopped:
        status = 0
    sys.exit(status)


@contextmanager
def servers(settings: Settings) -> Iterator[tuple[RabbitBroker, PostgresServer, dict[str, str]]]:
    """Run the broker and the database within the block, on stored ports; yields them and each user's password."""
    folder = settings.data_dir / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {user: kept_secret(folder / f"{user}.password") for user in (*SERVICES, topology.GATEWAY)}
    broker = RabbitBroker(
        folder / "rabbitmq",
        port=_kept_port(folder / "rabbitmq.port"),
        settings=BROKER,
        definitions=topology.definitions(passwords),
    )
    postgres = PostgresServer(folder / "postgres", port=_kept_port(folder / "postgres.port"))
    click.echo("Starting RabbitMQ and PostgreSQL …")
    with ExitStack() as stack:
        for server in (broker, postgres):
            stack.callback(server.stop)
            server.launch()
        broker.wait_ready()
        postgres.wait_ready()
        for service in SERVICES:
            postgres.create_role(service, passwords[service])
            postgres.create_database(service, service)
        yield broker, postgres, passwords


def own_environments(
    settings: Settings, broker: RabbitBroker, postgres: PostgresServer, passwords: Mapping[str, str]
) -> dict[str, Environment]:
    """Process → its environment. Each has its own broker user, and each service its own database."""
    shared = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "LYCEUM_DATA": str(settings.data_dir),
        "LYCEUM_KEYS": str(settings.keys_dir),
    }
    health = dict(zip(SERVICES, free_ports(len(SERVICES))))
    environments: dict[str, Environment] = {}
    for user, password in passwords.items():
        own = {"LYCEUM_BUS_URL": broker.url_of(user=user, password=password)}
        if user == topology.GATEWAY:
            own["LYCEUM_SECRET_KEY"] = settings.secret_key
        else:
            own["LYCEUM_DATABASE_URL"] = postgres.url_of(user, user, password)
            own["LYCEUM_HEALTH_PORT"] = str(health[user])
            own["LYCEUM_HOST"] = "127.0.0.1"
        environments[user] = {**shared, **own}
    return environments


class Process(honcho.process.Process):
    """A process that ends with `lyceum up`, even if that is killed."""

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Run the command, in the process that honcho made to read its output."""
        threading.Thread(target=self._end_with_parent, daemon=True).start()
        super().run(events, ignore_signals)

    def _end_with_parent(self) -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None, "honcho runs each command below a process of its own"
        parent.join()
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGTERM)
            self._child.wait()
        # A normal exit would wait until the dead parent reads the rest of the output queue.
        os._exit(1)


class Manager(honcho.manager.Manager):
    """Runs the Procfile's commands and calls `started` when all have started."""

    def __init__(self, environments: Mapping[str, Environment], started: Callable[[], None]) -> None:
        super().__init__()
        self._process_ctor = Process
        self._started = started
        for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
            self.add_process(name, KEPT.format(command=command), env=environments[name])

    def _start(self) -> None:
        super()._start()
        # Only after the forks: a child forked from a process with threads can inherit locks that stay locked.
        threading.Thread(target=self._started, daemon=True).start()


def run_processes(settings: Settings, environments: Mapping[str, Environment]) -> int:
    """Run the Procfile's commands until a signal stops them; returns the exit status."""
    # By default honcho kills processes after five seconds; their running work may take longer.
    honcho.manager.KILL_WAIT = settings.stop_seconds
    doors = [f"http://{settings.host}:{settings.port}"]
    doors += [f"http://127.0.0.1:{environments[service]['LYCEUM_HEALTH_PORT']}" for service in SERVICES]
    manager = Manager(environments, lambda: _tell_when_ready(settings, doors))
    manager.loop()
    _ignore_signals()
    status = int(manager.returncode or 0)
    return 0 if status in ASKED_TO_STOP else status


def _tell_when_ready(settings: Settings, doors: list[str]) -> None:
    def ready() -> bool:
        return all(requests.get(f"{door}/health/ready", timeout=5).ok for door in doors)

    try:
        eventually(ready, READY_TIMEOUT, "everything is ready", ignoring=(requests.RequestException,))
    except NeverHappened as never:
        click.echo(str(never), err=True)
    else:
        told(settings)()


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Make SIGINT and SIGTERM raise `Stopped` within the block, until honcho's manager handles them."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """Ignore further signals: a second Ctrl+C must not interrupt stopping."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def _kept_port(path: Path) -> int:
    if not path.exists():
        path.write_text(str(free_ports(1)[0]))
    return int(path.read_text())
