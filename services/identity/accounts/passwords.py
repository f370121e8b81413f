"""Hashes and verifies passwords with argon2id. Passwords are never stored in clear."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from argon2 import Parameters, PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from kernel.running.threads import off_hub
from services.identity.accounts import rules as accounts_rules

#: OWASP's second choice for argon2id: 19 MiB, two passes, one lane. About 20 ms.
PARAMETERS: Final = Parameters(
    type=Type.ID, version=ARGON2_VERSION, salt_len=16, hash_len=32, time_cost=2, memory_cost=19_456, parallelism=1
)
HASHER = PasswordHasher.from_parameters(PARAMETERS)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether `password` matches the hash. Takes equally long without a hash. Runs off the hub."""
    found = off_hub(_matches, password_hash or _nobodys(HASHER), password)
    return found and bool(password_hash)


def hashes(passwords: Sequence[str]) -> list[str]:
    """Hash each password. Runs off the hub."""
    return off_hub(lambda: [HASHER.hash(password) for password in passwords])


def renewed(password_hash: str, password: str) -> str:
    """Return the hash, or a new one if it was made with outdated parameters. Runs off the hub."""
    if not HASHER.check_needs_rehash(password_hash):
        return password_hash
    return hashes([password])[0]


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """Passwords for unknown logins are compared with this hash, so that the check takes equally long."""
    return hasher.hash(accounts_rules.new_password())


_nobodys(HASHER)  # now: the first unknown login would be told apart by the time that making the hash takes


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):  # an account that was never given a password has no hash
        return False
