"""The migrated schema is the declared one; changes of it keep what is there, and older replicas go on writing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert

from cli.building import Row, calendar, courses, lessons, marks, write
from cli.building.courses import Taught
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from services.gradebook.marks.tables import Mark, Work
from tests.kit.databases import on_both
from tests.kit.marks import COPIES, copies_and_originals

DAY = date(2026, 9, 1)


@on_both
def test_the_migrations_make_the_tables_that_are_declared(engine: Engine) -> None:
    assert migrations.differences("gradebook", engine.url.render_as_string(hide_password=False)) == []


def written(unit_of_work: UnitOfWork, number: int | None) -> tuple[UUID, Row, Row]:
    """A lesson with a column without marks, in a school of its own: the school, the column and the lesson."""
    school_id, answer_id, year_id, course_id, student = (uuid4() for _ in range(5))
    lesson = lessons.lesson(uuid4(), course_id, DAY, number)
    work = marks.work(lesson, answer_id)
    write(
        unit_of_work,
        school_id,
        calendar.year(year_id, (DAY, DAY), {}),
        marks.kinds(answer_id),
        courses.courses(year_id, DAY, [Taught(course_id, "Algebra", None, (), (student,))]),
        lessons.lessons([lesson]),
        [(Work, [work])],
    )
    return school_id, work, lesson


def mark_of_an_older_version(unit_of_work: UnitOfWork, school_id: UUID, work: Row, lesson: Row) -> None:
    """A mark without what it copies of its lesson."""
    copies: set[Any] = {column.key for column in COPIES}
    mark = marks.mark(work, lesson, uuid4(), "5")
    row = {name: value for name, value in mark.items() if name not in copies}
    with unit_of_work.of(school_id) as session:
        session.execute(insert(Mark), [{"school_id": school_id, **row}])


def test_marks_that_are_there_get_what_they_copy(database_url: str) -> None:
    migrations.upgrade("gradebook", database_url, "0002")
    unit_of_work = UnitOfWork(make_engine(database_url))
    for number in (None, 3):
        mark_of_an_older_version(unit_of_work, *written(unit_of_work, number))
    migrations.upgrade("gradebook", database_url)
    copies, originals = copies_and_originals(unit_of_work)
    assert {row[-2:] for row in originals} == {(DAY, None), (DAY, 3)}
    assert copies == originals
    unit_of_work.engine.dispose()


def test_a_mark_that_an_older_replica_writes_gets_them_too(engine: Engine) -> None:
    unit_of_work = UnitOfWork(engine)
    mark_of_an_older_version(unit_of_work, *written(unit_of_work, 2))
    copies, originals = copies_and_originals(unit_of_work)
    assert len(copies) == 1
    assert copies == originals
