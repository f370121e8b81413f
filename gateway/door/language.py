"""The caller's language, and the translation of texts into it.

Refusals, faults and failures arrive as English templates with named parameters (`Text`). The catalogue of a language
holds the same templates: a template is translated first and filled in afterwards. A sentence without a template, from
an older service or an older row, is translated if the catalogue holds that very sentence, and else shown unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from flask import Flask, g, has_request_context, request
from flask_babel import Babel, format_date, get_locale, get_translations, gettext

from contracts.identity.people import LANGUAGES
from kernel.texts import Text

DEFAULT: Final = "ru"
COOKIE: Final = "language"


def install(app: Flask) -> None:
    """Answer each request in its caller's language."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", DEFAULT)
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_choose)
    env: Any = app.jinja_env  # the extension for translations adds the method
    env.install_gettext_callables(
        lambda text: _translations().ugettext(text),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )


def _translations() -> Any:
    """The catalogue of the request's language, looked up once: a page has a hundred texts."""
    if "translations" not in g:
        g.translations = get_translations()
    return g.translations


def code() -> str:
    """The language of the request: `ru` or `en`."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        locale = get_locale()
        g.language = locale.language if locale else DEFAULT
    chosen: str = g.language
    return chosen


def said(text: Text) -> str:
    """A text in the language of the request; in English if there is no translation."""
    if not text.template:
        return ""
    translated = gettext(text.template)
    if not text.params:
        return translated
    return _filled(translated, text) or _filled(text.template, text) or text.template


def told(sentence: str, wire: Mapping[str, Any] | None) -> str:
    """A sentence of a service in the language of the request; `wire` is its template and parameters, if known."""
    return said(Text.from_wire(wire) if wire else Text(sentence))


def _choose() -> str:
    """The language of the cookie that a page set, else of Accept-Language, else Russian."""
    if not has_request_context():
        return DEFAULT
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    for tag, quality in request.accept_languages:  # sorted by quality
        spoken = tag.partition("-")[0].lower()
        if quality > 0 and spoken in LANGUAGES:
            return spoken
    return DEFAULT


def _filled(template: str, text: Text) -> str | None:
    """The template filled in with the text's parameters; None if they do not fit."""
    try:
        return template.format(**{name: _shown(value) for name, value in text.params.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        return None


def _shown(value: Any) -> Any:
    """A parameter for people: texts translated, dates as DD.MM.YYYY, lists joined by commas."""
    if isinstance(value, Text):
        return said(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(_shown(item)) for item in value)
    if isinstance(value, date):
        return format_date(value, "dd.MM.yyyy")
    return value
