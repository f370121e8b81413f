"""After a table has grown much at once PostgreSQL knows how large it is, and SQLite is left alone."""

from __future__ import annotations

from sqlalchemy import insert, text

from kernel.clock import now
from kernel.data.database import UnitOfWork
from kernel.data.statistics import renew
from tests.kernel.bell import Tick


def test_the_size_of_a_table_is_known_once_its_statistics_are_renewed(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.everywhere() as session:
        session.execute(insert(Tick), [{"at": now(), "process": 1, "note": ""} for _ in range(50)])
        renew(session, Tick)
        if session.get_bind().dialect.name == "postgresql":
            size = text("SELECT reltuples FROM pg_class WHERE relname = :name")
            assert session.scalar(size, {"name": Tick.__tablename__}) == 50
