"""What a policy may not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Invalid
from services.gradebook.calendar.rules.school_days import SchoolCalendar
from services.gradebook.explaining.given import GivenMark, State
from services.gradebook.policy.rules.checks import check_policy, policy_faults
from services.gradebook.policy.rules.policy import (
    Group,
    Kind,
    LeastMarks,
    Level,
    Place,
    Policy,
    Rule,
    Scope,
    Special,
    Threshold,
    Veto,
)
from services.gradebook.term_marks.rules.term_marks import term_mark
from tests.examples import examples
from tests.gradebook.policy.policies import (
    DEFAULT,
    RULES,
    VOTE,
    grades,
    kinds,
    rules,
    with_rule,
    with_special,
    with_value,
)

DAY = date(2026, 11, 25)
CONTROL = frozenset({"control"})
PHYSICS = Scope(subjects=frozenset({"Физика"}))


#: Rule → what is said of it, where that is always the same.
SAID = {
    "kinds-missing": ("The policy needs at least one kind of work.", "Name at least one kind of work."),
    "kind-unnamed": ("A kind of work needs a code and a name.",),
    "policy-named-twice": ("Something is named twice here.",),
    "policy-number": ("The number must lie between 0 and 10000.",),
    "grade-unknown": ("The grades of a school are 1 to 11.",),
    "kind-unknown": ("There is no such kind of work in the policy.",),
    "kind-without-effect": ("This rule asks for no kind of work.",),
    "special-never-holds": ("Another special rule goes before this one everywhere.",),
    "special-everywhere": ("A special rule names a grade, subject or kind.",),
    "thresholds-open": ("The last threshold must be 0, so that every mean gives a mark.",),
    "thresholds-not-falling": ("Marks and thresholds must fall from line to line.",),
    "levels-open": ("The last level must begin at 0.",),
    "levels-not-falling": ("The levels must fall from line to line.",),
    "share-beyond-1": ("A share is not above 1.",),
    "share-out-of-range": ("The share must be above 0 and at most 0.5.",),
    "weights-all-zero": ("Some weight must be above 0.",),
    "veto-not-below": ("The mark that bars must be below the highest one it leaves.",),
    "week-faulty": ("A week has some of the days 1, Monday, to 7, Sunday.",),
    "decimals-too-many": ("A mean is shown with at most 6 decimals.",),
    "no-marks-in-grade-1": ("No marks are given in grade 1 (clause 2.5 of the regulation).",),
    "no-homework-in-grade-1": (
        "No homework is given in grade 1, which learns without marks (clause 2.5 of the regulation; sanitary rules "
        "SP 2.4.3648-20, 3.4.16).",
    ),
}


def found(policy: Policy) -> list[tuple[str, str]]:
    """Path and rule of each fault, once it is seen that the fault says what it should."""
    faults = tuple(policy_faults(policy))
    assert all(str(fault.text) in SAID.get(fault.rule, (str(fault.text),)) for fault in faults)
    return [(fault.field, fault.rule) for fault in faults]


def table(*lines: tuple[int, str]) -> tuple[Threshold, ...]:
    return tuple(Threshold(mark, Decimal(least)) for mark, least in lines)


def levels(*lines: tuple[str, str]) -> tuple[Level, ...]:
    return tuple(Level(code, Decimal(least)) for code, least in lines)


def group(code: str, *codes: str, weight: int = 1) -> Group:
    return Group(code, frozenset(codes), Decimal(weight))


def test_the_default_policy_can_be_carried_out() -> None:
    assert found(DEFAULT) == []
    check_policy(DEFAULT)


def test_every_fault_is_told_at_once() -> None:
    policy = with_value("means.decimals", 7, with_value("scales.scale", "seven", DEFAULT))
    with pytest.raises(Invalid) as refused:
        check_policy(policy)
    assert (refused.value.rule, refused.value.field) == ("policy-faulty", "scales.scale.value")
    assert str(refused.value) == "The policy cannot be carried out as it is."
    assert [(fault.field, fault.rule, str(fault.text)) for fault in refused.value.faults] == [
        ("scales.scale.value", "scale-unknown", "There is no scale seven."),
        ("means.decimals.value", "decimals-too-many", "A mean is shown with at most 6 decimals."),
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("scales.scale", "pass_fail"),
        ("scales.sign", Decimal("0.25")),
        ("means.decimals", 6),
        ("means.weight", Decimal(10_000)),
        ("means.groups", (group("written", "essay", "control"), group("oral", "answer", weight=0))),
        ("terms.thresholds", table((5, "4.65"), (4, "3.65"), (3, "2.65"), (2, "0"))),
        ("means.groups", (group("all", *(kind.code for kind in DEFAULT.kinds)),)),
        ("terms.thresholds", table((5, "0"))),
        ("figures.degree", (("5", Decimal(100)), ("зач", Decimal(50)), ("осв", Decimal(0)))),
        ("figures.degree", ()),
        ("terms.least_marks", ()),
        ("terms.least_marks", (LeastMarks(Decimal(3), 5), LeastMarks(Decimal("1.5"), 3))),
        ("terms.vetoes", (Veto(4, CONTROL, 2), Veto(2, CONTROL, 1))),
        ("terms.pass_share", Decimal(1)),
        ("keeping.week", frozenset({7})),
        ("keeping.week", frozenset({1, 2, 3, 4, 5, 6, 7})),
        ("keeping.week", frozenset({1, 2, 3, 4, 5})),
        ("keeping.edit_days", 10_000),
        ("figures.levels", levels(("all", "0"))),
        ("figures.levels", levels(("full", "1"), ("rest", "0"))),
        ("figures.conversion", table((5, "1"), (2, "0"))),
        ("figures.tail", Decimal("0.5")),
        ("figures.heap_chance", Decimal("0.0001")),
    ],
)
def test_a_school_may_vote_this(path: str, value: Any) -> None:
    assert found(with_value(path, value)) == []


OPEN, NOT_FALLING = "thresholds-open", "thresholds-not-falling"


@pytest.mark.parametrize(
    ("path", "value", "rules"),
    [
        ("means.weight", Decimal(-1), ["policy-number"]),
        ("means.weight", Decimal("10000.01"), ["policy-number"]),
        ("keeping.edit_days", -1, ["policy-number"]),
        ("keeping.edit_days", 10_001, ["policy-number"]),
        ("terms.disputed", Decimal("-0.01"), ["policy-number"]),
        ("terms.least_marks", (LeastMarks(Decimal(0), -3),), ["policy-number"]),
        ("means.groups", (group("a", "essay", weight=-1),), ["policy-number"]),
        ("means.groups", (group("a", "essay"), group("a", "test")), ["policy-named-twice"]),
        ("means.groups", (group("a", "essay"), group("b", "essay")), ["policy-named-twice"]),
        ("means.groups", (group("a", "quiz"),), ["kind-unknown"]),
        ("means.groups", (group("a"),), ["kinds-missing"]),
        ("means.groups", (group("a", "essay", weight=0),), ["weights-all-zero"]),
        ("means.weight", Decimal(0), ["weights-all-zero"]),
        ("means.decimals", 7, ["decimals-too-many"]),
        ("terms.thresholds", (), [OPEN]),
        ("terms.thresholds", table((5, "4.5"), (4, "0.01")), [OPEN]),
        ("terms.thresholds", table((5, "4.5"), (4, "4.5"), (3, "0")), [NOT_FALLING]),
        ("terms.thresholds", table((5, "4.5"), (4, "4.6"), (3, "0")), [NOT_FALLING]),
        ("terms.thresholds", table((5, "4.5"), (5, "3.5"), (3, "0")), [NOT_FALLING]),
        ("terms.thresholds", table((4, "4.5"), (5, "3.5"), (3, "0")), [NOT_FALLING]),
        ("years.thresholds", table((5, "4.5")), [OPEN]),
        ("years.thresholds", table((4, "4.5"), (5, "0")), [NOT_FALLING]),
        ("figures.conversion", table((5, "0.9")), [OPEN]),
        ("figures.conversion", table((5, "1.01"), (2, "0")), ["share-beyond-1"]),
        ("terms.least_marks", (LeastMarks(Decimal(2), 3), LeastMarks(Decimal("2.0"), 5)), ["policy-named-twice"]),
        ("terms.vetoes", (Veto(4, frozenset(), 2),), ["kinds-missing"]),
        ("terms.vetoes", (Veto(4, frozenset({"quiz"}), 2),), ["kind-unknown"]),
        ("terms.vetoes", (Veto(3, CONTROL, 3),), ["veto-not-below"]),
        ("terms.pass_share", Decimal("1.01"), ["share-beyond-1"]),
        ("keeping.week", frozenset(), ["week-faulty"]),
        ("keeping.week", frozenset({0, 1}), ["week-faulty"]),
        ("keeping.week", frozenset({7, 8}), ["week-faulty"]),
        ("scales.scale", "seven", ["scale-unknown"]),
        ("scales.scale", "five_with_zero", ["scale-for-import"]),
        ("scales.scale", "five_best_one", ["scale-for-import"]),
        ("scales.scale", "ects", ["scale-for-import"]),
        ("figures.degree", (("5", Decimal(100)), ("5", Decimal(64))), ["policy-named-twice"]),
        ("figures.degree", (("x", Decimal(100)),), ["mark-unknown"]),
        ("figures.levels", (), ["levels-open"]),
        ("figures.levels", levels(("a", "0.8"), ("b", "0.1")), ["levels-open"]),
        ("figures.levels", levels(("a", "0.8"), ("b", "0.8"), ("c", "0")), ["levels-not-falling"]),
        ("figures.levels", levels(("a", "0.8"), ("a", "0")), ["policy-named-twice"]),
        ("figures.levels", levels(("a", "1.1"), ("b", "0")), ["share-beyond-1"]),
        ("figures.tail", Decimal(0), ["share-out-of-range"]),
        ("figures.tail", Decimal("0.51"), ["share-out-of-range"]),
        ("figures.heap_chance", Decimal(0), ["share-out-of-range"]),
    ],
)
def test_what_cannot_be_carried_out_is_refused(path: str, value: Any, rules: list[str]) -> None:
    policy = with_value(path, value)
    where = path if path == "means.weight" and value == 0 else f"{path}.value"
    assert found(policy) == [(where, rule) for rule in rules]


def test_special_rules_are_looked_at_like_the_rule_itself() -> None:
    policy = with_special("years.thresholds", grades(9), table((5, "4.5")))
    assert found(policy) == [("years.thresholds.specials.0.value", "thresholds-open")]
    policy = with_special("keeping.mark_days", kinds("test"), -1)
    assert found(policy) == [("keeping.mark_days.specials.3.value", "policy-number")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("terms.thresholds", table((6, "5.5"), (5, "0"))),
        ("years.thresholds", table((6, "5.5"), (5, "0"))),
        ("figures.conversion", table((6, "0.5"), (5, "0"))),
        ("terms.vetoes", (Veto(6, CONTROL, 5),)),
    ],
)
def test_marks_of_tables_are_on_the_scale(path: str, value: Any) -> None:
    (fault,) = policy_faults(with_value(path, value))
    assert (fault.field, fault.rule) == (path, "mark-off-scale")
    assert str(fault.text) == "The mark 6 is not on the scale five, which holds there."


def test_the_mark_that_bars_is_on_the_scale_too() -> None:
    policy = with_value("terms.vetoes", (Veto(1, CONTROL, 0),))
    assert [str(fault.text) for fault in policy_faults(policy)] == [
        "The mark 0 is not on the scale five, which holds there."
    ]


def test_a_scale_of_one_grade_needs_tables_there() -> None:
    policy = with_special("scales.scale", grades(5), "five_without_one")
    assert found(policy) == [("terms.thresholds", "mark-off-scale"), ("years.thresholds", "mark-off-scale")]
    shorter = table((5, "4.5"), (4, "3.5"), (3, "2.5"), (2, "0"))
    for path in ("terms.thresholds", "years.thresholds"):
        policy = with_special(path, grades(5, 6), shorter, policy)
    assert found(policy) == []


def test_a_scale_without_numbers_needs_no_tables() -> None:
    assert found(with_special("scales.scale", PHYSICS, "pass_fail")) == []


TABLES = ("terms.thresholds", "years.thresholds")


@pytest.mark.parametrize("scale", ["six", "ten", "twelve", "hundred"])
def test_a_scale_needs_tables_that_give_its_best_mark(scale: str) -> None:
    rules = found(with_value("scales.scale", scale))
    assert [(path, "threshold-missing") for path in TABLES] == [one for one in rules if one[1] != "mark-off-scale"]


@pytest.mark.parametrize("path", TABLES)
def test_a_table_gives_the_best_mark_to_a_mean_that_there_can_be(path: str) -> None:
    (fault,) = policy_faults(with_value(path, table((4, "3.5"), (3, "0"))))
    assert (fault.field, fault.rule) == (path, "threshold-missing")
    assert str(fault.text) == "The table gives no 5, the best mark of the scale five, which holds there."
    assert found(with_value(path, table((5, "5"), (4, "0")))) == []
    (fault,) = policy_faults(with_value(path, table((5, "5.01"), (4, "0"))))
    assert (fault.field, fault.rule) == (path, "threshold-out-of-reach")
    assert str(fault.text) == "A threshold lies above 5, the best mark of the scale five: no mean reaches it."


def test_versions_have_numbers_from_0() -> None:
    assert found(replace(DEFAULT, version=0)) == []
    (fault,) = policy_faults(replace(DEFAULT, version=-1))
    assert (fault.field, fault.rule) == ("version", "policy-version")
    assert str(fault.text) == "The number of a version is not below 0."


def test_marks_of_coefficients_and_scales_that_cannot_be_voted_are_named() -> None:
    (fault,) = policy_faults(with_value("figures.degree", (("x", Decimal(1)),)))
    assert str(fault.text) == "A mark of the table is on no scale."
    (fault,) = policy_faults(with_value("scales.scale", "ects"))
    assert str(fault.text) == "The scale ects is for reading marks of other systems; no marks are given on it."


def test_no_vote_gives_marks_in_grade_1() -> None:
    """The regulation's ban (clause 2.5) is part of every policy, whatever is left out or narrowed."""
    banned = ("scales.marked", "no-marks-in-grade-1")
    assert banned in found(with_rule(DEFAULT, "scales.marked", Rule(True, VOTE)))
    assert banned in found(with_special("scales.marked", grades(1), True))
    assert banned in found(with_special("scales.marked", Scope(frozenset({1}), frozenset({"Музыка"})), True))
    assert banned in found(with_special("scales.marked", Scope(subjects=frozenset({"Музыка"})), True))
    assert found(with_special("scales.marked", grades(2), False)) == []
    assert found(with_rule(DEFAULT, "scales.marked", Rule(False, VOTE))) == []


