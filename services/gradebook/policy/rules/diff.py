"""The changes between two versions of a policy, as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Source
from services.gradebook.policy.rules.defaults import VOTE
from services.gradebook.policy.rules.policy import NOT_YET, Policy, Rule, Scope, Special, rules_of
from services.gradebook.policy.rules.words import LINES, NAMES, key_of, line_words, scope_words, words

_CHANGED: Final = Phrase("{what}: было {before}; стало {after} ({by}).", "{what}: was {before}; is now {after} ({by}).")
_ADDED: Final = Phrase("{what}: добавлено {after} ({by}).", "{what}: new, {after} ({by}).")
_REMOVED: Final = Phrase("{what}: исключено, было {before} ({by}).", "{what}: no longer, was {before} ({by}).")
_SPECIAL_ADDED: Final = Phrase(
    "{what}: введено особое правило, {after} ({by}).", "{what}: a special rule is new, {after} ({by})."
)
_SPECIAL_REMOVED: Final = Phrase(
    "{what}: особое правило отменено, было {before} ({by}).", "{what}: the special rule is gone, was {before} ({by})."
)
_NEW_SOURCE: Final = Phrase(
    "{what}: по-прежнему {value}; прежнее основание – {before}, новое – {by}.",
    "{what}: {value} as before; it rested on {before}, and rests now on {by}.",
)
_REORDERED: Final = Phrase(
    "{what}: изменён порядок особых правил, а из равных действует последнее ({by}).",
    "{what}: the order of the special rules is another, and of equal ones the last holds ({by}).",
)
_WHERE: Final = Phrase("{what} ({where})", "{what} ({where})")
_BY: Final = Phrase("{act}, с {day}", "{act}, from {day}")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the rule, and the scope (None: everywhere that no special rule covers).

    `before` and `after` are values, lines of a table, sources, or scopes in order; None if absent.
    """

    path: str
    scope: Scope | None
    before: object
    after: object
    sentence: Sentence


def policy_changes(before: Policy, after: Policy) -> tuple[Change, ...]:
    """All differences of `after` from `before`, in the order of the sections.

    Empty if and only if the policies are equal apart from version, first day and decision.
    """
    kinds = {kind.code: kind.name for kind in (*before.kinds, *after.kinds)}
    head = _At("time_zone", None, _by(VOTE, after), kinds)
    changes = [*_value_changes(head, before.time_zone, after.time_zone)]
    changes += _value_changes(head._replace(path="kinds"), before.kinds, after.kinds)
    for (path, old), (_, new) in zip(rules_of(before), rules_of(after)):
        changes += _rule_changes(head._replace(path=path, by=_by(new.source, after)), old, new, after)
    return tuple(changes)


class _At(NamedTuple):
    """The subject of a change: rule, scope and source; with the names of the kinds of work."""

    path: str
    scope: Scope | None
    by: Sentence
    kinds: Mapping[str, str]

    def change(
        self, phrase: Phrase, before: object, after: object, /, *, name: object = None, **said: object
    ) -> Change:
        """Make a change described by `phrase` with the values `said`; `name` is a line's name instead of the rule's."""
        what = name or NAMES[self.path]
        if self.scope and self.scope.narrowness:
            what = _WHERE(what=what, where=scope_words(self.scope, self.kinds))
        return Change(self.path, self.scope, before, after, phrase(what=what, by=self.by, **said))

    def words(self, value: object) -> object:
        return words(self.path, value, self.kinds)


def _by(source: Source, policy: Policy) -> Sentence:
    """The act and its date; a vote is cited as in the policy, and a draft has no date yet."""
    if source.act == VOTE.act and policy.adopted_by:
        source = source._replace(act=policy.adopted_by)
    if policy.valid_from == NOT_YET:
        return source.sentence
    return _BY(act=source.sentence, day=policy.valid_from)


def _rule_changes(at: _At, before: Rule[Any], after: Rule[Any], policy: Policy) -> Iterator[Change]:
    yield from _ruling_changes(at, before, after)
    old, new = _numbered(before.specials), _numbered(after.specials)
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        there = at._replace(scope=key[0], by=_by((now or after).source, policy))
        if was and now:
            yield from _ruling_changes(there, was, now)
        elif now:
            yield there.change(_SPECIAL_ADDED, None, now.value, after=at.words(now.value))
        elif was:
            yield there.change(_SPECIAL_REMOVED, was.value, None, before=at.words(was.value))
    was_order, order = (tuple(key[0] for key in some if key in others) for some, others in ((old, new), (new, old)))
    if was_order != order:
        yield at.change(_REORDERED, was_order, order)


def _numbered(specials: Iterable[Special[Any]]) -> dict[tuple[Scope, int], Special[Any]]:
    """Special rules by scope, and by their order among those of the same scope."""
    seen: Counter[Scope] = Counter()
    numbered = {}
    for special in specials:
        numbered[special.scope, seen[special.scope]] = special
        seen[special.scope] += 1
    return numbered


def _ruling_changes(at: _At, before: Rule[Any] | Special[Any], after: Rule[Any] | Special[Any]) -> Iterator[Change]:
    if before.value != after.value:
        yield from _value_changes(at, before.value, after.value)
    elif before.source != after.source:
        told = {"value": at.words(after.value), "before": before.source.sentence}
        yield at.change(_NEW_SOURCE, before.source, after.source, **told)


def _value_changes(at: _At, before: Any, after: Any) -> Iterator[Change]:
    """Compare tables line by line if the lines tell the whole change; else give both whole values."""
    if before == after:
        return
    lines = [*_line_changes(at, before, after)] if at.path in LINES else []
    yield from lines or [at.change(_CHANGED, before, after, before=at.words(before), after=at.words(after))]


def _line_changes(at: _At, before: Iterable[Any], after: Iterable[Any]) -> Iterator[Change]:
    old, new = ({key_of(line): line for line in table} for table in (before, after))
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        phrase = _ADDED if was is None else _REMOVED if now is None else _CHANGED
        told = {
            name: line_words(line, at.kinds) for name, line in (("before", was), ("after", now)) if line is not None
        }
        yield at.change(phrase, was, now, name=LINES[at.path](key=key), **told)
