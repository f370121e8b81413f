"""The Nameko service: its name and the entry points of its capabilities."""

from __future__ import annotations

from services.notifications.copies.entrypoints import CopiesEntrypoints
from services.notifications.deliveries.entrypoints import DeliveriesEntrypoints
from services.notifications.messages.entrypoints import MessagesEntrypoints


class NotificationsService(MessagesEntrypoints, DeliveriesEntrypoints, CopiesEntrypoints):
    """The notifications service."""

    name = "notifications"
