"""The key by which a browser seals what an account typed and has not saved yet.

Pages of the account's own session carry it; the browser keeps it in no storage. It is the same at every sign-in, so
that what was sealed before a crash is opened afterwards, and by nobody else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

from flask import current_app

_PURPOSE: Final = "lyceum.outbox"


def of(account_id: UUID | None) -> str:
    """The key of an account: 32 bytes, in base64. It changes with the gateway's secret alone."""
    secret = str(current_app.secret_key).encode()
    return base64.b64encode(hmac.digest(secret, f"{_PURPOSE} {account_id}".encode(), hashlib.sha256)).decode()
