"""The parts of a course's mean: its groups of kinds of work, or all its marks together."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from kernel.phrases import Phrase
from services.gradebook.explaining.explained import Source
from services.gradebook.explaining.given import ONE
from services.gradebook.policy.rules.policy import Group, MeanRules, Place, Ruling
from services.gradebook.term_marks.rules.choosing import NOTHING, Weighed, dropped, helpful, total, weighed
from services.gradebook.term_marks.rules.counting import Counted, Reason, UsedMark

_LOWEST: Final = Phrase("отброшена как худшая", "it was dropped as the lowest")()
_HIGHEST: Final = Phrase("отброшена как лучшая", "it was dropped as the highest")()
_LOWERS: Final = Phrase("она понизила бы средний балл", "it would lower the mean")()
_UNGROUPED: Final = Phrase(
    "её вид работы не входит ни в одну группу", "its kind of work belongs to none of the groups"
)()
_WEIGHTLESS: Final = Phrase("у её группы работ нулевой вес", "its group of works has no weight")()

#: Slugs of the reasons why an earned mark does not count in the mean.
EARNED: Final = frozenset({"dropped-lowest", "dropped-highest", "lowers-the-mean"})


class Part(NamedTuple):
    """One group with its marks that count."""

    group: Group
    used: Sequence[UsedMark]
    #: The total of these marks.
    sum: Weighed
    #: False if all of them count only if they help.
    certain: bool

    @property
    def share(self) -> Weighed:
        """What the part adds to the course's mean: its own mean with the group's weight."""
        weight = Fraction(self.group.weight)
        return Weighed(weight * self.sum.mean, weight)


class _Drops(NamedTuple):
    """The reasons why marks are dropped."""

    lowest: Reason
    highest: Reason


def parts(found: Counted, rules: MeanRules, place: Place) -> list[Part]:
    """The parts that have marks. Marks that turn out not to count are added to those that `found` left out.

    With groups, each group's own rule for dropping replaces the rule for all marks. A group without marks is not a
    part, so the weights of the others keep their proportion (domain, §3).
    """
    groups = rules.groups.at(place)
    if groups.value:
        return _groups(found, groups)
    lowest, highest = rules.drop_lowest.at(place), rules.drop_highest.at(place)
    whole = Group("", frozenset(), ONE, lowest.value, highest.value)
    part = _part(found, whole, found.always, found.helping, _drops(lowest.source, highest.source))
    return [part] if part.used else []


def _groups(found: Counted, groups: Ruling[tuple[Group, ...]]) -> list[Part]:
    found.sources[groups.source] = None
    by_kind = {kind: group for group in groups.value for kind in group.kinds}
    always, helping = _by_group(found, found.always, by_kind), _by_group(found, found.helping, by_kind)
    drops = _drops(groups.source, groups.source)
    made = [_part(found, one, always.get(one.code, ()), helping.get(one.code, ()), drops) for one in groups.value]
    return _helpful_parts(found, [one for one in made if one.used])


def _by_group(found: Counted, marks: Sequence[UsedMark], by_kind: dict[str, Group]) -> dict[str, list[UsedMark]]:
    sorted_out: dict[str, list[UsedMark]] = {}
    for one in marks:
        group = by_kind.get(one.item.kind)
        if group is None:
            found.leave_out(one.item, Reason("no-group", _UNGROUPED))
        elif not group.weight:
            found.leave_out(one.item, Reason("no-weight", _WEIGHTLESS))
        else:
            sorted_out.setdefault(group.code, []).append(one)
    return sorted_out


def _drops(lowest: Source, highest: Source) -> _Drops:
    return _Drops(Reason("dropped-lowest", _LOWEST, lowest), Reason("dropped-highest", _HIGHEST, highest))


def _part(found: Counted, group: Group, always: Sequence[UsedMark], helping: Sequence[UsedMark], drops: _Drops) -> Part:
    """The part of a group: drops marks first, then adds those that help."""
    kept = always
    if group.drop_lowest or group.drop_highest:
        kept = _kept(found, group, always, drops)
    base = _sum(kept)
    if not helping:
        return Part(group, kept, base, bool(kept))
    taken, base = helpful(base, [weighed(one) for one in helping])
    used = [*kept, *_taken(found, helping, taken)]
    return Part(group, used, base, bool(kept))


def _kept(found: Counted, group: Group, marks: Sequence[UsedMark], drops: _Drops) -> list[UsedMark]:
    lowest, highest = dropped([weighed(one) for one in marks], group.drop_lowest, group.drop_highest)
    for place in sorted(lowest):
        found.leave_out(marks[place].item, drops.lowest)
    for place in sorted(highest):
        found.leave_out(marks[place].item, drops.highest)
    return [one for place, one in enumerate(marks) if place not in lowest and place not in highest]


def _taken(found: Counted, helping: Sequence[UsedMark], taken: frozenset[int]) -> list[UsedMark]:
    for place, one in enumerate(helping):
        if place not in taken:
            found.leave_out(one.item, Reason("lowers-the-mean", _LOWERS))
    return [one for place, one in enumerate(helping) if place in taken]


def _sum(marks: Sequence[UsedMark]) -> Weighed:
    """The total of the marks, in decimals, which is faster than `total`."""
    points = sum([one.number * one.weight for one in marks])
    size = sum([one.item.maximum * one.weight for one in marks])
    return Weighed(Fraction(points), Fraction(size))


def _helpful_parts(found: Counted, made: list[Part]) -> list[Part]:
    """All parts except those of only helping marks that would not help as a group."""
    certain = [one for one in made if one.certain]
    doubtful = [one for one in made if not one.certain]
    if not doubtful:
        return made
    base = total(one.share for one in certain) if certain else NOTHING
    taken, _ = helpful(base, [one.share for one in doubtful])
    for place, part in enumerate(doubtful):
        if place not in taken:
            for one in part.used:
                found.leave_out(one.item, Reason("lowers-the-mean", _LOWERS))
    return [*certain, *(part for place, part in enumerate(doubtful) if place in taken)]
