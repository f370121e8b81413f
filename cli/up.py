"""`lyceum up`: runs everything on this machine, with the machine's own RabbitMQ and PostgreSQL.

It prepares servers, databases and the demo school, and then becomes the supervisor (`cli.supervisor`), which watches
all processes and needs a tenth of the memory.
"""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import click

from cli import private, upkeep
from cli.supervisor import STOPPING, Described
from contracts import SERVICES
from kernel import config
from kernel.bus import topology
from kernel.config import Settings
from servers.postgres import PostgresServer
from servers.process import dying_with_us, free_ports, kept_secret
from servers.rabbit import RabbitBroker

#: Runs a module of ours; -P: and none of the same name in the present folder.
OURS: Final = (sys.executable, "-P", "-m")
#: In which order processes stop: those of the highest stage first.
SERVERS, PROCESSES = 1, 2
#: Seconds that a server may take to stop.
SERVER_STOP: Final = 60.0

Environment = dict[str, str]


class Stopped(Exception):
    """SIGINT or SIGTERM arrived before the supervisor was there."""


@click.command("up")
@click.option("--apart", multiple=True, type=click.Choice(SERVICES), help="A service with a process of its own.")
def up_command(apart: tuple[str, ...]) -> None:
    """Start RabbitMQ, PostgreSQL, the five services and the gateway; the data are kept in the data folder."""
    settings = config.load()
    if not settings.embedded or settings.database:
        raise config.BadSetting("LYCEUM_BUS_URL, LYCEUM_DATABASE_URL: leave them out; `lyceum up` has its own servers.")
    settings = upkeep.prepared(settings)
    try:
        with _stopped_by_signals(), servers(settings) as (broker, postgres, passwords):
            settings = _with_servers(settings, broker, postgres, passwords)
            upkeep.migrate_all(settings)
            if not settings.production:
                upkeep.load_demo(settings)
            upkeep.note_running(settings)
            settings = dataclasses.replace(settings, live_port=_kept_port(settings.data_dir / "servers" / "live.port"))
            _supervise(settings, [*_of_servers(broker, postgres), *_of_ours(settings, passwords, apart)])
    except Stopped:
        sys.exit(0)


@contextmanager
def servers(settings: Settings) -> Iterator[tuple[RabbitBroker, PostgresServer, dict[str, str]]]:
    """Run the broker and the database within the block, on stored ports; yields them and each user's password."""
    folder = settings.data_dir / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {user: kept_secret(folder / f"{user}.password") for user in (*SERVICES, topology.GATEWAY)}
    broker = RabbitBroker(
        folder / "rabbitmq",
        port=_kept_port(folder / "rabbitmq.port"),
        definitions=topology.definitions(passwords),
    )
    postgres = PostgresServer(folder / "postgres", port=_kept_port(folder / "postgres.port"))
    private.let_servers_pass(settings.data_dir, folder, postgres.folder)
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


def _with_servers(
    settings: Settings, broker: RabbitBroker, postgres: PostgresServer, passwords: Mapping[str, str]
) -> Settings:
    """The settings of processes that use these servers, each as a user of its own."""
    return dataclasses.replace(
        settings,
        bus=f"amqp://{{service}}:{{password}}@127.0.0.1:{broker.port}/%2F",
        database=f"postgresql+psycopg://{{service}}:{{password}}@127.0.0.1:{postgres.port}/{{service}}",
        passwords=passwords,
    )


def _of_servers(broker: RabbitBroker, postgres: PostgresServer) -> Iterator[Described]:
    """The processes of the servers, which run already."""
    for server in (broker, postgres):
        for place, process in enumerate(server.processes()):
            yield {
                "name": process.name,
                "command": process.command,
                "environment": dict(server.environment()),
                "folder": str(server.folder),
                "log": str(server.log_path),
                "stop_signal": process.stop_signal,
                "stop_seconds": SERVER_STOP,
                "stage": SERVERS - place,  # what a server needs stops after it
                "pid": process.pid,
                "kept": True,
            }


def _of_ours(settings: Settings, passwords: Mapping[str, str], apart: Sequence[str]) -> Iterator[Described]:
    """Our processes: the services together but for those `apart`, the gateway, and one that tells when all is ready."""
    together = tuple(service for service in SERVICES if service not in apart)
    groups = [group for group in (together, *((service,) for service in apart)) if group]
    doors = [f"http://{settings.host}:{settings.port}"]
    for group, port in zip(groups, free_ports(len(groups))):
        own = {"LYCEUM_HEALTH_PORT": str(port), "LYCEUM_HOST": "127.0.0.1"}
        environment = _environment(settings, {user: passwords[user] for user in group}) | own
        yield _ours(settings, "+".join(group), ["cli.main", "service", *group], environment)
        doors.append(f"http://127.0.0.1:{port}")
    environment = _environment(settings, {topology.GATEWAY: passwords[topology.GATEWAY]})
    environment |= {"LYCEUM_SECRET_KEY": settings.secret_key, "LYCEUM_LIVE_PORT": str(settings.live_port)}
    yield _ours(settings, topology.GATEWAY, ["cli.main", "gateway"], environment)
    yield _ours(settings, "live", ["cli.main", "live"], environment)
    doors.append(f"http://{settings.host}:{settings.live_port}")
    yield {**_ours(settings, "readiness", ["cli.ready", *doors], _environment(settings, {})), "kept": False}


def _environment(settings: Settings, passwords: Mapping[str, str]) -> Environment:
    """This process's environment with the servers' addresses, and the passwords of these users alone."""
    given = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "LYCEUM_DATA": str(settings.data_dir),
        "LYCEUM_KEYS": str(settings.keys_dir),
        "LYCEUM_BUS_URL": settings.bus,
        "LYCEUM_DATABASE_URL": settings.database,
    }
    return {**os.environ, **given, **{f"LYCEUM_{user.upper()}_PASSWORD": word for user, word in passwords.items()}}


def _ours(settings: Settings, name: str, module: list[str], environment: Environment) -> Described:
    return {
        "name": name,
        # even where the supervisor is killed, nothing is left behind
        "command": dying_with_us([*OURS, *module], signal.SIGTERM),
        "environment": environment,
        "folder": str(Path.cwd()),
        "log": "",
        "stop_signal": signal.SIGTERM,
        "stop_seconds": settings.stop_seconds,
        "stage": PROCESSES,
        "pid": None,
        "kept": True,
    }


def _supervise(settings: Settings, described: list[Described]) -> None:
    """Become the supervisor: the same process, with the same children, another program."""
    path = settings.data_dir / "servers" / "processes.json"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(described))
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)  # until the supervisor handles them
    supervisor = [*OURS, "cli.supervisor", str(path), str(settings.data_dir / upkeep.RUNNING)]
    os.execv(sys.executable, supervisor)  # noqa: S606  # our own module


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Make SIGINT and SIGTERM raise `Stopped` within the block, until the supervisor handles them."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise Stopped

    before = {number: signal.signal(number, stop) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    """Ignore further signals: a second Ctrl+C must not interrupt stopping."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _kept_port(path: Path) -> int:
    if not path.exists():
        path.write_text(str(free_ports(1)[0]))
    return int(path.read_text())
