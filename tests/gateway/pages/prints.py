"""Print jobs of long ago."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from kernel.clock import now
from services.printing.documents.tables import PrintJob
from tests.gateway.site import Site
from tests.kit.people import id_of
from tests.kit.town import School


def old_orders(door: Site, school: School, count: int) -> None:
    """Orders of other terms, from so many days ago on, a day between one and the next."""
    first = now() - timedelta(days=count)
    orders = [
        {
            "school_id": school.id, "id": uuid7(), "course_id": school.algebra, "term_id": uuid7(), "state": "failed",
            "progress": 5, "title": f"Заказ {at + 1}", "failure": None, "failure_text": None,
            "ordered_by": id_of(school.methodologist), "ordered_at": first + timedelta(days=at), "finished_at": now(),
        }
        for at in range(count)
    ]  # fmt: skip
    with door.bus.services["printing"].unit_of_work.of(school.id) as session:
        session.execute(insert(PrintJob), orders)
