"""Errors of channels that did not accept a message.

Reasons are short slugs with the server's code. They leave out the server's text, because it repeats the address.
"""

from __future__ import annotations


class NotSent(Exception):
    """A letter was not accepted; `reason` is a slug such as `rejected-550`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(NotSent):
    """This letter will never be accepted."""


class Postponed(NotSent):
    """This letter was not accepted now; other letters may be."""


class Away(NotSent):
    """No letter can be sent now: the server cannot be reached or refuses us."""
