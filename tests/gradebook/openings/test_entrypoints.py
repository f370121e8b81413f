"""The methodologist opens closed lessons until a moment; teachers see it and write; it ends, and its history stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, update
from uuid_utils.compat import uuid7

from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from contracts.gradebook.openings import LISTED, Openings
from kernel.clock import now
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.gradebook.windows.tables import EditOpening
from tests.gradebook.windows.test_closed_terms import ENDED, HELD, Kept, every_writer
from tests.kit.calls import call, statements
from tests.kit.databases import on_both
from tests.noon import NOON_ZONE

TOMORROW = now() + timedelta(days=1)


@pytest.fixture
def kept(school: Any) -> Kept:
    """The first term ended, and is closed since today."""
    found = Kept(school)
    school.end_term(ENDED)
    return found


def opened(school: Any, of: str, of_id: UUID, actor: Any = None, **more: Any) -> dict[str, Any]:
    """Lessons from twenty days ago until today are opened until tomorrow."""
    given: dict[str, Any] = {"until": TOMORROW, "reason": "Болезнь учителя"}
    if of != "lesson":
        given |= {"first": school.day(-20), "last": school.today}
    command = {"of": of, "of_id": of_id, **given, **more}
    return call(school.service, Openings.open_lessons, actor or school.methodologist, **command)


def ended(school: Any, opening: dict[str, Any], actor: Any = None) -> dict[str, Any]:
    return call(school.service, Openings.end_opening, actor or school.methodologist, opening_id=opening["id"])


def listed(school: Any, actor: Any = None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(school.service, Openings.openings, actor or school.methodologist)["openings"]
    return found


#: What lessons are opened of, so that the kept one is among them.
OF: dict[str, Callable[[Kept], UUID]] = {
    "course": lambda kept: kept.school.course_id,
    "teacher": lambda kept: kept.school.teacher.person_id,
    "class": lambda kept: kept.school.class_id,
    "lesson": lambda kept: kept.lesson_id,
}
of_everything = pytest.mark.parametrize("of", list(OF))


@of_everything
def test_a_teacher_writes_again_in_what_the_methodologist_opened(kept: Kept, of: str) -> None:
    with pytest.raises(Conflict):
        kept.topic()
    made = opened(kept.school, of, OF[of](kept))
    assert (made["of"], made["of_id"], made["open"]) == (of, str(OF[of](kept)), True)
    described = kept.topic()
    assert (described["topic"], described["closed"]) == ("Sums", None)
    assert datetime.fromisoformat(described["opened_until"]) == TOMORROW
    assert kept.post_column()["marks"]
    assert kept.change()["value"] == "2"


@every_writer
def test_an_opening_of_a_course_lets_everything_be_written(kept: Kept, writes: Callable[..., Any]) -> None:
    opened(kept.school, "course", kept.school.course_id)
    assert writes(kept)


def test_an_opening_opens_what_the_policys_days_closed_too(school: Any) -> None:
    kept = Kept(school)
    school.vote(edit_days=1)
    with pytest.raises(Conflict):
        kept.topic()
    opened(school, "lesson", kept.lesson_id)
    assert kept.topic()["topic"] == "Sums"
    assert kept.change()["value"] == "2"


@pytest.mark.parametrize(
    ("of", "of_id"),
    [
        ("course", lambda kept: kept.school.other_course_id),
        ("teacher", lambda kept: kept.school.other_teacher.person_id),
        ("class", lambda kept: kept.school.first_class_id),
        ("lesson", lambda kept: kept.school.lesson_id),
    ],
)
def test_an_opening_of_something_else_opens_nothing_here(kept: Kept, of: str, of_id: Callable[[Kept], UUID]) -> None:
    opened(kept.school, of, of_id(kept))
    for writes in (Kept.topic, Kept.post_one, Kept.add, Kept.change):
        with pytest.raises(Conflict):
            writes(kept)


@pytest.mark.parametrize(
    ("first", "last", "is_open"), [(-HELD, -HELD, True), (-HELD + 1, 0, False), (-20, -HELD - 1, False)]
)
def test_an_opening_is_for_the_lessons_of_its_days(kept: Kept, first: int, last: int, is_open: bool) -> None:
    school = kept.school
    opened(school, "course", school.course_id, first=school.day(first), last=school.day(last))
    page = kept.call(Journal.journal_page, course_id=school.course_id, term_id=school.term_id)["lessons"]
    assert (page[0]["closed"] is None) == is_open == (page[0]["opened_until"] is not None)
    assert (kept.call(Lessons.lesson, lesson_id=kept.lesson_id)["closed"] is None) == is_open


def pass_by(school: Any) -> None:
    """Every opening was made two days ago, and is over since yesterday."""
    with school.service.unit_of_work.of(school.id) as session:
        past = {"opened_at": now() - timedelta(days=2), "until": now() - timedelta(days=1)}
        session.execute(update(EditOpening).values(**past))


def test_an_opening_that_is_over_is_what_a_refusal_names(kept: Kept) -> None:
    school = kept.school
    opened(school, "lesson", kept.lesson_id)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(EditOpening).values(opened_at=now() - timedelta(days=2), until=now()))
    with pytest.raises(Conflict) as refused:
        kept.topic()
    assert refused.value.params == {"term": "I", "ended_on": school.day(-ENDED), "date": school.today}
    shown = kept.call(Lessons.lesson, lesson_id=kept.lesson_id)
    assert (shown["closed"]["last_day"], shown["opened_until"]) == (str(school.today), None)


def test_the_methodologist_ends_what_is_open_and_the_history_keeps_it(kept: Kept) -> None:
    school = kept.school
    first = opened(school, "course", school.course_id)
    second = opened(school, "lesson", kept.lesson_id, reason="  Ошибка в теме ")
    assert [one["id"] for one in listed(school)] == [second["id"], first["id"]]
    ended(school, second)
    done = ended(school, first)
    assert (done["open"], done["ended_by"]) == (False, str(school.methodologist.person_id))
    with pytest.raises(Conflict):
        kept.topic()
    for over in (first, second):
        with pytest.raises(Conflict) as refused:
            ended(school, over)
        assert (refused.value.rule, refused.value.field) == ("opening-over", "opening_id")
    lesson, course = listed(school)
    assert (lesson["of"], lesson["title"], lesson["lesson_date"]) == ("lesson", "Algebra 7A", str(school.day(-HELD)))
    assert (lesson["reason"], lesson["first"], lesson["last"]) == ("Ошибка в теме", None, None)
    assert (course["of"], course["title"], course["lesson_date"]) == ("course", "Algebra 7A", None)
    assert (course["first"], course["last"]) == (str(school.day(-20)), str(school.today))
    assert course["opened_by"] == str(school.methodologist.person_id)


def test_what_is_over_cannot_be_ended_and_stands_behind_what_is_open(kept: Kept) -> None:
    school = kept.school
    for _ in range(LISTED):
        over = opened(school, "class", school.class_id)
    pass_by(school)
    holds = opened(school, "teacher", school.teacher.person_id)
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(
            update(EditOpening).where(EditOpening.id == UUID(holds["id"])).values(opened_at=now() - timedelta(days=9))
        )
    found = listed(school)
    assert (len(found), found[0]["id"], found[0]["title"], found[1]["open"]) == (LISTED, holds["id"], None, False)
    with pytest.raises(Conflict):
        ended(school, over)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "   "}, "reason"),
        ({"until": now() - timedelta(minutes=1)}, "until"),
        ({"first": None}, "first"),
        ({"last": None}, "last"),
        ({"last": date(2020, 1, 1)}, "last"),
    ],
)
def test_an_opening_that_makes_no_sense_is_refused_with_its_field(school: Any, more: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(school, "course", school.course_id, **more)
    assert refused.value.field == field
    assert listed(school) == []


@of_everything
def test_nothing_is_opened_that_the_school_does_not_have(school: Any, of: str) -> None:
    with pytest.raises(NotFound) as refused:
        opened(school, of, uuid7())
    assert refused.value.rule == f"no-such-{of}"


def test_a_time_without_offset_is_the_schools(school: Any) -> None:
    local = datetime.combine(school.day(1), datetime.min.time())
    made = opened(school, "lesson", school.lesson_id, until=local)
    assert datetime.fromisoformat(made["until"]) == local.replace(tzinfo=ZoneInfo(NOON_ZONE)).astimezone(UTC)


def test_the_methodologist_alone_opens_and_the_administration_reads(school: Any) -> None:
    made = opened(school, "lesson", school.lesson_id)
    for actor in (school.director, school.deputy, school.teacher, school.homeroom, school.parent, school.student):
        with pytest.raises(Forbidden):
            opened(school, "lesson", school.lesson_id, actor)
        with pytest.raises(Forbidden):
            ended(school, made, actor)
    assert listed(school, school.director) == listed(school, school.deputy) == listed(school)
    for actor in (school.teacher, school.parent):
        with pytest.raises(Forbidden):
            listed(school, actor)


@on_both
def test_openings_of_another_school_with_the_same_ids_open_nothing_here(kept: Kept) -> None:
    school = kept.school
    same = {field.name: getattr(school, field.name) for field in fields(school) if field.name not in ("service", "id")}
    twin = type(school)(school.service, **same)
    for of in ("course", "class"):
        opened(twin, of, OF[of](kept))
    opened(twin, "teacher", twin.teacher.person_id)
    for writes in (Kept.topic, Kept.post_one, Kept.add):
        with pytest.raises(Conflict):
            writes(kept)
    assert listed(school) == []
    with pytest.raises(NotFound):
        ended(school, listed(twin)[0])
    opened(school, "teacher", school.teacher.person_id)
    assert kept.topic()["topic"] == "Sums"
    assert kept.add()["topic"] == ""


def test_openings_cost_no_statement_where_lessons_are_read_and_written(kept: Kept, engine: Engine) -> None:
    school = kept.school
    school.end_term(-20)

    reads: list[Callable[[], Any]] = [
        lambda: kept.call(Lessons.day, date=school.day(-HELD)),
        lambda: kept.call(Marks.lesson_marks, lesson_id=kept.lesson_id),
        lambda: kept.call(Journal.journal_page, course_id=school.course_id, term_id=school.term_id),
    ]

    def counts() -> list[int]:
        found = []
        for read in reads:
            with statements(engine) as sent:
                read()
            found.append(len(sent))
        return found

    counts()  # the bells of the year are read once and kept
    without = counts()
    for of, of_id in OF.items():
        opened(school, of, of_id(kept))
    assert counts() == without
    with statements(engine) as sent:
        listed(school)
    assert len(sent) == 1
    with statements(engine) as sent:
        kept.topic()
    assert len(sent) == 3
