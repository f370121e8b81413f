"""Checks that a policy is valid, and from when a new version may apply.

Source: practice: figures computed by an earlier version must stay explained. Grade 1: clause 2.5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise, product
from typing import Any, Final
from zoneinfo import ZoneInfo

from kernel.errors import FieldFault, Invalid
from services.gradebook.policy.rules.first_grade import UNMARKED_GRADE
from services.gradebook.policy.rules.policy import (
    Group,
    LeastMarks,
    Level,
    Place,
    Policy,
    Rule,
    Special,
    Threshold,
    Veto,
    rules_of,
)
from services.gradebook.policy.rules.scales import SCALES, mark_on

#: The grades of Russian schools.
GRADES: Final = range(1, 12)
#: The largest number in a policy, of points, minutes or days.
LARGEST: Final = 10_000
#: The most decimals of a mean: more are meaningless.
MOST_DECIMALS: Final = 6
_WEEKDAYS: Final = frozenset(range(1, 8))
#: The largest tail, as two tails share no student, and the largest chance of a reported heap.
_LARGEST_SHARE: Final = Decimal("0.5")
#: Prefixes of paths of rules that do not depend on the kind of work.
_WITHOUT_KIND: Final = (
    "means.groups",
    "means.drop_",
    "means.decimals",
    "terms.",
    "years.",
    "load.",
    "keeping.week",
    "keeping.topic_days",
    "keeping.homework_days",
    "keeping.attendance_days",
    "keeping.teachers_enter_absences",
)

Faults = Iterator[FieldFault]


def check_policy(policy: Policy) -> None:
    """Refuse a policy that contradicts itself, its scale or the regulation. Raises `Invalid` with all faults."""
    faults = tuple(policy_faults(policy))
    if faults:
        raise Invalid(
            "The policy cannot be carried out as it is.", rule="policy-faulty", field=faults[0].field, faults=faults
        )


def policy_faults(policy: Policy) -> Faults:
    """All faults of a policy, by the path in its document (`terms.thresholds.specials.0.value`).

    A policy is valid if its rules can be applied in each place (grade, subject, kind of work) and grade 1 has neither
    marks nor homework: a vote cannot override the regulation (clause 2.5).
    """
    yield from _head_faults(policy)
    for name, rule in rules_of(policy):
        yield from _special_faults(name, rule, _codes(policy))
        for path, value in _values(name, rule):
            yield from _size_faults(path, value)
            if name in _VALUE_FAULTS:
                yield from _VALUE_FAULTS[name](path, value, policy)
    for name in ("terms.thresholds", "years.thresholds", "terms.vetoes", "figures.conversion"):
        yield from _scale_faults(name, policy)
    for name in ("terms.thresholds", "years.thresholds"):
        yield from _reach_faults(name, policy)
    yield from _weight_faults(policy)
    yield from _first_grade_faults(policy)


def check_adoption(versions: Iterable[Policy], new: Policy, today: date, last_marked: date | None = None) -> None:
    """Refuse a new version that would change figures computed by an earlier one (practice).

    `today` is the school's local date, `last_marked` the last day with a mark. The new version's number must be the
    next, it must cite the decision, and begin

    - today or later, so that figures of past days keep their version; or on an earlier day, if no mark stands on it or
      after it, as in a school that votes before it sets its first mark;
    - and after the last version begins; or on the same day, which it then replaces, if that day is in the future. So an
      error can be corrected before a version applies, and an older decision never overrides a newer one.

    Raises `Invalid`. `check_policy` checks the policy itself.
    """
    check_policy(new)
    if not new.adopted_by.strip():
        raise Invalid("Say by which decision it was adopted.", rule="policy-decision-missing", field="adopted_by")
    _check_past(new.valid_from, today, last_marked)
    earlier = tuple(versions)
    if not earlier:
        return
    last_version = max(one.version for one in earlier)
    if new.version <= last_version:
        raise Invalid(
            "Version {version} exists: the new one needs a higher number.",
            rule="policy-version-taken",
            field="version",
            version=last_version,
        )
    _check_begins(new.valid_from, max(one.valid_from for one in earlier), today)


def _check_past(day: date, today: date, last_marked: date | None) -> None:
    if day < today and last_marked is not None and day <= last_marked:
        raise Invalid(
            "The policy cannot begin on {date}: there are marks up to {last} already, which go by the rules of before. "
            "It may begin today, {today}, or later.",
            rule="policy-in-past",
            field="valid_from",
            date=day,
            last=last_marked,
            today=today,
        )


def _check_begins(day: date, last: date, today: date) -> None:
    if day < last or day == last <= today:
        raise Invalid(
            "The policy must begin after the version of {date}.",
            rule="policy-before-last",
            field="valid_from",
            date=last,
        )


def _codes(policy: Policy) -> frozenset[str]:
    return frozenset(kind.code for kind in policy.kinds)


def _values(name: str, rule: Rule[Any]) -> Iterator[tuple[str, Any]]:
    """Yield the rule's value and those of its special rules with their paths."""
    yield f"{name}.value", rule.value
    for index, special in enumerate(rule.specials):
        yield f"{name}.specials.{index}.value", special.value


