"""The caller's language, and refusals said in it.

Refusals, faults and failures come as English templates with named parameters (`Text`). The catalogue of a language
holds the same templates, so that a text is translated first and filled in afterwards. A sentence that comes without
its template, from an older service or an older row, is shown as it is where the catalogue does not hold it whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Flask, has_request_context, request
from flask_babel import Babel, format_date, get_locale, gettext

from contracts.identity.people import LANGUAGES
from kernel.texts import Text

DEFAULT: Final = "ru"
COOKIE: Final = "language"


def install(app: Flask) -> None:
    """Answer each request in its caller's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_choose)


def code() -> str:
    """The language of the request: `ru` or `en`."""
    locale = get_locale()
    return locale.language if locale else DEFAULT


def said(text: Text) -> str:
    """A text in the language of the request; in English where there is no translation."""
    if not text.template:
        return ""
    translated = gettext(text.template)
    if not text.params:
        return translated
    return _filled(translated, text) or _filled(text.template, text) or text.template


def told(sentence: str, wire: Mapping[str, Any] | None) -> str:
    """A sentence that a service answered with; `wire` is the text it was made of, where the service told that too."""
    return said(Text.from_wire(wire) if wire else Text(sentence))


def _choose() -> str:
    """By the cookie that a page set, else by Accept-Language, else Russian."""
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag, quality in request.accept_languages:  # the best liked first
        spoken = tag.partition("-")[0].lower()
        if quality > 0 and spoken in LANGUAGES:
            return spoken
    return DEFAULT


def _filled(template: str, text: Text) -> str | None:
    """The template with the text's parameters; None where they do not fit it."""
    try:
        return template.format(**{name: _shown(value) for name, value in text.params.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        return None


def _shown(value: Any) -> Any:
    """Texts in the language of the request, dates as people write them, lists without brackets."""
    if isinstance(value, Text):
        return said(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_shown(item)) for item in value)
    if isinstance(value, date):
        return format_date(value, "dd.MM.yyyy")
    return value
