"""Who may have notices written."""

from __future__ import annotations

from kernel.auth import Actor
from kernel.errors import Forbidden

#: The service that writes notices.
NOTICE_SERVICE = "notifications"


def check_notices(actor: Actor) -> None:
    """Refuse all but the service that writes notices."""
    if actor.service != NOTICE_SERVICE:
        raise Forbidden("Notices are for the notifications service.", rule="service-only")