def _places(rules: Iterable[Rule[Any]]) -> Iterator[Place]:
    """All places that the rules may treat differently."""
    scopes = [special.scope for rule in rules for special in rule.specials]
    grades = {grade for scope in scopes for grade in scope.grades if grade in GRADES}
    subjects = {subject for scope in scopes for subject in scope.subjects}
    kinds = {kind for scope in scopes for kind in scope.kinds}
    return (
        Place(*place) for place in product((None, *sorted(grades)), (None, *sorted(subjects)), (None, *sorted(kinds)))
    )


def _head_faults(policy: Policy) -> Faults:
    if policy.version < 0:
        yield FieldFault("version", "policy-version", "The number of a version is not below 0.")
    try:
        ZoneInfo(policy.time_zone)
    except (LookupError, ValueError, OSError):
        yield FieldFault("time_zone", "time-zone-unknown", "There is no time zone {zone}.", {"zone": policy.time_zone})
    if not policy.kinds:
        yield FieldFault("kinds", "kinds-missing", "The policy needs at least one kind of work.")
    yield from _twice_faults("kinds", [kind.code for kind in policy.kinds])
    for index, kind in enumerate(policy.kinds):
        if not kind.code.strip() or not kind.name.strip():
            yield FieldFault(f"kinds.{index}", "kind-unnamed", "A kind of work needs a code and a name.")


def _twice_faults(path: str, codes: Collection[object]) -> Faults:
    if len(set(codes)) < len(codes):
        yield FieldFault(path, "policy-named-twice", "Something is named twice here.")


def _size_faults(path: str, value: object) -> Faults:
    """Faults for numbers below 0 or above `LARGEST`, at any depth of a value."""
    if isinstance(value, int | Decimal) and not 0 <= value <= LARGEST:
        yield FieldFault(path, "policy-number", "The number must lie between 0 and {most}.", {"most": LARGEST})
    elif isinstance(value, tuple | frozenset):
        yield from chain.from_iterable(_size_faults(path, one) for one in value)


def _special_faults(name: str, rule: Rule[Any], codes: Collection[str]) -> Faults:
    """Faults for special rules with unknown names, and for those that another one always overrides."""
    chosen = Rule(-1, rule.source, tuple(Special(one.scope, n, one.source) for n, one in enumerate(rule.specials)))
    holding = {chosen.at(place).value for place in _places([rule])}
    for index, special in enumerate(rule.specials):
        path, scope = f"{name}.specials.{index}", special.scope
        grades_known, kinds_known = scope.grades <= set(GRADES), scope.kinds <= set(codes)
        if not grades_known:
            yield FieldFault(f"{path}.scope.grades", "grade-unknown", "The grades of a school are 1 to 11.")
        if not kinds_known:
            yield FieldFault(f"{path}.scope.kinds", "kind-unknown", "There is no such kind of work in the policy.")
        if scope.kinds and name.startswith(_WITHOUT_KIND):
            yield FieldFault(f"{path}.scope.kinds", "kind-without-effect", "This rule asks for no kind of work.")
        if grades_known and kinds_known and index not in holding:
            yield FieldFault(path, "special-never-holds", "Another special rule goes before this one everywhere.")
        if not scope.narrowness:
            yield FieldFault(f"{path}.scope", "special-everywhere", "A special rule names a grade, subject or kind.")


