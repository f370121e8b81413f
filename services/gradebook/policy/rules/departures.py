"""Where a policy is laxer than a clause of the regulation, the sanitary rules or a ministry's letter say.

Clauses 3.2 and 3.3, SanPiN 1.2.3685-21, table 6.6, and the letter of 2021 on control works. The council may vote so
where nothing forbids it: a departure is told, and is no fault. What may not be voted at all is a fault (`checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.checks import GRADES
from services.gradebook.policy.rules.defaults import LETTER, REGULATION, SANPIN, default_policy
from services.gradebook.policy.rules.first_grade import UNMARKED_GRADE
from services.gradebook.policy.rules.policy import Place, Policy, Rule, Scope, rules_of
from services.gradebook.policy.rules.words import scope_words

#: Acts that bind a school more than its usage does.
_ACTS: Final = frozenset({REGULATION.act, SANPIN.act, LETTER.act})


class _Norm(NamedTuple):
    """What a clause says of a rule, by its value where it has one, and what a laxer policy says instead."""

    norm: Phrase
    drafted: Phrase
    #: Whether the clause is about works that are not written, as the school itself says when those are marked.
    by_kind: bool = False


_DAYS: Final = Phrase("не позже {value}-го учебного дня после урока", "by school day {value} after the lesson")
_NORMS: Final[Mapping[str, _Norm]] = {
    "keeping.topic_days": _Norm(
        Phrase("тема записывается в день урока", "the topic is entered on the day of the lesson"), _DAYS
    ),
    "keeping.homework_days": _Norm(
        Phrase("домашнее задание записывается в день урока", "homework is entered on the day of the lesson"), _DAYS
    ),
    "keeping.mark_days": _Norm(
        Phrase(
            "отметки за ответы и проверенные домашние задания ставятся в день урока",
            "marks for answers and checked homework are set on the day of the lesson",
        ),
        _DAYS,
        by_kind=True,
    ),
    "keeping.attendance_days": _Norm(
        Phrase(
            "отсутствующие отмечаются сразу, в день урока", "absences are entered at once, on the day of the lesson"
        ),
        _DAYS,
    ),
    "keeping.teachers_enter_absences": _Norm(
        Phrase("отсутствующих отмечает классный руководитель", "the homeroom teacher enters absences"),
        Phrase("их отмечает и учитель урока", "the teacher of the lesson enters them too"),
    ),
    "load.homework_minutes": _Norm(
        Phrase(
            "на все домашние задания – не больше {value} мин в день; норма обязательна для школ",
            "all homework takes no more than {value} minutes a day; schools are bound by it",
        ),
        Phrase("до {value} мин в день", "up to {value} minutes a day"),
    ),
    "load.control_works_a_day": _Norm(
        Phrase(
            "у класса не больше {value} контрольной работы в день",
            "control works of a class a day: no more than {value}",
        ),
        Phrase("до {value} в день", "up to {value} a day"),
    ),
}
_TOLD: Final = Phrase("{source}: {norm}. В этих правилах: {drafted}.", "{source}: {norm}. By these rules: {drafted}.")
_TOLD_WHERE: Final = Phrase(
    "{source}: {norm}. В этих правилах ({where}): {drafted}.", "{source}: {norm}. By these rules ({where}): {drafted}."
)


@dataclass(frozen=True, slots=True)
class Departure:
    """A rule that is laxer than an act says, and where; `sentence` says what the act says and what the rule says."""

    path: str
    scope: Scope
    norm: object
    drafted: object
    source: Source
    sentence: Sentence


def departures(policy: Policy) -> Iterator[Departure]:
    """All departures of a policy from the acts, in the order of its rules (clauses 3.2, 3.3; SanPiN; letter of 2021).

    An act's norm is what the default says where its source is the act. The homework of grade 1 is a fault instead.
    """
    usual = dict(rules_of(default_policy()))
    for path, rule in rules_of(policy):
        if path in _NORMS:
            yield from _of_rule(policy, path, rule, usual[path])


def _of_rule(policy: Policy, path: str, rule: Rule[Any], usual: Rule[Any]) -> Iterator[Departure]:
    found: dict[tuple[frozenset[str], object, Source, object], list[Place]] = {}
    for place in _places(policy, path, rule):
        norm, value = usual.at(place), rule.at(place).value
        if norm.source.act in _ACTS and value > norm.value:
            subjects = frozenset[str]() if place.subject is None else frozenset({place.subject})
            found.setdefault((subjects, norm.value, norm.source, value), []).append(place)
    names = {kind.code: kind.name for kind in policy.kinds}
    for (subjects, norm_value, source, value), places in found.items():
        if subjects and _same_as_without(rule, places):
            continue
        scope = _scope(policy, path, subjects, places)
        yield Departure(
            path, scope, norm_value, value, source, _sentence(path, scope, norm_value, value, source, names)
        )


def _same_as_without(rule: Rule[Any], places: list[Place]) -> bool:
    """Whether a subject departs just as every subject does, so that it need not be told."""
    return all(rule.at(place) == rule.at(place._replace(subject=None)) for place in places)


def _places(policy: Policy, path: str, rule: Rule[Any]) -> Iterator[Place]:
    """Every place where the rule may have another value and an act has a norm."""
    grades = [grade for grade in GRADES if path != "load.homework_minutes" or grade != UNMARKED_GRADE]
    subjects = [None, *sorted({subject for special in rule.specials for subject in special.scope.subjects})]
    kinds = [kind.code for kind in policy.kinds if not kind.written] if _NORMS[path].by_kind else [None]
    return (Place(*place) for place in product(grades, subjects, kinds))


def _scope(policy: Policy, path: str, subjects: frozenset[str], places: list[Place]) -> Scope:
    """Where a departure is: the grades and kinds of work are named unless it is in all of them."""
    grades = frozenset(place.grade for place in places if place.grade is not None)
    kinds = frozenset(place.kind for place in places if place.kind is not None)
    everywhere = {place.grade for place in _places(policy, path, Rule(0, REGULATION))}
    return Scope(frozenset() if grades == everywhere else grades, subjects, kinds)


def _sentence(
    path: str, scope: Scope, norm: object, drafted: object, source: Source, kinds: Mapping[str, str]
) -> Sentence:
    said = _NORMS[path]
    told = {"source": source.sentence, "norm": said.norm(value=norm), "drafted": said.drafted(value=drafted)}
    return _TOLD_WHERE(where=scope_words(scope, kinds), **told) if scope.narrowness else _TOLD(**told)
