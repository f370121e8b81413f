"""What a policy would change, told before the vote: on a small journal, and as a law about all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar
from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.policy import Handling, LeastMarks, Place, Policy, Threshold, Veto
from services.gradebook.timeliness.rules.breaches import ExpectedMark, HeldLesson, Lapse, SetWork
from services.gradebook.voting.rules.preview import CourseRecord, Journal, Preview, preview
from tests.examples import examples
from tests.gradebook.policy.policies import DEFAULT, grades, kinds, with_special, with_value

MONDAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
UNCHANGED = Preview((), (), (), (), (), ())
WEEK = SchoolCalendar(frozenset({1, 2, 3, 4, 5, 6}))


def marks(texts: str, kind: str = "answer") -> tuple[GivenMark, ...]:
    return tuple(GivenMark(text, Decimal(text), kind, MONDAY) for text in texts)


def record(student: str, texts: str, set_mark: str | None = None, *, grade: int = 7, lessons: int = 1) -> CourseRecord:
    return CourseRecord(student, "algebra", Place(grade, "Алгебра"), Decimal(lessons), marks(texts), set_mark)


def journal(*records: CourseRecord, lessons: tuple[HeldLesson, ...] = (), works: tuple[SetWork, ...] = ()) -> Journal:
    return Journal(records, lessons, works, NOW, WEEK)


def thresholds(best: str) -> Policy:
    return with_value("terms.thresholds", (Threshold(5, Decimal(best)), *DEFAULT.terms.thresholds.value[1:]))


def least(number: int) -> Policy:
    return with_value("terms.least_marks", (LeastMarks(Decimal(0), number),))


def said(found: Preview, language: str = "ru") -> list[str]:
    return [sentence.said("ru" if language == "ru" else "en") for sentence in found.sentences]


def test_the_same_policy_changes_nothing() -> None:
    found = preview(journal(record("a", "545", "4"), record("b", "2", "5")), DEFAULT, replace(DEFAULT, version=7))
    assert found == UNCHANGED
    assert (found.attested, found.not_attested, found.moves) == ((), (), ())
    assert said(found) == ["Ничего не изменится."]
    assert said(found, "en") == ["Nothing would change."]


def test_a_higher_threshold_lowers_the_marks_between_the_old_and_the_new_one() -> None:
    between, above = record("a", "554544"), record("b", "5555")
    found = preview(journal(between, above, record("c", "55444", "4")), DEFAULT, thresholds("4.65"))
    (shift,) = found.term_marks
    assert shift.record is between
    assert (shift.before.text, shift.after.text) == ("5", "4")
    assert shift.before.explained.said("ru")[-1].startswith("Правила школы")
    assert found.means == ()
    assert found.moves == (("5", "4", 1),)
    assert said(found) == ["Изменятся отметки за период: 1 («5» → «4»: 1)."]
    assert said(found, "en") == ["Term marks that change: 1 (5 → 4: 1)."]


def test_weights_change_means_and_may_leave_the_marks_as_they_are() -> None:
    mixed = replace(record("a", "555"), marks=(*marks("555"), *marks("4", "control")))
    found = preview(
        journal(mixed, record("b", "444")), DEFAULT, with_special("means.weight", kinds("control"), Decimal(2))
    )
    (shift,) = found.means
    assert (shift.record.student, str(shift.before.mean.figure), str(shift.after.mean.figure)) == ("a", "4.75", "4.60")
    assert found.term_marks == ()
    assert said(found) == ["Изменятся средние баллы: 1."]
    assert said(found, "en") == ["Means that change: 1."]


def test_a_mean_with_another_figure_has_changed() -> None:
    found = preview(journal(record("a", "544"), record("b", "444")), DEFAULT, with_value("means.decimals", 1))
    (shift,) = found.means
    assert (shift.record.student, shift.before.mean.figure, shift.after.mean.figure) == (
        "a",
        Decimal("4.33"),
        Decimal("4.3"),
    )
    assert shift.before.mean.exact == shift.after.mean.exact


def test_a_mean_that_is_another_behind_the_decimals_has_changed() -> None:
    heavier = with_special("means.weight", kinds("control"), Decimal("1.0001"))
    mixed = replace(record("a", "555"), marks=(*marks("555"), *marks("4", "control")))
    (shift,) = preview(journal(mixed), DEFAULT, heavier).means
    assert shift.before.mean.figure == shift.after.mean.figure == Decimal("4.75")


def test_students_with_few_marks_become_attested_or_not() -> None:
    few, many, exempt = record("a", "54"), record("b", "544"), replace(record("c", "54"), exempt=True)
    found = preview(journal(few, many, exempt), least(3), least(2))
    assert [(one.record.student, one.before.text, one.after.text) for one in found.attested] == [("a", "н/а", "5")]
    assert found.not_attested == ()
    assert found.attested == found.term_marks
    assert said(found) == [
        "Изменятся отметки за период: 1 («н/а» → «5»: 1).",
        "Будут аттестованы: 1; не будут аттестованы: 0.",
    ]
    back = preview(journal(few, many, exempt), least(2), least(3))
    assert [one.record.student for one in back.not_attested] == ["a"]
    assert back.attested == ()
    assert said(back, "en")[1] == "Attested from now on: 0; no longer: 1."


def test_a_course_that_is_no_longer_marked_is_neither_attested_nor_not() -> None:
    unmarked = with_special("scales.marked", grades(7), False)
    found = preview(journal(record("a", "5"), record("b", "444")), DEFAULT, unmarked)
    assert found.moves == (("н/а", None, 1), ("4", None, 1))
    assert (found.attested, found.not_attested) == ((), ())
    assert "Изменятся отметки за период: 2 («н/а» → «без отметки»: 1, «4» → «без отметки»: 1)." in said(found)
    back = preview(journal(record("a", "5"), record("b", "444")), unmarked, DEFAULT)
    assert (back.attested, back.not_attested) == ((), ())
    assert "Term marks that change: 2 (no mark → н/а: 1, no mark → 4: 1)." in said(back, "en")


def test_frequent_moves_come_first() -> None:
    records = (record("a", "4454"), record("b", "554"), record("c", "455"))
    found = preview(journal(*records), DEFAULT, with_value("terms.thresholds", (Threshold(3, Decimal(0)),)))
    assert found.moves == (("5", "3", 2), ("4", "3", 1))
    assert said(found) == ["Изменятся отметки за период: 3 («5» → «3»: 2, «4» → «3»: 1)."]


def test_set_marks_that_need_a_reason_by_one_policy_alone() -> None:
    set_higher, set_lower, unset = record("a", "555444", "5"), record("b", "555444", "4"), record("c", "555444")
    odd = record("d", "555444", "3")
    found = preview(journal(set_higher, set_lower, unset, odd), DEFAULT, thresholds("4.65"))
    assert [one.record.student for one in found.reasons_needed] == ["a"]
    assert [one.record.student for one in found.reasons_spared] == ["b"]
    assert said(found)[-1] == "Выставленные отметки, которые надо будет объяснить: 1; которые больше не надо: 1."
    assert said(found, "en")[-1] == "Set marks that would need a reason: 1; that no longer need one: 1."
    free = preview(journal(set_higher, set_lower, unset, odd), DEFAULT, with_value("terms.free_difference", 1))
    assert [one.record.student for one in free.reasons_spared] == ["b"]
    assert (free.reasons_needed, free.term_marks) == ((), ())


def work(kind: str, place: Place | None = None) -> SetWork:
    return SetWork(
        f"work-{kind}", "lesson-1", "teacher", MONDAY, (place or Place(7, "Алгебра"))._replace(kind=kind),
        (ExpectedMark("a"), ExpectedMark("b")),
    )  # fmt: skip


def test_shorter_days_make_entries_late_and_longer_ones_spare_them() -> None:
    longer = with_special("keeping.mark_days", kinds("control"), 3)
    kept = journal(works=(work("control"), work("test")))
    found = preview(kept, DEFAULT, longer)
    (late,) = found.breaches_appearing
    assert (late.rule, late.work, late.teacher) == (Lapse.MARKS, "work-control", "teacher")
    assert found.breaches_disappearing == ()
    assert said(found) == ["Появятся просроченные записи: 1; перестанут быть просроченными: 0."]
    back = preview(kept, longer, DEFAULT)
    assert (back.breaches_appearing, back.breaches_disappearing) == ((), (late,))
    assert said(back, "en") == ["Entries that would be late: 0; that would no longer be late: 1."]


def test_figures_of_each_grade_add_up_to_those_of_the_journal() -> None:
    records = (record("a", "54", grade=5), record("b", "54"), record("c", "544"), record("d", "544", grade=5))
    works = (work("control"), replace(work("test", Place(9)), lesson="lesson-2"))
    strict = with_special("keeping.mark_days", kinds("control", "test"), 0, least(2))
    lax = with_special("keeping.mark_days", kinds("control", "test"), 30, least(3))
    found = preview(journal(*records, works=works), lax, strict)
    assert [tuple(one) for one in found.by_grade] == [(5, 2, 0, 1, 0, 0), (7, 2, 0, 1, 1, 0), (9, 0, 0, 0, 1, 0)]
    back = preview(journal(*records, works=works), strict, lax)
    assert [tuple(one) for one in back.by_grade] == [(5, 2, 0, 1, 0, 0), (7, 2, 0, 1, 0, 1), (9, 0, 0, 0, 0, 1)]


def test_a_grade_with_holidays_of_its_own_is_counted_by_these() -> None:
    """A control work of Monday the 16th is due by Tuesday the 24th, a day later with a holiday between."""
    holiday = replace(WEEK, holidays=(Holidays("каникулы", date(2026, 11, 18), date(2026, 11, 18)),))
    kept = replace(
        journal(works=(work("control"), replace(work("control", Place(8)), ref="of-8"))),
        now=datetime(2026, 11, 25, 9, tzinfo=UTC),
        calendars={8: holiday},
    )
    none = with_special("keeping.mark_days", kinds("control"), 99)
    assert [one.work for one in preview(kept, none, DEFAULT).breaches_appearing] == ["work-control"]


def test_a_topic_entered_the_next_day_is_late_where_it_is_due_on_the_day() -> None:
    next_day = datetime(2026, 11, 17, 9, tzinfo=UTC)
    lesson = HeldLesson(
        "lesson-1", "teacher", MONDAY, Place(7, "Алгебра"),
        topic_at=next_day, homework_at=next_day, attendance_at=next_day,
    )  # fmt: skip
    found = preview(journal(lessons=(lesson,)), DEFAULT, with_value("keeping.topic_days", 1))
    assert [one.rule for one in found.breaches_disappearing] == [Lapse.TOPIC]
    assert found.breaches_appearing == ()


def test_days_are_counted_on_the_week_of_each_policy() -> None:
    """A control work of Monday, due within 7 school days: Tuesday the 24th in a six-day week."""
    late = journal(works=(work("control"),))
    late = replace(late, now=datetime(2026, 11, 25, 9, tzinfo=UTC))
    five_days = with_value("keeping.week", frozenset({1, 2, 3, 4, 5}))
    assert [one.work for one in preview(late, DEFAULT, five_days).breaches_disappearing] == ["work-control"]
    for_grade_7 = with_special("keeping.week", grades(7), frozenset({1, 2, 3, 4, 5}))
    assert [one.work for one in preview(late, DEFAULT, for_grade_7).breaches_disappearing] == ["work-control"]
    for_grade_8 = with_special("keeping.week", grades(8), frozenset({1, 2, 3, 4, 5}))
    assert preview(late, DEFAULT, for_grade_8).breaches_disappearing == ()


def test_lateness_of_several_weeks_comes_in_one_order() -> None:
    early = replace(work("control", Place(8)), ref="early", day=MONDAY - timedelta(14))
    lessons = (HeldLesson("lesson-9", "t", MONDAY, Place(8)), HeldLesson("lesson-2", "t", MONDAY, Place(7)))
    kept = journal(lessons=lessons, works=(early, work("test")))
    never = replace(DEFAULT, keeping=replace(
        DEFAULT.keeping,
        **{name: replace(getattr(DEFAULT.keeping, name), value=99, specials=())
           for name in ("topic_days", "homework_days", "attendance_days", "mark_days")},
    ))  # fmt: skip
    weeks = with_special("keeping.week", grades(8), frozenset({1, 2, 3, 4, 5}))
    found = preview(kept, never, weeks)
    assert [(one.due.date().isoformat(), one.lesson, one.work, one.rule.value) for one in found.breaches_appearing] == [
        ("2026-11-11", "lesson-1", "early", "marks-late"),
        ("2026-11-16", "lesson-2", "", "attendance-late"),
        ("2026-11-16", "lesson-2", "", "homework-late"),
        ("2026-11-16", "lesson-2", "", "topic-late"),
        ("2026-11-16", "lesson-9", "", "attendance-late"),
        ("2026-11-16", "lesson-9", "", "homework-late"),
        ("2026-11-16", "lesson-9", "", "topic-late"),
        ("2026-11-19", "lesson-1", "work-test", "marks-late"),
    ]


POLICIES = [
    DEFAULT,
    thresholds("4.65"),
    least(1),
    with_value("means.drop_lowest", 1),
    with_value("means.ungraded", Handling.ZERO),
    with_value("terms.vetoes", (Veto(4, frozenset({"control"}), 2),)),
    with_value("terms.disputed", Decimal("0.2")),
    with_value("keeping.mark_days", 5),
    with_value("keeping.topic_days", 2),
    with_special("scales.marked", grades(7), False),
    with_special("means.weight", kinds("control"), Decimal(3)),
]
GIVEN = st.builds(
    lambda number, kind, state: GivenMark(str(number), Decimal(number), kind, MONDAY, state=state),
    st.integers(2, 5), st.sampled_from(["answer", "control", "homework"]), st.sampled_from(State),
)  # fmt: skip
RECORDS = st.builds(
    CourseRecord,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["algebra", "physics"]),
    st.builds(Place, st.sampled_from([1, 7, 8]), st.just("Алгебра")),
    st.sampled_from([Decimal(1), Decimal(3)]),
    st.lists(GIVEN, max_size=5).map(tuple),
    st.sampled_from([None, "5", "3", "н/а"]),
    st.booleans(),
)
INSTANTS = st.none() | st.integers(-200, 200).map(lambda hours: NOW + timedelta(hours=hours))
LESSONS = st.builds(
    HeldLesson, st.sampled_from(["l1", "l2"]), st.just("t"), st.just(MONDAY), st.builds(Place, st.sampled_from([1, 7])),
    INSTANTS, INSTANTS, INSTANTS,
)  # fmt: skip
JOURNALS = st.builds(
    Journal,
    st.lists(RECORDS, max_size=3).map(tuple),
    st.lists(LESSONS, max_size=2, unique_by=lambda one: one.ref).map(tuple),
    st.sampled_from([(), (work("control"),), (work("test"), work("essay"))]),
    st.just(NOW),
    st.just(WEEK),
)


@settings(max_examples=examples(40))
@given(JOURNALS, st.sampled_from(POLICIES), st.sampled_from(POLICIES))
def test_the_other_way_round_everything_is_the_other_way_round(kept: Journal, before: Policy, after: Policy) -> None:
    there, back = preview(kept, before, after), preview(kept, after, before)
    turned = Preview(
        tuple(one._replace(before=one.after, after=one.before) for one in back.means),
        tuple(one._replace(before=one.after, after=one.before) for one in back.term_marks),
        tuple(one._replace(before=one.after, after=one.before) for one in back.reasons_spared),
        tuple(one._replace(before=one.after, after=one.before) for one in back.reasons_needed),
        back.breaches_disappearing,
        back.breaches_appearing,
    )
    assert there == turned
    assert len(there.attested) == len(back.not_attested)


@settings(max_examples=examples(30))
@given(JOURNALS, st.sampled_from(POLICIES))
def test_equal_policies_change_nothing(kept: Journal, policy: Policy) -> None:
    assert preview(kept, policy, replace(policy, version=9)) == UNCHANGED


def test_a_school_without_records_has_nothing_to_change() -> None:
    assert said(preview(journal(), DEFAULT, thresholds("4.65"))) == ["Ничего не изменится."]


@pytest.mark.parametrize("policy", POLICIES[1:])
def test_each_policy_of_these_tests_changes_something(policy: Policy) -> None:
    """So that the laws above are about something."""
    records = (
        record("a", "554544", "5"),
        record("b", "54"),
        record("c", "55544444455", "5"),
        replace(record("d", ""), marks=(*marks("5555555555"), *marks("2", "control"))),
        replace(record("e", ""), marks=(*marks("545"), GivenMark("", None, "answer", MONDAY, state=State.UNGRADED))),
    )
    next_day = datetime(2026, 11, 17, 9, tzinfo=UTC)
    lesson = HeldLesson("l", "t", MONDAY, Place(7), topic_at=next_day)
    answers = replace(work("answer"), expected=(ExpectedMark("a", next_day),))
    assert preview(journal(*records, lessons=(lesson,), works=(answers,)), DEFAULT, policy) != UNCHANGED
