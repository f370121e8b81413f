"""The service: its capabilities, and the name they are called by."""

from __future__ import annotations

from services.notifications.copies.entrypoints import CopiesEntrypoints
from services.notifications.deliveries.entrypoints import DeliveriesEntrypoints
from services.notifications.messages.entrypoints import MessagesEntrypoints


class NotificationsService(MessagesEntrypoints, DeliveriesEntrypoints, CopiesEntrypoints):
    """Telling people what matters."""

    name = "notifications"
