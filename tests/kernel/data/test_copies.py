"""A copy of another service's data ends with the newest revision, in whatever order the events came."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, String, Uuid, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kernel.data.copies import insert_into, keep_newer, replacing
from kernel.data.database import UnitOfWork, make_engine
from kernel.data.tenancy import TenantRow

TENANT, OTHER = uuid4(), uuid4()
LESSON = uuid4()


class Base(DeclarativeBase):
    """The table of the test."""


class LessonCopy(TenantRow, Base):
    __tablename__ = "lesson_copy"
    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    lesson_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    revision: Mapped[int]


def make_tables(url: str) -> None:
    engine = make_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


@pytest.fixture
def unit_of_work(database: Callable[..., Engine]) -> UnitOfWork:
    return UnitOfWork(database("copies", make_tables))


def row(revision: int, lesson_id: UUID = LESSON, tenant: UUID = TENANT, topic: str = "") -> dict:
    return {"school_id": tenant, "lesson_id": lesson_id, "topic": topic or f"topic {revision}", "revision": revision}


def keep(unit_of_work: UnitOfWork, *rows: dict, tenant: UUID = TENANT) -> set:
    with unit_of_work.of(tenant) as session:
        return keep_newer(session, LessonCopy, list(rows))


def topics(unit_of_work: UnitOfWork, tenant: UUID = TENANT) -> dict[UUID, str]:
    with unit_of_work.of(tenant) as session:
        return dict(session.execute(select(LessonCopy.lesson_id, LessonCopy.topic)).all())


@pytest.mark.parametrize("order", list(itertools.permutations((1, 2, 3))), ids=str)
def test_the_newest_revision_stays_in_any_order(unit_of_work: UnitOfWork, order: tuple[int, ...]):
    for revision in order:
        keep(unit_of_work, row(revision))
    assert topics(unit_of_work) == {LESSON: "topic 3"}


def test_the_keys_that_were_written_are_told_and_no_others(unit_of_work: UnitOfWork):
    old, new = uuid4(), uuid4()
    assert keep(unit_of_work, row(2, old)) == {old}
    assert keep(unit_of_work, row(1, old), row(1, new)) == {new}
    assert keep(unit_of_work) == set()


def test_the_same_revision_again_changes_nothing(unit_of_work: UnitOfWork):
    keep(unit_of_work, row(1, topic="first"))
    assert keep(unit_of_work, row(1, topic="second")) == set()
    assert topics(unit_of_work) == {LESSON: "first"}


def test_another_tenants_row_of_the_same_key_is_another_row(unit_of_work: UnitOfWork):
    keep(unit_of_work, row(5, topic="ours"))
    assert keep(unit_of_work, row(1, tenant=OTHER, topic="theirs"), tenant=OTHER) == {LESSON}
    assert topics(unit_of_work) == {LESSON: "ours"}
    assert topics(unit_of_work, OTHER) == {LESSON: "theirs"}


def test_a_row_is_replaced_with_what_was_set_instead(unit_of_work: UnitOfWork):
    for revision in (3, 1):
        with unit_of_work.of(TENANT) as session:
            session.execute(replacing(session, LessonCopy, revision=LessonCopy.revision + 10), [row(revision)])
    with unit_of_work.of(TENANT) as session:
        (kept,) = session.scalars(select(LessonCopy))
        assert (kept.topic, kept.revision) == ("topic 1", 13)


def test_an_insert_may_leave_what_is_there(unit_of_work: UnitOfWork):
    for topic in ("first", "second"):
        with unit_of_work.of(TENANT) as session:
            session.execute(insert_into(session, LessonCopy).on_conflict_do_nothing(), [row(1, topic=topic)])
    assert topics(unit_of_work) == {LESSON: "first"}
