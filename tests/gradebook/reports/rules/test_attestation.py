"""The interim attestation report of a subject teacher."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Scope, Special
from services.gradebook.reports.rules.attestation import Lessons, Taught, attestation_report
from services.gradebook.statistics.rules.statistics import PeriodMark, statistics

POLICY = default_policy()
TODAY = date(2026, 10, 24)
MATHS = Taught("q1", "8А", "maths")


def class_8a(period="q1"):
    """Marks of a class in maths and history: `t` teaches maths."""
    pairs = {
        "ann": ("5", "5"), "bob": ("4", "5"), "cyd": ("5", "4"), "dan": ("3", "4"), "eve": ("5", "3"),
        "fay": ("2", "4"), "gus": ("н/а", "5"), "hal": ("осв", "5"), "ida": (None, "4"), "joe": ("1", "3"),
    }  # fmt: skip
    common = {"class_name": "8А", "grade": 8, "period": period}
    return [
        PeriodMark(student, text, subject=subject, teacher=teacher, **common)
        for student, texts in pairs.items()
        for text, subject, teacher in zip(texts, ("maths", "history"), ("t", "h"))
    ]


def report(marks, lessons=None, teacher="t", policy=POLICY):
    return attestation_report(marks, teacher, lessons or {}, policy, TODAY)


def test_a_row_counts_the_class_in_the_subject():
    (row,) = report(class_8a(), {MATHS: Lessons(40, 38)}).rows
    assert (row.taught, row.listed, row.exempt, row.without_mark) == (MATHS, 10, 1, 1)
    assert [len(row.statistics.having(text)) for text in ("5", "4", "3", "2", "1", "н/а")] == [3, 1, 1, 1, 1, 1]
    assert row.statistics.counted == 8
    assert row.statistics.pass_rate.figure == Decimal("62.50")
    assert row.statistics.quality.figure == Decimal("50.00")
    assert row.statistics.degree.figure == Decimal("52.88")  # (300 + 64 + 36 + 16 + 0 + 7) / 8 = 52.875
    assert row.statistics.mean_mark.figure == Decimal("3.57")  # 25 / 7


def test_a_row_names_the_failing_and_the_not_attested():
    (row,) = report(class_8a()).rows
    assert row.failing == ("fay", "joe")
    assert row.not_attested == ("gus",)


def test_a_row_names_those_whom_one_mark_keeps_from_better_in_whichever_subject():
    (row,) = report(class_8a()).rows
    assert [(miss.student, miss.mark.subject) for miss in row.one_four] == [("bob", "maths"), ("cyd", "history")]
    assert [(miss.student, miss.mark.subject) for miss in row.one_three] == [("dan", "maths"), ("eve", "history")]


def test_the_plan_is_fulfilled_by_the_lessons_held():
    (row,) = report(class_8a(), {MATHS: Lessons(40, 38)}).rows
    assert row.lessons == Lessons(40, 38)
    assert row.lessons.fulfilled.percent == Decimal("95.00")
    assert Lessons(planned=40, held=41).fulfilled.percent == Decimal("102.50")
    assert Lessons(planned=0, held=3).fulfilled.percent is None


def test_a_row_without_known_lessons_has_none():
    found = report(class_8a())
    assert found.rows[0].lessons is None
    assert found.lessons == Lessons(0, 0)


def test_only_students_of_the_teacher_are_on_the_list():
    marks = [mark for mark in class_8a() if mark.teacher != "t" or mark.student in {"ann", "bob"}]
    (row,) = report(marks).rows
    assert row.listed == 2
    assert [miss.student for miss in row.one_four] == ["bob"]
    assert row.one_three == ()


def test_those_who_left_before_are_nowhere_in_the_row():
    marks = [mark._replace(left_on=date(2026, 10, 1)) if mark.student in "bob fay gus" else mark for mark in class_8a()]
    (row,) = report(marks).rows
    assert (row.listed, row.failing, row.not_attested) == (7, ("joe",), ())
    assert [miss.student for miss in row.one_four] == ["cyd"]
    assert [mark.student for mark in row.statistics.left_out_for("left-before")] == ["bob", "fay", "gus"]


def test_someone_who_will_leave_is_still_in_the_row():
    leaving = [mark._replace(left_on=date(2026, 10, 25)) if mark.student == "bob" else mark for mark in class_8a()]
    (row,) = report(leaving).rows
    assert (row.listed, [miss.student for miss in row.one_four]) == (10, ["bob", "cyd"])


def test_each_class_subject_and_period_has_a_row_and_periods_do_not_mix():
    second = [mark._replace(text="5") for mark in class_8a("q2")]
    other = [PeriodMark("kim", "незач", "9Б", "algebra", "t", 9, "q1")]
    lessons = {MATHS: Lessons(40, 38), Taught("q2", "8А", "maths"): Lessons(30, 31)}
    found = report([*class_8a(), *other, *second], lessons)
    assert [row.taught for row in found.rows] == [
        MATHS, Taught("q1", "9Б", "algebra"), Taught("q2", "8А", "maths"),
    ]  # fmt: skip
    assert [row.statistics.counted for row in found.rows] == [8, 0, 10]
    assert found.rows[1].failing == ("kim",)
    assert found.rows[2].one_four == ()
    assert found.lessons == Lessons(70, 69)
    assert (found.teacher, found.as_of) == ("t", TODAY)


def test_the_same_name_of_a_class_in_another_period_lends_no_marks():
    """One 4 in the first period, one 4 in the second: each period is a near miss of its own."""
    marks = [
        PeriodMark("ann", text, "8А", subject, "t", 8, period)
        for period, text, subject in [("q1", "4", "a"), ("q1", "5", "b"), ("q2", "5", "a"), ("q2", "4", "b")]
    ]
    found = report(marks)
    assert [[miss.mark.subject for miss in row.one_four] for row in found.rows] == [["a"], ["a"], ["b"], ["b"]]


def test_the_total_is_that_of_all_rows_together_and_of_no_other_teacher():
    marks = [*class_8a(), *class_8a("q2")]
    found = report(marks)
    assert found.total == statistics([mark for mark in marks if mark.teacher == "t"], POLICY, TODAY)
    assert found.total.counted == 16


def test_a_teacher_without_marks_has_an_empty_report():
    found = report(class_8a(), teacher="nobody")
    assert (found.rows, found.total.counted) == ((), 0)


def test_special_coefficients_of_a_grade_and_subject_apply_to_its_row():
    scope = Scope(grades=frozenset({8}), subjects=frozenset({"maths"}))
    rule = replace(POLICY.figures.degree, specials=(Special(scope, (("5", Decimal(8)),), Source("vote")),))
    policy = replace(POLICY, figures=replace(POLICY.figures, degree=rule))
    found = report(class_8a(), policy=policy)
    assert found.rows[0].statistics.degree.figure == Decimal("3.00")
    assert found.total.degree.figure == Decimal("52.88")


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["5", "4", "3", "2", "н/а", "осв", None]))))
def test_everyone_on_the_list_is_in_n_or_left_out(pairs):
    marks = [PeriodMark(student, text, "8А", "maths", "t", 8, "q1") for student, text in dict(pairs).items()]
    for row in report(marks).rows:
        assert row.listed == row.statistics.counted + row.exempt + row.without_mark
