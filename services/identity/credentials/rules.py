"""What a new password must not be. Pure."""

from __future__ import annotations

from kernel.errors import Invalid
from services.identity.accounts import rules as accounts_rules


def check_new_password(login: str, old: str, new: str) -> None:
    """Refuse a password that says nothing new to who knows the login or the old one."""
    if new == old:
        raise Invalid("The new password is the old one.", rule="same-password", field="new_password")
    if login in accounts_rules.folded(new):
        raise Invalid("The new password holds the login.", rule="login-in-password", field="new_password")
