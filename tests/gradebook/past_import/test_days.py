"""A period journal: its marks stand in the lessons of their days, lessons are made where there are none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from uuid_utils.compat import uuid7

from cli.building import lessons, write
from contracts.gradebook.journal import Journal
from contracts.gradebook.past_import import PastImports
from kernel.data.database import UnitOfWork
from kernel.errors import Conflict
from kernel.files.folder import FolderStore
from services.gradebook.marks.tables import Mark, MarkRevision
from tests.gradebook.past_import.conftest import DOCUMENT, FIRST, NAMES, PRINTED, Past
from tests.gradebook.past_import.files import journal
from tests.kit.calls import statements
from tests.kit.databases import on_both

ANNA, BORIS, VERA = NAMES
DAYS = [FIRST + timedelta(days) for days in (10, 11, 12)]
WRITTEN = [f"{day:%d.%m.%Y}" for day in DAYS]


def handed_in(past: Past, students: dict[str, dict[str, Any]], days: list[str] | None = None) -> str:
    return past.hand_in(journal(students, days or WRITTEN, year=PRINTED))


def taught(past: Past) -> UUID:
    """Algebra was taught to all, with one lesson on the second day."""
    course_id = UUID(past.course(past.subject("Алгебра"), *NAMES))
    row = lessons.lesson(uuid7(), course_id, DAYS[1], 3)
    write(past.town.gradebook.unit_of_work, past.id, lessons.lessons([row]))
    return course_id


def kept(past: Past, name: str = ANNA) -> list[tuple[Any, ...]]:
    """The marks of a student: day, number of the lesson, value."""
    with past.town.gradebook.unit_of_work.of(past.id) as session:
        found = session.scalars(
            select(Mark).where(Mark.student_id == past.students[name].person_id).order_by(Mark.date, Mark.number)
        )
        return [(one.date, one.number, one.value) for one in found]


def counts(read: dict[str, Any]) -> tuple[int, int, int, int, int]:
    found = read.get("counts", read)
    return tuple(found[name] for name in ("added", "stands", "differs", "lessons", "absences"))  # type: ignore[return-value]  # five of them


def test_marks_of_days_stand_in_lessons_and_lessons_are_made(past: Past) -> None:
    course_id = taught(past)
    file = handed_in(past, {ANNA: {"Алгебра": ("5", "О 2", "Н")}, BORIS: {"Алгебра": ("3/3", "", "x")}})
    read = past.read(file)
    assert (read["what"], counts(read)) == ("journal", (3, 0, 0, 1, 2))
    assert [(one["place"], one["rule"]) for one in read["faults"]] == [
        ("Лист1!D11", "cell-unreadable"), ("", "absences-left-out"),
    ]  # fmt: skip
    first = read["marks"][0]
    assert (first["date"], first["kind"], first["text"], first["term"]) == (DAYS[0].isoformat(), "day", "5", "")
    past.take(file)
    assert kept(past) == [(DAYS[0], None, "5"), (DAYS[1], 3, "2")]
    assert kept(past, BORIS) == [(DAYS[0], None, "3/3")]
    page = past.call(Journal.journal_page, course_id=course_id, term_id=past.terms[0])
    assert [(one["date"], one["number"]) for one in page["lessons"]] == [
        (DAYS[0].isoformat(), None), (DAYS[1].isoformat(), 3),
    ]  # fmt: skip
    assert {mark["comment"] for mark in page["marks"]} == {DOCUMENT}
    with past.town.gradebook.unit_of_work.of(past.id) as session:
        assert {(one.reason, one.changed_by) for one in session.scalars(select(MarkRevision))} == {
            (DOCUMENT, past.methodologist.person_id)
        }


def test_the_same_journal_twice_changes_nothing_and_a_mark_that_stands_stays(past: Past) -> None:
    taught(past)
    file = handed_in(past, {ANNA: {"Алгебра": ("5", "4", "")}})
    past.take(file)
    again = past.take(file)
    assert (counts(again)[:2], again["import_id"]) == ((0, 2), None)
    other = past.read(handed_in(past, {ANNA: {"Алгебра": ("3", "4", "2")}}))
    assert (counts(other)[:4], other["faults"][0]["rule"]) == ((1, 1, 1, 1), "mark-differs")


def test_two_lessons_of_a_day_are_made_beside_each_other(past: Past) -> None:
    past.course(past.subject("Алгебра"), *NAMES)
    twice = [WRITTEN[0], WRITTEN[0], WRITTEN[1]]
    past.take(handed_in(past, {ANNA: {"Алгебра": ("5", "4", "")}, BORIS: {"Алгебра": ("", "3", "")}}, twice))
    assert sorted(kept(past), key=str) == [(DAYS[0], 1, "4"), (DAYS[0], None, "5")]
    assert kept(past, BORIS) == [(DAYS[0], 1, "3")]


def test_nobody_is_told_and_days_outside_the_year_are_left_out(past: Past) -> None:
    taught(past)
    past.town.carry()
    days = [f"{FIRST - timedelta(40):%d.%m.%Y}", *WRITTEN[:2]]
    read = past.read(handed_in(past, {ANNA: {"Алгебра": ("5", "4", "")}}, days))
    assert (counts(read)[0], read["faults"][0]["rule"]) == (1, "day-outside-year")
    past.take(handed_in(past, {ANNA: {"Алгебра": ("5", "4", "")}}, days))
    assert past.town.carry() == 0


@pytest.mark.parametrize("later", [None, "changed", "term mark"])
def test_a_journal_is_undone_while_nothing_stands_on_it(past: Past, later: str | None) -> None:
    taught(past)
    file = handed_in(past, {ANNA: {"Алгебра": ("5", "4", "")}})
    done = past.take(file)
    if later == "changed":
        with past.town.gradebook.unit_of_work.of(past.id) as session:
            session.scalars(select(Mark)).first().version = 2  # type: ignore[union-attr]  # there are two
    elif later == "term mark":
        past.set_term_mark(ANNA, past.terms[0])
    if later is not None:
        with pytest.raises(Conflict) as refused:
            past.undo(done["import_id"])
        assert refused.value.rule == {"changed": "changed-since", "term mark": "rests-on-it"}[later]
        return
    past.undo(done["import_id"])
    assert [value for *_, value in kept(past)] == [None, None]
    assert counts(past.take(file))[:4] == (2, 0, 0, 0), "the lessons stayed"
    assert [value for *_, value in kept(past)] == ["5", "4"]


@on_both
def test_many_marks_of_days_take_as_many_statements_as_few(past_of_both: Past) -> None:
    past = past_of_both
    past.course(past.subject("Алгебра"), *NAMES)
    few = handed_in(past, {ANNA: {"Алгебра": ("5", "", "")}})
    many = handed_in(past, {name: {"Алгебра": ("", "4", "4")} for name in NAMES})
    asked = []
    for file in (few, many):
        digest = past.read(file)["shown"]
        with statements(past.town.gradebook.unit_of_work.engine) as found:
            past.take(file, shown=digest)
        asked.append(len(found))
    assert asked[0] == asked[1]
    (last, first) = past.call(PastImports.past_imports)["imports"]
    assert (first["marks"], last["marks"]) == (1, 6)
    past.undo(last["id"])
    assert len([one for one in kept(past) if one[2]]) == 1


@pytest.fixture
def past_of_both(town: Any, engine: Engine, tmp_path: Any) -> Past:
    """A school whose gradebook is in this database."""
    town.gradebook.unit_of_work = UnitOfWork(engine, consumer="gradebook")
    town.gradebook.files = FolderStore(tmp_path / "files")
    return Past(town)
