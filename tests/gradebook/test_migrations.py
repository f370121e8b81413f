"""The migrated schema is the declared one; changes of it keep what is there, and older replicas go on writing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from cli.building import Row, calendar, courses, lessons, marks, write
from cli.building.courses import Taught
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from services.gradebook.base import Base
from services.gradebook.calendar.tables import Term
from services.gradebook.courses.tables import Course
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


def test_p02_terms_and_courses_that_are_there_get_a_division(database_url: str) -> None:
    """Quarters and half-years that were there side by side are told apart; a year of quarters stays one."""
    migrations.upgrade("gradebook", database_url, "0004")
    unit_of_work = UnitOfWork(make_engine(database_url))
    school_id, plain, mixed, subject = (uuid4() for _ in range(4))
    class_id = uuid4()
    terms = [
        (plain, "I", date(2025, 9, 1), date(2025, 10, 26)), (plain, "II", date(2025, 11, 5), date(2025, 12, 28)),
        (mixed, "1 четверть", date(2026, 9, 1), date(2026, 10, 24)),
        (mixed, "2 четверть", date(2026, 11, 5), date(2026, 12, 30)),
        (mixed, "1 полугодие", date(2026, 9, 1), date(2026, 12, 30)),
    ]  # fmt: skip
    courses_there = [
        ("Algebra 11A", plain, 11, None), ("Algebra 8A", mixed, 8, None), ("Algebra 10A", mixed, None, class_id),
        ("Choir", mixed, None, None),
    ]  # fmt: skip
    with unit_of_work.of(school_id) as session:
        for year_id in (plain, mixed):
            add(session, "year", school_id, id=year_id, title="Year", starts_on=date(2025, 9, 1), ends_on=DAY)
        add(session, "subject", school_id, id=subject, name="Algebra")
        add(
            session, "class_copy", school_id, class_id=class_id, revision=1, name="10A", grade=10,
            homeroom_teacher_id=None,
        )  # fmt: skip
        for year_id, title, starts_on, ends_on in terms:
            add(
                session, "term", school_id, id=uuid4(), year_id=year_id, title=title, starts_on=starts_on,
                ends_on=ends_on,
            )  # fmt: skip
        for title, year_id, grade, of_class in courses_there:
            add(
                session, "course", school_id, id=uuid4(), title=title, subject_id=subject, year_id=year_id,
                class_id=of_class, grade=grade,
            )  # fmt: skip
    migrations.upgrade("gradebook", database_url)
    with unit_of_work.of(school_id) as session:
        of_terms = {row.title: row.division for row in session.execute(select(Term.title, Term.division))}
        of_courses = {row.title: row.division for row in session.execute(select(Course.title, Course.division))}
    assert of_terms == {
        "I": "quarters", "II": "quarters", "1 четверть": "quarters", "2 четверть": "quarters",
        "1 полугодие": "half-years",
    }  # fmt: skip
    assert of_courses == {
        "Algebra 11A": "quarters", "Algebra 8A": "quarters", "Algebra 10A": "half-years", "Choir": "quarters",
    }  # fmt: skip
    unit_of_work.engine.dispose()


def add(session: Session, name: str, school_id: UUID, /, **row: Any) -> None:
    """A row as the earlier version writes it, without the columns that came later."""
    written_there: Any = Base.metadata.tables[name]
    session.execute(insert(written_there), [{"school_id": school_id, **row}])
