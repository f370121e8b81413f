"""Many ids are one parameter of one statement."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import func, insert, select

from kernel.data.among import among
from kernel.data.database import UnitOfWork
from tests.kernel.bell import Sound

SCHOOL = uuid4()
AMONG = select(Sound.number).where(among(Sound.ring_id, "ring_ids")).order_by(Sound.number)


def test_rows_of_these_ids_are_found_by_one_statement_however_many_they_are(unit_of_work: UnitOfWork) -> None:
    ids = [uuid4() for _ in range(3)]
    rows = [
        {"school_id": SCHOOL, "ring_id": one, "number": number, "bell_id": one, "process": 1}
        for number, one in enumerate(ids)
    ]
    cache: dict = {}
    cached = UnitOfWork(unit_of_work.engine.execution_options(compiled_cache=cache))
    with cached.of(SCHOOL) as session:
        session.execute(insert(Sound), rows)
        assert session.scalars(AMONG, {"ring_ids": ids}).all() == [0, 1, 2]
        compiled = len(cache)
        assert compiled
        assert session.scalars(AMONG, {"ring_ids": {ids[2]}}).all() == [2]
        assert session.scalars(AMONG, {"ring_ids": [uuid4()]}).all() == []
        assert session.scalars(AMONG, {"ring_ids": ()}).all() == []
        assert len(cache) == compiled


def test_it_is_a_condition_of_parts_of_a_statement_too(unit_of_work: UnitOfWork) -> None:
    with unit_of_work.of(SCHOOL) as session:
        inner = select(Sound.ring_id).where(among(Sound.ring_id, "ring_ids"))
        counted = select(func.count()).select_from(Sound).where(Sound.ring_id.in_(inner))
        assert session.scalar(counted, {"ring_ids": [uuid4()]}) == 0
