"""Who may order prints and see them."""

from __future__ import annotations

from kernel.auth import Actor
from kernel.errors import Forbidden

KEEPERS = ("director", "deputy", "methodologist")


def check_may_order(actor: Actor) -> None:
    """The methodologist organises printing (clause 4.2)."""
    if not actor.has("methodologist"):
        raise Forbidden("Journals are printed by the methodologist.", rule="methodologist-only")


def check_may_see(actor: Actor) -> None:
    """Printed journals hold the whole class: they are for the administration and the methodologist."""
    if not actor.has(*KEEPERS):
        raise Forbidden("Prints are for the administration and the methodologist.", rule="keepers-only")