def test_no_vote_gives_homework_in_grade_1() -> None:
    banned = ("load.homework_minutes", "no-homework-in-grade-1")
    assert banned in found(with_special("load.homework_minutes", grades(1), 15))
    assert banned in found(with_value("load.homework_minutes", 15))
    assert found(with_special("load.homework_minutes", grades(2), 60)) == []


def test_a_special_rule_names_grades_and_kinds_that_there_are() -> None:
    assert found(with_special("means.weight", grades(0, 1), Decimal(2))) == [
        ("means.weight.specials.0.scope.grades", "grade-unknown")
    ]
    assert found(with_special("means.weight", grades(11, 12), Decimal(2))) == [
        ("means.weight.specials.0.scope.grades", "grade-unknown")
    ]
    assert found(with_special("means.weight", kinds("essay", "quiz"), Decimal(2))) == [
        ("means.weight.specials.0.scope.kinds", "kind-unknown")
    ]
    assert found(with_special("means.weight", grades(1, 11), Decimal(2))) == []
    assert found(with_special("means.weight", grades(*range(1, 12)), Decimal(2))) == []


@pytest.mark.parametrize(
    "path", ["terms.disputed", "years.exam_weight", "keeping.topic_days", "load.control_works_a_day"]
)
def test_a_rule_that_is_the_same_for_all_kinds_of_work_takes_no_exception_for_one(path: str) -> None:
    assert found(with_special(path, kinds("essay"), RULES[path].value)) == [
        (f"{path}.specials.0.scope.kinds", "kind-without-effect")
    ]


