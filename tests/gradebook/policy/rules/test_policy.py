"""Which rule holds where, which version when, and what holds where the school has voted nothing."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import KINDS, default_policy
from services.gradebook.policy.rules.policy import (
    Handling,
    Kind,
    LeastMarks,
    Level,
    NoPolicy,
    Place,
    Policy,
    Rule,
    Ruling,
    Scope,
    Special,
    Threshold,
    policy_at,
    replaced,
    rules_of,
)
from tests.gradebook.policy.policies import DEFAULT, RULES, SCOPES, VOTE, grades, kinds

LAW = Source("law")
PLACES = st.builds(
    Place,
    st.none() | st.integers(1, 11),
    st.none() | st.sampled_from(["Физика", "Химия", "Пение"]),
    st.none() | st.sampled_from(["essay", "control", "answer"]),
)


def version(number: int, begins: date) -> Policy:
    return replace(DEFAULT, version=number, valid_from=begins)


@pytest.mark.parametrize(
    ("scope", "place", "covers"),
    [
        (Scope(), Place(), True),
        (Scope(), Place(5, "Физика", "essay"), True),
        (grades(5, 6), Place(5), True),
        (grades(5, 6), Place(7), False),
        (grades(5, 6), Place(), False),
        (Scope(subjects=frozenset({"Физика"})), Place(subject="Физика"), True),
        (Scope(subjects=frozenset({"Физика"})), Place(9), False),
        (kinds("essay"), Place(kind="essay"), True),
        (kinds("essay"), Place(kind="test"), False),
        (Scope(frozenset({5}), frozenset({"Физика"}), frozenset({"test"})), Place(5, "Физика", "test"), True),
        (Scope(frozenset({5}), frozenset({"Физика"}), frozenset({"test"})), Place(5, "Физика"), False),
    ],
)
def test_a_scope_covers_the_places_that_are_named_in_all_it_names(scope: Scope, place: Place, covers: bool) -> None:
    assert scope.covers(place) is covers


def test_narrowness_counts_what_is_named() -> None:
    assert [scope.narrowness for scope in (Scope(), grades(1, 2), Scope(frozenset({1}), frozenset({"Физика"})))] == [
        0,
        1,
        2,
    ]


def test_without_special_rule_the_rule_itself_holds() -> None:
    assert Rule(3, LAW).at(Place(5)) == Ruling(3, LAW)
    assert Rule(3, LAW, (Special(grades(6), 4, VOTE),)).at(Place(5)) == Ruling(3, LAW)


def test_the_narrowest_special_rule_holds_whatever_the_order() -> None:
    wide, narrow = Special(grades(5), 1, VOTE), Special(Scope(frozenset({5}), kinds=frozenset({"essay"})), 2, LAW)
    for specials in ((wide, narrow), (narrow, wide)):
        assert Rule(0, LAW, specials).at(Place(5, kind="essay")) == Ruling(2, LAW)
        assert Rule(0, LAW, specials).at(Place(5)) == Ruling(1, VOTE)


def test_of_equally_narrow_special_rules_the_last_holds() -> None:
    by_grade, by_kind = Special(grades(5), 1, VOTE), Special(kinds("essay"), 2, LAW)
    assert Rule(0, LAW, (by_grade, by_kind)).at(Place(5, kind="essay")).value == 2
    assert Rule(0, LAW, (by_kind, by_grade)).at(Place(5, kind="essay")).value == 1


@given(st.lists(SCOPES, max_size=4), PLACES)
def test_a_ruling_is_one_of_those_that_cover_the_place(scopes: list[Scope], place: Place) -> None:
    rule = Rule(-1, LAW, tuple(Special(scope, number, VOTE) for number, scope in enumerate(scopes)))
    held = rule.at(place).value
    covering = [(scope.narrowness, number) for number, scope in enumerate(scopes) if scope.covers(place)]
    assert held == (max(covering)[1] if covering else -1)


def test_a_version_holds_from_its_first_day_until_the_next_one_begins() -> None:
    first, second = version(1, date(2026, 9, 1)), version(2, date(2027, 9, 1))
    for versions in ((first, second), (second, first)):
        assert policy_at(versions, date(2026, 9, 1)) is first
        assert policy_at(versions, date(2027, 8, 31)) is first
        assert policy_at(versions, date(2027, 9, 1)) is second
        assert policy_at(iter(versions), date(2099, 1, 1)) is second


def test_of_versions_that_begin_together_the_highest_holds() -> None:
    slip, mended = version(1, date(2026, 9, 1)), version(2, date(2026, 9, 1))
    assert policy_at((slip, mended), date(2026, 9, 1)) is mended
    assert policy_at((mended, slip), date(2026, 9, 1)) is mended


def test_of_versions_that_begin_together_all_but_the_highest_are_replaced() -> None:
    second = date(2027, 9, 1)
    begun = [replace(DEFAULT, version=number, valid_from=second) for number in (1, 3, 2)]
    other = replace(DEFAULT, version=4, valid_from=second + timedelta(1))
    assert replaced([*begun, other]) == {1: 3, 2: 3}
    assert replaced([other]) == {}
    assert policy_at([*begun, other], second).version == 3


def test_a_later_first_day_goes_before_a_higher_number() -> None:
    late, early = version(1, date(2027, 1, 1)), version(2, date(2026, 1, 1))
    assert policy_at((late, early), date(2027, 1, 1)) is late


def test_before_the_first_version_there_is_no_policy() -> None:
    with pytest.raises(NoPolicy, match="2026-08-31"):
        policy_at((version(1, date(2026, 9, 1)),), date(2026, 8, 31))
    with pytest.raises(NoPolicy):
        policy_at((), date(2026, 9, 1))


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 1, 9)), min_size=1, max_size=5), st.dates(), st.integers(1, 99))
def test_a_later_version_changes_nothing_before_its_first_day(begins: list[date], day: date, later: int) -> None:
    versions = [version(number, begun) for number, begun in enumerate(begins)]
    new = version(len(versions), max(begins) + timedelta(later))
    if min(begins) <= day < new.valid_from:
        assert policy_at([*versions, new], day) is policy_at(versions, day)


def test_rules_are_walked_in_the_order_of_the_sections() -> None:
    assert list(RULES)[:4] == ["scales.scale", "scales.sign", "scales.marked", "means.weighted"]
    assert list(RULES)[-1] == "figures.heap_chance"
    assert RULES["terms.thresholds"] is DEFAULT.terms.thresholds
    sections = [getattr(DEFAULT, part.name) for part in fields(DEFAULT)]
    assert len(list(rules_of(DEFAULT))) == sum(len(fields(section)) for section in sections if is_dataclass(section))


def half_up() -> tuple[Threshold, ...]:
    return tuple(
        Threshold(mark, Decimal(least)) for mark, least in zip((5, 4, 3, 2, 1), ("4.5", "3.5", "2.5", "1.5", 0))
    )


PRACTICE, REGULATION = Source("practice"), Source("regulation")
ON_THE_DAY, IN_GRADE_1 = Source("regulation", "3.2"), Source("regulation", "2.5")
SANPIN = Source("sanpin")


@pytest.mark.parametrize(
    ("path", "value", "source"),
    [
        ("scales.scale", "five", PRACTICE),
        ("scales.sign", 0, PRACTICE),
        ("scales.marked", True, REGULATION),
        ("means.weighted", True, PRACTICE),
        ("means.weight", 1, PRACTICE),
        ("means.groups", (), PRACTICE),
        ("means.excused", Handling.LEFT_OUT, PRACTICE),
        ("means.ungraded", Handling.LEFT_OUT, PRACTICE),
        ("means.only_if_helps", False, PRACTICE),
        ("means.brought", True, PRACTICE),
        ("means.drop_lowest", 0, PRACTICE),
        ("means.drop_highest", 0, PRACTICE),
        ("means.decimals", 2, PRACTICE),
        ("terms.thresholds", half_up(), PRACTICE),
        ("terms.least_marks", (LeastMarks(Decimal(0), 3), LeastMarks(Decimal(2), 5)), PRACTICE),
        ("terms.vetoes", (), PRACTICE),
        ("terms.disputed", 0, PRACTICE),
        ("terms.free_difference", 0, PRACTICE),
        ("terms.pass_share", Decimal("0.5"), PRACTICE),
        ("years.thresholds", half_up(), PRACTICE),
        ("years.most_missing_terms", 0, PRACTICE),
        ("years.exam_weight", 1, PRACTICE),
        ("keeping.week", frozenset({1, 2, 3, 4, 5, 6}), PRACTICE),
        ("keeping.topic_days", 0, ON_THE_DAY),
        ("keeping.homework_days", 0, ON_THE_DAY),
        ("keeping.mark_days", 0, ON_THE_DAY),
        ("keeping.attendance_days", 0, Source("regulation", "3.3")),
        ("keeping.edit_days", 366, PRACTICE),
        ("keeping.late_reason", False, PRACTICE),
        ("keeping.term_open_days", 3, PRACTICE),
        ("keeping.teachers_enter_absences", False, Source("regulation", "3.3")),
        ("load.homework_minutes", 0, IN_GRADE_1),
        ("load.control_works_a_day", 1, Source("letter-2021")),
        ("load.control_works_a_week", 3, PRACTICE),
        ("load.control_works_in_first_half", True, PRACTICE),
        (
            "figures.degree",
            tuple((mark, Decimal(n)) for mark, n in (("5", 100), ("4", 64), ("3", 36), ("2", 16), ("н/а", 7))),
            Source("netschool"),
        ),
        (
            "figures.levels",
            (Level("optimal", Decimal("0.8")), Level("admissible", Decimal("0.6")), Level("critical", Decimal(0))),
            PRACTICE,
        ),
        (
            "figures.conversion",
            tuple(Threshold(mark, Decimal(share)) for mark, share in ((5, "0.9"), (4, "0.7"), (3, "0.5"), (2, "0"))),
            PRACTICE,
        ),
        ("figures.tail", Decimal("0.27"), Source("theory")),
        ("figures.heap_chance", Decimal("0.05"), PRACTICE),
    ],
)
def test_what_holds_where_the_school_has_voted_nothing(path: str, value: Any, source: Source) -> None:
    rule = dict(rules_of(default_policy()))[path]
    assert (rule.value, rule.source) == (value, source)


def test_only_these_default_rules_have_exceptions() -> None:
    specials = {path: rule.specials for path, rule in rules_of(default_policy()) if rule.specials}
    written = kinds("independent", "test", "laboratory", "dictation", "project")
    assert specials == {
        "scales.marked": (Special(grades(1), False, IN_GRADE_1),),
        "keeping.mark_days": (
            Special(written, 3, PRACTICE),
            Special(kinds("control"), 7, PRACTICE),
            Special(kinds("essay"), 10, PRACTICE),
        ),
        "load.homework_minutes": (
            Special(grades(2, 3), 90, SANPIN),
            Special(grades(4, 5), 120, SANPIN),
            Special(grades(6, 7, 8), 150, SANPIN),
            Special(grades(9, 10, 11), 210, SANPIN),
        ),
        "load.control_works_in_first_half": (Special(grades(1), False, PRACTICE),),
    }


def test_the_default_policy_is_that_of_a_school_in_moscow_since_ever() -> None:
    policy = default_policy()
    assert (policy.version, policy.valid_from, policy.adopted_by) == (0, date.min, "")
    assert policy.time_zone == "Europe/Samara"
    assert policy.kinds is KINDS
    assert default_policy(4, date(2026, 9, 1)) == replace(policy, version=4, valid_from=date(2026, 9, 1))


def test_the_default_kinds_of_work_say_what_is_written_what_is_control_and_what_is_done_at_home() -> None:
    assert [kind.code for kind in KINDS if kind.written] == [
        "independent", "test", "laboratory", "dictation", "essay", "control",
    ]  # fmt: skip
    assert [kind.code for kind in KINDS if kind.control] == ["control"]
    assert [kind.code for kind in KINDS if kind.homework] == ["homework"]
    assert [kind.code for kind in KINDS if not (kind.written or kind.homework)] == ["answer", "project"]
    assert Kind("x", "X") == Kind("x", "X", written=False, control=False, homework=False)
