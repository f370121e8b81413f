"""Who can sign in to the demo school: kept in a file, and told at every start."""

from __future__ import annotations

import json
from typing import Final

import click

from kernel.config import Settings

DEMO_LOGINS: Final = "demo-logins.json"


def demo_logins(settings: Settings) -> dict[str, dict[str, str]]:
    """Role → login and password, empty where the file is missing."""
    path = settings.data_dir / DEMO_LOGINS
    logins: dict[str, dict[str, str]] = json.loads(path.read_text()) if path.exists() else {}
    return logins


def tell_logins(settings: Settings) -> None:
    """Print who can sign in to the demo school."""
    for role, known in demo_logins(settings).items():
        click.echo(f"  {role:17} login: {known['login']:17} password: {known['password']}")
