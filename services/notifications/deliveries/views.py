"""Views of deliveries."""

from __future__ import annotations

from typing import Any

from services.notifications.deliveries.tables import Delivery


def delivery_view(row: Delivery) -> dict[str, Any]:
    """A delivery as families and the administration see it."""
    return {
        "id": row.id,
        "kind": row.kind,
        "student_id": row.student_id,
        "recipient_id": row.recipient_id,
        "channel": row.channel,
        "state": row.state,
        "reason": row.reason,
        "attempts": row.attempts,
        "created_at": row.created_at,
        "sent_at": row.sent_at,
    }
