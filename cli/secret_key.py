"""The gateway's secret. A module of its own: the gateway's process holds nothing of databases."""

from __future__ import annotations

import dataclasses

from kernel.config import Settings
from servers.process import kept_secret


def with_secret_key(settings: Settings) -> Settings:
    """The settings with the secret that protects forms: the given one, or one stored in the data folder."""
    if settings.secret_key:
        return settings
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return dataclasses.replace(settings, secret_key=kept_secret(settings.data_dir / "secret-key"))
