"""The term mark computed from a student's marks, and the marks that the teacher may set instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Explained, LeftOut, Source, Used
from services.gradebook.explaining.given import ONE, GivenMark, State
from services.gradebook.policy.rules.policy import LeastMarks, Place, Policy, Ruling, Veto
from services.gradebook.policy.rules.scales import EXEMPT, NOT_ATTESTED, Scale, mark_on, scale_at
from services.gradebook.term_marks.rules.means import NO_NUMBERS, mean
from services.gradebook.term_marks.rules.parts import EARNED
from services.gradebook.term_marks.rules.thresholds import PASSES, Table, is_pass_fail, term_table

_UNMARKED: Final = Phrase("Отметки здесь не ставятся.", "No marks are given here.")()
_NOT_TAKEN: Final = Phrase("отметки здесь не ставятся", "no marks are given here")()
_EXEMPT: Final = Phrase("Ученик освобождён от предмета: «осв».", "The student is exempt from the course: осв.")()
_NOT_HIS: Final = Phrase("ученик освобождён от предмета", "the student is exempt from the course")()
_TOO_FEW: Final = Phrase(
    "Отметок за период: {marks}, а нужно не меньше {least}: «н/а».",
    "Marks in the term: {marks}; at least {least} are needed: н/а.",
)
_NO_MEAN: Final = Phrase("Среднего балла нет: «н/а».", "There is no mean: н/а.")()
_VETOED: Final = Phrase(
    "Есть «{low}» за работу вида «{kind}»: выше «{highest}» оценка не ставится.",
    "There is a {low} for a work of the kind «{kind}»: no mark above {highest} is given.",
)
_DISPUTED: Final = Phrase(
    "До порога {least} не хватает не больше {zone}: учитель может поставить «{mark}» без объяснения причин.",
    "The threshold {least} is missed by no more than {zone}: the teacher may give {mark} without a reason.",
)


@dataclass(frozen=True, slots=True)
class TermMark:
    """A computed term mark with its explanation.

    The figure of `explained` is the mark as the journal shows it: `4`, `н/а`, `осв`, `зач`; None if the policy gives no
    marks. Its `exact` is the mean; in a course marked `зач` and `незач`, the share of `зач`.
    """

    explained: Explained[GivenMark]
    #: The mean, as explained by `means.mean`.
    mean: Explained[GivenMark]
    #: The marks that the teacher may set without a reason, from the best to the worst.
    allowed: tuple[str, ...] = ()
    #: Whether the mean is so close below a threshold that the better mark may be set.
    disputed: bool = False

    @property
    def text(self) -> str | None:
        """The computed mark as the journal shows it; None if the policy gives no marks."""
        return None if self.explained.figure is None else str(self.explained.figure)


class _Absence(NamedTuple):
    """The reason why there is no mean, and the text in place of the mark."""

    figure: str | None
    rule: str
    reason: Sentence
    step: Sentence


_NO_MARKS_HERE: Final = _Absence(None, "unmarked", _NOT_TAKEN, _UNMARKED)
_EXEMPT_STUDENT: Final = _Absence(EXEMPT, "exempt", _NOT_HIS, _EXEMPT)


def term_mark(
    marks: Iterable[GivenMark],
    policy: Policy,
    place: Place,
    lessons_a_week: Decimal,
    as_of: date | None = None,
    *,
    exempt: bool = False,
) -> TermMark:
    """The term mark by the policy from a student's marks in a course (domain, §3).

    The unrounded mean is compared with the thresholds, then vetoes apply. The mark is `н/а` without a mean, or with
    fewer marks than a course with `lessons_a_week` needs; marks that were dropped or did not help count for this
    minimum. An exempt student has `осв`. On the scale `pass_fail` the mark is `зач` if the weighted share of `зач` is
    at least the policy's. The teacher decides: `allowed` holds the marks that need no reason.
    """
    marked = policy.scales.marked.at(place)
    if not marked.value:
        return _absent(marks, policy, _NO_MARKS_HERE, (marked.source,))
    if exempt:
        return _absent(marks, policy, _EXEMPT_STUDENT, ())
    passes = is_pass_fail(policy, place)
    found = mean(marks, policy, place, as_of, PASSES if passes else NO_NUMBERS)
    least = policy.terms.least_marks.at(place)
    too_few = _too_few(found, least.value, lessons_a_week)
    if too_few is not None:
        return _concluded(found, NOT_ATTESTED, (too_few,), (least.source,))
    if found.exact is None:
        return _concluded(found, NOT_ATTESTED, (_NO_MEAN,), ())
    return _decided(found, found.exact, policy, place, term_table(policy, place))


def needs_reason(computed: TermMark, set_mark: str) -> bool:
    """Whether the teacher must give a reason for the term mark: it is not among the allowed ones (domain, §3)."""
    return set_mark not in computed.allowed


def _absent(marks: Iterable[GivenMark], policy: Policy, absence: _Absence, sources: tuple[Source, ...]) -> TermMark:
    left_out = tuple(LeftOut(mark, absence.rule, absence.reason) for mark in marks)
    found: Explained[GivenMark] = Explained(None, None, (), left_out, (), (), policy.version)
    return _concluded(found, absence.figure, (absence.step,), sources)


def _concluded(
    found: Explained[GivenMark],
    figure: str | None,
    steps: Sequence[Sentence],
    sources: Iterable[Source],
    allowed: tuple[str, ...] | None = None,
    *,
    disputed: bool = False,
) -> TermMark:
    """The term mark, explained by the mean's steps and then `steps`. By default only the figure is allowed."""
    explained = Explained(
        figure,
        found.exact,
        found.used,
        found.left_out,
        (*found.steps, *steps),
        tuple(dict.fromkeys((*found.sources, *sources))),
        found.version,
    )
    if allowed is None:
        allowed = () if figure is None else (figure,)
    return TermMark(explained, found, allowed, disputed)


