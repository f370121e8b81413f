"""What a channel says of a message that it did not take.

Reasons are short slugs with the server's code. What servers say in words is left out: it repeats the address.
"""

from __future__ import annotations


class NotSent(Exception):  # an outcome among others
    """A letter was not taken; `reason` is a slug such as `rejected-550`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(NotSent):
    """This letter will never be taken."""


class Postponed(NotSent):
    """This letter was not taken now; others may be."""


class Away(NotSent):
    """No letter can be handed over now: the server cannot be reached, or does not take us."""
