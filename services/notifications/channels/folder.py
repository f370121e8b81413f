"""Writes e-mails to a folder if there is no mail server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from services.notifications.channels.mail import Mail
from services.notifications.channels.outcomes import Away


@dataclass(frozen=True, slots=True)
class FolderOutlet:
    """Writes each e-mail to a folder, for trying the system out without a mail server."""

    folder: Path

    def send(self, mail: Mail) -> None:
        """Write `<Message-ID's left part>.eml` atomically. Raises `Away`."""
        partial = self.folder / f".{mail.name}.partial"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial.write_bytes(mail.data)
            partial.replace(self.folder / f"{mail.name}.eml")
        except OSError as error:
            raise Away(f"folder-{type(error).__name__}") from error

    def close(self) -> None:
        """Do nothing: every letter is already written."""
