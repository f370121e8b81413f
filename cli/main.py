"""The `lyceum` command. Commands are imported on use, because a service's process must be patched first."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any, Final

import click

from kernel.config import BadSetting
from kernel.errors import LyceumError
from servers.process import MissingBinary, ServerFailed

#: Command → the module with its function, `<command>_command`.
COMMANDS: Final = {
    "run": "cli.running",
    "service": "cli.running",
    "gateway": "cli.running",
    "live": "cli.running",
    "up": "cli.up",
    "prepare": "cli.upkeep",
    "migrate": "cli.upkeep",
    "demo": "cli.upkeep",
    "keys": "cli.upkeep",
    "operator": "cli.upkeep",
    "school": "cli.upkeep",
    "definitions": "cli.upkeep",
    "import": "cli.importing",
    "parked": "cli.parked",
}


class Lazy(click.Group):
    """A group that imports commands on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None where there is none of that name."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(importlib.import_module(module), f"{cmd_name.replace('-', '_')}_command")
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def lyceum() -> None:
    """The electronic class journal and diary of schools. Settings come from the environment (docs/operations.md)."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command. Errors that the user can correct are printed in one line, without a stack trace.

    What it and its processes write is for their user alone (`cli/private.py` closes what was there before).
    """
    os.umask(0o077)
    try:
        return lyceum.main(arguments, prog_name="lyceum", standalone_mode=False)
    except BadSetting as error:
        _end(f"Bad setting. {error}", 2)
    except (MissingBinary, ServerFailed, LyceumError) as error:
        _end(str(error), 1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _end("Interrupted.", 130)


def _end(message: str, status: int) -> None:
    click.echo(message, err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
