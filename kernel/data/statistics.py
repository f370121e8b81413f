"""Statistics of tables, by which PostgreSQL plans its statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def renew(session: Session, *tables: type[Any]) -> None:
    """Have PostgreSQL look at tables that have grown much at once.

    It would do so by itself within a minute or two; until then reads of them may take longer than anybody waits.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ANALYZE {', '.join(one.__tablename__ for one in tables)}"))
