"""What a new version changes, told so that a teachers' council can vote on it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from kernel.phrases import LANGUAGES
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.diff import Change, policy_changes
from services.gradebook.policy.rules.policy import (
    Group,
    Handling,
    Kind,
    LeastMarks,
    Level,
    Policy,
    Rule,
    Scope,
    Special,
    Threshold,
    Veto,
)
from services.gradebook.policy.rules.words import LINES, NAMES
from tests.examples import examples
from tests.gradebook.policy.policies import (
    DEFAULT,
    RULES,
    VOTE,
    grades,
    kinds,
    policies,
    with_rule,
    with_special,
    with_value,
)

ADOPTED = {"version": 2, "valid_from": date(2027, 9, 1), "adopted_by": "решение педсовета № 4 от 28.08.2027"}
RU, EN = (
    "(решение педсовета № 4 от 28.08.2027, с 01.09.2027).",
    "(решение педсовета № 4 от 28.08.2027, from 2027-09-01).",
)
PHYSICS = frozenset({"Физика"})


def changes(after: Policy, before: Policy = DEFAULT) -> tuple[Change, ...]:
    return policy_changes(before, replace(after, **ADOPTED))


def only_change(after: Policy, before: Policy = DEFAULT) -> Change:
    (change,) = changes(after, before)
    return change


def told(after: Policy, before: Policy = DEFAULT) -> list[tuple[str, str]]:
    return [(change.sentence.said("ru"), change.sentence.said("en")) for change in changes(after, before)]


def test_every_rule_has_a_name_in_both_languages() -> None:
    assert set(NAMES) == {*RULES, "time_zone", "kinds"}
    for said in ({name.ru for name in NAMES.values()}, {name.en for name in NAMES.values()}):
        assert len(said) == len(NAMES)
        assert all(name.strip() == name and name[0].isupper() and "{" not in name for name in said)
    assert all("а" <= name.ru[1] <= "я" for name in NAMES.values())
    assert all(name.en.replace("зач", "").isascii() or "−" in name.en for name in NAMES.values())


def test_every_table_names_its_lines() -> None:
    tables = {
        path for path, rule in RULES.items()
        if path in LINES or (isinstance(rule.value, tuple) and path not in {"terms.vetoes"})
    }  # fmt: skip
    assert set(LINES) == tables | {"kinds"}
    assert all("{key}" in phrase.ru and "{key}" in phrase.en for phrase in LINES.values())


def test_version_first_day_and_decision_are_no_change_of_the_rules() -> None:
    assert changes(DEFAULT) == ()
    assert policy_changes(DEFAULT, DEFAULT) == ()


def test_a_threshold_is_told_alone() -> None:
    lines = (Threshold(5, Decimal("4.65")), *DEFAULT.terms.thresholds.value[1:])
    change = only_change(with_value("terms.thresholds", lines))
    assert (change.path, change.scope) == ("terms.thresholds", None)
    assert (change.before, change.after) == (Threshold(5, Decimal("4.5")), Threshold(5, Decimal("4.65")))
    assert change.sentence.said("ru") == f"Порог отметки «5» за период: было 4,5; стало 4,65 {RU}"
    assert change.sentence.said("en") == f"Threshold of the term mark 5: was 4.5; is now 4.65 {EN}"


def test_lines_of_a_table_come_and_go() -> None:
    after = with_value("years.thresholds", (Threshold(6, Decimal(5)), *DEFAULT.years.thresholds.value[:4]))
    assert [(one.before, one.after) for one in changes(after)] == [
        (Threshold(1, Decimal(0)), None),
        (None, Threshold(6, Decimal(5))),
    ]
    assert told(after) == [
        (f"Порог годовой отметки «1»: исключено, было 0 {RU}", f"Threshold of the year mark 1: no longer, was 0 {EN}"),
        (f"Порог годовой отметки «6»: добавлено 5 {RU}", f"Threshold of the year mark 6: new, 5 {EN}"),
    ]


def test_a_table_in_another_order_is_told_as_a_whole() -> None:
    levels = (Level("b", Decimal("0.5")), Level("a", Decimal(0)))
    before = with_value("figures.levels", levels)
    change = only_change(with_value("figures.levels", levels[::-1]), before)
    assert (change.before, change.after) == (levels, levels[::-1])
    assert (
        change.sentence.said("ru")
        == f"Уровни выполнения работы: было «b» от 0,5, «a» от 0; стало «a» от 0, «b» от 0,5 {RU}"
    )
    assert (
        change.sentence.said("en")
        == f"Levels of completion of a work: was b from 0.5, a from 0; is now a from 0, b from 0.5 {EN}"
    )


VETO = Veto(4, frozenset({"essay", "control"}), 2)
GROUP = Group("письменные", frozenset({"essay"}), Decimal("1.5"), 1, 0)


@pytest.mark.parametrize(
    ("path", "value", "ru", "en"),
    [
        ("scales.scale", "ten",
         "Шкала отметок: было пятибалльная; стало десятибалльная",
         "Scale of marks: was five points; is now ten points"),
        ("scales.scale", "other",
         "Шкала отметок: было пятибалльная; стало other",
         "Scale of marks: was five points; is now other"),
        ("scales.sign", Decimal("0.25"),
         "Сколько прибавляет «+» и отнимает «−»: было 0; стало 0,25",
         "What + adds and − takes: was 0; is now 0.25"),
        ("scales.marked", False, "Ставить отметки: было да; стало нет", "Marks are given: was yes; is now no"),
        ("means.excused", Handling.ZERO,
         "Работа, от которой ученик освобождён: было не учитывается; стало считается нулём",
         "A work from which the student is excused: was left out; is now counts as zero"),
        ("means.groups", (GROUP,),
         "Группа видов работ «письменные»: добавлено «Сочинение»; вес 1,5; не учитывать худших 1, лучших 0",
         "Group of kinds of work письменные: new, “Сочинение”; weight 1.5; left out: lowest 1, highest 0"),
        ("terms.least_marks", (LeastMarks(Decimal(0), 4), LeastMarks(Decimal(2), 5)),
         "Наименьшее число отметок за период, если уроков в неделю 0 и больше: было 3; стало 4",
         "Least number of marks in a term at 0 and more lessons a week: was 3; is now 4"),
        ("terms.vetoes", (VETO,),
         "Ограничения отметки за период: было нет; стало не выше «4», пока есть «2» или ниже за работы: "
         "«Контрольная работа», «Сочинение»",
         "Vetoes on a term mark: was none; is now none above 4 while there is a 2 or worse in: "
         "“Контрольная работа”, “Сочинение”"),
        ("keeping.week", frozenset({7, 1}),
         "Учебные дни недели: было понедельник, вторник, среда, четверг, пятница, суббота; "
         "стало понедельник, воскресенье",
         "Days of the week with lessons: was Monday, Tuesday, Wednesday, Thursday, Friday, Saturday; "
         "is now Monday, Sunday"),
        ("keeping.week", frozenset({1, 2, 3, 4, 5, 6, 7}),
         "Учебные дни недели: было понедельник, вторник, среда, четверг, пятница, суббота; "
         "стало понедельник, вторник, среда, четверг, пятница, суббота, воскресенье",
         "Days of the week with lessons: was Monday, Tuesday, Wednesday, Thursday, Friday, Saturday; "
         "is now Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
        ("keeping.week", frozenset({8, 1}),
         "Учебные дни недели: было понедельник, вторник, среда, четверг, пятница, суббота; стало 1, 8",
         "Days of the week with lessons: was Monday, Tuesday, Wednesday, Thursday, Friday, Saturday; is now 1, 8"),
        ("figures.degree", (*RULES["figures.degree"].value[:4], ("н/а", Decimal(8))),
         "Вклад отметки «н/а» в степень обученности: было 7; стало 8",
         "What н/а adds to the degree of learning: was 7; is now 8"),
        ("figures.tail", Decimal("0.3"),
         "Доля класса в сильной и слабой группах при анализе работы: было 0,27; стало 0,3",
         "Part of the class in the top and bottom groups: was 0.27; is now 0.3"),
    ],
)  # fmt: skip
def test_a_value_is_told_in_words(path: str, value: Any, ru: str, en: str) -> None:
    change = only_change(with_value(path, value))
    assert (change.path, change.scope) == (path, None)
    assert (change.sentence.said("ru"), change.sentence.said("en")) == (f"{ru} {RU}", f"{en} {EN}")


@pytest.mark.parametrize(
    ("path", "value", "ru", "en"),
    [
        ("terms.thresholds", (Threshold(5, Decimal("4.65")), Threshold(2, Decimal(0))),
         "Пороги отметок за период ({}): введено особое правило, «5» от 4,65, «2» от 0",
         "Thresholds of term marks ({}): a special rule is new, 5 from 4.65, 2 from 0"),
        ("terms.least_marks", (LeastMarks(Decimal("1.5"), 3),),
         "Наименьшее число отметок за период ({}): введено особое правило, 3, если уроков в неделю 1,5 и больше",
         "Least number of marks in a term ({}): a special rule is new, 3 at 1.5 and more lessons a week"),
        ("terms.vetoes", (VETO,),
         "Ограничения отметки за период ({}): введено особое правило, не выше «4», пока есть «2» или ниже за работы: "
         "«Контрольная работа», «Сочинение»",
         "Vetoes on a term mark ({}): a special rule is new, none above 4 while there is a 2 or worse in: "
         "“Контрольная работа”, “Сочинение”"),
        ("means.groups", (GROUP,),
         "Группы видов работ ({}): введено особое правило, «письменные» («Сочинение»; вес 1,5; "
         "не учитывать худших 1, лучших 0)",
         "Groups of kinds of work ({}): a special rule is new, письменные (“Сочинение”; weight 1.5; "
         "left out: lowest 1, highest 0)"),
        ("figures.degree", (("5", Decimal(100)),),
         "Вклад отметок в степень обученности ({}): введено особое правило, «5» – 100",
         "What marks add to the degree of learning ({}): a special rule is new, 5 – 100"),
    ],
)  # fmt: skip
def test_a_special_table_is_told_as_a_whole(path: str, value: Any, ru: str, en: str) -> None:
    change = only_change(with_special(path, grades(9), value))
    assert (change.before, change.after) == (None, value)
    assert change.sentence.said("ru") == f"{ru.format('в 9 классе')} {RU}"
    assert change.sentence.said("en") == f"{en.format('in grade 9')} {EN}"


@pytest.mark.parametrize(
    ("scope", "ru", "en"),
    [
        (grades(10), " (в 10 классе)", " (in grade 10)"),
        (grades(10, 9), " (в 9, 10 классах)", " (in grades 9, 10)"),
        (Scope(subjects=PHYSICS), " (по предмету «Физика»)", " (in the subject “Физика”)"),
        (
            Scope(subjects=PHYSICS | {"Химия"}),
            " (по предметам «Физика», «Химия»)",
            " (in the subjects “Физика”, “Химия”)",
        ),
        (kinds("essay", "quiz"), " (за работы: «Сочинение», «quiz»)", " (for the works “Сочинение”, “quiz”)"),
        (
            Scope(frozenset({7}), PHYSICS),
            " (в 7 классе, по предмету «Физика»)",
            " (in grade 7, in the subject “Физика”)",
        ),
        (Scope(), "", ""),
    ],
)
def test_a_special_rule_says_where_it_holds(scope: Scope, ru: str, en: str) -> None:
    change = only_change(with_special("means.weight", scope, Decimal(2)))
    assert (change.scope, change.before, change.after) == (scope, None, Decimal(2))
    assert change.sentence.said("ru") == f"Вес отметки{ru}: введено особое правило, 2 {RU}"
    assert change.sentence.said("en") == f"Weight of a mark{en}: a special rule is new, 2 {EN}"


def test_a_special_rule_that_is_gone_is_told_with_what_holds_instead() -> None:
    rule = RULES["keeping.mark_days"]
    change = only_change(with_rule(DEFAULT, "keeping.mark_days", replace(rule, specials=rule.specials[:2])))
    assert (change.scope, change.before, change.after) == (kinds("essay"), 10, None)
    assert change.sentence.said("ru") == (
        "Срок выставления отметки, учебных дней (за работы: «Сочинение»): особое правило отменено, было 10 "
        "(регламент электронного журнала, п. 3.2, с 01.09.2027)."
    )
    assert change.sentence.said("en") == (
        "School days to set a mark (for the works “Сочинение”): the special rule is gone, was 10 "
        "(the regulation of the electronic journal, clause 3.2, from 2027-09-01)."
    )


def test_a_special_rule_with_another_value_is_told_like_a_rule() -> None:
    rule = RULES["keeping.mark_days"]
    longer = replace(rule, specials=(*rule.specials[:2], replace(rule.specials[2], value=12, source=VOTE)))
    change = only_change(with_rule(DEFAULT, "keeping.mark_days", longer))
    assert (change.scope, change.before, change.after) == (kinds("essay"), 10, 12)
    assert change.sentence.said("ru") == (
        f"Срок выставления отметки, учебных дней (за работы: «Сочинение»): было 10; стало 12 {RU}"
    )


def test_another_source_of_the_same_value_is_a_change() -> None:
    change = only_change(with_value("means.brought", True))
    assert (change.before, change.after) == (Source("practice"), VOTE)
    assert change.sentence.said("ru") == (
        "Учитывать отметки из прежней школы: по-прежнему да; прежнее основание – обычай школ, "
        "новое – решение педсовета № 4 от 28.08.2027, с 01.09.2027."
    )
    assert change.sentence.said("en") == (
        "Marks of the former school count: yes as before; it rested on the usage of schools, and rests now on решение "
        "педсовета № 4 от 28.08.2027, from 2027-09-01."
    )


def test_another_order_of_special_rules_is_a_change() -> None:
    specials = (Special(grades(5), 1, VOTE), Special(Scope(subjects=PHYSICS), 2, VOTE))
    before = with_rule(DEFAULT, "terms.free_difference", Rule(0, VOTE, specials))
    change = only_change(with_rule(DEFAULT, "terms.free_difference", Rule(0, VOTE, specials[::-1])), before)
    assert (change.scope, change.before) == (None, (grades(5), Scope(subjects=PHYSICS)))
    assert change.after == (Scope(subjects=PHYSICS), grades(5))
    assert change.sentence.said("ru") == (
        "На сколько баллов отметка может отличаться от расчётной без объяснения: изменён порядок особых правил, "
        f"а из равных действует последнее {RU}"
    )
    assert change.sentence.said("en") == (
        "By how many steps a term mark may differ from the computed one without a reason: "
        f"the order of the special rules is another, and of equal ones the last holds {EN}"
    )


def test_special_rules_of_the_same_scope_are_told_apart() -> None:
    def rule(*values: int) -> Policy:
        return with_rule(
            DEFAULT, "terms.free_difference", Rule(0, VOTE, tuple(Special(grades(5), value, VOTE) for value in values))
        )

    assert [(one.before, one.after) for one in changes(rule(1, 2), rule(1, 3))] == [(3, 2)]
    assert [(one.before, one.after) for one in changes(rule(1), rule(1, 3))] == [(3, None)]
    assert [(one.before, one.after) for one in changes(rule(2, 1), rule(1, 2))] == [(1, 2), (2, 1)]
    assert [(one.before, one.after) for one in changes(rule(1, 2, 3), rule(1, 2, 4))] == [(4, 3)]
    assert [(one.before, one.after) for one in changes(rule(1, 2, 3), rule(1, 4, 3))] == [(4, 2)]


def test_the_time_zone_and_the_kinds_of_work_belong_to_the_policy() -> None:
    kept = (Kind("answer", "Ответ"), *DEFAULT.kinds[1:-1], Kind("quiz", "Опрос", written=True, control=True))
    after = replace(DEFAULT, time_zone="Asia/Omsk", kinds=kept)
    assert [(one.path, one.scope) for one in changes(after)] == [("time_zone", None), *[("kinds", None)] * 3]
    assert told(after) == [
        (f"Часовой пояс: было Europe/Samara; стало Asia/Omsk {RU}",
         f"Time zone: was Europe/Samara; is now Asia/Omsk {EN}"),
        (f"Вид работы «answer»: было «Ответ на уроке»; стало «Ответ» {RU}",
         f"Kind of work answer: was “Ответ на уроке”; is now “Ответ” {EN}"),
        (f"Вид работы «control»: исключено, было «Контрольная работа», письменная, контрольная {RU}",
         f"Kind of work control: no longer, was “Контрольная работа”, written, a control work {EN}"),
        (f"Вид работы «quiz»: добавлено «Опрос», письменная, контрольная {RU}",
         f"Kind of work quiz: new, “Опрос”, written, a control work {EN}"),
    ]  # fmt: skip


def test_a_vote_without_citation_and_a_clause_of_it_are_said_too() -> None:
    after = replace(with_value("means.decimals", 1), version=2, valid_from=date(2027, 9, 1))
    (change,) = policy_changes(DEFAULT, after)
    assert change.sentence.said("ru") == (
        "Знаков после запятой в среднем балле: было 2; стало 1 (решение педагогического совета, с 01.09.2027)."
    )
    after = with_rule(DEFAULT, "means.decimals", Rule(1, Source("vote", "7")))
    assert only_change(after).sentence.said("ru") == (
        "Знаков после запятой в среднем балле: было 2; стало 1 "
        "(решение педсовета № 4 от 28.08.2027, п. 7, с 01.09.2027)."
    )


def test_changes_come_in_the_order_of_the_sections() -> None:
    after = with_value("figures.tail", Decimal("0.3"), with_value("scales.sign", Decimal("0.5"), DEFAULT))
    assert [one.path for one in changes(replace(after, time_zone="Asia/Omsk"))] == [
        "time_zone",
        "scales.sign",
        "figures.tail",
    ]


def rules_alone(policy: Policy) -> Policy:
    return replace(policy, version=0, valid_from=date.min, adopted_by="")


@settings(max_examples=examples(60))
@given(policies(), policies())
def test_nothing_is_told_of_equal_policies_and_something_of_others(before: Policy, after: Policy) -> None:
    found = policy_changes(before, after)
    assert bool(found) == (rules_alone(before) != rules_alone(after))
    for change in found:
        assert all(
            "{" not in change.sentence.said(language).replace("{x}", "").replace("{0}", "") for language in LANGUAGES
        )


@settings(max_examples=examples(50))
@given(policies(), policies())
def test_the_other_way_round_each_change_is_the_other_way_round(before: Policy, after: Policy) -> None:
    there = [(one.path, one.scope, repr(one.before), repr(one.after)) for one in policy_changes(before, after)]
    back = [(one.path, one.scope, repr(one.after), repr(one.before)) for one in policy_changes(after, before)]
    assert Counter(there) == Counter(back)