def _threshold_faults(path: str, table: tuple[Threshold, ...], _: Policy) -> Faults:
    """Faults of a table of thresholds: it must give every mean exactly one mark."""
    if not table or table[-1].least != 0:
        yield FieldFault(path, "thresholds-open", "The last threshold must be 0, so that every mean gives a mark.")
    if any(better.mark <= worse.mark or better.least <= worse.least for better, worse in pairwise(table)):
        yield FieldFault(path, "thresholds-not-falling", "Marks and thresholds must fall from line to line.")


def _conversion_faults(path: str, table: tuple[Threshold, ...], policy: Policy) -> Faults:
    yield from _threshold_faults(path, table, policy)
    yield from _beyond_one_faults(path, [line.least for line in table])


def _level_faults(path: str, levels: tuple[Level, ...], _: Policy) -> Faults:
    if not levels or levels[-1].least != 0:
        yield FieldFault(path, "levels-open", "The last level must begin at 0.")
    if any(better.least <= worse.least for better, worse in pairwise(levels)):
        yield FieldFault(path, "levels-not-falling", "The levels must fall from line to line.")
    yield from _twice_faults(path, [level.code for level in levels])
    yield from _beyond_one_faults(path, [level.least for level in levels])


def _beyond_one_faults(path: str, shares: Iterable[Decimal]) -> Faults:
    if any(share > 1 for share in shares):
        yield FieldFault(path, "share-beyond-1", "A share is not above 1.")


def _least_marks_faults(path: str, table: tuple[LeastMarks, ...], _: Policy) -> Faults:
    yield from _twice_faults(path, [line.lessons_a_week for line in table])


def _group_faults(path: str, groups: tuple[Group, ...], policy: Policy) -> Faults:
    yield from _twice_faults(path, [group.code for group in groups])
    yield from _twice_faults(path, [kind for group in groups for kind in group.kinds])
    yield from _kinds_faults(path, [group.kinds for group in groups], policy)
    if groups and not any(group.weight for group in groups):
        yield FieldFault(path, "weights-all-zero", "Some weight must be above 0.")


def _veto_faults(path: str, vetoes: tuple[Veto, ...], policy: Policy) -> Faults:
    yield from _kinds_faults(path, [veto.kinds for veto in vetoes], policy)
    if any(veto.low >= veto.highest for veto in vetoes):
        yield FieldFault(path, "veto-not-below", "The mark that bars must be below the highest one it leaves.")


def _kinds_faults(path: str, named: Iterable[frozenset[str]], policy: Policy) -> Faults:
    for kinds in named:
        if not kinds:
            yield FieldFault(path, "kinds-missing", "Name at least one kind of work.")
        if not kinds <= _codes(policy):
            yield FieldFault(path, "kind-unknown", "There is no such kind of work in the policy.")


def _week_faults(path: str, week: frozenset[int], _: Policy) -> Faults:
    if not week or not week <= _WEEKDAYS:
        yield FieldFault(path, "week-faulty", "A week has some of the days 1, Monday, to 7, Sunday.")


def _known_scale_faults(path: str, code: str, _: Policy) -> Faults:
    if code not in SCALES:
        yield FieldFault(path, "scale-unknown", "There is no scale {code}.", {"code": code})
    elif not SCALES[code].votable:
        yield FieldFault(
            path,
            "scale-for-import",
            "The scale {code} is for reading marks of other systems; no marks are given on it.",
            {"code": code},
        )


def _decimals_faults(path: str, places: int, _: Policy) -> Faults:
    if places > MOST_DECIMALS:
        yield FieldFault(
            path, "decimals-too-many", "A mean is shown with at most {most} decimals.", {"most": MOST_DECIMALS}
        )


def _degree_faults(path: str, table: tuple[tuple[str, Decimal], ...], _: Policy) -> Faults:
    """Faults for coefficients of unknown marks and for a mark with two coefficients."""
    yield from _twice_faults(path, [text for text, _coefficient in table])
    if not all(any(mark_on(scale, text) for scale in SCALES.values()) for text, _coefficient in table):
        yield FieldFault(path, "mark-unknown", "A mark of the table is on no scale.")


def _share_faults(path: str, share: Decimal, _: Policy) -> Faults:
    if not 0 < share <= _LARGEST_SHARE:
        yield FieldFault(
            path, "share-out-of-range", "The share must be above 0 and at most {most}.", {"most": str(_LARGEST_SHARE)}
        )


