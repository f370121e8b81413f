"""Every figure says how it came about, so that a parent can follow it and a program can repeat it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Explained
from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.policy import Handling, Place, Policy, Threshold, Veto
from services.gradebook.term_marks.rules.means import mean
from services.gradebook.term_marks.rules.term_marks import term_mark
from services.gradebook.term_marks.rules.year_marks import certificate_mark, year_mark
from tests.examples import examples
from tests.gradebook.term_marks.courses import (
    ONE_LESSON,
    PLACE,
    WEIGHTS,
    by_kind,
    group,
    mark,
    marks,
    points,
    recomputed,
    texts,
    voted,
    weights,
)

GROUPS = (group("works", "0.6", "control test", 1), group("lessons", "0.4", "answer", 0, 1), group("none", 0, "essay"))


def lines(found: Explained[Any], language: Any) -> list[str]:
    return list(found.said(language))


# --- used and left out are all there is -------------------------------------------------------------------------------

ANY_MARK = st.builds(
    GivenMark,
    st.sampled_from(["5", "зач", ""]),
    st.none() | st.integers(0, 5).map(Decimal),
    st.sampled_from(["answer", "control", "test", "essay", "project"]),
    weight=st.none() | WEIGHTS | st.just(Decimal(0)),
    maximum=st.sampled_from([Decimal(1), Decimal(1), Decimal(5), Decimal("7.5"), Decimal(0)]),
    state=st.sampled_from([State.GIVEN, State.GIVEN, State.EXCUSED, State.UNGRADED]),
    only_if_helps=st.booleans(),
    brought=st.booleans(),
    ref=st.integers(0, 9**9).map(str),
)
POLICIES = [
    voted(),
    voted(means__groups=GROUPS, means__ungraded=Handling.ZERO, means__weight=weights(control="3", test="1.5")),
    voted(means__drop_lowest=1, means__drop_highest=1, means__excused=Handling.ZERO),
    voted(means__weighted=False, means__brought=False, means__only_if_helps=by_kind(False, {"test": True})),
]


@settings(max_examples=examples(150))
@given(st.lists(ANY_MARK, max_size=12), st.sampled_from(POLICIES))
def test_used_and_left_out_part_the_marks_and_the_used_ones_give_the_mean_again(
    given_marks: list[GivenMark], policy: Policy
) -> None:
    found = mean(given_marks, policy, PLACE)
    parted = [one.item for one in found.used] + [one.item for one in found.left_out]
    assert Counter(map(id, parted)) == Counter(map(id, given_marks))
    assert recomputed(found) == found.exact
    assert all(one.weight > 0 for one in found.used)


@settings(max_examples=examples(60))
@given(st.lists(ANY_MARK, max_size=8), st.sampled_from(POLICIES), st.booleans(), st.sampled_from([None, 1, 7]))
def test_a_term_mark_parts_its_marks_too_whatever_it_is(
    given_marks: list[GivenMark], policy: Policy, exempt: bool, grade: int | None
) -> None:
    found = term_mark(given_marks, policy, Place(grade), ONE_LESSON, exempt=exempt).explained
    parted = [one.item for one in found.used] + [one.item for one in found.left_out]
    assert Counter(map(id, parted)) == Counter(map(id, given_marks))
    for language in ("ru", "en"):
        assert all(line and "{" not in line for line in lines(found, language))


@given(st.lists(st.sampled_from(["5", "4", "3", "2", "н/а", "осв", "зач", None]), max_size=6), st.integers(0, 3))
def test_a_year_mark_parts_its_terms(terms: list[str | None], missing: int) -> None:
    found = year_mark(terms, voted(years__most_missing_terms=missing), PLACE)
    assert Counter(texts((*found.used, *found.left_out))) == Counter(text or "—" for text in terms)
    if found.exact is not None:
        numbers = [Fraction(one.number) for one in found.used]
        assert found.exact == sum(numbers) / len(numbers)


@given(st.sampled_from(["5", "3", "н/а"]), st.sampled_from(["5", "2", None]), st.sampled_from(["0", "1", "2.5"]))
def test_a_certificates_mark_parts_its_inputs(year: str, exam: str | None, weight: str) -> None:
    found = certificate_mark(year, exam, voted(years__exam_weight=Decimal(weight)), PLACE)
    assert texts((*found.used, *found.left_out)) == [text for text in (year, exam) if text]
    if found.exact is not None:
        size = sum(Fraction(one.weight) for one in found.used)
        assert found.exact == sum(Fraction(one.number) * Fraction(one.weight) for one in found.used) / size


def test_with_groups_the_weights_are_the_smallest_whole_numbers() -> None:
    groups = (group("works", "0.6", "control"), group("lessons", "0.4", "answer"))
    found = mean([*marks("5 4", "control"), *marks("3 4 4")], voted(means__groups=groups), PLACE)
    assert [one.weight for one in found.used] == [9, 9, 4, 4, 4]
    assert [one.number for one in found.used] == [5, 4, 3, 4, 4]


# --- read aloud -------------------------------------------------------------------------------------------------------


def test_a_weighted_mean_reads_as_a_calculation() -> None:
    found = mean([mark(5, weight="2"), mark(4), mark("зач")], voted(), PLACE)
    assert lines(found, "ru") == [
        "Учтено: 5 × 2, 4 × 1.",
        "Не учтено: зач — это не числовая отметка.",
        "(5 × 2 + 4) / 3 = 4,6667.",
        "Округлённо (половина вверх): 4,67.",
        "Основание: обычай школ.",
        "Правила школы, версия 7.",
    ]
    assert lines(found, "en") == [
        "Counted: 5 × 2, 4 × 1.",
        "Left out: зач – it is not a number.",
        "(5 × 2 + 4) / 3 = 4.6667.",
        "Rounded (a half goes up): 4.67.",
        "By the usage of schools.",
        "The school's policy, version 7.",
    ]


def test_a_mean_that_needs_no_rounding_has_no_such_step() -> None:
    assert [step.said("ru") for step in mean(marks("5 4"), voted(), PLACE).steps] == ["(5 + 4) / 2 = 4,5."]
    assert [step.said("en") for step in mean([mark(4, weight="0.5")], voted(), PLACE).steps] == ["4 × 0.5 / 0.5 = 4."]


def test_groups_read_one_by_one_and_then_together() -> None:
    groups = (group("Работы", "60", "control"), group("Уроки", "40", "answer"))
    found = mean([*marks("5 4", "control"), *marks("3 4 4")], voted(means__groups=groups), PLACE)
    assert [step.said("ru") for step in found.steps] == [
        "Работы: (5 + 4) / 2 = 4,5.",
        "Уроки: (3 + 4 + 4) / 3 = 3,6667.",
        "Все группы вместе: (4,5 × 60 + 3,6667 × 40) / 100 = 4,1667.",
        "Округлённо (половина вверх): 4,17.",
    ]
    assert [step.said("en") for step in found.steps][2:] == [
        "All groups together: (4.5 × 60 + 3.6667 × 40) / 100 = 4.1667.",
        "Rounded (a half goes up): 4.17.",
    ]
    alone = mean(marks("5 4", "control"), voted(means__groups=groups), PLACE)
    assert [step.said("ru") for step in alone.steps] == ["Работы: (5 + 4) / 2 = 4,5."]


def test_equal_explanations_are_equal_and_may_be_kept_in_a_set() -> None:
    groups = (group("Работы", "60", "control"), group("Уроки", "40", "answer"))
    for policy in (voted(), voted(means__groups=groups)):
        one, same = (mean([*marks("5 4", "control"), *marks("3")], policy, PLACE) for _ in range(2))
        assert len({one, same}) == 1
        assert one != mean([*marks("5 4", "control"), *marks("2")], policy, PLACE)


def test_points_read_as_points() -> None:
    found = mean([points(9, 10), points(20, 40)], voted(), PLACE)
    assert lines(found, "ru")[:2] == ["Учтено: 9/10 × 1, 20/40 × 1.", "(9 + 20) / 50 = 0,58."]


@pytest.mark.parametrize(
    ("given_mark", "rules", "russian", "english"),
    [
        (mark("н/а"), {}, "это не числовая отметка", "it is not a number"),
        (
            mark(4, state=State.EXCUSED), {},
            "ученик освобождён от работы или пропустил её по уважительной причине",
            "the student was exempt from the work, or missed it for a good reason",
        ),
        (mark(4, state=State.UNGRADED), {}, "работа ещё не оценена", "the work has no mark yet"),
        (
            mark(4, brought=True), {"means__brought": False},
            "получена в другой школе, а такие отметки не учитываются",
            "it was set at another school, and such marks do not count",
        ),
        (mark(4, weight="0"), {}, "у работы нулевой вес", "the work has no weight"),
        (mark(1), {"means__drop_lowest": 1}, "отброшена как худшая", "it was dropped as the lowest"),
        (mark(5), {"means__drop_highest": 1}, "отброшена как лучшая", "it was dropped as the highest"),
        (mark(1, only_if_helps=True), {}, "она понизила бы средний балл", "it would lower the mean"),
        (
            mark(1, "essay"), {"means__groups": (group("works", 1, "control"),)},
            "её вид работы не входит ни в одну группу", "its kind of work belongs to none of the groups",
        ),
        (
            mark(1, "essay"), {"means__groups": (group("works", 1, "control"), group("free", 0, "essay"))},
            "у её группы работ нулевой вес", "its group of works has no weight",
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_says_why(given_mark: GivenMark, rules: dict[str, Any], russian: str, english: str) -> None:
    found = mean([given_mark, mark(3, "control")], voted(**rules), PLACE)
    assert f"Не учтено: {given_mark} — {russian}." in lines(found, "ru")
    assert f"Left out: {given_mark} – {english}." in lines(found, "en")


def test_a_mark_entered_later_says_so() -> None:
    found = mean([mark(3, day=date(2026, 9, 2))], voted(), PLACE, date(2026, 9, 1))
    assert lines(found, "ru")[:2] == ["Учитывать нечего.", "Не учтено: 3 — внесена позже даты расчёта."]
    assert lines(found, "en")[1] == "Left out: 3 – it was entered after the date of the calculation."


def steps(found: Explained[Any], language: Any) -> list[str]:
    return [step.said(language) for step in found.steps]


def computed(given_marks: list[GivenMark], policy: Policy, place: Place = PLACE, **more: Any) -> Explained[GivenMark]:
    return term_mark(given_marks, policy, place, ONE_LESSON, **more).explained


def test_a_term_mark_names_the_threshold() -> None:
    found = computed(marks("5 4 4 4"), voted())
    assert steps(found, "ru") == ["(5 + 4 + 4 + 4) / 4 = 4,25.", "4,25 не меньше порога 3,5: «4»."]
    assert steps(found, "en")[1] == "4.25 is not below the threshold 3.5: 4."
    low = computed(marks("1 1 1"), voted())
    assert steps(low, "ru")[1] == "1 меньше порога 1,5: «1»."
    assert steps(low, "en")[1] == "1 is below the threshold 1.5: 1."
    only = voted(terms__thresholds=(Threshold(3, Decimal(0)),))
    assert steps(computed(marks("1 1 1"), only), "ru")[1] == "1 не меньше порога 0: «3»."


def test_a_veto_names_the_mark_and_the_work() -> None:
    policy = voted(terms__vetoes=(Veto(3, frozenset({"control"}), 2),), means__weight=weights(control="0.5"))
    found = computed([*marks("5 5 5"), mark(2, "control")], policy)
    assert steps(found, "ru")[-2:] == [
        "4,5714 не меньше порога 4,5: «5».",
        "Есть «2» за работу вида «Контрольная работа»: выше «3» оценка не ставится.",
    ]
    assert steps(found, "en")[-1] == (
        "There is a 2 for a work of the kind «Контрольная работа»: no mark above 3 is given."
    )
    unknown = voted(terms__vetoes=(Veto(3, frozenset({"olympiad"}), 2),))
    assert "вида «olympiad»" in steps(computed([*marks("5 5 5 5 5 5 5"), mark(2, "olympiad")], unknown), "ru")[-1]


def test_a_disputed_mean_says_what_the_teacher_may_do() -> None:
    found = computed(marks("5 5 4 4 4 4 5"), voted(terms__disputed=Decimal("0.1")))
    assert steps(found, "ru")[-1] == (
        "До порога 4,5 не хватает не больше 0,1: учитель может поставить «5» без объяснения причин."
    )
    assert steps(found, "en")[-1] == (
        "The threshold 4.5 is missed by no more than 0.1: the teacher may give 5 without a reason."
    )


def test_too_few_marks_are_counted_aloud() -> None:
    found = computed(marks("5 4"), voted())
    assert steps(found, "ru")[-1] == "Отметок за период: 2, а нужно не меньше 3: «н/а»."
    assert steps(found, "en")[-1] == "Marks in the term: 2; at least 3 are needed: н/а."
    none = computed(marks("зач"), voted(terms__least_marks=()))
    assert (steps(none, "ru"), steps(none, "en")) == (["Среднего балла нет: «н/а»."], ["There is no mean: н/а."])


def test_exemption_and_grade_1_are_said() -> None:
    exempt = computed(marks("5"), voted(), exempt=True)
    assert lines(exempt, "ru") == [
        "Учитывать нечего.",
        "Не учтено: 5 — ученик освобождён от предмета.",
        "Ученик освобождён от предмета: «осв».",
        "Правила школы, версия 7.",
    ]
    assert lines(exempt, "en")[1:3] == [
        "Left out: 5 – the student is exempt from the course.",
        "The student is exempt from the course: осв.",
    ]
    first = computed(marks("5"), voted(), Place(1))
    assert lines(first, "ru")[1:4] == [
        "Не учтено: 5 — отметки здесь не ставятся.",
        "Отметки здесь не ставятся.",
        "Основание: регламент электронного журнала, п. 2.5.",
    ]
    assert lines(first, "en")[1:3] == ["Left out: 5 – no marks are given here.", "No marks are given here."]


def test_a_year_mark_reads_as_a_calculation() -> None:
    found = year_mark(["4", "5", "осв", "4"], voted(), PLACE)
    assert lines(found, "ru") == [
        "Учтено: 4 × 1, 5 × 1, 4 × 1.",
        "Не учтено: осв — ученик был освобождён от предмета.",
        "(4 + 5 + 4) / 3 = 4,3333.",
        "4,3333 не меньше порога 3,5: «4».",
        "Основание: обычай школ.",
        "Правила школы, версия 7.",
    ]
    assert lines(found, "en")[1] == "Left out: осв – the student was exempt from the course."


def test_a_year_without_mark_says_why() -> None:
    missing = year_mark(["4", None, "н/а"], voted(years__most_missing_terms=1), PLACE)
    assert lines(missing, "ru")[1:4] == [
        "Не учтено: — — числовой отметки за период нет.",
        "Не учтено: н/а — числовой отметки за период нет.",
        "Периодов без отметки: 2, допускается не больше 1: «н/а».",
    ]
    assert lines(missing, "en")[2:4] == [
        "Left out: н/а – there is no mark with a number for the term.",
        "Terms without a mark: 2; at most 1 may be missing: н/а.",
    ]
    exempt = year_mark(["осв", "осв"], voted(), PLACE)
    assert steps(exempt, "ru") == ["Ученик освобождён от предмета весь год: «осв»."]
    assert steps(exempt, "en") == ["The student was exempt from the course all year: осв."]
    empty = year_mark([], voted(), PLACE)
    assert (steps(empty, "ru"), steps(empty, "en")) == (
        ["Отметок за периоды нет: «н/а»."], ["There are no term marks: н/а."],
    )  # fmt: skip


def test_a_certificates_mark_reads_as_a_calculation() -> None:
    found = certificate_mark("4", "5", voted(years__exam_weight=Decimal(2)), PLACE)
    assert lines(found, "ru") == [
        "Учтено: 4 × 1, 5 × 2.",
        "(4 + 5 × 2) / 3 = 4,6667.",
        "Округлённо до целого (половина вверх): «5».",
        "Основание: решение педагогического совета, п. 4.",
        "Основание: приказ Минпросвещения России от 05.10.2020 № 546.",
        "Правила школы, версия 7.",
    ]
    assert steps(found, "en")[-1] == "Rounded to a whole number (a half goes up): 5."
    alone = certificate_mark("4", "5", voted(years__exam_weight=Decimal(0)), PLACE)
    assert lines(alone, "ru")[1:3] == [
        "Не учтено: 5 — экзамен не учитывается.",
        "Экзамена нет или он не учитывается: итоговая отметка — годовая, «4».",
    ]
    assert lines(alone, "en")[1:3] == [
        "Left out: 5 – the exam does not count.",
        "There is no exam, or it does not count: the mark is that of the year, 4.",
    ]
    none = certificate_mark("н/а", "5", voted(), PLACE)
    assert lines(none, "ru")[1:4] == [
        "Не учтено: н/а — числовой годовой отметки нет.",
        "Не учтено: 5 — числовой годовой отметки нет.",
        "Числовой годовой отметки нет: «н/а».",
    ]
    assert lines(none, "en")[2:4] == [
        "Left out: 5 – there is no year mark with a number.",
        "There is no year mark with a number: н/а.",
    ]
