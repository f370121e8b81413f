"""Tells when everything that `lyceum up` started is ready: `python -m cli.ready DOOR …`."""

from __future__ import annotations

import sys
from typing import Final

import click
import requests

from cli.running import told
from kernel import config
from kernel.waiting import NeverHappened, eventually

#: Seconds after which it reports that not everything is ready.
TIMEOUT: Final = 90


def main(doors: list[str]) -> None:
    """Wait until every door is ready, then print where Lyceum runs and who can sign in."""

    def ready() -> bool:
        return all(requests.get(f"{door}/health/ready", timeout=5).ok for door in doors)

    try:
        eventually(ready, TIMEOUT, "everything is ready", ignoring=(requests.RequestException,))
    except NeverHappened as never:
        click.echo(str(never), err=True)
    else:
        told(config.load())()


if __name__ == "__main__":
    main(sys.argv[1:])
