"""Sentences in Russian and English, kept beside the rule that says them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from kernel.texts import Text

Language = Literal["ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")
#: What a fraction is shown with where nobody rounded it: enough to follow a calculation by hand.
_SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """The template of a sentence in both languages; `{name}` is a place for a value, the same ones in both."""

    ru: str
    en: str

    def __call__(self, **values: object) -> Sentence:
        """The sentence with its values: text, numbers, dates, or other sentences."""
        return Sentence(self, tuple(sorted(values.items())))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase with its values, printable in either language."""

    phrase: Phrase
    values: tuple[tuple[str, object], ...] = ()

    def said(self, language: Language) -> str:
        """The text, with numbers and dates written as the language writes them."""
        template = self.phrase.ru if language == "ru" else self.phrase.en
        return template.format(**{name: shown(value, language) for name, value in self.values})

    @property
    def text(self) -> Text:
        """The sentence for a refusal: its English template, which the catalogues translate, and its values as JSON."""
        return Text(self.phrase.en, {name: _sent(value) for name, value in self.values})


def shown(value: object, language: Language) -> str:
    """A value as a sentence of the language shows it: `3,5` and `12.09.2026`, or `3.5` and `2026-09-12`."""
    if isinstance(value, Sentence):
        return value.said(language)
    if isinstance(value, Phrase):
        return value().said(language)
    if isinstance(value, Fraction):
        return _number(Decimal(round(value * 10**_SHOWN_DIGITS)).scaleb(-_SHOWN_DIGITS), language)
    if isinstance(value, Decimal):
        return _number(value, language)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y") if language == "ru" else value.isoformat()
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(one, language) for one in value)
    return str(value)


def _sent(value: object) -> object:
    """A value as the wire carries it: what looks different in each language stays what it is."""
    if isinstance(value, Phrase):
        return value().text
    if isinstance(value, Sentence):
        return value.text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [_sent(one) for one in value]
    return value if isinstance(value, (str, int)) else shown(value, "en")


def _number(value: Decimal, language: Language) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "ru" else text
