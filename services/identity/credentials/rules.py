"""Checks new passwords. Pure."""

from __future__ import annotations

from kernel.errors import Invalid
from services.identity.accounts import rules as accounts_rules


def check_new_password(login: str, old: str, new: str) -> None:
    """Raises `Invalid` if the new password is the old one or contains the login."""
    if new == old:
        raise Invalid("The new password is the old one.", rule="same-password", field="new_password")
    if login in accounts_rules.folded(new):
        raise Invalid("The new password holds the login.", rule="login-in-password", field="new_password")