#: Rule → the function that finds the faults of its value.
_VALUE_FAULTS: Final[Mapping[str, Callable[[str, Any, Policy], Faults]]] = {
    "scales.scale": _known_scale_faults,
    "means.groups": _group_faults,
    "means.decimals": _decimals_faults,
    "terms.thresholds": _threshold_faults,
    "terms.least_marks": _least_marks_faults,
    "terms.vetoes": _veto_faults,
    "terms.pass_share": lambda path, share, _: _beyond_one_faults(path, [share]),
    "years.thresholds": _threshold_faults,
    "keeping.week": _week_faults,
    "figures.degree": _degree_faults,
    "figures.levels": _level_faults,
    "figures.conversion": _conversion_faults,
    "figures.tail": _share_faults,
    "figures.heap_chance": _share_faults,
}


def _scale_faults(name: str, policy: Policy) -> Faults:
    """Faults for marks in thresholds and vetoes that are not on the scale of the same place."""
    rule, scale = dict(rules_of(policy))[name], policy.scales.scale
    off: dict[tuple[str, int], None] = {}
    for place in _places((rule, scale)):
        code = scale.at(place).value
        numbers = {mark.number for mark in SCALES[code].marks if mark.number is not None} if code in SCALES else ()
        if numbers:
            off.update({(code, mark): None for mark in _marks_in(rule.at(place).value) if mark not in numbers})
    for code, mark in off:
        yield FieldFault(
            name,
            "mark-off-scale",
            "The mark {mark} is not on the scale {code}, which holds there.",
            {"mark": str(mark), "code": code},
        )


def _reach_faults(name: str, policy: Policy) -> Faults:
    """Faults for tables that lack the best mark of the same place's scale, or whose best mark no mean reaches."""
    rule, scale = dict(rules_of(policy))[name], policy.scales.scale
    found: dict[tuple[Callable[[str, Mapping[str, str]], FieldFault], str], None] = {}
    for place in _places((rule, scale)):
        code, table = scale.at(place).value, rule.at(place).value
        numbers = [mark.number for mark in SCALES[code].marks if mark.number is not None] if code in SCALES else []
        if numbers and table:
            best = max(table)
            if best.mark < max(numbers):
                found[_without_best, code] = None
            elif best.mark == max(numbers) < best.least:
                found[_best_out_of_reach, code] = None
    for fault, code in found:
        best = SCALES[code].marks[-1].text
        yield fault(name, {"best": best, "code": code})


def _without_best(path: str, params: Mapping[str, str]) -> FieldFault:
    return FieldFault(
        path,
        "threshold-missing",
        "The table gives no {best}, the best mark of the scale {code}, which holds there.",
        params,
    )


def _best_out_of_reach(path: str, params: Mapping[str, str]) -> FieldFault:
    return FieldFault(
        path,
        "threshold-out-of-reach",
        "A threshold lies above {best}, the best mark of the scale {code}: no mean reaches it.",
        params,
    )


def _marks_in(table: Iterable[Threshold | Veto]) -> Iterator[int]:
    for line in table:
        yield from (line.mark,) if isinstance(line, Threshold) else (line.highest, line.low)


def _weight_faults(policy: Policy) -> Faults:
    """Faults for places where every kind of work has weight 0, so that no mean exists."""
    rule = policy.means.weight
    kinds = sorted(_codes(policy))
    places = {place._replace(kind=None) for place in _places([rule])}
    if kinds and any(all(not rule.at(place._replace(kind=kind)).value for kind in kinds) for place in places):
        yield FieldFault("means.weight", "weights-all-zero", "Some weight must be above 0.")


def _first_grade_faults(policy: Policy) -> Faults:
    marked, minutes = policy.scales.marked, policy.load.homework_minutes
    if any(marked.at(place._replace(grade=UNMARKED_GRADE)).value for place in _places([marked])):
        yield FieldFault(
            "scales.marked", "no-marks-in-grade-1", "No marks are given in grade 1 (clause 2.5 of the regulation)."
        )
    if any(minutes.at(place._replace(grade=UNMARKED_GRADE)).value for place in _places([minutes])):
        yield FieldFault(
            "load.homework_minutes",
            "no-homework-in-grade-1",
            "No homework is given in grade 1, which learns without marks (clause 2.5 of the regulation; sanitary rules "
            "SP 2.4.3648-20, 3.4.16).",
        )
