"""What a student needs for a mark: the fewest further marks, held against a search through all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import combinations_with_replacement
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.explaining.given import GivenMark
from services.gradebook.policy.rules.policy import Kind, LeastMarks, Place, Policy, Threshold, Veto
from services.gradebook.term_marks.rules.means import mean
from services.gradebook.term_marks.rules.needed import Choice, Needed, Wanted, needed_for_mean, needed_for_term_mark
from services.gradebook.term_marks.rules.term_marks import term_mark
from tests.examples import examples
from tests.gradebook.term_marks.courses import (
    MARKS,
    ONE_LESSON,
    PLACE,
    by_kind,
    group,
    in_grade_7,
    mark,
    marks,
    voted,
    weights,
)

WEIGHTED = {"means__weight": weights(control="3", test="2"), "terms__least_marks": ()}
ALIKE = ("answer", "homework", "independent", "laboratory", "dictation", "essay", "project")


def needed(target: str, given_marks: list[GivenMark], policy: Policy, **more: Any) -> Needed:
    return needed_for_term_mark(target, given_marks, policy, PLACE, ONE_LESSON, **more)


def short(choices: tuple[Choice, ...]) -> list[list[tuple[str, int, str]]]:
    """Choices as (mark, number, first kind)."""
    return [[(one.mark, one.number, one.kinds[0]) for one in choice] for choice in choices]


def test_a_target_that_is_reached_needs_nothing() -> None:
    found = needed("4", marks("4 4 5"), voted())
    assert (found.least, found.choices, found.alone) == (0, (), ())
    assert needed("3", marks("4 4 5"), voted()).least == 0


def test_one_mark_may_be_enough_the_higher_the_lighter_its_work() -> None:
    found = needed("4", [*marks("3 3 2"), mark(4, "control")], voted(**WEIGHTED))
    assert found.least == 1
    assert short(found.choices) == [[("4", 1, "test")], [("4", 1, "control")], [("5", 1, "answer")]]
    assert found.choices[0] == (Wanted("4", 1, ("test",), Decimal(2)),)
    assert found.choices[2][0].kinds == ALIKE


def test_several_marks_may_be_needed_and_every_least_choice_is_listed() -> None:
    found = needed("4", marks("3 3 3 3"), voted(terms__least_marks=()), kinds=["answer"])
    assert found.least == 2
    assert short(found.choices) == [[("5", 1, "answer"), ("4", 1, "answer")]]
    assert [(one.mark, one.number) for one in found.alone] == [("5", 2), ("4", 4)]


def test_works_of_different_weight_are_mixed() -> None:
    found = needed("5", marks("4 4 4 4"), voted(**WEIGHTED), kinds=["answer", "control"])
    assert found.target.said("en") == "the mark 5"
    assert short(found.choices) == [[("5", 1, "answer"), ("5", 1, "control")], [("5", 2, "control")]]
    assert [(one.number, one.kinds) for one in found.alone] == [(2, ("control",)), (4, ("answer",))]


def test_a_target_may_be_out_of_reach() -> None:
    found = needed("5", marks("2 2 2 2 2 2"), voted(), most=3)
    assert (found.least, found.choices, found.alone, found.most) == (None, (), (), 3)
    assert needed("5", marks("2 2"), voted(), most=9).least is None
    assert needed("5", marks("2 2"), voted(), most=10).least == 10
    assert (needed("5", marks("2 2"), voted()).least, needed("5", marks("2 2"), voted()).most) == (10, 10)


def test_no_more_marks_of_one_work_are_named_than_may_be_given() -> None:
    unequal = voted(means__weight=weights(control="3"), terms__least_marks=())
    for most, works in [(10, [(4, "control"), (10, "answer")]), (9, [(4, "control")])]:
        found = needed("5", marks("2 2"), unequal, kinds=["answer", "control"], most=most)
        assert [(one.number, *one.kinds) for one in found.alone] == works


def test_enough_marks_are_needed_whatever_the_mean() -> None:
    found = needed("4", marks("5"), voted(), kinds=["answer"])
    assert short(found.choices) == [
        [("5", 1, "answer"), ("1", 1, "answer")], [("4", 1, "answer"), ("2", 1, "answer")], [("3", 2, "answer")],
    ]  # fmt: skip
    policy = voted(terms__least_marks=(LeastMarks(Decimal(1), 4),))
    assert needed("3", [], policy).least == 4


def test_a_veto_puts_a_mark_out_of_reach() -> None:
    veto = Veto(4, frozenset({"control"}), 2)
    policy = voted(terms__vetoes=(veto,), terms__least_marks=())
    assert needed("5", [mark(2, "control"), mark(5)], policy).least is None
    assert needed("4", [mark(2, "control"), mark(5)], policy).least == 0


def test_a_veto_tells_works_apart_that_weigh_the_same() -> None:
    policy = voted(terms__vetoes=(Veto(3, frozenset({"control"}), 4),), terms__least_marks=(LeastMarks(Decimal(0), 3),))
    found = needed("4", marks("5 5"), policy, kinds=["answer", "control"])
    assert short(found.choices) == [[("1", 1, "answer")], [("5", 1, "control")]]


def test_groups_and_drops_are_respected() -> None:
    groups = (group("works", 60, "control"), group("lessons", 40, "answer", 1))
    found = needed("4", [mark(3, "control"), *marks("4 2")], voted(means__groups=groups, terms__least_marks=()))
    assert found.least == 1
    assert short(found.choices) == [[("4", 1, "control")], [("5", 1, "answer")]]


def test_kinds_that_do_not_count_are_not_offered() -> None:
    policy = voted(means__weight=weights(answer="0", homework="0"), terms__least_marks=())
    found = needed("3", [], policy, kinds=["answer", "homework", "test"])
    assert short(found.choices) == [[("3", 1, "test")]]
    assert needed("3", [], policy, kinds=["answer"]).least is None
    empty = voted(means__groups=(group("works", 1, "control"), group("none", 0, "test")), terms__least_marks=())
    assert short(needed("3", [], empty).choices) == [[("3", 1, "control")]]


def test_where_the_school_does_not_weight_all_works_serve_equally() -> None:
    policy = voted(means__weighted=False, means__weight=weights(control="3"), terms__least_marks=())
    found = needed("3", [], policy)
    assert [one.kinds for choice in found.choices for one in choice] == [tuple(kind.code for kind in policy.kinds)]
    assert found.choices[0][0].weight == 1


def test_a_course_marked_in_words_needs_passed_works() -> None:
    policy = voted(scales__scale="pass_fail", terms__least_marks=())
    found = needed("зач", marks("незач незач"), policy, kinds=["test"])
    assert (found.least, short(found.choices)) == (2, [[("зач", 2, "test")]])


@pytest.mark.parametrize(
    ("path", "value", "more"),
    [
        ("means__weighted", False, "3"), ("means__weight", Decimal(2), "3 3"), ("means__only_if_helps", True, "3 3"),
        ("means__groups", (group("works", 1, "control"),), "3"), ("scales__scale", "ten", "2 2 2"),
        ("terms__vetoes", (Veto(3, frozenset({"test"}), 4),), "3"),
        ("terms__least_marks", (LeastMarks(Decimal(0), 6),), "5"),
        ("terms__thresholds", (Threshold(5, Decimal(4)), Threshold(4, Decimal(3))), "3"),
    ],
)  # fmt: skip
def test_the_rules_of_the_grade_are_searched_by(path: str, value: object, more: str) -> None:
    given_marks = [mark(3, "control", weight="2"), mark(4), *marks(more)]
    policy = in_grade_7(path, value)
    seventh, eighth = (
        needed_for_term_mark("4", given_marks, policy, Place(grade, kind="test"), ONE_LESSON) for grade in (7, 8)
    )
    assert eighth == needed("4", given_marks, voted())
    assert seventh == needed("4", given_marks, voted(**{path: value}))
    assert (seventh.least, seventh.choices) != (eighth.least, eighth.choices)


def test_a_target_that_no_term_ends_with_is_refused() -> None:
    for target in ("6", "осв", "н/а", "зач", ""):
        with pytest.raises(Invalid) as caught:
            needed(target, [], voted())
        assert (caught.value.rule, caught.value.field) == ("target-off-table", "target")
        assert str(caught.value) == f"No term ends with the mark {target} here: it is one of 5, 4, 3, 2, 1."


def test_in_grade_1_no_mark_is_within_reach() -> None:
    assert needed_for_term_mark("5", [], voted(), Place(1), ONE_LESSON).least is None


def test_a_mean_may_be_the_target() -> None:
    found = needed_for_mean(Decimal("4.5"), marks("4 4"), voted(), PLACE, kinds=["answer"])
    assert (found.least, short(found.choices)) == (2, [[("5", 2, "answer")]])
    assert needed_for_mean(Decimal("4"), marks("4 4"), voted(), PLACE).least == 0
    assert needed_for_mean(Decimal("4.01"), marks("4 4"), voted(), PLACE, most=1).least == 1
    assert needed_for_mean(Decimal(5), marks("4"), voted(), PLACE, most=4).least is None
    assert short(needed_for_mean(Decimal(3), [], voted(), PLACE, kinds=["test"]).choices) == [[("3", 1, "test")]]


def test_the_answer_is_said_in_both_languages() -> None:
    found = needed("4", marks("3 3 3 3"), voted(terms__least_marks=()), kinds=["answer"])
    assert [sentence.said("ru") for sentence in found.sentences] == [
        "Цель: оценка «4». Нужно ещё отметок: 2. Подойдёт любой из наборов:",
        "— «5» × 1 (Ответ на уроке), «4» × 1 (Ответ на уроке).",
        "Или больше одинаковых отметок, но не таких высоких:",
        "— «4» × 4 (Ответ на уроке).",
    ]
    assert [sentence.said("en") for sentence in found.sentences] == [
        "Target: the mark 4. Further marks needed: 2. Any of these will do:",
        "– 5 × 1 (Ответ на уроке), 4 × 1 (Ответ на уроке).",
        "Or more marks that are all the same, and not so high:",
        "– 4 × 4 (Ответ на уроке).",
    ]
    [enough] = needed_for_mean(Decimal("3.5"), marks("4"), voted(), PLACE).sentences
    assert enough.said("ru") == "Цель: средний балл 3,5. Она уже достигнута, новые отметки не нужны."
    assert enough.said("en") == "Target: the mean 3.5. It is reached already, without further marks."
    [never] = needed("5", marks("2 2 2"), voted(), most=2).sentences
    assert never.said("ru") == "Цель: оценка «5». Её не достичь, даже получив ещё 2 самых высоких отметок."
    assert never.said("en") == "Target: the mark 5. It is out of reach, even with 2 more marks of the best."


# --- against a search through everything ------------------------------------------------------------------------------

KINDS = ("answer", "control", "test")
GROUPS = (group("works", 60, "control test"), group("lessons", 40, "answer", 1))
POLICIES = [
    voted(**WEIGHTED),
    voted(means__weight=weights(control="2.5")),
    voted(means__groups=GROUPS, means__weight=weights(control="2"), terms__least_marks=()),
    voted(means__drop_lowest=1, means__weight=weights(control="2")),
    # works of unequal weight dropped at both ends are the one case that is not promised
    voted(means__drop_lowest=1, means__drop_highest=1, means__weighted=False),
    voted(terms__vetoes=(Veto(3, frozenset({"control"}), 2), Veto(4, frozenset({"test"}), 3)), **WEIGHTED),
    voted(means__only_if_helps=by_kind(False, {"test": True}), means__weight=weights(control="2")),
]

Further = tuple[tuple[str, int], ...]


def searched(reached: Callable[[list[GivenMark]], bool], most: int) -> tuple[int | None, set[Further]]:
    """The least number of marks, and every choice of so many in which no mark may be one lower."""

    def enough(choice: Further) -> bool:
        return reached([mark(number, kind) for kind, number in choice])

    every = [(kind, number) for kind in KINDS for number in range(1, 6)]
    for size in range(most + 1):
        found = {choice for choice in combinations_with_replacement(every, size) if enough(choice)}
        if found:
            return size, {choice for choice in found if not lower(choice) & found}
    return None, set()


def lower(choice: Further) -> set[Further]:
    return {
        tuple(sorted([*choice[:place], (kind, number - 1), *choice[place + 1 :]]))
        for place, (kind, number) in enumerate(choice)
    }


def spelled(choices: tuple[Choice, ...]) -> set[Further]:
    """Choices with every kind that serves equally written out."""
    found: set[Further] = set()
    for choice in choices:
        options: set[Further] = {()}
        for one in choice:
            ways = set(combinations_with_replacement([(kind, int(one.mark)) for kind in one.kinds], one.number))
            options = {tuple(sorted((*before, *way))) for before in options for way in ways}
        found |= options
    return found


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(MARKS, max_size=4), st.sampled_from(POLICIES), st.integers(2, 5).map(str))
def test_no_fewer_marks_give_the_term_mark_and_all_choices_are_found(
    given_marks: list[GivenMark], policy: Policy, target: str
) -> None:
    def reached(further: list[GivenMark]) -> bool:
        text = term_mark([*given_marks, *further], policy, PLACE, ONE_LESSON).text
        return text is not None and text.isdecimal() and text >= target

    least, choices = searched(reached, 2)
    found = needed(target, given_marks, policy, kinds=KINDS, most=2)
    assert found.least == least
    assert spelled(found.choices) == (choices if least else set())


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(MARKS, max_size=4), st.sampled_from(POLICIES), st.decimals(1, 5, places=1))
def test_no_fewer_marks_give_the_mean(given_marks: list[GivenMark], policy: Policy, target: Decimal) -> None:
    def reached(further: list[GivenMark]) -> bool:
        exact = mean([*given_marks, *further], policy, PLACE).exact
        return exact is not None and exact >= target

    least, choices = searched(reached, 2)
    found = needed_for_mean(target, given_marks, policy, PLACE, kinds=KINDS, most=2)
    assert (found.least, spelled(found.choices)) == (least, choices if least else set())


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(MARKS, max_size=5), st.sampled_from(POLICIES), st.integers(2, 5).map(str))
def test_equal_marks_alone_are_enough_and_one_fewer_or_lower_are_not(
    given_marks: list[GivenMark], policy: Policy, target: str
) -> None:
    def reached(one: Wanted, number: int, lower_by: int = 0) -> bool:
        further = [mark(int(one.mark) - lower_by, one.kinds[0])] * number
        text = term_mark([*given_marks, *further], policy, PLACE, ONE_LESSON).text
        return text is not None and text.isdecimal() and text >= target

    alone = needed(target, given_marks, policy, kinds=KINDS, most=4).alone
    assert [one.number for one in alone] == sorted(one.number for one in alone)
    for one in alone:
        assert reached(one, one.number)
        assert not reached(one, one.number - 1)
        assert one.mark == "1" or not reached(one, one.number, lower_by=1)


def test_a_term_full_of_marks_is_searched_quickly() -> None:
    kinds = tuple(Kind(f"kind-{number}", f"Вид {number}") for number in range(9))
    weight = by_kind(Decimal(1), {kind.code: Decimal(number + 1) for number, kind in enumerate(kinds)})
    policy = replace(voted(means__weight=weight), kinds=kinds)
    begun = process_time()
    assert needed("5", [mark(2)] * 40, policy).least is None
    found = needed("4", [mark(3)] * 200, policy)
    assert (found.least, len(found.choices), found.complete) == (8, 19, True)
    free = replace(policy, terms=voted(terms__least_marks=(LeastMarks(Decimal(0), 6),)).terms)
    found = needed("3", [], free)
    assert (found.least, len(found.choices), found.complete) == (6, 9, False)
    assert found.choices[0] == (Wanted("3", 6, ("kind-0",), Decimal(1)),)
    assert found.sentences[-1].said("ru") == "Это не все наборы: их слишком много."
    assert found.sentences[-1].said("en") == "These are not all the choices: there are too many of them."
    assert process_time() - begun < 5


def test_of_too_many_choices_the_best_marks_are_told_where_equal_ones_are_not_enough() -> None:
    kinds = tuple(Kind(f"kind-{number}", f"Вид {number}") for number in range(9))
    groups = (
        group("first", 1, "kind-0 kind-1 kind-2"),
        group("second", 1, "kind-3 kind-4 kind-5 kind-6 kind-7 kind-8"),
    )
    weight = by_kind(Decimal(1), {kind.code: Decimal(number + 1) for number, kind in enumerate(kinds)})
    policy = voted(means__weight=weight, means__groups=groups, terms__least_marks=(LeastMarks(Decimal(0), 6),))
    policy = replace(policy, kinds=kinds)
    found = needed("4", [mark(1, "kind-0"), mark(1, "kind-3")], policy)
    assert (found.least, found.complete) == (4, False)
    assert short(found.choices) == [
        [("5", 3, "kind-2"), ("5", 1, "kind-8")],
        [("5", 2, "kind-2"), ("5", 2, "kind-8")],
        [("5", 1, "kind-2"), ("5", 3, "kind-8")],
    ]


def nine_groups(**rules: Any) -> Policy:
    """A policy in which each of nine kinds of work is a group of its own."""
    kinds = tuple(Kind(f"kind-{number}", f"Вид {number}") for number in range(9))
    groups = tuple(group(kind.code, number + 1, kind.code) for number, kind in enumerate(kinds))
    return replace(voted(means__groups=groups, terms__least_marks=(), **rules), kinds=kinds)


def test_of_nine_groups_not_all_shares_are_tried_and_the_answer_says_so() -> None:
    policy = nine_groups()
    given_marks = [mark(2, f"kind-{number % 9}") for number in range(120)]
    begun = process_time()
    found = needed("5", given_marks, policy)
    assert process_time() - begun < 10
    assert (found.least, found.complete) == (None, False)
    (sentence,) = found.sentences
    assert sentence.said("ru") == (
        "Цель: оценка «5». Среди проверенных наборов, до 10 отметок в каждом, подходящего нет; проверены не все."
    )
    assert sentence.said("en") == (
        "Target: the mark 5. Of the sets that were tried, of up to 10 marks, none will do; not all were tried."
    )
    few = needed("5", given_marks, policy, most=2)
    assert (few.least, few.complete) == (None, True)
    assert few.sentences[0].said("en").endswith("even with 2 more marks of the best.")


def test_where_works_of_unequal_weight_are_dropped_at_both_ends_the_answer_is_not_complete() -> None:
    unequal = {"means__weight": weights(control="3"), "terms__least_marks": ()}
    dropping = {"means__drop_lowest": 1, "means__drop_highest": 1}
    found = needed("4", marks("3 3 4 4 3"), voted(**unequal, **dropping))
    assert (found.least is not None, found.complete) == (True, False)
    assert found.sentences[-1].said("ru") == "Возможно, хватит и меньшего: проверены не все наборы отметок."
    assert found.sentences[-1].said("en") == "Less may be enough: not all sets of marks were tried."
    assert needed("4", marks("3 3 4 4 3"), voted(**unequal, means__drop_lowest=1)).complete
    assert needed("4", marks("3 3 4 4 3"), voted(**unequal, means__drop_highest=1)).complete
    assert needed("4", marks("3 3 4 4 3"), voted(terms__least_marks=(), **dropping)).complete
    for end in dropping:  # dropped at one end in every grade, at the other in grade 7
        everywhere = voted(**unequal, **{one: 1 for one in dropping if one != end})
        in_seven = replace(everywhere, means=replace(everywhere.means, **{
            end.removeprefix("means__"): getattr(in_grade_7(end, 1).means, end.removeprefix("means__"))
        }))  # fmt: skip
        assert not needed("4", marks("3 3 4 4 3"), in_seven).complete


def test_a_group_that_drops_works_of_unequal_weight_at_both_ends_counts_by_itself() -> None:
    weight = weights(control="3")
    both = group("first", 1, "control answer")._replace(drop_lowest=1, drop_highest=1)
    second = group("second", 1, "test essay")
    given_marks = [mark(3, kind) for kind in ("control", "answer", "answer", "test", "essay")]
    policy = voted(means__weight=weight, means__groups=(both, second), terms__least_marks=())
    assert not needed("4", given_marks, policy).complete
    alike = voted(means__groups=(both, second), terms__least_marks=())
    assert needed("4", given_marks, alike).complete
    other = second._replace(drop_lowest=1, drop_highest=1)
    elsewhere = voted(means__weight=weight, means__groups=(both._replace(drop_highest=0), other), terms__least_marks=())
    assert needed("4", given_marks, elsewhere).complete


def test_where_no_marks_are_given_none_are_needed() -> None:
    for found in (
        needed_for_term_mark("5", [mark(4)], voted(), Place(1), ONE_LESSON),
        needed_for_mean(Decimal("4.5"), [mark(4)], voted(), Place(1)),
    ):
        assert (found.least, found.choices, found.complete) == (None, (), True)
        assert [sentence.said("ru") for sentence in found.sentences] == ["Отметки здесь не ставятся."]
        assert [sentence.said("en") for sentence in found.sentences] == ["No marks are given here."]
        assert (found.alone, found.most) == ((), 10)
    by_term = needed_for_term_mark("5", [], voted(), Place(1), ONE_LESSON, most=3)
    by_mean = needed_for_mean(Decimal("4.5"), [], voted(), Place(1), most=4)
    assert [(found.target.said("en"), found.most) for found in (by_term, by_mean)] == [
        ("the mark 5", 3), ("the mean 4.5", 4)
    ]  # fmt: skip
