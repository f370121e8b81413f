"""`lyceum up`: everything on one machine, each part a process, from the machine's own binaries."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import click
from honcho.environ import parse_procfile
from honcho.manager import Manager

from cli import upkeep
from cli.running import told
from contracts import SERVICES
from kernel import config, topology
from kernel.config import Settings
from kernel.postgres_server import PostgresServer
from kernel.rabbit_server import RabbitBroker
from kernel.servers import free_ports, kept_secret

PROCFILE: Final = Path(__file__).parents[1] / "Procfile"
#: RabbitMQ 4 takes messages of 16 MB unless told otherwise; a bundle to be imported is one message.
BROKER: Final = {"max_message_size": "134217728"}

Environment = dict[str, str]


@click.command("up")
def up_command() -> None:
    """Start RabbitMQ, PostgreSQL, the five services and the gateway; the data are kept in the data folder."""
    settings = config.load()
    folder = settings.data_dir / "servers"
    folder.mkdir(parents=True, exist_ok=True)
    passwords = {user: kept_secret(folder / f"{user}.password") for user in (*SERVICES, topology.GATEWAY)}
    with servers(folder, topology.definitions(passwords)) as (broker, postgres):
        for service in SERVICES:
            postgres.create_role(service, passwords[service])
            postgres.create_database(service, service)
        shared = {"LYCEUM_BUS_URL": broker.url_of(user="{service}", password="{password}"),  # noqa: S106  # a place to fill
                  "LYCEUM_DATABASE_URL": postgres.url_of("{service}", "{service}", "{password}")}  # fmt: skip
        environments = own_environments(settings, shared, passwords)
        _prepare(settings, environments)
        databases = {service: environments[service]["LYCEUM_DATABASE_URL"] for service in SERVICES}
        with upkeep.noted(settings, databases):
            status = run_processes(environments, told(settings))
    sys.exit(status)


@contextmanager
def servers(folder: Path, definitions: Mapping[str, Any]) -> Iterator[tuple[RabbitBroker, PostgresServer]]:
    """The broker and the database, on ports that stay the same, within the block."""
    broker = RabbitBroker(
        folder / "rabbitmq", port=_kept_port(folder / "rabbitmq.port"), settings=BROKER, definitions=definitions
    )
    postgres = PostgresServer(folder / "postgres", port=_kept_port(folder / "postgres.port"))
    click.echo("Starting RabbitMQ and PostgreSQL …")
    try:
        broker.launch()
        postgres.launch()
        broker.wait_ready()
        postgres.wait_ready()
        yield broker, postgres
    finally:
        broker.stop()
        postgres.stop()


def own_environments(
    settings: Settings, shared: Mapping[str, str], passwords: Mapping[str, str]
) -> dict[str, Environment]:
    """Process → its settings: a user of its own at the broker and, for a service, a database of its own."""
    health = dict(zip(SERVICES, free_ports(len(SERVICES))))
    environments: dict[str, Environment] = {}
    for user, password in passwords.items():
        filled = {name: _filled(template, user, password) for name, template in shared.items()}
        if user == topology.GATEWAY:
            del filled["LYCEUM_DATABASE_URL"]
        else:
            filled["LYCEUM_HEALTH_PORT"] = str(health[user])
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        kept = {"LYCEUM_DATA": str(settings.data_dir), "LYCEUM_KEYS": str(settings.keys_dir), "PATH": path}
        environments[user] = {**os.environ, **kept, **filled, "PYTHONUNBUFFERED": "1"}
    return environments


def run_processes(environments: Mapping[str, Environment], ready: Any) -> int:
    """Run the Procfile's commands until one ends or we are told to stop; returns the exit status."""
    manager = Manager()
    for name, command in parse_procfile(PROCFILE.read_text()).processes.items():
        manager.add_process(name, command, env=environments[name], quiet=False)
    signal.signal(signal.SIGINT, lambda *_: manager.terminate())
    signal.signal(signal.SIGTERM, lambda *_: manager.terminate())
    ready()
    manager.loop()
    return int(manager.returncode or 0)


def _prepare(settings: Settings, environments: Mapping[str, Environment]) -> None:
    """Keys, schemas and, in an installation without any school, the demo school."""
    settings = upkeep.prepared(settings)
    of_service = {service: config.load(environments[service]) for service in SERVICES}
    for service, own in of_service.items():
        upkeep.migrate_all(own, (service,))
    if not settings.production:
        upkeep.load_demo(settings, of_service=of_service)


def _filled(template: str, user: str, password: str) -> str:
    for name, value in (("service", user), ("password", password)):
        for form in (f"{{{name}}}", quote(f"{{{name}}}", safe="")):
            template = template.replace(form, quote(value, safe=""))
    return template


def _kept_port(path: Path) -> int:
    if not path.exists():
        path.write_text(str(free_ports(1)[0]))
    return int(path.read_text())
