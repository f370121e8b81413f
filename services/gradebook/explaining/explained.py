"""A figure with its explanation: the inputs that counted, those left out and why, the steps, the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Generic, NamedTuple, TypeVar

from kernel.phrases import Language, Phrase, Sentence, shown

T = TypeVar("T")

#: Acts that rules come from, by their key in a policy. An unknown key is shown as it is.
ACTS: Final = {
    "regulation": Phrase("регламент электронного журнала", "the regulation of the electronic journal"),
    "law": Phrase("Федеральный закон № 273-ФЗ", "the federal law No. 273-FZ"),
    "sanpin": Phrase("СанПиН 1.2.3685-21, таблица 6.6", "the sanitary rules SanPiN 1.2.3685-21, table 6.6"),
    "letter-2021": Phrase(
        "письмо Минпросвещения и Рособрнадзора от 06.08.2021 № СК-228/03, 01-169/08-01",
        "the letter of the ministry and the inspectorate of 2021-08-06 No. SK-228/03, 01-169/08-01",
    ),
    "netschool": Phrase("порядок АСУ РСО", "the usage of ASU RSO"),
    "hse": Phrase(
        "таблица соответствия оценок НИУ ВШЭ", "the table of marks of the Higher School of Economics, Moscow"
    ),
    "hse-preparatory": Phrase(
        "шкала оценок факультета довузовской подготовки НИУ ВШЭ",
        "the scale of marks of the preparatory faculty of the Higher School of Economics, Moscow",
    ),
    "practice": Phrase("обычай школ", "the usage of schools"),
    "vote": Phrase("решение педагогического совета", "the vote of the teachers' council"),
    "theory": Phrase("классическая теория тестов", "classical test theory"),
}
_CLAUSE: Final = Phrase("{act}, п. {clause}", "{act}, clause {clause}")
_PLAIN: Final = Phrase("{act}", "{act}")
_COUNTED: Final = Phrase("Учтено: {inputs}.", "Counted: {inputs}.")
_NOTHING: Final = Phrase("Учитывать нечего.", "There is nothing to count.")
_LEFT_OUT: Final = Phrase("Не учтено: {shown} — {reason}.", "Left out: {shown} – {reason}.")
_BY_RULE: Final = Phrase("Основание: {source}.", "By {source}.")
_VERSION: Final = Phrase("Правила школы, версия {version}.", "The school's policy, version {version}.")


class Source(NamedTuple):
    """The source of a rule: an act (a key of `ACTS`, or its name) and its clause."""

    act: str
    clause: str = ""

    @property
    def sentence(self) -> Sentence:
        """The full name of the source."""
        act = ACTS.get(self.act, self.act)
        return _CLAUSE(act=act, clause=self.clause) if self.clause else _PLAIN(act=act)


class Used(NamedTuple, Generic[T]):
    """One input that counted: the caller's `item`, the number it counted as, and its weight."""

    item: T
    number: Decimal
    weight: Decimal


class LeftOut(NamedTuple, Generic[T]):
    """One input that did not count. `rule` is the stable slug of the reason."""

    item: T
    rule: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Explained(Generic[T]):
    """A figure and its explanation. `str(item)` is the item as the journal shows it.

    `figure` is the value shown, `exact` the value before rounding; both are None if nothing counted.
    `steps` explain in order how `exact` became `figure`; `sources` name the rules applied.
    """

    figure: object
    exact: Fraction | None
    used: tuple[Used[T], ...] = ()
    left_out: tuple[LeftOut[T], ...] = ()
    steps: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    version: int | None = None

    def said(self, language: Language) -> tuple[str, ...]:
        """The explanation as plain sentences: inputs, inputs left out, steps, rules."""
        return tuple(self._sentences(language))

    def _sentences(self, language: Language) -> Iterator[str]:
        inputs = [f"{one.item} × {shown(one.weight, language)}" for one in self.used]
        yield (_COUNTED(inputs=", ".join(inputs)) if inputs else _NOTHING()).said(language)
        for one in self.left_out:
            yield _LEFT_OUT(shown=str(one.item), reason=one.reason).said(language)
        yield from self.steps_said(language)
        yield from self.sources_said(language)

    def steps_said(self, language: Language) -> list[str]:
        """How `exact` became `figure`."""
        return [step.said(language) for step in self.steps]

    def sources_said(self, language: Language) -> list[str]:
        """The rules, and the version of the policy that has them."""
        rules = [_by_rule(source, language) for source in self.sources]
        return rules if self.version is None else [*rules, _VERSION(version=self.version).said(language)]


@lru_cache(maxsize=1024)  # a school has few rules, and every figure names some
def _by_rule(source: Source, language: Language) -> str:
    return _BY_RULE(source=source.sentence).said(language)
