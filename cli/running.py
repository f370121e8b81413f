"""`lyceum run`, `lyceum service`, `lyceum gateway` and `lyceum live`: the commands that run until they are stopped."""

from __future__ import annotations

import importlib
import subprocess
import sys
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
    # in a process of its own, which takes with it what only the start needs: a quarter of the memory
    prepared = subprocess.run([sys.executable, "-P", "-m", "cli.main", "prepare"], check=False)  # our own
    if prepared.returncode:
        sys.exit(prepared.returncode)
    _patched()
    from cli.embedded import run_embedded
    from cli.live import live_app
    from cli.secret_key import with_secret_key
    from gateway.app import create_app
    from gateway.door.health import register
    from kernel import metrics

    def make_app(client: Any, settings: Settings, services: Check) -> Any:
        app = create_app(client, settings)
        register(app, ready=services, figures=metrics.figures, observe=metrics.requested)
        return app

    run_embedded(with_secret_key(settings), make_app, live_app, told(settings))


@click.command("service")
@click.argument("names", nargs=-1, required=True, type=click.Choice(SERVICES))
def service_command(names: tuple[str, ...]) -> None:
    """Run services on RabbitMQ, in one process, until it is told to stop."""
    settings = config.load()
    if settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: a service of its own needs RabbitMQ.")
    runner = _patched()
    from services import service_class

    runner.run_services([service_class(name) for name in dict.fromkeys(names)], settings)


@click.command("gateway")
def gateway_command() -> None:
    """Run the HTTP gateway under gunicorn until it is told to stop."""
    settings = config.load()
    if settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: a gateway of its own needs RabbitMQ.")
    from cli.secret_key import with_secret_key
    from gateway import serving

    serving.serve(with_secret_key(settings))


@click.command("live")
def live_command() -> None:
    """Run the process of live streams until it is told to stop; pages do without it."""
    settings = config.load()
    if settings.embedded:
        raise config.BadSetting("LYCEUM_BUS_URL: a live process of its own needs RabbitMQ.")
    if not settings.live_port:
        raise config.BadSetting("LYCEUM_LIVE_PORT: give the port that the live process listens on.")
    from cli.live import run_live  # it patches the process first
    from cli.secret_key import with_secret_key

    run_live(with_secret_key(settings))


def _patched() -> Any:
    """Import the runner, which patches the process: before anything makes sockets or locks."""
    return importlib.import_module("kernel.running.runner")


def told(settings: Settings) -> Callable[[], None]:
    """A function that prints where Lyceum runs and who can sign in."""

    def tell() -> None:
        from cli.demo_logins import tell_logins

        click.echo(f"\nLyceum runs at {settings.public_url}  (Ctrl+C ends it)")
        tell_logins(settings)

    return tell
