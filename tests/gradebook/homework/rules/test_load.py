"""How much homework and how many control works fall on a class."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Source
from services.gradebook.homework.rules.load import (
    Assignment,
    ClassGroup,
    Load,
    control_load_of_day,
    control_load_of_week,
    homework_load,
)
from services.gradebook.policy.rules.defaults import default_policy
from services.gradebook.policy.rules.policy import Place, Rule, Scope, Special

POLICY = default_policy()
FIFTH = Place(5)
MONDAY = date(2026, 9, 7)
DAY = timedelta(days=1)

ENGLISH_1, ENGLISH_2 = ClassGroup("Английский язык", "1"), ClassGroup("Английский язык", "2")
BOYS, GIRLS = ClassGroup("Технология", "м"), ClassGroup("Технология", "д")


def homework(title: str, minutes: int | None, group: ClassGroup | None = None, day: date = MONDAY) -> Assignment:
    return Assignment(title, day, group, minutes)


MATHS, RUSSIAN = homework("Математика", 40), homework("Русский язык", 30)
ENGLISH = (homework("Английский язык", 20, ENGLISH_1), homework("Английский язык", 25, ENGLISH_2))
CRAFTS = (homework("Технология", 15, BOYS), homework("Технология", 10, GIRLS))
ALL = (MATHS, RUSSIAN, *ENGLISH, *CRAFTS)


def used(load: Load) -> list[Assignment]:
    return [one.item for one in load.explained.used]


def left_out(load: Load) -> list[tuple[Assignment, str]]:
    return [(one.item, one.rule) for one in load.explained.left_out]


def test_homework_of_all_courses_is_added_up() -> None:
    load = homework_load(MONDAY, [MATHS, RUSSIAN], POLICY, FIFTH)
    assert (load.figure, load.limit, load.excess, load.warning) == (70, 120, 0, None)
    assert (load.explained.figure, load.explained.exact) == (70, Fraction(70))
    assert [(one.number, one.weight) for one in load.explained.used] == [(Decimal(40), 1), (Decimal(30), 1)]
    assert load.explained.sources == (Source("sanpin"),)


def test_other_days_do_not_count() -> None:
    other = [homework("Музыка", 50, day=MONDAY + DAY), homework("Музыка", 50, day=MONDAY - DAY)]
    load = homework_load(MONDAY, [MATHS, *other], POLICY, FIFTH)
    assert (load.figure, used(load), left_out(load)) == (40, [MATHS], [])


def test_a_day_without_homework_is_no_load() -> None:
    load = homework_load(MONDAY, [], POLICY, FIFTH)
    assert (load.figure, load.excess, load.explained.exact) == (0, 0, Fraction(0))
    assert load.explained.said("ru")[:2] == (
        "Учитывать нечего.",
        "Домашнее задание на 07.09.2026: 0 мин., допустимо 120 мин.",
    )


@pytest.mark.parametrize(
    ("grade", "minutes"),
    [(1, 0), (2, 90), (3, 90), (4, 120), (5, 120), (6, 150), (7, 150), (8, 150), (9, 210), (10, 210), (11, 210)],
)
def test_the_sanitary_rules_admit_minutes_by_grade(grade: int, minutes: int) -> None:
    assert homework_load(MONDAY, [], POLICY, Place(grade)).limit == minutes


def test_of_parallel_groups_the_most_burdened_counts_where_nobody_knows_who_is_in_which() -> None:
    load = homework_load(MONDAY, ALL, POLICY, FIFTH)
    assert (load.figure, used(load)) == (110, [MATHS, RUSSIAN, ENGLISH[1], CRAFTS[0]])
    assert left_out(load) == [(ENGLISH[0], "other-group"), (CRAFTS[1], "other-group")]


def test_several_assignments_of_a_group_are_added_before_groups_are_compared() -> None:
    more = homework("Английский язык (чтение)", 10, ENGLISH_1)
    load = homework_load(MONDAY, [*ALL, more], POLICY, FIFTH)
    assert (load.figure, used(load)) == (115, [MATHS, RUSSIAN, ENGLISH[0], CRAFTS[0], more])


def test_known_memberships_leave_only_the_combinations_that_occur() -> None:
    present = [frozenset({ENGLISH_1, BOYS}), frozenset({ENGLISH_2, GIRLS})]
    load = homework_load(MONDAY, ALL, POLICY, FIFTH, present)
    assert (load.figure, used(load)) == (105, [MATHS, RUSSIAN, ENGLISH[0], CRAFTS[0]])
    heavier = homework_load(MONDAY, [*ALL, homework("Чтение", 1, GIRLS)], POLICY, FIFTH, present)
    assert (heavier.figure, left_out(heavier)) == (106, [(ENGLISH[0], "other-group"), (CRAFTS[0], "other-group")])


def test_of_equal_groups_the_first_by_name_is_shown() -> None:
    equal = [homework("Б", 20, ENGLISH_2), homework("А", 20, ENGLISH_1)]
    assert used(homework_load(MONDAY, equal, POLICY, FIFTH)) == [equal[1]]
    present = [frozenset({ENGLISH_2}), frozenset({ENGLISH_1})]
    assert used(homework_load(MONDAY, equal, POLICY, FIFTH, present)) == [equal[1]]


def test_a_student_may_be_in_no_group_and_a_class_without_students_has_the_works_of_all() -> None:
    for present in ([frozenset()], [frozenset({BOYS})], []):
        load = homework_load(MONDAY, [MATHS, *ENGLISH], POLICY, FIFTH, present)
        assert (load.figure, used(load)) == (40, [MATHS])
        assert load.explained.steps[0].said("en").startswith("Homework for")


def test_homework_without_estimate_is_named_and_not_counted() -> None:
    unknown = [homework("Музыка", None), homework("Английский язык", None, ENGLISH_1)]
    load = homework_load(MONDAY, [MATHS, *unknown], POLICY, FIFTH)
    assert (load.figure, used(load)) == (40, [MATHS])
    assert left_out(load) == [(unknown[0], "no-estimate"), (unknown[1], "no-estimate")]


def test_a_load_beyond_the_limit_is_a_warning() -> None:
    at_limit = homework_load(MONDAY, [homework("Математика", 120)], POLICY, FIFTH)
    assert (at_limit.excess, at_limit.warning) == (0, None)
    beyond = homework_load(MONDAY, [homework("Математика", 121)], POLICY, FIFTH)
    assert beyond.excess == 1
    assert beyond.warning is not None
    assert beyond.warning.said("ru") == (
        "Домашнее задание на 07.09.2026: 121 мин., допустимо 120 мин. Превышение: 1. "
        f"Основание: {Source('sanpin').sentence.said('ru')}."
    )
    assert beyond.warning.said("en") == (
        f"Homework for 2026-09-07: 121 min; admissible: 120 min. Excess: 1. By {Source('sanpin').sentence.said('en')}."
    )


def test_a_load_says_what_counted_what_did_not_and_whose_it_is() -> None:
    load = homework_load(MONDAY, [*ALL, homework("Музыка", None)], POLICY, FIFTH)
    assert load.explained.said("ru") == (
        "Учтено: Математика (40) × 1, Русский язык (30) × 1, Английский язык (25) × 1, Технология (15) × 1.",
        "Не учтено: Английский язык (20) — нагрузка этой подгруппы не больше учтённой.",
        "Не учтено: Технология (10) — нагрузка этой подгруппы не больше учтённой.",
        "Не учтено: Музыка — время выполнения не указано.",
        "Наибольшая нагрузка — в подгруппах: Английский язык 2, Технология м.",
        "Домашнее задание на 07.09.2026: 110 мин., допустимо 120 мин.",
        "Основание: СанПиН 1.2.3685-21, таблица 6.6.",
        f"Правила школы, версия {POLICY.version}.",
    )
    assert load.explained.said("en")[1:-2] == (
        "Left out: Английский язык (20) – this group's load is no greater.",
        "Left out: Технология (10) – this group's load is no greater.",
        "Left out: Музыка – the time it takes is not given.",
        "The load is greatest in the groups: Английский язык 2, Технология м.",
        "Homework for 2026-09-07: 110 min; admissible: 120 min.",
    )


def control(title: str, day: date, group: ClassGroup | None = None) -> Assignment:
    return Assignment(title, day, group)


def test_a_class_writes_one_control_work_a_day() -> None:
    maths, physics = control("Математика", MONDAY), control("Физика", MONDAY)
    assert control_load_of_day(MONDAY, [maths, control("История", MONDAY + DAY)], POLICY, FIFTH).excess == 0
    load = control_load_of_day(MONDAY, [maths, physics], POLICY, FIFTH)
    assert (load.figure, load.limit, load.excess, used(load)) == (2, 1, 1, [maths, physics])
    assert load.explained.sources == (Source("letter-2021"),)
    assert load.explained.steps[-1].said("ru") == "Контрольных работ на 07.09.2026: 2, допустимо 1."
    assert load.explained.steps[-1].said("en") == "Control works on 2026-09-07: 2; admissible: 1."


def test_control_works_of_parallel_groups_are_one_for_each_student() -> None:
    parallel = [control("Английский язык", MONDAY, ENGLISH_1), control("Английский язык", MONDAY, ENGLISH_2)]
    assert control_load_of_day(MONDAY, parallel, POLICY, FIFTH).figure == 1
    crossed = [*parallel, control("Технология", MONDAY, BOYS)]
    assert control_load_of_day(MONDAY, crossed, POLICY, FIFTH).figure == 2
    apart = [frozenset({ENGLISH_1, GIRLS}), frozenset({ENGLISH_2})]
    assert control_load_of_day(MONDAY, crossed, POLICY, FIFTH, apart).figure == 1


def test_a_week_runs_from_monday_to_sunday() -> None:
    days = [MONDAY - DAY, MONDAY, MONDAY + 6 * DAY, MONDAY + 7 * DAY]
    works = [control(f"Работа {number}", day) for number, day in enumerate(days)]
    for day in (MONDAY, MONDAY + 3 * DAY, MONDAY + 6 * DAY):
        load = control_load_of_week(day, works, POLICY, FIFTH)
        assert (load.figure, load.limit, used(load)) == (2, 3, works[1:3])
    said = control_load_of_week(MONDAY + DAY, works, POLICY, FIFTH).explained.steps[-1]
    assert said.said("ru") == "Контрольных работ за неделю с 07.09.2026 по 13.09.2026: 2, допустимо 3."
    assert said.said("en") == "Control works in the week from 2026-09-07 to 2026-09-13: 2; admissible: 3."


def test_a_student_is_in_the_same_groups_all_week() -> None:
    works = [control("Английский язык", MONDAY, ENGLISH_1), control("Английский язык", MONDAY + DAY, ENGLISH_2)]
    assert control_load_of_week(MONDAY, works, POLICY, FIFTH).figure == 1
    assert (
        control_load_of_week(MONDAY, works, POLICY, FIFTH, [frozenset({ENGLISH_2})]).explained.used[0].item is works[1]
    )


def test_each_load_has_a_limit_of_its_own() -> None:
    limits = replace(
        POLICY.load,
        homework_minutes=Rule(11, Source("vote", "1")),
        control_works_a_day=Rule(12, Source("vote", "2")),
        control_works_a_week=Rule(13, Source("vote", "3")),
    )
    voted = replace(POLICY, load=limits)
    loads = [
        compute(MONDAY, [], voted, FIFTH) for compute in (homework_load, control_load_of_day, control_load_of_week)
    ]
    assert [(load.limit, load.explained.sources[0].clause) for load in loads] == [(11, "1"), (12, "2"), (13, "3")]


def test_a_grade_may_have_limits_of_its_own() -> None:
    ninth = Scope(grades=frozenset({9}))
    limits = replace(
        POLICY.load,
        control_works_a_day=Rule(1, Source("vote"), (Special(ninth, 2, Source("vote")),)),
        control_works_a_week=Rule(3, Source("vote"), (Special(ninth, 4, Source("vote")),)),
    )
    voted = replace(POLICY, load=limits)
    for compute, limit in ((control_load_of_day, 2), (control_load_of_week, 4)):
        assert compute(MONDAY, [], voted, Place(9)).limit == limit
        assert compute(MONDAY, [], voted, FIFTH).limit == limit - 1


GROUPS = st.sampled_from([None, ENGLISH_1, ENGLISH_2, BOYS, GIRLS])
GIVEN = st.lists(
    st.builds(
        Assignment, st.just("Урок"), st.dates(MONDAY, MONDAY + 2 * DAY), GROUPS, st.none() | st.integers(0, 60)
    ),
    max_size=12,
)  # fmt: skip
EVERY = [frozenset(pair) for pair in product((ENGLISH_1, ENGLISH_2), (BOYS, GIRLS))]
MEMBERSHIPS = st.none() | st.lists(st.sampled_from([*EVERY, frozenset(), frozenset({BOYS})]), max_size=5)


@given(GIVEN, MEMBERSHIPS)
def test_each_day_of_several_has_the_load_it_has_alone(
    given: list[Assignment], present: list[frozenset[ClassGroup]]
) -> None:
    for day in (MONDAY, MONDAY + DAY):
        alone = [one for one in given if one.day == day]
        assert homework_load(day, given, POLICY, FIFTH, present) == homework_load(day, alone, POLICY, FIFTH, present)


@given(GIVEN)
def test_unknown_memberships_are_every_combination(given: list[Assignment]) -> None:
    unknown = homework_load(MONDAY, given, POLICY, FIFTH)
    assert unknown.figure == homework_load(MONDAY, given, POLICY, FIFTH, EVERY).figure
    students = [homework_load(MONDAY, given, POLICY, FIFTH, [one]).figure for one in EVERY]
    assert unknown.figure == max(students)


@given(GIVEN, MEMBERSHIPS)
def test_what_counted_and_what_did_not_are_everything(
    given: list[Assignment], present: list[frozenset[ClassGroup]]
) -> None:
    load = homework_load(MONDAY, given, POLICY, FIFTH, present)
    named = [*used(load), *(one for one, _ in left_out(load))]
    assert sorted(map(repr, named)) == sorted(repr(one) for one in given if one.day == MONDAY)
    assert load.figure == sum(one.minutes for one in used(load))


@given(GIVEN, MEMBERSHIPS, st.integers(0, 60), GROUPS)
def test_more_homework_is_never_less_load(
    given: list[Assignment], present: list[frozenset[ClassGroup]], minutes: int, group: ClassGroup | None
) -> None:
    more = [*given, homework("Ещё", minutes, group)]
    assert (
        homework_load(MONDAY, more, POLICY, FIFTH, present).figure
        >= homework_load(MONDAY, given, POLICY, FIFTH, present).figure
    )


def test_a_class_whose_grade_is_not_known_has_no_limit() -> None:
    load = homework_load(MONDAY, [homework("Математика", 500)], POLICY, Place())
    assert (load.figure, load.limit, load.excess, load.warning) == (500, None, 0, None)
    assert load.explained.sources == ()
    assert load.explained.said("ru")[1:-1] == (
        "Домашнее задание на 07.09.2026: 500 мин.; предела нет: параллель класса не указана.",
    )
    assert load.explained.said("en")[1] == (
        "Homework for 2026-09-07: 500 min; there is no limit, as the grade of the class is not known."
    )


def test_without_a_limit_the_load_is_still_that_of_the_students_who_have_most() -> None:
    groups = [homework("Английский язык", 20, ENGLISH_1), homework("Английский язык", 30, ENGLISH_2)]
    present = [frozenset({ENGLISH_1})]
    assert homework_load(MONDAY, groups, POLICY, Place()).figure == 30
    assert homework_load(MONDAY, groups, POLICY, Place(), present).figure == 20


def test_each_load_says_by_which_version_of_the_policy() -> None:
    policy = replace(POLICY, version=9)
    for load in (
        homework_load(MONDAY, [MATHS], policy, FIFTH),
        homework_load(MONDAY, [MATHS], policy, Place()),
        control_load_of_day(MONDAY, [], policy, FIFTH),
        control_load_of_week(MONDAY, [], policy, FIFTH),
    ):
        assert load.explained.version == 9
