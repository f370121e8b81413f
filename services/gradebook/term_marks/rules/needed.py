"""Finds the further marks a student needs for a term mark or a mean: the fewest, and every choice of them.

No act requires this; parents and students ask for it (domain, §10). `term_mark` or `mean` verifies each answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement
from math import comb
from typing import Final, NamedTuple

from kernel.errors import Invalid
from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.given import ONE, GivenMark
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import scale_at
from services.gradebook.term_marks.rules.means import mean
from services.gradebook.term_marks.rules.term_marks import term_mark
from services.gradebook.term_marks.rules.thresholds import PASSES, is_pass_fail, term_table

#: The most further marks that are considered: a term has no more.
MOST: Final = 10
#: The most sets of marks that are tried: longer lists would not help. With many given marks fewer sets are tried, as
#: each trial counts all marks and an answer must take less than a second.
_MOST_TRIED: Final = 4_000
_LEAST_TRIED: Final = 1_000
_MOST_COUNTED: Final = 60_000

_TERM_MARK: Final = Phrase("оценка «{mark}»", "the mark {mark}")
_MEAN: Final = Phrase("средний балл {mean}", "the mean {mean}")
_ENOUGH: Final = Phrase(
    "Цель: {target}. Она уже достигнута, новые отметки не нужны.",
    "Target: {target}. It is reached already, without further marks.",
)
_OUT_OF_REACH: Final = Phrase(
    "Цель: {target}. Её не достичь, даже получив ещё {most} самых высоких отметок.",
    "Target: {target}. It is out of reach, even with {most} more marks of the best.",
)
_NO_MARKS: Final = Phrase("Отметки здесь не ставятся.", "No marks are given here.")
_NOT_FOUND: Final = Phrase(
    "Цель: {target}. Среди проверенных наборов, до {most} отметок в каждом, подходящего нет; проверены не все.",
    "Target: {target}. Of the sets that were tried, of up to {most} marks, none will do; not all were tried.",
)
_FEWEST: Final = Phrase(
    "Цель: {target}. Нужно ещё отметок: {least}. Подойдёт любой из наборов:",
    "Target: {target}. Further marks needed: {least}. Any of these will do:",
)
_ALONE: Final = Phrase(
    "Или больше одинаковых отметок, но не таких высоких:", "Or more marks that are all the same, and not so high:"
)
_NOT_ALL: Final = Phrase(
    "Это не все наборы: их слишком много.", "These are not all the choices: there are too many of them."
)
_NOT_SURE: Final = Phrase(
    "Возможно, хватит и меньшего: проверены не все наборы отметок.",
    "Less may be enough: not all sets of marks were tried.",
)
_CHOICE: Final = Phrase("— {wanted}.", "– {wanted}.")
_WANTED: Final = Phrase("«{mark}» × {number} ({kinds})", "{mark} × {number} ({kinds})")


class Wanted(NamedTuple):
    """A number of equal further marks for works of any of these kinds, which have equal weight and effect."""

    mark: str
    number: int
    #: Codes of the kinds of work.
    kinds: tuple[str, ...]
    weight: Decimal


#: Further marks that together suffice.
Choice = tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class Needed:
    """The further marks needed for a target: the mark or the mean that `target` names."""

    target: Sentence
    #: The minimum number of further marks; 0 if the target is reached, None if `most` do not suffice.
    least: int | None
    #: The choices of `least` marks in which no mark can be lowered, from the lowest marks to the highest.
    choices: tuple[Choice, ...]
    #: Choices of equal marks for equal works, the fewest first; without those that need more and no lower marks.
    alone: tuple[Wanted, ...]
    most: int
    sentences: tuple[Sentence, ...]
    #: Whether all sets that could suffice were tried. If not, fewer or lower marks may also suffice.
    complete: bool = True


class _Work(NamedTuple):
    """Kinds of work with equal effect."""

    weight: Decimal
    helps: bool
    group: str
    #: The indexes of the vetoes that name these kinds.
    vetoes: tuple[int, ...]
    kinds: tuple[str, ...] = ()

    @property
    def family(self) -> tuple[str, bool]:
        """The key of comparable works: within a family, the heavier work is always better for the best mark."""
        return self.group, self.helps


#: Further marks as sorted (index of work, index of mark); the best mark has the highest index.
_State = tuple[tuple[int, int], ...]


def needed_for_term_mark(
    target: str,
    marks: Iterable[GivenMark],
    policy: Policy,
    place: Place,
    lessons_a_week: Decimal,
    *,
    kinds: Collection[str] | None = None,
    most: int = MOST,
) -> Needed:
    """The fewest further marks, at most `most`, with which `term_mark` gives `target` or better (domain, §10).

    The further marks are on the scale that applies in the place, for works of `kinds` (None: all kinds of the policy)
    that count; marks in points are not considered. Every answer is verified by computation, so it respects drops,
    groups, the minimum number of marks and vetoes. The answer is incomplete if there are too many sets of marks to try,
    or if works of unequal weight are dropped at both ends, since a better mark may then lower the mean. Raises
    `Invalid` for a target that is not a possible term mark.
    """
    if not policy.scales.marked.at(place).value:
        return _unmarked(_TERM_MARK(mark=target), most)
    table = term_table(policy, place).value
    texts = [table.text(line) for line in range(len(table.thresholds))]
    if target not in texts:
        raise Invalid(
            "No term ends with the mark {mark} here: it is one of {marks}.",
            rule="target-off-table",
            field="target",
            mark=target,
            marks=", ".join(texts),
        )
    given, good = tuple(marks), frozenset(texts[: texts.index(target) + 1])

    def reached(further: tuple[GivenMark, ...]) -> bool:
        return term_mark(given + further, policy, place, lessons_a_week).text in good

    return _Search(reached, len(given), policy, place, kinds).needed(_TERM_MARK(mark=target), most)


def needed_for_mean(
    target: Decimal,
    marks: Iterable[GivenMark],
    policy: Policy,
    place: Place,
    *,
    kinds: Collection[str] | None = None,
    most: int = MOST,
) -> Needed:
    """The fewest further marks with which the unrounded mean is at least `target`; see `needed_for_term_mark`.

    Source: domain, §10.
    """
    if not policy.scales.marked.at(place).value:
        return _unmarked(_MEAN(mean=target), most)
    given = tuple(marks)

    def reached(further: tuple[GivenMark, ...]) -> bool:
        exact = mean(given + further, policy, place).exact
        return exact is not None and exact >= target

    return _Search(reached, len(given), policy, place, kinds).needed(_MEAN(mean=target), most)


def _unmarked(target: Sentence, most: int) -> Needed:
    """The answer if the policy gives no marks, as in grade 1."""
    return Needed(target, None, (), (), most, (_NO_MARKS(),))


class _Search:
    """Searches for the fewest marks.

    A better mark never makes the result worse, nor does a heavier work for the best mark. So a number of marks suffices
    if the best marks for the heaviest works suffice. All other choices follow from these by making a work lighter or a
    mark lower while the target is still reached.
    """

    def __init__(
        self,
        reached: Callable[[tuple[GivenMark, ...]], bool],
        given: int,
        policy: Policy,
        place: Place,
        kinds: Collection[str] | None,
    ) -> None:
        self._reached = reached
        self._policy = policy
        self._works = _works(policy, place, kinds)
        self._marks = _marks(policy, place)
        self._known: dict[_State, bool] = {}
        self._most_tried = min(_MOST_TRIED, max(_LEAST_TRIED, _MOST_COUNTED // (given + 1)))
        self._sure = not _drops_unequal_works(policy, place)

    def needed(self, target: Sentence, most: int) -> Needed:
        """The answer, with at most `most` further marks."""
        for number in range(most + 1):
            starts = [state for state in self._best(number) if self._enough(state)]
            if starts and not number:
                return Needed(target, 0, (), (), most, (_ENOUGH(target=target),))
            if starts:
                return self._found(target, number, most, starts)
        steps = (_OUT_OF_REACH(target=target, most=most),) if self._sure else (_NOT_FOUND(target=target, most=most),)
        return Needed(target, None, (), (), most, steps, complete=self._sure)

    def _best(self, number: int) -> Iterator[_State]:
        """The best marks for the heaviest works, in every distribution over the families.

        If there are too many distributions, as with nine groups: only all marks in one family, or half in each of two.
        """
        best = len(self._marks) - 1
        heaviest = sorted({work.family: place for place, work in enumerate(self._works)}.values())
        shares: Iterable[tuple[int, ...]] = combinations_with_replacement(heaviest, number)
        if heaviest and len(self._known) + comb(len(heaviest) + number - 1, number) > self._most_tried:
            self._sure = False
            pairs = combinations_with_replacement(heaviest, 2)
            shares = (tuple(sorted((one,) * (number // 2) + (other,) * (number - number // 2))) for one, other in pairs)
        for places in shares:
            yield tuple((place, best) for place in places)

    def _enough(self, state: _State) -> bool:
        known = self._known.get(state)
        if known is None:
            known = self._known[state] = self._reached(tuple(self._further(state)))
        return known

    def _further(self, state: _State) -> Iterator[GivenMark]:
        for work, mark in state:
            number, text = self._marks[mark]
            yield GivenMark(text, number, self._works[work].kinds[0])

    def _found(self, target: Sentence, number: int, most: int, starts: list[_State]) -> Needed:
        alone = tuple(self._alone(most))
        least = self._least(starts)
        equal: tuple[Choice, ...] = tuple((wanted,) for wanted in alone if wanted.number == number)
        told = starts if least is None else sorted(least, key=self._effort)
        choices = equal if equal and least is None else tuple(self._choice(state) for state in told)
        more = [wanted for wanted in alone if wanted.number > number]
        sentences = [_FEWEST(target=target, least=number), *(self._said(choice) for choice in choices)]
        if least is None:
            sentences.append(_NOT_ALL())
        elif not self._sure:
            sentences.append(_NOT_SURE())
        if more:
            sentences += [_ALONE(), *(self._said((wanted,)) for wanted in more)]
        return Needed(target, number, choices, alone, most, tuple(sentences), complete=self._sure and least is not None)

    def _least(self, starts: list[_State]) -> list[_State] | None:
        """All sufficient states in which no mark can be lowered; None if there are too many to try."""
        best = self._flooded(starts, self._lighter)
        enough = self._flooded(best, self._lower) if best else None
        if enough is None:
            return None
        return [state for state in enough if not any(self._enough(lower) for lower in self._lower(state))]

    def _said(self, choice: Choice) -> Sentence:
        names = {kind.code: kind.name for kind in self._policy.kinds}
        wanted = tuple(
            _WANTED(mark=one.mark, number=one.number, kinds=tuple(names[code] for code in one.kinds)) for one in choice
        )
        return _CHOICE(wanted=wanted)

    def _flooded(self, starts: Iterable[_State], steps: Callable[[_State], Iterator[_State]]) -> set[_State] | None:
        """All sufficient states reachable from `starts` by `steps` over sufficient states; None if too many."""
        seen = set(starts)
        waiting = list(seen)
        while waiting:
            if len(self._known) > self._most_tried:
                return None
            for state in steps(waiting.pop()):
                if state not in seen and self._enough(state):
                    seen.add(state)
                    waiting.append(state)
        return seen

    def _lighter(self, state: _State) -> Iterator[_State]:
        """The states with one work replaced by the next lighter one of its family."""
        for index, (work, mark) in enumerate(state):
            family = self._works[work].family
            lighter = next((one for one in reversed(range(work)) if self._works[one].family == family), None)
            if lighter is not None:
                yield _changed(state, index, (lighter, mark))

    def _lower(self, state: _State) -> Iterator[_State]:
        """The states with one mark replaced by the next lower one."""
        for index, (work, mark) in enumerate(state):
            if mark:
                yield _changed(state, index, (work, mark - 1))

    def _effort(self, state: _State) -> tuple[Decimal, _State]:
        return sum((self._marks[mark].number for _, mark in state), Decimal(0)), state

    def _choice(self, state: _State) -> Choice:
        counts = sorted(Counter(state).items(), key=lambda item: (-item[0][1], item[0][0]))
        return tuple(self._wanted(work, mark, number) for (work, mark), number in counts)

    def _wanted(self, work: int, mark: int, number: int) -> Wanted:
        return Wanted(self._marks[mark].text, number, self._works[work].kinds, self._works[work].weight)

    def _alone(self, most: int) -> list[Wanted]:
        """The minimum number of each mark for each work, without those for which as few lower marks suffice."""
        found = []
        for work in range(len(self._works)):
            fewest = most + 1
            for mark in range(len(self._marks)):
                number = next((n for n in range(1, fewest) if self._enough(((work, mark),) * n)), fewest)
                if number < fewest:
                    found.append((number, mark, work))
                    fewest = number
        return [self._wanted(work, mark, number) for number, mark, work in sorted(found)]


def _changed(state: _State, index: int, one: tuple[int, int]) -> _State:
    return tuple(sorted((*state[:index], one, *state[index + 1 :])))


def _works(policy: Policy, place: Place, kinds: Collection[str] | None) -> list[_Work]:
    """The works that count, from the lightest to the heaviest."""
    codes = [kind.code for kind in policy.kinds if kinds is None or kind.code in kinds]
    alike: dict[_Work, list[str]] = {}
    for code in codes:
        work = _work(policy, place._replace(kind=code), code)
        if work is not None:
            alike.setdefault(work, []).append(code)
    return [work._replace(kinds=tuple(found)) for work, found in sorted(alike.items())]


def _work(policy: Policy, place: Place, code: str) -> _Work | None:
    """The kind's weight and group; None if its marks do not count."""
    rules = policy.means
    weight = rules.weight.at(place).value if rules.weighted.at(place).value else ONE
    groups = rules.groups.at(place._replace(kind=None)).value
    group = next((one for one in groups if code in one.kinds), None)
    if not weight or (groups and (group is None or not group.weight)):
        return None
    vetoes = policy.terms.vetoes.at(place._replace(kind=None)).value
    naming = tuple(index for index, veto in enumerate(vetoes) if code in veto.kinds)
    return _Work(weight, rules.only_if_helps.at(place).value, group.code if group else "", naming)


def _drops_unequal_works(policy: Policy, place: Place) -> bool:
    """Whether works of unequal weight are dropped at both ends in the course or in one of its groups."""
    rules = policy.means
    groups = rules.groups.at(place).value
    dropped = [(group.code, group.drop_lowest, group.drop_highest) for group in groups]
    if not groups:
        dropped = [("", rules.drop_lowest.at(place).value, rules.drop_highest.at(place).value)]
    weights: dict[str, set[Decimal]] = {}
    for work in _works(policy, place, None):
        weights.setdefault(work.group, set()).add(work.weight)
    return any(lowest and highest and len(weights.get(code, ())) > 1 for code, lowest, highest in dropped)


class _Mark(NamedTuple):
    """A mark of the scale."""

    number: Decimal
    text: str


def _marks(policy: Policy, place: Place) -> list[_Mark]:
    """The scale's marks that count as a number, from the lowest to the highest."""
    if is_pass_fail(policy, place):
        return sorted(_Mark(number, text) for text, number in PASSES.items())
    scale = scale_at(policy, place)
    return sorted(_Mark(mark.number, mark.text) for mark in scale.marks if mark.number is not None)