@pytest.mark.parametrize("path", ["means.weight", "means.brought", "keeping.mark_days", "figures.conversion"])
def test_a_rule_about_marks_may_take_an_exception_for_a_kind_of_work(path: str) -> None:
    scope = Scope(grades=frozenset({7}), kinds=frozenset({"essay"}))
    assert found(with_special(path, scope, RULES[path].value)) == []


def test_a_special_rule_that_never_holds_is_refused() -> None:
    twice = with_special("means.weight", grades(5), Decimal(3), with_special("means.weight", grades(5), Decimal(2)))
    assert found(twice) == [("means.weight.specials.0", "special-never-holds")]
    covered = with_special(
        "means.weight", grades(5, 6), Decimal(3), with_special("means.weight", grades(5), Decimal(2))
    )
    assert found(covered) == [("means.weight.specials.0", "special-never-holds")]
    partly = with_special("means.weight", grades(5), Decimal(3), with_special("means.weight", grades(5, 6), Decimal(2)))
    assert found(partly) == []


def test_a_special_rule_for_everything_is_refused() -> None:
    assert found(with_special("means.weight", Scope(), Decimal(3))) == [
        ("means.weight.specials.0.scope", "special-everywhere")
    ]


@given(st.lists(st.frozensets(st.integers(1, 11), min_size=1, max_size=3), max_size=4))
def test_every_special_rule_that_is_accepted_holds_somewhere(scopes: list[frozenset[int]]) -> None:
    rule = Rule(99, VOTE, tuple(Special(Scope(numbers), n, VOTE) for n, numbers in enumerate(scopes)))
    refused = {fault.field for fault in policy_faults(with_rule(DEFAULT, "keeping.edit_days", rule))}
    holding = {rule.at(Place(grade)).value for grade in range(1, 12)}
    for index in range(len(scopes)):
        assert (f"keeping.edit_days.specials.{index}" in refused) == (index not in holding)


