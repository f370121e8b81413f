"""What is refused in grade 1, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules import first_grade
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.known_grade import ClassGrade
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Scope, Special

POLICY = default_policy()
HALF = date(2026, 12, 29)


def test_grade_one_takes_no_marks_and_others_do() -> None:
    for grade in (None, 2, 11):
        first_grade.check_grade_takes_marks(grade)
    with pytest.raises(Invalid) as refused:
        first_grade.check_grade_takes_marks(1, "marks.0.student_id")
    assert (refused.value.rule, refused.value.field) == ("no-marks-in-grade-1", "marks.0.student_id")
    assert str(refused.value) == "No marks are given in grade 1 (clause 2.5 of the regulation)."


def test_a_mark_is_refused_at_its_student_unless_another_field_is_named() -> None:
    for check in (first_grade.check_grade_takes_marks, first_grade.check_grade_takes_term_marks):
        with pytest.raises(Invalid) as refused:
            check(1)
        assert refused.value.field == "student_id"


def test_an_imported_mark_is_refused_by_its_line_item() -> None:
    for grade in (None, 2, 11):
        first_grade.check_line_item_takes_marks(grade, "item-7")
    with pytest.raises(Invalid) as refused:
        first_grade.check_line_item_takes_marks(1, "item-7")
    assert (refused.value.rule, refused.value.field) == ("no-marks-in-grade-1", None)
    assert str(refused.value) == "Line item item-7: no marks are given in grade 1 (clause 2.5 of the regulation)."


def test_grade_one_has_no_term_marks() -> None:
    for grade in (None, 2, 11):
        first_grade.check_grade_takes_term_marks(grade)
    with pytest.raises(Invalid) as refused:
        first_grade.check_grade_takes_term_marks(1, "term_marks.0")
    assert (refused.value.rule, refused.value.field) == ("no-term-marks-in-grade-1", "term_marks.0")
    assert str(refused.value) == "No term marks are given in grade 1 (clause 2.5 of the regulation)."


def test_grade_one_has_no_homework() -> None:
    first_grade.check_grade_takes_homework([None, 2, 11])
    with pytest.raises(Invalid) as refused:
        first_grade.check_grade_takes_homework([2, 1])
    assert (refused.value.rule, refused.value.field) == ("no-homework-in-grade-1", "homework")
    assert str(refused.value) == (
        "No homework is given in grade 1, which learns without marks (clause 2.5 of the regulation; sanitary rules "
        "SP 2.4.3648-20, 3.4.16)."
    )


KNOWN = ClassGrade(5)
SEVERAL = ClassGrade(several=True)
CLUB = ClassGrade(name="Клуб")


def test_p01_no_policy_lets_a_class_of_unknown_grade_be_marked_or_get_homework() -> None:
    first_grade.check_marked(POLICY, Place(), SEVERAL)
    with pytest.raises(Invalid) as refused:
        first_grade.check_marked(POLICY, Place(), CLUB, "value")
    assert (refused.value.rule, refused.value.field) == ("grade-unknown", "value")
    with pytest.raises(Invalid) as homework:
        first_grade.check_homework_given(POLICY, [ClassGrade(7), CLUB], "Физика")
    assert (homework.value.rule, homework.value.field) == ("grade-unknown", "homework")
    with pytest.raises(Invalid) as banned:
        first_grade.check_homework_given(POLICY, [ClassGrade(1), CLUB], "Физика")
    assert banned.value.rule == "no-homework-in-grade-1"


def test_what_a_lesson_takes_depends_on_what_is_known_of_its_students() -> None:
    taken = first_grade.taken
    assert taken(POLICY, Place(7), [ClassGrade(7)]) == (True, True, None)
    assert taken(POLICY, Place(1), [ClassGrade(1)]) == (False, False, None)
    assert taken(POLICY, Place(), [SEVERAL]) == (True, True, None)
    assert taken(POLICY, Place(), [CLUB]) == (False, False, CLUB)
    assert taken(POLICY, Place(), [CLUB, ClassGrade(7)]) == (True, False, CLUB)


def marked_where(*specials: Special[bool]) -> Policy:
    marked = Rule(True, Source("vote"), specials)
    return replace(POLICY, scales=replace(POLICY.scales, marked=marked))


def test_a_course_that_the_policy_leaves_unmarked_takes_no_marks() -> None:
    ethics = marked_where(Special(Scope(frozenset({4}), frozenset({"ethics"})), False, Source("vote")))
    first_grade.check_marked(ethics, Place(4, "russian"), KNOWN)
    first_grade.check_marked(ethics, Place(5, "ethics"), KNOWN)
    with pytest.raises(Invalid) as refused:
        first_grade.check_marked(ethics, Place(4, "ethics"), KNOWN, "value")
    assert (refused.value.rule, refused.value.field) == ("course-unmarked", "value")
    assert str(refused.value) == "By the school's policy this course is taught without marks."
    with pytest.raises(Invalid) as unnamed:
        first_grade.check_marked(ethics, Place(4, "ethics"), KNOWN)
    assert unnamed.value.field == "student_id"


def test_no_policy_lets_grade_one_be_marked() -> None:
    for policy in (POLICY, marked_where()):
        first_grade.check_marked(policy, Place(2), ClassGrade(2))
        with pytest.raises(Invalid) as refused:
            first_grade.check_marked(policy, Place(1), ClassGrade(1), "value")
        assert (refused.value.rule, refused.value.field) == ("no-marks-in-grade-1", "value")


def test_homework_is_given_from_grade_two_on_and_where_there_are_several_grades() -> None:
    assert [grade for grade in range(1, 12) if first_grade.takes_homework(POLICY, Place(grade))] == [*range(2, 12)]
    assert first_grade.takes_homework(POLICY, Place())


def minutes(value: int) -> Policy:
    return replace(POLICY, load=replace(POLICY.load, homework_minutes=Rule(value, Source("vote"))))


def test_homework_is_refused_where_a_vote_allows_no_minutes() -> None:
    first_grade.check_homework_given(POLICY, [SEVERAL, ClassGrade(2), ClassGrade(11)], "Физика")
    first_grade.check_homework_given(minutes(0), [SEVERAL], "Физика")
    with pytest.raises(Invalid) as refused:
        first_grade.check_homework_given(minutes(0), [SEVERAL, ClassGrade(7)], "Физика")
    assert (refused.value.rule, refused.value.field) == ("no-homework-here", "homework")
    only = Special(Scope(subjects=frozenset({"Физика"})), 0, Source("vote"))
    without = replace(minutes(60), load=replace(minutes(60).load, homework_minutes=Rule(60, Source("vote"), (only,))))
    first_grade.check_homework_given(without, [ClassGrade(7)], "Химия")
    with pytest.raises(Invalid):
        first_grade.check_homework_given(without, [ClassGrade(7)], "Физика")
    with pytest.raises(Invalid) as refused:
        first_grade.check_homework_given(minutes(60), [ClassGrade(1), ClassGrade(7)], "Физика")
    assert refused.value.rule == "no-homework-in-grade-1"


def test_minutes_decide_on_homework_except_in_grade_one() -> None:
    assert not first_grade.takes_homework(minutes(0), Place(7))
    assert first_grade.takes_homework(minutes(1), Place(7))
    assert not first_grade.takes_homework(minutes(60), Place(1))


def test_grade_one_has_no_control_works_before_the_first_half_is_over() -> None:
    first_grade.check_control_work(POLICY, Place(1), HALF + timedelta(1), HALF)
    first_grade.check_control_work(POLICY, Place(2), HALF, HALF)
    first_grade.check_control_work(POLICY, Place(), HALF, HALF)
    for day in (date(2026, 9, 1), HALF):
        with pytest.raises(Invalid) as refused:
            first_grade.check_control_work(POLICY, Place(1), day, HALF)
        assert (refused.value.rule, refused.value.field) == ("no-control-works-in-first-half", "date")
        assert str(refused.value) == "No control works are held in grade 1 before 2026-12-29 is over."


STAND_INS = [
    "5", "4-", "5+", "+", "3/4", "10", "100%", "4,5", " 5 ", "5 !", '"5"', "… 5 …", "5)",
    "отлично", "Отлично!", "ХОРОШО", "«уд.»", "зачёт", "незач", "пятёрка", "два", "good", "Молодец! 5", "Умница!))",
    "★", "★★★", "⭐", "☀️", "🌞", "🙂", "👍🏽", "👩‍🏫", ":)", ":-(", "))", "=)", "^_^", "<3", ";D",
    "звёздочка", "солнышко", "смайлик", "штамп", "super star", "два балла",
    "5️⃣", "5\u200b", "⑤", "Ⅴ", "V", "５", "Оценка: 5", "отметка «пять»", "5 звёзд", "три солнышка", "10 из 10",
    "пять с плюсом", "5 с минусом", "молодчина", "умничка", "пятёрочка", "на 5", "mark: five",
    "👍 умничка", "не зачтено", "галочка", "III", "100 %", "[5]", "{5}", "*5*", "***", "* * *",
    "Оценка — 5", "5 – отлично", "5=",
    "5б", "5 б.", "5-ка", "Ставлю 5", "пятёрку", "пятерки", "двойку",
]  # fmt: skip


@pytest.mark.parametrize("text", STAND_INS)
def test_a_stand_in_for_a_mark_is_refused_in_grade_one_only(text: str) -> None:
    assert first_grade.stands_for_mark(text)
    for grade in (None, 2, 11):
        first_grade.check_no_stand_in(grade, text)
    with pytest.raises(Invalid) as refused:
        first_grade.check_no_stand_in(1, text, "marks.0.comment")
    assert (refused.value.rule, refused.value.field) == ("stand-in-in-grade-1", "marks.0.comment")
    assert str(refused.value) == (
        f"In grade 1 nothing stands in for a mark, so not {text.strip()} either (clause 2.5 of the regulation)."
    )


def test_a_stand_in_is_looked_for_in_the_comment_unless_another_field_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        first_grade.check_no_stand_in(1, "5")
    assert refused.value.field == "comment"


WORDS = [
    "", " ", "…", "!", "Н", "У", "Б", "О", "П", "н", "№", "№ 5", "5 °", "урок 5", "5 минут", "§ 5 повторить",
    "Читает вслух отлично", "Принести 5 тетрадей", "Хорошо слушает, но спешит", "Был у врача",
    "звездочёт", "солнечно", "a:)b", "★а", "а★", "с", "из", "оценка", "Пять уроков чтения", "Живёт на 5 этаже",
    "vi-й", "с. 5", "5 и 6 урок", "12.09.2026", "п. 5", "x", "упр. 5",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_a_code_of_attendance_and_a_sentence_about_the_child_are_none(text: str) -> None:
    assert not first_grade.stands_for_mark(text)
    first_grade.check_no_stand_in(1, text)


@given(st.lists(st.sampled_from([text for text in STAND_INS if text.strip()]), min_size=1, max_size=4))
def test_several_stand_ins_are_one_and_a_word_among_them_makes_a_sentence(texts: list[str]) -> None:
    together = "  ".join(texts)
    assert first_grade.stands_for_mark(together)
    assert not first_grade.stands_for_mark(f"{together} читает")


@given(st.text(alphabet="абвгдежзик лмно", max_size=12), st.sampled_from([None, *range(2, 12)]))
def test_above_grade_one_every_text_is_taken(text: str, grade: int | None) -> None:
    first_grade.check_no_stand_in(grade, text)
