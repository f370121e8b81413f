"""Edit windows, deadlines and reasons by the school's voted policy, as the gradebook applies them to its records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from contracts.gradebook.homework import Homework
from contracts.gradebook.journal import Journal
from contracts.gradebook.lessons import Lessons
from contracts.gradebook.marks import Marks
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from services.gradebook.lessons.tables import Lesson, LessonRevision
from services.gradebook.marks.tables import KindOfWork, Mark, MarkRevision
from tests.gradebook.windows.test_closed_terms import HELD, Kept, every_writer
from tests.kit.calls import statements

#: The lesson of ten days ago is open for so many days, until yesterday.
DAYS = HELD - 1
#: What a lesson says that nobody has to be told of.
NOTHING = {"closed": None, "opened_until": None, "late": None}


@pytest.fixture
def kept(school: Any) -> Kept:
    return Kept(school)


def closed(school: Any, last: int) -> dict[str, Any]:
    """What a lesson says whose own days are over since a day."""
    return {"by": "days", "term": "I", "ended_on": str(school.day(20)), "last_day": str(school.day(last))}


def window(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in NOTHING}


def windows_of(kept: Kept) -> dict[str, dict[str, Any]]:
    """Kind of work → the window of the lesson's marks."""
    kinds = {str(kept.school.answer_id): "answer", str(kept.school.control_id): "control"}
    found = kept.call(Marks.lesson_marks, lesson_id=kept.lesson_id)["windows"]
    return {kinds[one["kind_id"]]: window(one) for one in found}


# --- closed ----------------------------------------------------------------------------------------


#: `post_column` sets marks of a control work, which has days of its own.
every_writer_of_the_lesson = pytest.mark.parametrize(
    ("writes", "field"),
    [
        (Kept.post_one, "lesson_id"), (Kept.set_column, "lesson_id"), (Kept.change, "mark_id"),
        (Kept.take_back, "mark_id"), (Kept.topic, "lesson_id"), (Kept.homework, "lesson_id"),
        (Kept.take_topics, "lesson_id"), (Kept.add, "date"),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)  # fmt: skip


@every_writer_of_the_lesson
def test_nothing_is_written_whose_days_are_over(kept: Kept, writes: Callable[..., Any], field: str) -> None:
    school = kept.school
    school.vote(edit_days=DAYS)
    with pytest.raises(Conflict) as refused:
        writes(kept)
    assert (refused.value.rule, refused.value.field) == ("window-closed", field)
    assert refused.value.params == {"date": school.day(-1)}
    assert (school.count(MarkRevision), school.count(LessonRevision), school.count(Lesson)) == (1, 0, 6)


@every_writer
def test_on_its_last_day_everything_is_written_still(kept: Kept, writes: Callable[..., Any]) -> None:
    kept.school.vote(edit_days=HELD)
    assert writes(kept)


@every_writer
def test_a_school_that_voted_nothing_writes_as_long_as_the_term_is_open(kept: Kept, writes: Callable[..., Any]) -> None:
    assert writes(kept)


@every_writer_of_the_lesson
def test_who_may_not_write_there_is_told_no_more_of_what_is_closed(
    kept: Kept, writes: Callable[..., Any], field: str
) -> None:
    school = kept.school
    school.vote(edit_days=DAYS)
    for actor, refusal in ((school.homeroom, Forbidden), (school.other_teacher, NotFound)):
        with pytest.raises(refusal):
            writes(kept, actor)


def test_the_version_in_force_on_the_lessons_day_decides(kept: Kept) -> None:
    kept.school.vote(begins=-HELD + 1, edit_days=0)
    assert kept.topic()["topic"] == "Sums"


def test_files_and_tasks_of_homework_close_with_it(kept: Kept) -> None:
    kept.school.vote(edit_days=DAYS)
    with pytest.raises(Conflict) as refused:
        kept.call(Homework.set_homework, lesson_id=kept.lesson_id, minutes=20, version=0)
    assert (refused.value.rule, refused.value.field) == ("window-closed", "lesson_id")
    assert kept.call(Homework.homework, lesson_id=kept.lesson_id)["writes"] is False


def test_marks_of_written_work_are_counted_from_the_day_on_which_they_are_due(kept: Kept) -> None:
    """A control work's marks are due seven school days after it; with edit days, they are open for longer."""
    kept.school.vote(edit_days=DAYS)
    assert windows_of(kept)["answer"]["closed"] == closed(kept.school, -1)
    assert windows_of(kept)["control"]["closed"] is None
    assert kept.post_column()["marks"]


def test_marks_of_homework_are_counted_from_the_day_on_which_it_was_due(kept: Kept) -> None:
    school = kept.school
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(KindOfWork).where(KindOfWork.id == school.control_id).values(name="Домашняя работа"))
        session.execute(update(Lesson).where(Lesson.id == kept.lesson_id).values(homework_due=school.day(-HELD + 1)))
    school.vote(edit_days=DAYS)
    assert kept.post_column()["marks"]
    mark = kept.call(Marks.lesson_marks, lesson_id=kept.lesson_id)["marks"][-1]
    assert kept.call(Marks.mark_history, mark_id=mark["id"])["closed"] is None
    with school.service.unit_of_work.of(school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == kept.lesson_id).values(homework_due=None))
    assert kept.call(Marks.mark_history, mark_id=mark["id"])["closed"] == closed(school, -1)
    with pytest.raises(Conflict):
        kept.post_column()


