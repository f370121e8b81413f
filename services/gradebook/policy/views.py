"""Views of the policy: each rule in words, in both languages, with the clause that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from kernel.phrases import LANGUAGES, Phrase, Sentence, shown
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.queries import VersionRow
from services.gradebook.policy.rules.defaults import VOTE, default_policy
from services.gradebook.policy.rules.departures import departures
from services.gradebook.policy.rules.diff import policy_changes
from services.gradebook.policy.rules.meanings import meaning
from services.gradebook.policy.rules.policy import NOT_YET, Policy, Rule, Special, replaced, rules_of
from services.gradebook.policy.rules.scales import SCALES
from services.gradebook.policy.rules.schema import dump_policy
from services.gradebook.policy.rules.words import NAMES, scope_words, words
from services.gradebook.rows import View, picked

_PRACTICE: Final = Source("practice")
_EXCEPTION: Final = Phrase("{value}; {where}: {special}", "{value}; {where}: {special}")
_KIND: Final = Phrase("«{name}»", "“{name}”")
_NONE: Final = Phrase("нет", "none")
_SHOWN: Final = ("number", "valid_from", "decision", "note", "drafted_by", "drafted_at", "adopted_by", "adopted_at")


def policy(found: Policy) -> View:
    """A version with all its rules in words, and where they depart from the acts."""
    usual = default_policy()
    document = dump_policy(found)
    return {
        "number": found.version,
        "valid_from": None if found.version == 0 or found.valid_from == NOT_YET else found.valid_from,
        "time_zone": found.time_zone,
        "rules": [_kinds(found, usual, document), *_rules(found, usual, document)],
        "departures": [{"path": one.path, "words": said(one.sentence)} for one in departures(found)],
        "kinds": [{"code": kind.code, "name": kind.name} for kind in found.kinds],
        "scales": [{"code": one.code, "name": said(one.name)} for one in SCALES.values() if one.votable],
    }


def versions(rows: Sequence[VersionRow], policies: Sequence[Policy], usual: Policy, in_force: int) -> View:
    """All versions, newest first, each with what it changes of the one before; the first of `usual`."""
    instead = replaced(one for one in policies if one.valid_from != NOT_YET)
    shown_rows = [
        version(row, before, after, instead.get(row.number))
        for row, before, after in zip(rows, (usual, *policies), policies, strict=False)
    ]
    return {"versions": shown_rows[::-1], "in_force": in_force}


def version(row: VersionRow, before: Policy, after: Policy, replaced_by: int | None = None) -> View:
    """A version in the list, with what it changes of the one before it."""
    return {**picked(row, _SHOWN), "replaced_by": replaced_by, "changes": changes(before, after)}


def changes(before: Policy, after: Policy) -> list[View]:
    """The differences between two versions in words."""
    return [said(change.sentence) for change in policy_changes(before, after)]


def said(value: object) -> View:
    """A sentence, or what a sentence could hold, in both languages."""
    return {language: shown(value, language) for language in LANGUAGES}


def _kinds(found: Policy, usual: Policy, document: Mapping[str, Any]) -> View:
    """The dictionary of kinds of work, which is shown as a rule without exceptions."""
    differs = found.kinds != usual.kinds
    return {
        "path": "kinds",
        "name": said(NAMES["kinds"]),
        "value": document["kinds"],
        "words": said(_names(found)),
        "meaning": said(meaning("kinds", found.kinds, {})),
        "source": _source(VOTE if differs else _PRACTICE, found),
        "specials": [],
        "differs": differs,
        "default": said(_names(usual)),
    }


def _rules(found: Policy, usual: Policy, document: Mapping[str, Any]) -> Iterator[View]:
    kinds = {kind.code: kind.name for kind in found.kinds}
    defaults = dict(rules_of(usual))
    for path, rule in rules_of(found):
        section, name = path.split(".")
        plain = document[section][name]
        yield {
            "path": path,
            "name": said(NAMES[path]),
            "value": plain["value"],
            "words": said(words(path, rule.value, kinds)),
            "meaning": said(meaning(path, rule.value, kinds)),
            "source": _source(rule.source, found),
            "specials": [
                _special(path, special, one["value"], kinds, found)
                for special, one in zip(rule.specials, plain["specials"], strict=True)
            ],
            "differs": _means(rule) != _means(defaults[path]),
            "default": _default_words(path),
        }


def _special(path: str, special: Special[Any], value: Any, kinds: Mapping[str, str], found: Policy) -> View:
    return {
        "grades": sorted(special.scope.grades),
        "subjects": sorted(special.scope.subjects),
        "kinds": sorted(special.scope.kinds),
        "value": value,
        "where": said(scope_words(special.scope, kinds)),
        "words": said(words(path, special.value, kinds)),
        "source": _source(special.source, found),
    }


@lru_cache(maxsize=64)  # one for each rule
def _default_words(path: str) -> View:
    """What a rule is in the default, with its exceptions."""
    usual = default_policy()
    kinds = {kind.code: kind.name for kind in usual.kinds}
    rule = dict(rules_of(usual))[path]
    sentence: object = words(path, rule.value, kinds)
    for special in rule.specials:
        where = scope_words(special.scope, kinds)
        sentence = _EXCEPTION(value=sentence, where=where, special=words(path, special.value, kinds))
    return said(sentence)


def _means(rule: Rule[Any]) -> tuple[object, ...]:
    """What a rule says, whatever it comes from."""
    return rule.value, [(special.scope, special.value) for special in rule.specials]


def _names(found: Policy) -> object:
    return tuple(_quoted(kind.name for kind in found.kinds)) or _NONE


def _quoted(names: Iterable[str]) -> Iterator[Sentence]:
    for name in names:
        yield _KIND(name=name)


def _source(source: Source, found: Policy) -> View:
    """The act and its clause; a vote is cited as the school adopted it."""
    if source.act == VOTE.act and found.adopted_by:
        source = source._replace(act=found.adopted_by)
    return said(source.sentence)
