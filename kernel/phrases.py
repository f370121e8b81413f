"""Sentences in Russian and English, declared beside the rules that use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, Literal

from kernel.texts import Text

Language = Literal["ru", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("ru", "en")
#: Decimal places of an unrounded fraction in a sentence: enough to follow a calculation by hand.
_SHOWN_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence's templates in both languages, with the same `{name}` placeholders in both."""

    ru: str
    en: str

    def __call__(self, **values: object) -> Sentence:
        """Fill in values: text, numbers, dates, or other sentences."""
        return Sentence(self, tuple(sorted(values.items())))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A phrase with its values, which can be written in either language."""

    phrase: Phrase
    values: tuple[tuple[str, object], ...] = ()

    def said(self, language: Language) -> str:
        """The sentence in `language`, with numbers and dates in that language's format."""
        template = self.phrase.ru if language == "ru" else self.phrase.en
        return template.format(**{name: shown(value, language) for name, value in self.values})

    @property
    def text(self) -> Text:
        """The sentence as a translatable text: its English template, and its values as JSON."""
        return Text(self.phrase.en, {name: _sent(value) for name, value in self.values})


def shown(value: object, language: Language) -> str:
    """A value in the language's format: `3,5` and `12.09.2026` in Russian, `3.5` and `2026-09-12` in English."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return _number(value, language)
    if isinstance(value, Sentence):
        return value.said(language)
    if isinstance(value, Phrase):
        return value().said(language)
    if isinstance(value, Fraction):
        return _number(Decimal(round(value * 10**_SHOWN_DIGITS)).scaleb(-_SHOWN_DIGITS), language)
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y") if language == "ru" else value.isoformat()
    if isinstance(value, (tuple, list)):
        return ", ".join(shown(one, language) for one in value)
    return str(value)


def _sent(value: object) -> object:
    """A value as sent over the wire, before translation into a language."""
    if isinstance(value, Phrase):
        return value().text
    if isinstance(value, Sentence):
        return value.text
    if isinstance(value, date):
        return value
    if isinstance(value, (tuple, list)):
        return [one.isoformat() if isinstance(one, date) else _sent(one) for one in value]
    return value if isinstance(value, (str, int)) else shown(value, "en")


@lru_cache(maxsize=4096)  # marks and weights are few, and an explanation writes each of them several times
def _number(value: Decimal, language: Language) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "ru" else text