def test_who_reads_a_lesson_or_a_mark_is_told_that_its_days_are_over(kept: Kept) -> None:
    school = kept.school
    school.vote(edit_days=DAYS)
    day = kept.call(Lessons.day, date=school.day(-HELD))["lessons"]
    page = kept.call(Journal.journal_page, course_id=school.course_id, term_id=school.term_id)["lessons"]
    lesson = kept.call(Lessons.lesson, lesson_id=kept.lesson_id)
    history = kept.call(Marks.mark_history, school.parent, mark_id=kept.mark["id"])
    assert [one["closed"] for one in (*day, page[0], lesson, history)] == [closed(school, -1)] * 4
    assert [one["closed"] for one in page[1:]] == [None] * 2, "later lessons are open"
    assert kept.call(Lessons.day, date=school.day(-1))["without_topic"] == []


# --- late ------------------------------------------------------------------------------------------


def late(school: Any, days: int = -HELD, *, asks: bool = False) -> dict[str, Any]:
    return {"due_on": str(school.day(days)), "asks_reason": asks}


def revisions(kept: Kept, table: Any = LessonRevision) -> list[tuple[Any, str]]:
    """The deadlines and reasons of the history, in order."""
    with kept.school.service.unit_of_work.of(kept.school.id) as session:
        rows = session.execute(select(table.due_on, table.reason).order_by(table.version, table.changed_at))
        return [tuple(row) for row in rows]


def test_what_comes_on_the_day_of_the_lesson_is_in_time(kept: Kept) -> None:
    kept.school.vote(late_reason=True)
    kept.lesson_id = kept.school.lesson_id
    assert window(kept.topic()) == NOTHING
    kept.post_one()
    assert revisions(kept) == [(None, "")]
    assert revisions(kept, MarkRevision)[-1] == (None, "")


def test_what_comes_later_is_taken_and_keeps_its_deadline_with_who_and_when(kept: Kept) -> None:
    """Topic, homework and marks of answers are due on the day of the lesson (clause 3.2)."""
    school = kept.school
    assert window(kept.topic())["late"] == late(school)
    kept.post_one()
    assert revisions(kept) == [(school.day(-HELD), "")]
    (text,) = kept.call(Homework.homework_history, lesson_id=kept.lesson_id)["texts"]
    assert (text["due_on"], text["changed_by"]) == (str(school.day(-HELD)), str(school.teacher.person_id))
    mark = kept.call(Marks.lesson_marks, lesson_id=kept.lesson_id)["marks"][-1]
    (state,) = kept.call(Marks.mark_history, mark_id=mark["id"])["revisions"]
    assert (state["due_on"], state["reason"]) == (str(school.day(-HELD)), "")
    assert (state["changed_by"], state["changed_at"] is not None) == (str(school.teacher.person_id), True)
    (told,) = kept.call(Marks.mark_history, school.other_parent, mark_id=mark["id"])["revisions"]
    assert (told["due_on"], told["reason"]) == (None, "")


def test_a_correction_is_no_late_entry(kept: Kept) -> None:
    kept.school.vote(late_reason=True)
    with kept.school.service.unit_of_work.of(kept.school.id) as session:
        session.execute(update(Lesson).where(Lesson.id == kept.lesson_id).values(topic="Addition", homework="No. 4"))
    kept.topic()
    kept.change()
    assert revisions(kept) == [(None, "")]
    assert revisions(kept, MarkRevision)[-1] == (None, "typed wrongly")


def topic(kept: Kept, **more: Any) -> Any:
    return kept.call(Lessons.describe_lesson, lesson_id=kept.lesson_id, version=1, topic="Sums", **more)


def homework(kept: Kept, **more: Any) -> Any:
    return kept.call(Lessons.describe_lesson, lesson_id=kept.lesson_id, version=1, homework="No. 5", **more)


def one_mark(kept: Kept, **more: Any) -> Any:
    given = {"lesson_id": kept.lesson_id, "student_id": kept.school.students[1], "value": "2"}
    return kept.call(Marks.post_mark, **given, **more)


def column(kept: Kept, **more: Any) -> Any:
    marks = [{"student_id": kept.school.students[1], "value": "2"}]
    return kept.call(Marks.post_marks, lesson_id=kept.lesson_id, marks=marks, **more)


def places(kept: Kept, **more: Any) -> Any:
    marks = [{"student_id": kept.school.students[1], "value": "2"}]
    return kept.call(Marks.set_column, lesson_id=kept.lesson_id, marks=marks, **more)


