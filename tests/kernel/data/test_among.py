"""Many ids are one parameter of one statement."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import func, insert, select, union_all
from sqlalchemy.orm import aliased

from kernel.data import inbox
from kernel.data.among import among, among_selected
from kernel.data.database import UnitOfWork
from kernel.data.inbox import InboxRow
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


def test_texts_are_one_parameter_as_ids_are(unit_of_work: UnitOfWork) -> None:
    wanted = select(InboxRow.message_id).where(among(InboxRow.message_id, "keys")).order_by(InboxRow.message_id)
    with unit_of_work.everywhere() as session:
        for key in ("a", "b", 'ё, "c"'):
            inbox.claim(session, "bell", key)
        assert session.scalars(wanted, {"keys": ['ё, "c"', "a", "d"]}).all() == ["a", 'ё, "c"']
        assert session.scalars(wanted, {"keys": []}).all() == []


def test_ids_that_a_statement_selects_are_those_of_the_school(unit_of_work: UnitOfWork) -> None:
    schools, ring = (SCHOOL, uuid4()), uuid4()
    for number, school in enumerate(schools):
        with unit_of_work.of(school) as session:
            row = {"school_id": school, "ring_id": ring, "number": number, "bell_id": ring, "process": 1}
            session.execute(insert(Sound), [row])
    rung = aliased(Sound)
    inner = union_all(select(rung.ring_id).where(rung.number == 0), select(rung.ring_id).where(rung.number == 7))
    wanted = select(Sound.number).where(among_selected(Sound.ring_id, inner))
    for school, found in zip(schools, ([0], []), strict=True):
        with unit_of_work.of(school) as session:
            assert session.scalars(wanted).all() == found