def least_number(table: Sequence[LeastMarks], lessons_a_week: Decimal) -> int:
    """How many marks a term mark needs with so many lessons a week; 0 where the policy asks for none (domain, §3)."""
    lines = [line for line in table if line.lessons_a_week <= lessons_a_week]
    return max(lines).marks if lines else 0


def earned_number(found: Explained[GivenMark]) -> int:
    """How many marks count for the least number: of the mean, dropped, or of no help to it (domain, §3)."""
    earned = [one.item for one in found.used] + [one.item for one in found.left_out if one.rule in EARNED]
    return sum(mark.state is State.GIVEN for mark in earned)


def _too_few(found: Explained[GivenMark], table: Sequence[LeastMarks], lessons_a_week: Decimal) -> Sentence | None:
    least, number = least_number(table, lessons_a_week), earned_number(found)
    return _TOO_FEW(marks=number, least=least) if number < least else None


def _decided(
    found: Explained[GivenMark], exact: Fraction, policy: Policy, place: Place, ruling: Ruling[Table]
) -> TermMark:
    """The mark by thresholds and vetoes, and the marks around it that need no reason."""
    table = ruling.value
    reached = table.reached(exact)
    steps, sources = [table.sentence(exact, reached)], [ruling.source]
    vetoes = policy.terms.vetoes.at(place)
    best, broken = _best_left(found, vetoes.value, table, policy, scale_at(policy, place))
    if broken and best > reached:
        steps.append(broken)
        sources.append(vetoes.source)
    index = max(reached, best)
    zone = policy.terms.disputed.at(place)
    disputed = index > best and exact >= table.thresholds[index - 1].least - zone.value
    if disputed:
        least, better = table.thresholds[index - 1].least, table.text(index - 1)
        steps.append(_DISPUTED(least=least, zone=zone.value, mark=better))
        sources.append(zone.source)
    free = policy.terms.free_difference.at(place).value
    lines = range(max(best, index - max(free, int(disputed))), min(index + free + 1, len(table.thresholds)))
    allowed = tuple(table.text(line) for line in lines)
    return _concluded(found, table.text(index), steps, sources, allowed, disputed=disputed)


def _best_left(
    found: Explained[GivenMark], vetoes: Iterable[Veto], table: Table, policy: Policy, scale: Scale
) -> tuple[int, Sentence | None]:
    """The best line of the table that the vetoes allow, and the veto that sets this limit."""
    best, broken = 0, None
    for veto in vetoes:
        bar = next((one.item for one in found.used if _bars(one.item, _unsigned(one, scale), veto)), None)
        line = table.line_of(veto.highest)
        if bar is not None and line > best:
            best, broken = line, _VETOED(low=bar, kind=_kind_name(policy, bar.kind), highest=table.text(line))
    return best, broken


def _bars(mark: GivenMark, number: Decimal, veto: Veto) -> bool:
    """Whether the mark triggers the veto. Points do not, nor does the 0 of an ungraded work."""
    return mark.kind in veto.kinds and mark.state is State.GIVEN and mark.maximum == ONE and number <= veto.low


def _unsigned(used: Used[GivenMark], scale: Scale) -> Decimal:
    """The mark's number without its sign: `2+` is a 2, whatever the value of the sign."""
    mark = mark_on(scale, used.item.text.rstrip("+-−–"))
    return used.number if mark is None or mark.number is None else mark.number


def _kind_name(policy: Policy, code: str) -> str:
    return next((kind.name for kind in policy.kinds if kind.code == code), code)
