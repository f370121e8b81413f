"""Pass rate, quality, degree of learning and mean of any set of period marks (domain, §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple, TypeVar

from kernel.phrases import Phrase, Sentence
from services.gradebook.explaining.explained import Explained, LeftOut, Source, Used
from services.gradebook.explaining.formulas import quotient
from services.gradebook.policy.rules.policy import Place, Policy
from services.gradebook.policy.rules.scales import EXEMPT, NOT_ATTESTED, shown_number
from services.gradebook.statistics.rules.shares import HUNDRED, half_up

K = TypeVar("K")

#: The marks that count in N, from the best to the worst.
COUNTED: Final = ("5", "4", "3", "2", "1", NOT_ATTESTED)
GOOD: Final = frozenset({"5", "4"})
PASSING: Final = GOOD | {"3"}
EVERYWHERE: Final = Place()

_PRACTICE: Final = Source("practice")
_REASONS: Final = {
    "no-mark": Phrase("нет отметки: {count}", "no mark: {count}"),
    "exempt": Phrase("освобождены: {count}", "exempt: {count}"),
    "left-before": Phrase("выбыли до {as_of}: {count}", "left before {as_of}: {count}"),
    "other-scale": Phrase("не отметка пятибалльной шкалы: {count}", "not a mark of the scale of five: {count}"),
}
_NO_NUMBER: Final = Phrase("не число, в среднем балле не участвует: {count}", "no number, not in the mean: {count}")
_PASS: Final = Phrase(
    "Успевают (отметки «5», «4», «3») {part} из {n}: {part} × 100 / {n} = {exact}, то есть {figure} %.",
    "{part} of {n} pass (marks 5, 4, 3): {part} × 100 / {n} = {exact}, that is {figure} %.",
)
_QUALITY: Final = Phrase(
    "Учатся на «5» и «4» {part} из {n}: {part} × 100 / {n} = {exact}, то есть {figure} %.",
    "{part} of {n} have a 5 or a 4: {part} × 100 / {n} = {exact}, that is {figure} %.",
)
_ROUNDED: Final = Phrase("С округлением до сотых: {figure}.", "Rounded to hundredths: {figure}.")
_NO_COEFFICIENT: Final = Phrase(
    "Для «{mark}» коэффициента нет: эта отметка прибавляет 0.", "There is no coefficient for {mark}: it adds 0."
)
_NOBODY: Final = Phrase("Нет ни одной отметки, показатель не вычисляется.", "No mark counts: there is no figure.")


class PeriodMark(NamedTuple):
    """A student's mark in a subject for a period; one row for each student, subject and period.

    `student`, `teacher`, `subject` are the caller's references. `text` is `"5"` to `"1"`, `"н/а"`, `"осв"`, or None
    without a mark. `left_on` is the day the student left; the student still counts on that day.
    """

    student: str
    text: str | None
    class_name: str = ""
    subject: str = ""
    teacher: str = ""
    grade: int | None = None
    period: str = ""
    left_on: date | None = None


class Tally(NamedTuple):
    """All rows with the same mark."""

    text: str | None
    members: tuple[PeriodMark, ...]

    def __str__(self) -> str:
        return "«»" if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures of domain, §4. Rates and the degree of learning are in percent.

    `tallies` are those of the marks in N, from the best; marks that nobody has are omitted.
    """

    as_of: date
    tallies: tuple[Tally, ...]
    left_out: tuple[LeftOut[Tally], ...]
    pass_rate: Explained[Tally]
    quality: Explained[Tally]
    degree: Explained[Tally]
    mean_mark: Explained[Tally]

    @property
    def members(self) -> tuple[PeriodMark, ...]:
        """The rows in N."""
        return tuple(member for tally in self.tallies for member in tally.members)

    @property
    def counted(self) -> int:
        """The number of rows that count, N."""
        return len(self.members)

    def having(self, text: str) -> tuple[PeriodMark, ...]:
        """The rows in N with this mark."""
        return tuple(member for member in self.members if member.text == text)

    def left_out_for(self, rule: str) -> tuple[PeriodMark, ...]:
        """The rows left out for this reason: `left-before`, `no-mark`, `exempt` or `other-scale`."""
        return tuple(member for one in self.left_out if one.rule == rule for member in one.item.members)


def statistics(marks: Iterable[PeriodMark], policy: Policy, as_of: date, place: Place = EVERYWHERE) -> Statistics:
    """The statistics of the given rows: those of a class, a parallel, a teacher or a school (domain, §4).

    N excludes «осв», rows without a mark, and students who left before `as_of`; «н/а» and «1» are in N and do not
    pass. `зач` and marks of other scales are left out: to count them, convert them to the five-point scale first
    (`scales.converted`). The figures of several classes are those of all their rows, never a mean of means. If N is 0,
    every figure is None.
    """
    by_mark: dict[str | None, list[PeriodMark]] = {}
    by_reason: dict[tuple[str, str | None], list[PeriodMark]] = {}
    for mark in marks:
        rule = _why_left_out(mark, as_of)
        if rule is None:
            by_mark.setdefault(mark.text, []).append(mark)
        else:
            by_reason.setdefault((rule, mark.text), []).append(mark)
    tallies = tuple(Tally(text, tuple(by_mark[text])) for text in COUNTED if text in by_mark)
    left_out = tuple(_left_out(rule, Tally(text, tuple(rows)), as_of) for (rule, text), rows in by_reason.items())
    return Statistics(
        as_of=as_of,
        tallies=tallies,
        left_out=left_out,
        pass_rate=_rate(tallies, PASSING, _PASS, left_out),
        quality=_rate(tallies, GOOD, _QUALITY, left_out),
        degree=_degree(tallies, policy, place, left_out),
        mean_mark=_mean_mark(tallies, left_out),
    )


