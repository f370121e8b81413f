"""What was not entered in time: listed from the deadline on, and still listed once it was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.calendar.rules.school_days import Holidays, SchoolCalendar
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Scope, Special
from services.gradebook.timeliness.rules.breaches import (
    Breach,
    ExpectedMark,
    HeldLesson,
    Lapse,
    SetWork,
    Timeliness,
    breaches,
    timeliness,
)
from tests.examples import examples

POLICY = replace(default_policy(), time_zone="Europe/Moscow")
SCHOOL = SchoolCalendar(
    frozenset(range(1, 7)), (Holidays("осенние каникулы", date(2026, 10, 26), date(2026, 11, 3)),)
)  # fmt: skip
SEVENTH = Place(7, "russian")
HELD = date(2026, 9, 3)  # a Thursday
ENDS = datetime(2026, 9, 3, 21, tzinfo=UTC)  # its midnight in Moscow
NOON = datetime(2026, 9, 3, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)

DONE = HeldLesson("lesson-1", "teacher-1", HELD, SEVENTH, NOON, NOON, NOON, "homeroom-1")
BARE = replace(DONE, topic_at=None, homework_at=None, attendance_at=None)


def work(kind: str, *instants: datetime | None, ref: str = "work-1") -> SetWork:
    expected = tuple(ExpectedMark(f"student-{number}", at) for number, at in enumerate(instants, 1))
    return SetWork(ref, "lesson-1", "teacher-1", HELD, SEVENTH._replace(kind=kind), expected)


def of_lessons(*lessons: HeldLesson, now: datetime, policy: Policy = POLICY) -> tuple[Breach, ...]:
    return breaches(lessons, (), policy, now, SCHOOL)


def of_works(*works: SetWork, now: datetime, policy: Policy = POLICY) -> tuple[Breach, ...]:
    return breaches((), works, policy, now, SCHOOL)


def rules(found: tuple[Breach, ...]) -> list[Lapse]:
    return [one.rule for one in found]


def test_a_lesson_kept_in_time_breaks_nothing() -> None:
    assert of_lessons(DONE, now=ENDS + 30 * DAY) == ()


def test_nothing_is_late_before_the_day_of_the_lesson_is_over() -> None:
    assert of_lessons(BARE, now=ENDS - TICK) == ()
    assert rules(of_lessons(BARE, now=ENDS)) == [Lapse.ATTENDANCE, Lapse.HOMEWORK, Lapse.TOPIC]


def test_a_breach_names_whose_duty_it_is_and_by_which_clause() -> None:
    found = {one.rule: one for one in of_lessons(BARE, now=ENDS + DAY)}
    assert {rule: (one.teacher, one.source) for rule, one in found.items()} == {
        Lapse.TOPIC: ("teacher-1", Source("regulation", "3.2")),
        Lapse.HOMEWORK: ("teacher-1", Source("regulation", "3.2")),
        Lapse.ATTENDANCE: ("homeroom-1", Source("regulation", "3.3")),
    }
    assert {(one.lesson, one.work, one.student, one.due) for one in found.values()} == {("lesson-1", "", "", ENDS)}


def test_without_homeroom_teacher_attendance_is_the_lessons_own_teachers() -> None:
    (found,) = of_lessons(replace(DONE, attendance_at=None, attendance_by=""), now=ENDS)
    assert (found.rule, found.teacher) == (Lapse.ATTENDANCE, "teacher-1")


def test_an_open_breach_grows_until_now() -> None:
    now = ENDS + 3 * DAY + timedelta(hours=2)
    (found,) = of_lessons(replace(DONE, topic_at=None), now=now)
    assert (found.settled_at, found.late_by) == (None, 3 * DAY + timedelta(hours=2))
    assert found.school_days_late == 3  # Friday, Saturday and Monday, on which it still stands open


def test_what_is_entered_late_stays_listed_with_its_length() -> None:
    entered = ENDS + timedelta(hours=12)
    (found,) = of_lessons(replace(DONE, homework_at=entered), now=ENDS + 90 * DAY)
    assert found.rule is Lapse.HOMEWORK
    assert (found.settled_at, found.late_by, found.school_days_late) == (entered, timedelta(hours=12), 1)


def test_the_last_instant_of_the_day_is_in_time_and_the_next_is_not() -> None:
    assert of_lessons(replace(DONE, topic_at=ENDS - TICK), now=ENDS + DAY) == ()
    (found,) = of_lessons(replace(DONE, topic_at=ENDS), now=ENDS + DAY)
    assert (found.rule, found.late_by) == (Lapse.TOPIC, timedelta(0))


def test_a_sunday_makes_late_by_no_school_day() -> None:
    saturday = replace(DONE, day=date(2026, 9, 5), topic_at=datetime(2026, 9, 6, 9, tzinfo=UTC))
    (found,) = of_lessons(saturday, now=ENDS + 30 * DAY)
    assert (found.late_by, found.school_days_late) == (timedelta(hours=12), 0)


def test_what_is_entered_after_now_is_not_known_yet() -> None:
    entered = ENDS + 2 * DAY
    lesson = replace(DONE, topic_at=entered)
    assert of_lessons(lesson, now=entered - TICK)[0].settled_at is None
    assert of_lessons(lesson, now=entered)[0].settled_at == entered


def test_grade_one_owes_topic_and_attendance_and_no_homework() -> None:
    first = replace(BARE, place=Place(1, "russian"))
    assert rules(of_lessons(first, now=ENDS)) == [Lapse.ATTENDANCE, Lapse.TOPIC]


def keeping(**changed: Rule[int]) -> Policy:
    return replace(POLICY, keeping=replace(POLICY.keeping, **changed))


def test_a_class_of_unknown_grade_owes_topic_and_attendance_until_its_grade_is_said() -> None:
    club = ClassGrade(name="Клуб")
    unknown = replace(BARE, place=Place(None, "russian"))
    unmarked = replace(work("control", None), place=Place(None, "russian", "control"))
    for grades in ((), (club,), (club, ClassGrade(7, name="7А"))):
        found = of_lessons(replace(unknown, grades=grades), now=ENDS)
        assert rules(found) == [Lapse.ATTENDANCE, Lapse.TOPIC]
    for grades in ((), (club,)):
        assert of_works(replace(unmarked, grades=grades), now=CONTROL_DUE) == ()
    for grade in (ClassGrade(7, name="7А"), ClassGrade(several=True, name="5–6")):
        assert Lapse.HOMEWORK in rules(of_lessons(replace(unknown, grades=(grade,)), now=ENDS))
        assert rules(of_works(replace(unmarked, grades=(grade,)), now=CONTROL_DUE)) == [Lapse.MARKS]


def test_a_rule_for_a_subject_moves_its_deadline() -> None:
    special = Special(Scope(subjects=frozenset({"russian"})), 1, Source("vote"))
    later = keeping(topic_days=Rule(0, Source("regulation", "3.2"), (special,)))
    bare = replace(DONE, topic_at=None)
    assert of_lessons(bare, now=ENDS + DAY - TICK, policy=later) == ()
    (found,) = of_lessons(bare, now=ENDS + DAY, policy=later)
    assert (found.due, found.source) == (ENDS + DAY, Source("vote"))


CONTROL_DUE = datetime(2026, 9, 11, 21, tzinfo=UTC)  # seven school days after the 3rd, a Sunday between


def test_a_written_work_without_marks_is_one_breach() -> None:
    unmarked = work("control", None, None, None)
    assert of_works(unmarked, now=CONTROL_DUE - TICK) == ()
    (found,) = of_works(unmarked, now=CONTROL_DUE + DAY)
    assert (found.rule, found.lesson, found.work, found.student) == (Lapse.MARKS, "lesson-1", "work-1", "")
    assert (found.due, found.settled_at, found.late_by, found.teacher) == (CONTROL_DUE, None, DAY, "teacher-1")
    assert found.source == Source("practice")


def test_a_work_is_marked_once_it_has_a_mark_and_students_without_are_items_of_their_own() -> None:
    in_time = CONTROL_DUE - DAY
    found = of_works(work("control", in_time, None, CONTROL_DUE - TICK, CONTROL_DUE + DAY), now=CONTROL_DUE + 2 * DAY)
    assert [(one.rule, one.student, one.settled_at) for one in found] == [
        (Lapse.STUDENT, "student-2", None),
        (Lapse.STUDENT, "student-4", CONTROL_DUE + DAY),
    ]
    assert {(one.due, one.work, one.teacher) for one in found} == {(CONTROL_DUE, "work-1", "teacher-1")}


def test_students_marked_on_the_day_of_a_late_first_mark_are_no_items() -> None:
    first = CONTROL_DUE + DAY
    end_of_that_day = CONTROL_DUE + 2 * DAY  # `first` is the first instant of a day
    late = work("control", end_of_that_day - TICK, first, end_of_that_day, None)
    assert [(one.rule, one.student, one.settled_at) for one in of_works(late, now=end_of_that_day - TICK)] == [
        (Lapse.MARKS, "", first)
    ]
    found = of_works(late, now=end_of_that_day)
    assert [(one.rule, one.student, one.settled_at) for one in found] == [
        (Lapse.MARKS, "", first),
        (Lapse.STUDENT, "student-3", end_of_that_day),
        (Lapse.STUDENT, "student-4", None),
    ]
    assert [one.due for one in found] == [CONTROL_DUE, end_of_that_day, end_of_that_day]
    assert [one.school_days_late for one in found] == [1, 1, 1]
    assert found[0].late_by == DAY


def test_who_was_absent_owes_no_mark_and_gets_one_late_without_breach() -> None:
    set_work = work("control", NOON, None, CONTROL_DUE + DAY)
    excused = tuple(one._replace(excused=one.student != "student-1") for one in set_work.expected)
    assert of_works(replace(set_work, expected=excused), now=CONTROL_DUE + 9 * DAY) == ()
    nobody = tuple(one._replace(excused=True) for one in set_work.expected)
    assert of_works(replace(set_work, expected=nobody), now=CONTROL_DUE + 9 * DAY) == ()
    assert of_works(work("control"), now=CONTROL_DUE + 9 * DAY) == ()


def test_nobody_has_to_be_heard_and_an_oral_mark_is_due_on_the_day() -> None:
    assert of_works(work("answer", None, None), now=ENDS + 30 * DAY) == ()
    assert of_works(work("answer", NOON, None), now=ENDS + 30 * DAY) == ()
    (late,) = of_works(work("answer", NOON, None, ENDS), now=ENDS + 30 * DAY)
    assert (late.rule, late.student, late.due) == (Lapse.STUDENT, "student-3", ENDS)
    (column,) = of_works(work("answer", None, ENDS + TICK), now=ENDS + 30 * DAY)
    assert (column.rule, column.settled_at, column.source) == (Lapse.MARKS, ENDS + TICK, Source("regulation", "3.2"))


def test_where_no_marks_are_given_none_are_missing() -> None:
    unmarked = replace(work("control", None), place=Place(1, "russian", "control"))
    assert of_works(unmarked, now=CONTROL_DUE + DAY) == ()
    given = replace(unmarked, place=Place(2, "russian", "control"))
    assert rules(of_works(unmarked, given, now=CONTROL_DUE + DAY)) == [Lapse.MARKS]


def test_a_closing_term_makes_marks_due() -> None:
    closing = replace(work("control", None), term_closes_on=date(2026, 9, 4))
    (found,) = of_works(closing, now=ENDS + DAY)
    assert (found.due, found.source) == (ENDS + DAY, POLICY.keeping.term_open_days.source)


def test_breaches_are_listed_from_the_longest_due_on() -> None:
    later = replace(BARE, ref="lesson-0", day=date(2026, 9, 4))
    found = breaches(
        [later, BARE, replace(BARE, ref="lesson-0")],
        [work("control", NOON, None, None, ref="work-2"), work("control", None), work("answer", ENDS, ref="work-3")],
        POLICY, CONTROL_DUE, SCHOOL,
    )  # fmt: skip
    assert [(one.due.day, one.lesson, one.work, one.rule, one.student) for one in found] == [
        (3, "lesson-0", "", Lapse.ATTENDANCE, ""),
        (3, "lesson-0", "", Lapse.HOMEWORK, ""),
        (3, "lesson-0", "", Lapse.TOPIC, ""),
        (3, "lesson-1", "", Lapse.ATTENDANCE, ""),
        (3, "lesson-1", "", Lapse.HOMEWORK, ""),
        (3, "lesson-1", "", Lapse.TOPIC, ""),
        (3, "lesson-1", "work-3", Lapse.MARKS, ""),
        (4, "lesson-0", "", Lapse.ATTENDANCE, ""),
        (4, "lesson-0", "", Lapse.HOMEWORK, ""),
        (4, "lesson-0", "", Lapse.TOPIC, ""),
        (11, "lesson-1", "work-1", Lapse.MARKS, ""),
        (11, "lesson-1", "work-2", Lapse.STUDENT, "student-2"),
        (11, "lesson-1", "work-2", Lapse.STUDENT, "student-3"),
    ]


OVERDUE_RU = "Срок — 03.09.2026; просрочено учебных дней: 1. Основание: регламент электронного журнала, п. {}."
OVERDUE_EN = (
    "It was due on 2026-09-03; school days late: 1. By the regulation of the electronic journal, clause {}."
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "clause", "open_ru", "open_en", "late_ru", "late_en"),
    [
        (
            "topic_at", "3.2",
            "Не записана тема урока от 03.09.2026.", "The topic of the lesson of 2026-09-03 is missing.",
            "Тема урока от 03.09.2026 записана с опозданием, 04.09.2026.",
            "The topic of the lesson of 2026-09-03 was entered late, on 2026-09-04.",
        ),
        (
            "homework_at", "3.2",
            "На уроке 03.09.2026 не записано домашнее задание и не указано, что его нет.",
            "The lesson of 2026-09-03 has no homework, nor does it say that there is none.",
            "Домашнее задание урока от 03.09.2026 записано с опозданием, 04.09.2026.",
            "The homework of the lesson of 2026-09-03 was entered late, on 2026-09-04.",
        ),
        (
            "attendance_at", "3.3",
            "Не отмечена посещаемость урока от 03.09.2026.",
            "The attendance of the lesson of 2026-09-03 is not checked.",
            "Посещаемость урока от 03.09.2026 отмечена с опозданием, 04.09.2026.",
            "The attendance of the lesson of 2026-09-03 was checked late, on 2026-09-04.",
        ),
    ],
)  # fmt: skip
def test_what_is_late_in_a_lesson_is_said_in_both_languages(
    field: str, clause: str, open_ru: str, open_en: str, late_ru: str, late_en: str
) -> None:
    now = ENDS + timedelta(hours=10)
    (missing,) = of_lessons(replace(DONE, **{field: None}), now=now)
    assert missing.sentence.said("ru") == f"{open_ru} {OVERDUE_RU.format(clause)}"
    assert missing.sentence.said("en") == f"{open_en} {OVERDUE_EN.format(clause)}"
    (late,) = of_lessons(replace(DONE, **{field: now}), now=now + 9 * DAY)
    assert late.sentence.said("ru") == f"{late_ru} {OVERDUE_RU.format(clause)}"
    assert late.sentence.said("en") == f"{late_en} {OVERDUE_EN.format(clause)}"


def test_what_is_late_of_a_work_is_said_in_both_languages() -> None:
    now = CONTROL_DUE + timedelta(hours=10)
    ru = "Срок — 11.09.2026; просрочено учебных дней: 1. Основание: обычай школ."
    en = "It was due on 2026-09-11; school days late: 1. By the usage of schools."
    (missing,) = of_works(work("control", None), now=now)
    assert missing.sentence.said("ru") == f"Не выставлено ни одной отметки за работу от 03.09.2026. {ru}"
    assert missing.sentence.said("en") == f"The work of 2026-09-03 has no marks at all. {en}"
    (late,) = of_works(work("control", now), now=now)
    assert late.sentence.said("ru") == (
        f"Отметки за работу от 03.09.2026 выставлены с опозданием, 12.09.2026. {ru}"
    )  # fmt: skip
    assert late.sentence.said("en") == f"The marks of the work of 2026-09-03 were set late, on 2026-09-12. {en}"
    (student,) = of_works(work("control", NOON, None), now=now)
    assert student.sentence.said("ru") == f"Обучающемуся не выставлена отметка за работу от 03.09.2026. {ru}"
    assert student.sentence.said("en") == f"A student has no mark for the work of 2026-09-03. {en}"
    (given_late,) = of_works(work("control", NOON, now), now=now)
    assert given_late.sentence.said("ru") == (
        f"Отметка за работу от 03.09.2026 выставлена обучающемуся с опозданием, 12.09.2026. {ru}"
    )
    assert given_late.sentence.said("en") == (
        f"A student's mark for the work of 2026-09-03 was set late, on 2026-09-12. {en}"
    )


def test_each_lapse_has_a_slug_of_its_own() -> None:
    assert [one.value for one in Lapse] == [
        "topic-late", "homework-late", "attendance-late", "marks-late", "student-mark-late",
    ]  # fmt: skip


def test_timeliness_counts_duties_by_teacher_once_they_are_due() -> None:
    lessons = [DONE, replace(BARE, topic_at=ENDS, ref="lesson-2"), replace(BARE, day=date(2026, 9, 4), teacher="new")]
    works = [work("control", NOON, None, None), work("control", None, ref="work-2"), work("answer", ENDS, ref="work-3")]
    assert timeliness(lessons, works, POLICY, ENDS, SCHOOL) == (
        Timeliness("homeroom-1", in_time=1, late=0, open=1),
        Timeliness("teacher-1", in_time=2, late=2, open=1),
    )
    assert timeliness(lessons, works, POLICY, CONTROL_DUE, SCHOOL) == (
        Timeliness("homeroom-1", in_time=1, late=0, open=2),
        Timeliness("new", in_time=0, late=0, open=2),
        Timeliness("teacher-1", in_time=3, late=2, open=2),
    )
    assert timeliness(lessons, works, POLICY, ENDS - TICK, SCHOOL) == ()


def test_timeliness_is_a_share_of_what_was_due() -> None:
    kept = Timeliness("teacher-1", in_time=5, late=2, open=1)
    assert (kept.due, kept.share) == (8, Fraction(5, 8))


START = datetime(2026, 9, 1, 5, tzinfo=UTC)
INSTANTS = st.integers(0, 60 * 24).map(lambda hours: START + timedelta(hours=hours))
MAYBE = st.none() | INSTANTS
DATES = st.dates(date(2026, 9, 1), date(2026, 10, 20))
PLACES = st.builds(Place, st.sampled_from([None, 1, 5]), st.just("russian"))
LESSONS = st.lists(
    st.builds(HeldLesson, st.uuids().map(str), st.sampled_from("ab"), DATES, PLACES, MAYBE, MAYBE, MAYBE), max_size=4
)
WORKS = st.lists(
    st.builds(
        lambda ref, day, place, kind, expected: SetWork(ref, "l", "a", day, place._replace(kind=kind), expected),
        st.uuids().map(str), DATES, PLACES, st.sampled_from(["answer", "control", "essay"]),
        st.lists(st.builds(ExpectedMark, st.uuids().map(str), MAYBE, st.booleans()), max_size=4).map(tuple),
    ),
    max_size=3,
)  # fmt: skip


@settings(max_examples=examples(60))
@given(LESSONS, WORKS, INSTANTS)
def test_a_breach_is_overdue_for_as_long_as_it_says(
    lessons: list[HeldLesson], works: list[SetWork], now: datetime
) -> None:
    found = breaches(lessons, works, POLICY, now, SCHOOL)
    for one in found:
        assert one.due <= (one.settled_at or now) <= now
        assert one.late_by == (one.settled_at or now) - one.due
        assert 0 <= one.school_days_late <= one.late_by / DAY + 1
    assert [one.due for one in found] == sorted(one.due for one in found)


@settings(max_examples=examples(60))
@given(LESSONS, WORKS, INSTANTS, INSTANTS)
def test_as_time_goes_on_no_breach_is_forgotten(
    lessons: list[HeldLesson], works: list[SetWork], one: datetime, two: datetime
) -> None:
    before, after = (
        {
            (each.rule, each.lesson, each.work, each.student): each
            for each in breaches(lessons, works, POLICY, now, SCHOOL)
        }
        for now in sorted((one, two))
    )
    for key, breach in before.items():
        assert after[key].due == breach.due
        assert after[key].late_by >= breach.late_by
        assert breach.settled_at in (None, after[key].settled_at)


@settings(max_examples=examples(60))
@given(LESSONS, WORKS, INSTANTS)
def test_every_duty_that_is_late_is_listed(lessons: list[HeldLesson], works: list[SetWork], now: datetime) -> None:
    listed = [one for one in breaches(lessons, works, POLICY, now, SCHOOL) if one.rule is not Lapse.STUDENT]
    for kept in timeliness(lessons, works, POLICY, now, SCHOOL):
        own = [one for one in listed if one.teacher == kept.teacher]
        assert (kept.late, kept.open) == (
            sum(one.settled_at is not None for one in own), sum(one.settled_at is None for one in own),
        )  # fmt: skip
        assert 0 <= kept.share <= 1
        listed = [one for one in listed if one.teacher != kept.teacher]
    assert listed == []


@settings(max_examples=examples(60))
@given(LESSONS, WORKS, INSTANTS)
def test_lessons_and_works_are_each_judged_alone(
    lessons: list[HeldLesson], works: list[SetWork], now: datetime
) -> None:
    together = breaches(lessons, works, POLICY, now, SCHOOL)
    alone = [one for lesson in lessons for one in breaches([lesson], (), POLICY, now, SCHOOL)]
    alone += [one for each in works for one in breaches((), [each], POLICY, now, SCHOOL)]
    assert sorted(map(repr, together)) == sorted(map(repr, alone))