def test_some_kind_of_work_weighs_something_in_every_place() -> None:
    rule = Rule(Decimal(1), VOTE, (Special(grades(7), Decimal(0), VOTE),))
    assert found(with_rule(DEFAULT, "means.weight", rule)) == [("means.weight", "weights-all-zero")]
    rule = replace(rule, specials=(*rule.specials, Special(Scope(frozenset({7}), kinds=CONTROL), Decimal(1), VOTE)))
    assert found(with_rule(DEFAULT, "means.weight", rule)) == []
    rule = Rule(Decimal(0), VOTE, (Special(kinds("control"), Decimal(1), VOTE),))
    assert found(with_rule(DEFAULT, "means.weight", rule)) == []


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../etc/passwd", "Europe", "/Europe/Moscow"])
def test_the_time_zone_is_one_that_exists(zone: str) -> None:
    (fault,) = policy_faults(replace(DEFAULT, time_zone=zone))
    assert (fault.field, fault.rule) == ("time_zone", "time-zone-unknown")
    assert str(fault.text) == f"There is no time zone {zone}."


def test_the_kinds_of_work_are_a_dictionary() -> None:
    def of(*listed: Kind) -> list[tuple[str, str]]:
        plain = with_rule(DEFAULT, "keeping.mark_days", Rule(0, VOTE))
        return found(replace(plain, kinds=listed))

    assert of(Kind("a", "А"), Kind("b", "А")) == []
    assert of() == [("kinds", "kinds-missing")]
    assert of(Kind("a", "А"), Kind("a", "Б")) == [("kinds", "policy-named-twice")]
    assert of(Kind("a", "А"), Kind(" ", "Б")) == [("kinds.1", "kind-unnamed")]
    assert of(Kind("a", " ")) == [("kinds.0", "kind-unnamed")]


MARKS = st.lists(
    st.builds(
        lambda number, kind, state: GivenMark(str(number), Decimal(number), kind, state=state),
        st.integers(1, 5),
        st.sampled_from(["answer", "essay", "control"]),
        st.sampled_from(State),
    ),
    max_size=6,
)


@settings(max_examples=examples(80))
@given(st.data(), MARKS, st.integers(1, 11), st.integers(0, 5))
def test_what_is_accepted_can_be_carried_out(
    data: st.DataObject, marks: list[GivenMark], grade: int, week: int
) -> None:
    policy = DEFAULT
    for path in data.draw(st.lists(st.sampled_from(sorted(RULES)), max_size=5, unique=True)):
        changed = with_rule(policy, path, data.draw(rules(path)))
        policy = policy if found(changed) else changed
    place = Place(grade, "Физика")
    computed = term_mark(marks, policy, place, Decimal(week))
    thresholds = {str(line.mark) for line in policy.terms.thresholds.at(place).value}
    assert computed.text in {None, "н/а", "зач", "незач"} | thresholds
    assert grade > 1 or computed.text is None
    day = policy.keeping.mark_days.at(place).value
    assert SchoolCalendar(policy.keeping.week.at(place).value).school_days_after(DAY, day) >= DAY
