"""Chooses the channel of e-mails from the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from kernel.config import Settings
from services.notifications.channels.folder import FolderOutlet
from services.notifications.channels.mail import Mail
from services.notifications.channels.smtp import Relay, SmtpOutlet


class Outlet(Protocol):
    """A channel for e-mails."""

    def send(self, mail: Mail) -> None:
        """Send one e-mail. Raises `NotSent`."""

    def close(self) -> None:
        """Release the connection."""


@contextmanager
def open_outlet(settings: Settings) -> Iterator[Outlet]:
    """Open the channel of the settings: the mail server, or without one the folder `mail` of the data folder."""
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
