"""Where e-mails go by the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from kernel.config import Settings
from services.notifications.channels.folder import FolderOutlet
from services.notifications.channels.smtp import Relay, SmtpOutlet


class Outlet(Protocol):
    """Where e-mails go."""

    def send(self, message: EmailMessage) -> None:
        """Hand one over. Raises a `NotSent`."""

    def close(self) -> None:
        """Nothing more comes."""


@contextmanager
def open_outlet(settings: Settings) -> Iterator[Outlet]:
    """Where letters go by the settings: to the mail server, or without one to the data folder's `mail`."""
    outlet = _outlet(settings)
    try:
        yield outlet
    finally:
        outlet.close()


def _outlet(settings: Settings) -> Outlet:
    if not settings.smtp_url:
        return FolderOutlet(Path(settings.data_dir) / "mail")
    domain = settings.mail_from.rpartition("@")[2].strip("> ")
    return SmtpOutlet(Relay.parse(settings.smtp_url), domain)