def statistics_by(
    marks: Iterable[PeriodMark],
    key: Callable[[PeriodMark], K],
    policy: Policy,
    as_of: date,
    place: Place = EVERYWHERE,
) -> dict[K, Statistics]:
    """The statistics of each group of rows, in order of first appearance (domain, §4).

    `key` gives the group: `attrgetter("class_name")`, or `"grade"` for parallels, or `"teacher"`.
    """
    groups: dict[K, list[PeriodMark]] = {}
    for mark in marks:
        groups.setdefault(key(mark), []).append(mark)
    return {name: statistics(rows, policy, as_of, place) for name, rows in groups.items()}


def has_left(mark: PeriodMark, as_of: date) -> bool:
    """Whether the student left before the date and does not count as of it (domain, §4)."""
    return mark.left_on is not None and mark.left_on < as_of


def _why_left_out(mark: PeriodMark, as_of: date) -> str | None:
    if has_left(mark, as_of):
        return "left-before"
    if mark.text is None:
        return "no-mark"
    if mark.text == EXEMPT:
        return "exempt"
    return None if mark.text in COUNTED else "other-scale"


def _left_out(rule: str, tally: Tally, as_of: date) -> LeftOut[Tally]:
    return LeftOut(tally, rule, _REASONS[rule](count=len(tally.members), as_of=as_of))


def _rate(
    tallies: tuple[Tally, ...], good: frozenset[str], phrase: Phrase, left_out: tuple[LeftOut[Tally], ...]
) -> Explained[Tally]:
    used = tuple(_used(tally, Decimal(HUNDRED if tally.text in good else 0)) for tally in tallies)
    part = sum(len(tally.members) for tally in tallies if tally.text in good)
    exact = _mean_of(used)
    steps = () if exact is None else (phrase(part=part, n=_size(used), exact=exact, figure=half_up(exact)),)
    return _explained(used, left_out, steps, _PRACTICE)


def _degree(
    tallies: tuple[Tally, ...], policy: Policy, place: Place, left_out: tuple[LeftOut[Tally], ...]
) -> Explained[Tally]:
    """Σ(coefficient of the mark · number of rows with it) / N; a mark without a coefficient adds 0."""
    table, source = policy.figures.degree.at(place)
    coefficients = dict(table)
    used = tuple(_used(tally, coefficients.get(str(tally), Decimal(0))) for tally in tallies)
    unknown = tuple(_NO_COEFFICIENT(mark=str(tally)) for tally in tallies if tally.text not in coefficients)
    return _explained(used, left_out, (*unknown, *_sum(used)), source, policy.version)


def _mean_mark(tallies: tuple[Tally, ...], left_out: tuple[LeftOut[Tally], ...]) -> Explained[Tally]:
    """Σ(mark · number of rows with it) / number of rows whose mark has a number."""
    numbers = ((tally, shown_number(tally.text)) for tally in tallies)
    used = tuple(_used(tally, Decimal(number)) for tally, number in numbers if number is not None)
    without = tuple(
        LeftOut(tally, "no-number", _NO_NUMBER(count=len(tally.members)))
        for tally in tallies
        if tally.text == NOT_ATTESTED
    )
    return _explained(used, (*left_out, *without), _sum(used), _PRACTICE)


def _used(tally: Tally, number: Decimal) -> Used[Tally]:
    return Used(tally, number, Decimal(len(tally.members)))


def _size(used: tuple[Used[Tally], ...]) -> int:
    return sum(len(one.item.members) for one in used)


def _mean_of(used: tuple[Used[Tally], ...]) -> Fraction | None:
    total = sum((Fraction(one.number) * Fraction(one.weight) for one in used), Fraction())
    return total / _size(used) if used else None


def _sum(used: tuple[Used[Tally], ...]) -> tuple[Sentence, ...]:
    exact = _mean_of(used)
    if exact is None:
        return ()
    figure = half_up(exact)
    formula = quotient(used, Fraction(_size(used)), exact)
    return (formula,) if figure == exact else (formula, _ROUNDED(figure=figure))


def _explained(
    used: tuple[Used[Tally], ...],
    left_out: tuple[LeftOut[Tally], ...],
    steps: tuple[Sentence, ...],
    source: Source,
    version: int | None = None,
) -> Explained[Tally]:
    exact = _mean_of(used)
    return Explained(
        figure=None if exact is None else half_up(exact),
        exact=exact,
        used=used,
        left_out=left_out,
        steps=steps or (_NOBODY(),),
        sources=(source,),
        version=version,
    )
