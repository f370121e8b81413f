"""`lyceum parked`: lists, shows, replays and discards messages that could not be handled."""

from __future__ import annotations

import getpass
from uuid import UUID

import click

from cli.upkeep import unit_of_work
from contracts import SERVICES
from kernel import config
from kernel.data import parking

SERVICE = click.argument("service", type=click.Choice(SERVICES))
MESSAGE = click.argument("message", type=click.UUID)


@click.group("parked")
def parked_command() -> None:
    """Messages that could not be handled: list, show, replay, discard. Each decision is kept with who took it."""


@parked_command.command("list")
@SERVICE
@click.option(
    "--state",
    default=parking.WAITING,
    show_default=True,
    type=click.Choice([parking.WAITING, parking.REPLAYING, parking.REPLAYED, parking.DISCARDED]),
)
def list_parked(service: str, state: str) -> None:
    """List the messages of a service that wait for a decision."""
    rows = parking.listed(unit_of_work(config.load(), service), state)
    for row in rows:
        click.echo(f"{row.id}  {row.parked_at:%Y-%m-%d %H:%M:%S}  {row.queue}  {row.reason}  {row.error}")
    click.echo(f"{len(rows)} {state}")


@parked_command.command("show")
@SERVICE
@MESSAGE
def show(service: str, message: UUID) -> None:
    """Show a message, its body and every decision about it."""
    row, decisions = parking.shown(unit_of_work(config.load(), service), message)
    for name in ("id", "state", "queue", "event", "message_id", "tenant_id", "reason", "error", "attempts", "call_id"):
        click.echo(f"{name:11} {getattr(row, name)}")
    click.echo(f"{'parked_at':11} {row.parked_at:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"{'body':11} {row.body.decode(errors='backslashreplace')}")
    for decision in decisions:
        click.echo(
            f"{decision.decided_at:%Y-%m-%d %H:%M:%S}  {decision.action}  {decision.decided_by}  {decision.reason}"
        )


@parked_command.command("replay")
@SERVICE
@MESSAGE
@click.option("--reason", default="", help="What was put right.")
def replay(service: str, message: UUID, reason: str) -> None:
    """Have a message handled again: the running service publishes it within seconds."""
    parking.replay(unit_of_work(config.load(), service), message, getpass.getuser(), reason)
    click.echo("It will be handled again.")


@parked_command.command("discard")
@SERVICE
@MESSAGE
@click.option("--reason", required=True, help="Why it is not to be handled.")
def discard(service: str, message: UUID, reason: str) -> None:
    """Have a message never handled. What it was is kept."""
    parking.discard(unit_of_work(config.load(), service), message, getpass.getuser(), reason)
    click.echo("It will not be handled. Its row is kept.")
