"""Seals new passwords until they are shown: whoever reads the database, or a copy of it, cannot read them.

The key is made from identity's private key. So passwords that wait when that key is replaced are lost, and are to be
issued again.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from kernel.auth import Signer
from kernel.errors import Conflict


def seal(signer: Signer, credentials: list[dict[str, Any]]) -> bytes:
    """The credentials as nobody else can read them."""
    return _box(signer).encrypt(msgspec.json.encode(credentials))


def unseal(signer: Signer, sealed: bytes) -> list[dict[str, Any]]:
    """The credentials. Raises `Conflict` if the key was replaced."""
    try:
        credentials: list[dict[str, Any]] = msgspec.json.decode(_box(signer).decrypt(sealed))
    except InvalidToken:
        raise Conflict("The passwords can no longer be read. Issue new ones.", rule="slips-unreadable") from None
    return credentials


def _box(signer: Signer) -> Fernet:
    return Fernet(urlsafe_b64encode(signer.secret("new passwords")))
