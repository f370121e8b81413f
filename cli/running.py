"""`lyceum run`, `lyceum service` and `lyceum gateway`: the commands that run until they are stopped."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from contracts import SERVICES
from kernel import config
from kernel.config import Settings

if TYPE_CHECKING:  # at run time the process must be patched before this import
    from kernel.running.health import Check


@click.command("run")
def run_command() -> None:
    """Start everything in this process, with SQLite files and a demo school, to try it out."""
    settings = config.load()
    if settings.production:
        raise click.UsageError(
            "LYCEUM_ENV=production: `lyceum run` is for trying out. Start `lyceum service` and so on."
        )
    if not settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: leave it out; `lyceum run` needs no broker.")
    _patched()
    from cli import upkeep

    settings = upkeep.prepared(settings)
    upkeep.migrate_all(settings)
    upkeep.load_demo(settings)
    from cli.embedded import run_embedded
    from gateway.app import create_app
    from gateway.door.health import register
    from kernel import metrics

    def make_app(client: Any, settings: Settings, services: Check) -> Any:
        app = create_app(client, settings)
        register(app, ready=services, figures=metrics.figures, observe=metrics.requested)
        return app

    run_embedded(settings, make_app, told(settings))


@click.command("service")
@click.argument("name", type=click.Choice(SERVICES))
def service_command(name: str) -> None:
    """Run one service on RabbitMQ until it is told to stop."""
    settings = config.load()
    if settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: a service of its own needs RabbitMQ.")
    runner = _patched()
    from services import service_class

    runner.run_service(service_class(name), settings)


@click.command("gateway")
def gateway_command() -> None:
    """Run the HTTP gateway under gunicorn until it is told to stop."""
    settings = config.load()
    if settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: a gateway of its own needs RabbitMQ.")
    from cli import upkeep
    from gateway import serving

    serving.serve(upkeep.with_secret_key(settings))


def _patched() -> Any:
    """Import the runner, which patches the process: before anything makes sockets or locks."""
    return importlib.import_module("kernel.running.runner")


def told(settings: Settings) -> Callable[[], None]:
    """A function that prints where Lyceum runs and who can sign in."""

    def tell() -> None:
        from cli import upkeep

        click.echo(f"\nLyceum runs at {settings.public_url}  (Ctrl+C ends it)")
        upkeep.tell_logins(settings)

    return tell