def new_lesson(kept: Kept, **more: Any) -> Any:
    given = {"course_id": kept.school.course_id, "date": kept.school.day(-HELD), "number": 4, "topic": "Sums"}
    return kept.call(Lessons.add_lesson, **given, works_anyway=True, **more)


late_entry = pytest.mark.parametrize(
    ("enters", "table"),
    [
        (topic, LessonRevision), (homework, LessonRevision), (new_lesson, LessonRevision), (one_mark, MarkRevision),
        (column, MarkRevision), (places, MarkRevision),
    ],
    ids=lambda one: one.__name__,
)  # fmt: skip


@late_entry
def test_the_reason_of_a_late_entry_is_asked_where_the_school_voted_it(
    kept: Kept, enters: Callable[..., Any], table: Any
) -> None:
    school = kept.school
    before = (school.count(LessonRevision), school.count(MarkRevision), school.count(Mark), school.count(Lesson))
    school.vote(late_reason=True)
    for reason in ({}, {"reason": "  "}):
        with pytest.raises(Invalid) as refused:
            enters(kept, **reason)
        assert (refused.value.rule, refused.value.field) == ("late-reason-required", "reason")
        assert refused.value.params == {"date": school.day(-HELD)}
    now_there = (school.count(LessonRevision), school.count(MarkRevision), school.count(Mark), school.count(Lesson))
    assert now_there == before
    enters(kept, reason=" Болезнь учителя ")
    assert revisions(kept, table)[-1] == (school.day(-HELD), "Болезнь учителя")


@late_entry
def test_where_the_school_asks_for_no_reason_one_is_kept_all_the_same(
    kept: Kept, enters: Callable[..., Any], table: Any
) -> None:
    enters(kept, reason="Болезнь учителя")
    assert revisions(kept, table)[-1] == (kept.school.day(-HELD), "Болезнь учителя")


def test_a_change_of_a_column_needs_its_own_reason_and_gives_it_to_late_marks_too(kept: Kept) -> None:
    kept.school.vote(late_reason=True)
    kept.set_column()
    assert sorted(revisions(kept, MarkRevision)[1:], key=repr) == sorted(
        [(kept.school.day(-HELD), "typed wrongly"), (None, "typed wrongly")], key=repr
    )


def test_lessons_and_columns_say_whether_they_are_late_and_a_reason_is_asked(kept: Kept) -> None:
    school = kept.school
    assert kept.call(Lessons.lesson, lesson_id=school.lesson_id)["late"] is None
    assert kept.call(Lessons.lesson, lesson_id=school.future_lesson_id)["late"] is None
    assert kept.call(Lessons.lesson, lesson_id=kept.lesson_id)["late"] == late(school)
    assert windows_of(kept)["answer"]["late"] == late(school)
    school.vote(late_reason=True)
    assert kept.call(Lessons.lesson, lesson_id=kept.lesson_id)["late"] == late(school, asks=True)
    assert windows_of(kept)["answer"]["late"] == late(school, asks=True)


def test_the_school_decides_how_many_school_days_later_something_is_due(kept: Kept) -> None:
    school = kept.school
    school.vote(topic_days=5, homework_days=60)
    due = kept.call(Lessons.lesson, lesson_id=kept.lesson_id)["late"]["due_on"]
    assert str(school.day(-HELD + 5)) <= due <= str(school.day(-HELD + 7)), "a Sunday or two are no school days"


# --- what it costs ---------------------------------------------------------------------------------


def test_windows_and_deadlines_cost_one_statement_at_most(kept: Kept, engine: Engine) -> None:
    """That of the year, whose school days matter for work whose marks are due later, and after a vote of other days."""
    school = kept.school
    page = {"course_id": school.course_id, "term_id": school.term_id}
    reads: dict[str, Callable[[], Any]] = {
        "day": lambda: kept.call(Lessons.day, date=school.day(-HELD)),
        "lesson": lambda: kept.call(Lessons.lesson, lesson_id=kept.lesson_id),
        "marks": lambda: kept.call(Marks.lesson_marks, lesson_id=kept.lesson_id),
        "journal": lambda: kept.call(Journal.journal_page, **page),
        "topic": kept.topic,
        "homework": lambda: kept.call(Lessons.describe_lesson, lesson_id=kept.lesson_id, version=2, homework="5"),
        "column": kept.post_column,
    }  # fmt: skip
    reads["day"]()  # the bells of the year are read once and kept
    usual = {"day": 1, "lesson": 3, "marks": 2 + 1, "journal": 3, "topic": 3, "homework": 5, "column": 3 + 1}
    counts = {}
    for name, does in reads.items():
        with statements(engine) as sent:
            does()
        counts[name] = len(sent)
    assert counts == usual
    school.vote(topic_days=2, homework_days=2, mark_days=2, edit_days=HELD)
    for name in ("day", "lesson", "marks", "journal"):
        reads[name]()
        with statements(engine) as sent:
            reads[name]()
        assert len(sent) == usual[name] + (name != "marks"), (name, sent)
